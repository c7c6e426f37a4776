import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Parts of the two Lua programs, in order: a later part uses the local names of the earlier ones. */
export const PROGRAMS = {
  auth: ["json", "common", "sha256", "auth"],
  policy: ["json", "common", "arguments", "policy"],
} as const;

const FOLDER = join(__dirname, "..", "..", "runtime", "gateway");

/** One of the gateway's Lua programs as it is rendered: comments and indentation taken out, nothing else changed. */
export function program(name: keyof typeof PROGRAMS): string {
  return stripLua(PROGRAMS[name].map((part) => readFileSync(join(FOLDER, `${part}.lua`), "utf8")).join("\n"));
}

/**
 * Lua without comments, blank lines and indentation; texts stay as they are. Long brackets (`[[ … ]]`) are not known:
 * our programs have none, and one is refused.
 * @throws Error on a long bracket
 */
export function stripLua(source: string): string {
  // A quoted text, a comment up to the end of its line, or a long bracket that opens a text or a comment.
  const token = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|(--)?\[=*\[|--[^\n]*/g;
  const bare = source.replace(token, (text) => {
    if (/^(--)?\[=*\[/.test(text)) throw new Error("a Lua program of the gateway has a long bracket");
    return text.startsWith("--") ? "" : text;
  });
  return bare
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join("\n");
}
