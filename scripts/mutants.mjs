// Shows that every validator is needed: takes each away in turn, in a copy, and expects some test to fail.
// usage: npm run mutants [-- SLICE...]   Prints each survivor with its place; exit 1 when there is one.
// The slices `response` and `runtime` are the Lua programs: all parts are tried in LuaJIT, what judges answers in a real Envoy, too.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** What a check answers when it has nothing to say: a mutant always answers that. */
const ANSWERS = {
  problem: "false",
  notSupportedYet: "false",
  text: "true",
  integer: "true",
  oneOf: "true",
  literal: "true",
  object: "true",
};
/** Files that validate, and the tests that must notice. */
const slices = Object.fromEntries(
  readdirSync(join(root, "lib"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(root, "lib", entry.name, "config.ts")))
    .map(({ name }) => [
      name,
      readdirSync(join(root, "lib", name), { recursive: true })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join("lib", name, file)),
    ]),
);
slices.whole = ["lib/model.ts", "lib/server-model.ts"];

const wanted = process.argv.slice(2);
const copy = mkdtempSync(join(tmpdir(), "mutants-"));
for (const entry of ["lib", "test", "examples", "jest.config.cjs", "package.json", "tsconfig.json"])
  cpSync(join(root, entry), join(copy, entry), { recursive: true });
for (const entry of ["node_modules", "dist"]) symlinkSync(join(root, entry), join(copy, entry));

let killed = 0;
const survivors = [];
for (const [slice, files] of Object.entries(slices)) {
  if (wanted.length > 0 && !wanted.includes(slice)) continue;
  const tests =
    slice === "whole" ? "test/(model|validators)\\.test" : `test/(${slice}/|(model|validators)\\.test)`;
  for (const file of files) {
    const source = readFileSync(join(root, file), "utf8");
    for (const { start, end, name } of validators(file, source)) {
      writeFileSync(join(copy, file), `${source.slice(0, start)}${ANSWERS[name]}${source.slice(end)}`);
      const run = spawnSync(
        process.execPath,
        [
          join(root, "node_modules", "jest", "bin", "jest.js"),
          "--selectProjects",
          "unit",
          "--bail",
          "--silent",
          "--runInBand",
          "--testPathPatterns",
          tests,
        ],
        { cwd: copy, encoding: "utf8", timeout: 60_000 },
      );
      if (run.status === 0)
        survivors.push(
          `${relative(".", file)}:${source.slice(0, start).split("\n").length} ${source.slice(start, end).replace(/\s+/g, " ").slice(0, 90)}`,
        );
      else killed++;
    }
    writeFileSync(join(copy, file), source);
  }
}
rmSync(copy, { recursive: true, force: true });
for (const survivor of survivors) console.log(`survived: ${survivor}`);
console.log(`validators taken away: ${killed + survivors.length}, noticed by a test: ${killed}`);
const LUA = { response: "test/gateway/responses-mutants", runtime: "test/runtime/mutants" };
const failed = Object.entries(LUA).filter(
  ([slice, tests]) => (wanted.length === 0 || wanted.includes(slice)) && tryLua(tests) !== 0,
);
process.exit(survivors.length > 0 || failed.length > 0 ? 1 : 0);

/** All mutants of parts of the Lua program, some minutes; gives the exit code. */
function tryLua(tests) {
  const jest = join(root, "node_modules", "jest", "bin", "jest.js");
  const args = ["--selectProjects", "alone", "--testPathPatterns", tests];
  const env = { ...process.env, MUTANTS: "all" };
  return spawnSync(process.execPath, [jest, ...args], { cwd: root, env, stdio: "inherit" }).status ?? 1;
}

/** Calls on a check whose answer can be replaced. */
function validators(file, source) {
  const found = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const name = node.expression.name.text;
      const on = node.expression.expression.getText();
      if (name in ANSWERS && /(^|\b)(check|at|atSecret|atServer|atAction|root)\b/i.test(on))
        found.push({ start: node.getStart(), end: node.getEnd(), name });
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true));
  return found;
}
