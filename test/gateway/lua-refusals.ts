import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(__dirname, "..", "..", "lib", "runtime", "gateway");

/** A refusal as it stands in the Lua program. What is put together at run time is `…`. */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly soft: boolean;
  readonly message: string;
  readonly reason: string;
}

/** All of the program, each file without its comments. */
export function luaSource(): string {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".lua"))
    .sort()
    .map((name) => readFileSync(join(FOLDER, name), "utf8").replace(/^\s*--.*$/gm, ""))
    .join("\n");
}

/** The text from behind an opening bracket to its end, split at commas of its own level. */
function parts(source: string, from: number): string[] {
  const found = [""];
  let depth = 0;
  for (let at = from; at < source.length; at++) {
    const c = source[at] as string;
    if (c === '"' || c === "'") {
      const start = at;
      for (at++; source[at] !== c; at++) if (source[at] === "\\") at++;
      found[found.length - 1] += source.slice(start, at + 1);
      continue;
    }
    if ("({[".includes(c)) depth++;
    if (")}]".includes(c) && depth-- === 0) break;
    if (c === "," && depth === 0) found.push("");
    else found[found.length - 1] += c;
  }
  return found.map((part) => part.trim()).filter((part) => part !== "");
}

/** Arguments of every call of a function, not of its definition. */
export function callsOf(source: string, name: string): string[][] {
  return [...source.matchAll(new RegExp(`(?<!function |[\\w.:])${name}\\(`, "g"))].map((match) =>
    parts(source, match.index + match[0].length),
  );
}

/** A text of which only constant pieces are kept. */
export function constant(expression: string): string {
  return expression
    .split(" .. ")
    .map((piece) => /^"([^"]*)"$/.exec(piece)?.[1] ?? "…")
    .join("");
}

/** Every table that says a status: what is answered there. Those of helpers, whose words their callers give, have no message. */
export function answersIn(source: string): Readonly<Record<string, string>>[] {
  return [...source.matchAll(/\{(?=\s*status = )/g)].map((match) =>
    Object.fromEntries(
      parts(source, match.index + 1).map((part) => {
        const [, name = part, value = ""] = /^(\w+) = ([^]*)$/.exec(part) ?? [];
        return [name, value.trim()];
      }),
    ),
  );
}

/** Codes of the program's table, by name. */
function codes(source: string): Readonly<Record<string, number>> {
  const [table = ""] = /local CODE = \{([^}]*)\}/.exec(source)?.slice(1) ?? [];
  return Object.fromEntries(
    [...table.matchAll(/(\w+) = (-\d+)/g)].map(([, name, code]) => [name, Number(code)]),
  );
}

/** Every refusal that the program's source holds. @throws Error on a helper that this does not know */
export function refusals(source: string = luaSource()): Refusal[] {
  const known = codes(source);
  const number = (text: string) => (text.startsWith("CODE.") ? (known[text.slice(5)] ?? NaN) : Number(text));
  const one = (status: number, code: number, message: string, reason: string, soft = false): Refusal => ({
    ...{ status, code, message, reason, soft },
  });
  const HELPERS: Readonly<Record<string, (args: string[]) => Refusal>> = {
    malformed: ([message = "", code = "-32600", status = "400"]) =>
      one(Number(status), number(code), constant(message), "malformed"),
    mismatch: ([message = ""]) => one(400, -32020, constant(message), "header-mismatch"),
    argument_invalid: ([, what = ""]) => one(400, -32602, `…: ${constant(what)}`, "argument-invalid", true),
    no_such_tool: ([reason = ""]) =>
      one(400, -32602, "unknown tool, or not allowed to this client", constant(reason), true),
    no_such_method: ([reason = ""]) => one(404, -32601, "method not found", constant(reason), true),
    invalid: () => one(401, number("CODE.unauthorized"), "invalid credential", "credential-invalid"),
    unauthorized: ([reason = "", problem]) =>
      one(
        401,
        number("CODE.unauthorized"),
        problem ? "invalid credential" : "credential missing",
        constant(reason),
      ),
  };
  const tables = answersIn(source).map((table) => ({
    table,
    given: /^"/.test(table.reason ?? "") && /^"/.test(table.message ?? ""),
  }));
  const helpers = tables.filter(({ given }) => !given).map(({ table }) => `${table.reason} ${table.message}`);
  // Their own tables: as many as there are helpers that make one, so that none of another kind is passed over.
  const expected = [
    '"malformed" message',
    '"header-mismatch" message',
    '"argument-invalid" path .. ": " .. what',
  ];
  expected.push('reason "method not found"');
  expected.push('reason "unknown tool, or not allowed to this client"');
  expected.push('reason problem and "invalid credential" or "credential missing"');
  if (helpers.sort().join() !== expected.sort().join()) {
    throw new Error(`refusals made in a way that is not known here: ${helpers.join(", ")}`);
  }
  return [
    ...tables
      .filter(({ given }) => given)
      .map(({ table }) =>
        one(
          Number(table.status),
          number(table.code ?? ""),
          constant(table.message ?? ""),
          constant(table.reason ?? ""),
          table.soft === "true",
        ),
      ),
    ...Object.entries(HELPERS).flatMap(([name, of]) =>
      callsOf(source, name)
        // A helper's call of another one has its own arguments' names.
        .filter((args) => args.some((arg) => arg.includes('"')) || name === "invalid")
        .map(of),
    ),
  ];
}
