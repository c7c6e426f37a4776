// Wall time and peak memory of synthesis, whole processes, interleaved rounds, medians. usage: npm run bench [ROUNDS]
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const rounds = Number(process.argv[2] ?? 5);
const out = mkdtempSync(join(tmpdir(), "bench-"));
if (!existsSync(join(here, "aws-cdk", "node_modules"))) {
  execFileSync(
    "npm",
    ["install", "--prefix", join(here, "aws-cdk"), "--no-audit", "--no-fund", "--no-package-lock"],
    {
      stdio: "inherit",
    },
  );
}

function run(app, args) {
  const folder = mkdtempSync(join(out, "run-"));
  const started = performance.now();
  const child = spawnSync(process.execPath, [join(here, app), ...args], {
    env: {
      ...process.env,
      CDKTF_OUTDIR: folder,
      BENCH_OUT: folder,
      CHECKPOINT_DISABLE: "1",
      JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: "1",
    },
    encoding: "utf8",
  });
  const seconds = (performance.now() - started) / 1000;
  if (child.status !== 0) throw new Error(`${app} ${args.join(" ")}: ${child.stderr}`);
  return { seconds, folder, peakMib: JSON.parse(child.stdout.trim().split("\n").at(-1)).peakMib };
}

function written(folder) {
  const { stacks } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
  return join(folder, Object.values(stacks)[0].synthesizedStackPath);
}

function resources(file) {
  return Object.values(JSON.parse(readFileSync(file, "utf8")).resource).reduce(
    (sum, type) => sum + Object.keys(type).length,
    0,
  );
}

// The complete example, compiled, so that no transpiler is measured.
execFileSync(process.execPath, [join(here, "compile-example.mjs"), join(out, "complete.cjs")]);
const first = written(run("apps/example.cjs", [join(out, "complete.cjs")]).folder);
const count = resources(first);
const apps = [
  ["complete", "apps/example.cjs", [join(out, "complete.cjs")]],
  ["complete, not judged", "apps/unjudged.cjs", [join(out, "complete.cjs")]],
  ["bare cdktf app, same resources", "apps/bare.cjs", [first]],
  [`aws-cdk app, ${count} resources`, "aws-cdk/app.cjs", [String(count)]],
  ["1 server", "apps/servers.cjs", ["1"]],
  ["10 servers", "apps/servers.cjs", ["10"]],
  ["50 servers", "apps/servers.cjs", ["50"]],
];
const results = apps.map(() => []);
for (let round = 0; round <= rounds; round++) {
  apps.forEach(([, app, args], index) => {
    const result = run(app, args);
    if (app === "apps/servers.cjs") result.resources = resources(written(result.folder));
    rmSync(result.folder, { recursive: true, force: true });
    if (round > 0) results[index].push(result);
  });
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
// Of each round, as the speed of a machine changes.
const adds = median(results[0].map(({ seconds }, round) => seconds - results[1][round].seconds));
const rows = apps.map(([name], index) => ({
  name,
  resources: results[index][0].resources ?? count,
  seconds: median(results[index].map((r) => r.seconds)),
  peakMib: median(results[index].map((r) => r.peakMib)),
}));
console.log(`median of ${rounds} rounds, Node ${process.version}`);
for (const row of rows) {
  console.log(
    `${row.name.padEnd(34)} ${String(row.resources).padStart(6)} resources ${row.seconds.toFixed(2).padStart(6)} s ${String(row.peakMib).padStart(5)} MiB`,
  );
}
const [complete, , bare, cdk] = rows;
console.log(`the checklist adds ${Math.round(adds * 1000)} ms to complete (target: at most 150)`);
console.log(
  `complete / bare: ${(complete.seconds / bare.seconds).toFixed(2)} x time, ${(complete.peakMib / bare.peakMib).toFixed(2)} x memory (target: at most 1.3 x time)`,
);
console.log(
  `aws-cdk / complete: ${(cdk.seconds / complete.seconds).toFixed(1)} x time (target: at least 4 x)`,
);
rmSync(out, { recursive: true, force: true });
