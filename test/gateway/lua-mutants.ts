import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LOADER_PARTS, PARTS, stripLua } from "../../lib/gateway/envoy/program";

const FOLDER = join(__dirname, "..", "..", "lib", "runtime");

/** The gateway's program with one change. */
export interface LuaMutant {
  /** File and line. */
  readonly at: string;
  /** What was there, and what is there now. */
  readonly what: string;
  /** The part by itself. */
  readonly part: string;
  /** The whole that it is a part of. */
  readonly program: string;
}

/** What asks after the other tasks: a program of its own. */
const PEERS_PARTS = ["peers"] as const;
/** A file of `runtime/gateway`, or of `runtime/limits`. */
export type LuaPart = (typeof PARTS | typeof LOADER_PARTS | typeof PEERS_PARTS)[number];
const WHOLES: readonly (readonly [folder: string, parts: readonly LuaPart[]])[] = [
  ["gateway", PARTS],
  ["gateway", LOADER_PARTS],
  ["limits", PEERS_PARTS],
];

/** What is exchanged for what, each occurrence by itself. Texts are blanked before these are looked for. */
const EXCHANGES: readonly (readonly [what: RegExp, by: string])[] = [
  [/==/g, "~="],
  [/~=/g, "=="],
  [/(?<![<>=~])>(?!=)/g, ">="],
  [/(?<![<>=~])<(?!=)/g, "<="],
  [/>=/g, ">"],
  [/(?<![<>=~])>(?!=)/g, "<"],
  [/(?<![<>=~])<(?!=)/g, ">"],
  [/\band\b/g, "or"],
  [/\bor\b/g, "and"],
  [/\bnot\b/g, ""],
  [/\btrue\b/g, "false"],
  [/\bfalse\b/g, "true"],
  [/ \+ /g, " - "],
  [/ - /g, " + "],
  [/\b\d+\b/g, "+1"],
];
/** A statement that stands alone on its line, and can be left out. */
const STATEMENT =
  /^\s*(?:(?!local |return|for |if |else|end|while |repeat|until)[\w.:[\]#, +]+ = .+|[\w.:]+\(.*\))\s*$/;
/** A condition that is taken for true, and for false. */
const CONDITION = /^(\s*(?:else)?if )(.+)( then\b.*)$/;

/** The program as it is: what every judge must let pass. */
export function unchanged(part: LuaPart): LuaMutant {
  return Object.assign(written(part)(), { at: `${part}.lua`, what: "nothing" });
}

/** The part and the whole, with other lines where they are given. */
function written(part: LuaPart): (lines?: readonly string[]) => Pick<LuaMutant, "part" | "program"> {
  const [folder, all] = WHOLES.find(([, parts]) => parts.includes(part)) ?? ["", []];
  const texts = new Map(all.map((name) => [name, readFileSync(join(FOLDER, folder, `${name}.lua`), "utf8")]));
  return (lines) => {
    const changed = lines?.join("\n") ?? texts.get(part) ?? "";
    return {
      part: changed,
      // Only where it is asked for: to strip the whole takes longer than to make the change.
      get program() {
        return stripLua([...new Map(texts).set(part, changed).values()].join("\n"));
      },
    };
  };
}

/** Every small change of one part of the program, or of what starts it. */
export function mutantsOf(part: LuaPart): LuaMutant[] {
  const write = written(part);
  const lines = write().part.split("\n");
  const found: LuaMutant[] = [];
  const add = (index: number, line: string) => {
    const its = write([...lines.slice(0, index), line, ...lines.slice(index + 1)]);
    const what = `${lines[index]?.trim()}  →  ${line.trim() || "nothing"}`;
    found.push({
      at: `${part}.lua:${index + 1}`,
      what,
      part: its.part,
      get program() {
        return its.program;
      },
    });
  };
  lines.forEach((line, index) => {
    if (/^\s*--/.test(line) || line.trim() === "") return;
    const code = line.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, (text) => " ".repeat(text.length));
    for (const [what, by] of EXCHANGES) {
      for (const match of code.matchAll(what)) {
        const put = by === "+1" ? `${Number(match[0]) + 1}` : by;
        add(index, line.slice(0, match.index) + put + line.slice(match.index + match[0].length));
      }
    }
    // Calls that span lines stay: what is left of them would be no Lua.
    if (
      STATEMENT.test(line) &&
      count(line, "(") === count(line, ")") &&
      count(line, "{") === count(line, "}")
    )
      add(index, "");
    const condition = CONDITION.exec(line);
    if (condition !== null) {
      const [, before = "", , behind = ""] = condition;
      for (const value of ["true", "false"]) add(index, `${before}${value}${behind}`);
    }
  });
  return found;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}
