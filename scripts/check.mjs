// What a commit must pass: types, lint, format, unit tests; the first that fails ends it. What was judged before and has
// not changed is not judged again (.cache/check); `.ci/run` judges everything. The linter takes one core for as long as
// types and format take the other; the unit tests take both.
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const kept = (name) => join(root, ".cache", "check", name);
const cached = (name) => ["--", "--cache", "--cache-strategy", "content", "--cache-location", kept(name)];
const running = new Set();
const endAll = (status) => {
  // With all that they have started: npm leaves what it runs behind.
  for (const { pid } of running) process.kill(-pid);
  process.exit(status);
};
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => endAll(1));

await Promise.all([
  step(["lint", ...cached("lint.json")]),
  step(["typecheck", "--", "--incremental", "--tsBuildInfoFile", kept("types.json")]).then(() =>
    step(["format", ...cached("format.json")]),
  ),
]);
await step(["test:unit"], "inherit");

/** Runs a script of package.json, whose output is shown once it has ended. What fails ends the whole. */
async function step(args, stdio = ["ignore", "pipe", "pipe"]) {
  const started = performance.now();
  const child = spawn("npm", ["run", "--silent", ...args], { cwd: root, stdio, detached: true });
  running.add(child);
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => printed.push(data));
  const status = await new Promise((ended) => child.on("close", (code) => ended(code ?? 1)));
  running.delete(child);
  process.stdout.write(Buffer.concat(printed));
  process.stderr.write(`[check] ${args[0]}: ${Math.round((performance.now() - started) / 1000)} s\n`);
  if (status !== 0) endAll(status);
}
