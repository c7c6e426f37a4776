import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { map, patterns, wireArgument } from "../../lib/gateway/envoy/wire-arguments";
import type { ArgumentConfig } from "../../lib/policy/config";
import type { PolicyDocument } from "../../lib/policy/document";
import { luajit, part } from "./luajit";

/** A table of arguments and what was sent for it, as JSON text. */
export interface Case {
  readonly declared: Readonly<Record<string, ArgumentConfig>>;
  readonly sent: string;
}

// One case a line: schema, tab, arguments. Answers `ok` and the values that RE2 would judge, or why not.
const DRIVER = `
for line in io.lines() do
  local schema, sent = line:match("^(.-)\\t(.*)$")
  local tool = { fields = plain(decode(schema, 64, 500000)) }
  for name, its in pairs(tool.fields) do its.told = "," .. quote(name) .. ":" end
  place(tool, "arguments")
  gathered, depth = {}, 0
  local fine, problem = pcall(function()
    local value = decode(sent, 64, 500000)
    if kind(value) ~= "object" then argument_invalid("arguments", "type") end
    describe(value, tool.fields)
    check_fields(value, tool)
  end)
  local out = fine and "ok" or type(problem) == "table" and (problem.answer and problem.answer.detail or problem.unreadable)
  if not out then error(problem) end
  local parts = { '{"out":' .. quote(out) .. ',"gathered":{' }
  local first = true
  for pattern, values in pairs(gathered) do
    parts[#parts + 1] = (first and "" or ",") .. quote(pattern) .. ":" .. quote(values)
    first = false
  end
  print(table.concat(parts) .. "}}")
end
`;

/** One function of `common.lua`, whose rest wants a policy. */
function common(name: string): string {
  const source = part("common");
  const found = new RegExp(`^local function ${name}\\([^]*?^end$`, "m").exec(source)?.[0];
  if (found === undefined) throw new Error(`common.lua has no function ${name}`);
  return found;
}

/**
 * Runs the gateway's own reader and judge of arguments over many cases in one LuaJIT. Gives what it found wrong, nothing
 * where it let the arguments through; RE2's part is JavaScript's here, which `readPattern` promises to be the same.
 * @param judge source of the judge, or of a mutant of it
 */
export async function judgeByLua(
  cases: readonly Case[],
  judge: string = part("arguments"),
): Promise<(string | undefined)[]> {
  const folder = mkdtempSync(join(tmpdir(), "arguments-lua-"));
  try {
    const file = join(folder, "judge.lua");
    const shared = ["plain", "refuse", "has_others"].map(common);
    const parts = [part("json"), ...shared, judge, DRIVER];
    writeFileSync(file, parts.join("\n"));
    const wired = cases.map(({ declared, sent }) => {
      const regexes = patterns({ tools: { t: { arguments: declared } } } as unknown as PolicyDocument);
      const numbers = new Map([...regexes.keys()].map((pattern, index) => [pattern, `${index + 1}`]));
      const fields = map(declared, (argument) => wireArgument(argument, numbers));
      return { line: `${JSON.stringify(fields)}\t${sent}`, regexes: [...regexes.values()] };
    });
    const answers = (await luajit([file], wired.map(({ line }) => `${line}\n`).join("")))
      .trimEnd()
      .split("\n");
    if (answers.length !== cases.length)
      throw new Error(`${answers.length} answers to ${cases.length} cases`);
    return answers.map((answer, index) => {
      const { out, gathered } = JSON.parse(answer) as { out: string; gathered: Record<string, string> };
      if (out !== "ok") return out;
      const wrong = Object.entries(gathered).some(([number, values]) => {
        const re2 = (wired[index]?.regexes[Number(number) - 1] as string).replace(/\\x\{(\w+)\}/g, "\\u{$1}");
        return !new RegExp(`^(?:\\n(?:${re2}))+$`, "u").test(values);
      });
      return wrong ? "pattern" : undefined;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
