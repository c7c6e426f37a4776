import { CliError } from "../io";
import { shown } from "./text";
import { OTHERS } from "./write";

const ENTRY =
  /(?:"([^"\\\n]{1,128})"|'([^'\\\n]{1,128})'|([A-Za-z_$][\w$]{0,127}))\s*:\s*["']([a-z0-9= ]+)["']/g;
const VALUE = /^all=[0-9a-f]{64}( text=[0-9a-f]{64} schema=[0-9a-f]{64} hints=[0-9a-f]{64})?$/;

/**
 * The digests in a file that `learn` wrote, whatever a formatter has done to it since. The file is read, never run.
 * @throws CliError (2) where it has none, or others than we write
 */
export function readDigests(text: string, file: string): Map<string, string> {
  const [, body] = /export const digests = \{([^}]*)\}/.exec(text) ?? [];
  if (body === undefined) throw new CliError(`${file} has no digests; write it anew with hardened-mcp learn`);
  const found = new Map<string, string>();
  const rest = body.replace(ENTRY, (_whole, double?: string, single?: string, bare?: string, value = "") => {
    found.set(double ?? single ?? bare ?? "", VALUE.test(value) ? value : "");
    return "";
  });
  if (!/^[\s,]*$/.test(rest) || [...found.values()].includes("")) {
    throw new CliError(`${file} has digests that were edited; write it anew with hardened-mcp learn`);
  }
  return found;
}

/** What is another than it was, a line each. Pure. */
export function drift(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...before.keys(), ...now.keys()])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name), now.get(name)];
    if (was === is) return [];
    const subject = subjectOf(name);
    if (was === undefined) return [`${subject}: added`];
    if (is === undefined) return [`${subject}: removed`];
    const changes = changed(parts(was), parts(is));
    return [`${subject}: ${changes.join(", ")}`];
  });
}

function subjectOf(name: string): string {
  if (name === OTHERS.instructions) return "the server's instructions, which models read";
  return name === OTHERS.unnamed ? "tools without a usable name" : `tool ${shown(name, 128)}`;
}

function changed(was: ReadonlyMap<string, string>, is: ReadonlyMap<string, string>): string[] {
  const differs = (part: string) => was.get(part) !== is.get(part);
  const found = [
    ...(differs("text") ? ["its text changed, which models read (tool poisoning?)"] : []),
    ...(differs("schema") ? ["its input schema changed"] : []),
    ...(differs("hints") ? ["its hints changed"] : []),
  ];
  return found.length > 0 ? found : ["changed"];
}

function parts(value: string): Map<string, string> {
  return new Map(value.split(" ").map((part) => part.split("=") as [string, string]));
}
