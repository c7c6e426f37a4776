import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PolicyDocument } from "../../policy/document";
import { GATEWAY } from "../contract";
import { shortNames } from "./short-names";

/** Parts of the program, in order: a later part uses the local names of the earlier ones. */
export const PARTS = [
  "given",
  "json",
  "common",
  "token",
  "auth",
  "arguments",
  "methods",
  "policy",
  "walk",
  "list",
  "response",
  "sessions",
  "main",
] as const;

/** Parts of what starts it, in order. */
export const LOADER_PARTS = ["sha256", "loader"] as const;

const FOLDER = join(__dirname, "..", "..", "runtime", "gateway");

/** What of the program not every server needs. */
export interface Needs {
  /** Methods beside calls of tools are opened. */
  readonly methods: boolean;
  /** Sessions of the legacy era are kept. */
  readonly sessions: boolean;
}

/**
 * The gateway's Lua program as it is deployed, in the variable `HMCP_LUA`: what stands in `runtime/gateway`, less
 * comments and blanks, with short names and a line for each function. The same bytes for every server that opens methods beside calls of tools and
 * keeps sessions, and, for the room of these parts, the same without them for every other; what differs else is the policy,
 * which is data. @default all of it
 */
export function program(needs: Needs = { methods: true, sessions: true }): string {
  const parts = PARTS.filter((part) => (part === "methods" || part === "sessions" ? needs[part] : true));
  const key = parts.join();
  const known = programs.get(key) ?? oneLineEach(shortNames(joined(parts)));
  programs.set(key, known);
  return known;
}

/** A line for each function: Envoy names the line where a program fails, and the end of one costs twice what a blank does. */
export function oneLineEach(lua: string): string {
  return lua.replace(/\n(?!local function )/g, " ");
}

const programs = new Map<string, string>();

/** What the program of a policy's gateway needs. */
export function needsOf({
  openedMethods,
  sessions,
}: Pick<PolicyDocument, "openedMethods" | "sessions">): Needs {
  return { methods: openedMethods !== undefined, sessions: sessions !== undefined };
}

/** The whole with the names of `runtime/gateway`, for whoever looks for a place in it. Runs as well. */
export const readableProgram = once(() => joined(PARTS));

/** What starts the program, in the variable `HMCP_LOADER`: it judges what comes from a store by its digest. */
export const loader = once(() => joined(LOADER_PARTS));

function joined(parts: readonly string[]): string {
  return stripLua(parts.map((part) => readFileSync(join(FOLDER, `${part}.lua`), "utf8")).join("\n"));
}

/** The files do not change while we run, and stripping costs as much as rendering three servers. */
export function once(make: () => string): () => string {
  let made: string | undefined;
  return () => (made ??= make());
}

/**
 * The line of Lua that a filter is configured with: runs the program as one of its stages. The loader comes from a
 * variable, so that it stands once in a task definition; without it Envoy does not start.
 */
export function stage(name: "auth" | "policy"): string {
  return `STAGE='${name}' assert(loadstring(assert(os.getenv('${GATEWAY.env.loader}'))))()`;
}

// A long bracket, a comment to the end of its line, a text, a number or word, or one other character.
const TOKEN =
  /(?:--)?\[=*\[|--[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[A-Za-z0-9_][A-Za-z0-9_]*|\n|[^\S\n]+|[\s\S]/g;

/**
 * Lua without comments and needless blanks. Texts keep their meaning and stand in single quotes where they can, which JSON
 * need not escape. Long brackets are not known: our program has none.
 * @throws Error on a long bracket
 */
export function stripLua(source: string): string {
  let bare = "";
  // Kept beside it: a text that is read while it grows is copied each time.
  let last = "";
  let blank = "";
  for (const token of source.match(TOKEN) ?? []) {
    if (/^(--)?\[=*\[/.test(token)) throw new Error("the gateway's Lua program has a long bracket");
    if (token === "\n" || (/^\s/.test(token) && blank === "")) blank = token === "\n" ? "\n" : " ";
    if (/^(\s|--)/.test(token)) continue;
    const text = token.startsWith('"') ? singleQuoted(token) : token;
    bare += (last !== "" && blank !== "" && together(last, text[0] as string) ? blank : "") + text;
    last = text.at(-1) as string;
    blank = "";
  }
  return bare;
}

/** Whether two characters would mean something else without a blank between them. */
function together(left: string, right: string): boolean {
  const word = /[A-Za-z0-9_]/;
  if (word.test(left) && word.test(right)) return true;
  // `a - -b`, `1 ..`, `. ..`
  return (
    (left === "-" && right === "-") ||
    (/[.0-9]/.test(left) && /[.0-9]/.test(right)) ||
    `${left}${right}` === "[["
  );
}

function singleQuoted(token: string): string {
  const inner = token.slice(1, -1);
  return inner.includes("'") ? token : `'${inner.replace(/\\"/g, '"')}'`;
}
