// What a commit must pass: types, lint, format, unit tests; the first that fails ends it. What was judged before and has
// not changed is not judged again (.cache/check); `.ci/run` judges everything.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const kept = (name) => join(root, ".cache", "check", name);
const steps = [
  ["typecheck", "--", "--incremental", "--tsBuildInfoFile", kept("types.json")],
  ["lint", "--", "--cache", "--cache-strategy", "content", "--cache-location", kept("lint.json")],
  ["format", "--", "--cache", "--cache-strategy", "content", "--cache-location", kept("format.json")],
  ["test:unit"],
];
for (const step of steps) {
  const started = performance.now();
  const { status } = spawnSync("npm", ["run", "--silent", ...step], { cwd: root, stdio: "inherit" });
  process.stderr.write(`[check] ${step[0]}: ${Math.round((performance.now() - started) / 1000)} s\n`);
  if (status !== 0) process.exit(status ?? 1);
}
