// Synthesises examples into cdktf.out/stacks/ without credentials, and says what was written.
// usage: node scripts/synth.mjs EXAMPLE...
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { examples as known } from "./examples.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = process.env.CDKTF_OUTDIR ?? join(root, "cdktf.out");
const names = process.argv.slice(2);
const wrong = names.filter((name) => !known.includes(name));
if (names.length === 0 || wrong.length > 0) {
  console.error(
    `usage: node scripts/synth.mjs EXAMPLE...  (${known.join(", ")})${wrong.length ? `; there is no ${wrong.join(", ")}` : ""}`,
  );
  process.exit(2);
}
if (!existsSync(join(root, "dist", "index.js"))) {
  console.error("dist/ is missing: run `npm run build` first (`npm ci` does it)");
  process.exit(2);
}
for (const name of names) {
  const started = performance.now();
  rmSync(join(out, "manifest.json"), { force: true });
  const run = spawnSync(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", join(root, "examples", name, "main.ts")],
    {
      cwd: root,
      env: {
        ...process.env,
        CDKTF_OUTDIR: out,
        CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
        CHECKPOINT_DISABLE: "1",
      },
      stdio: "inherit",
    },
  );
  if (run.status !== 0) process.exit(run.status ?? 1);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const { stacks } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
  for (const stack of Object.values(stacks)) {
    const file = join(out, stack.synthesizedStackPath);
    const { resource = {} } = JSON.parse(readFileSync(file, "utf8"));
    const types = Object.keys(resource);
    const count = types.reduce((sum, type) => sum + Object.keys(resource[type]).length, 0);
    console.log(
      `${stack.name}: ${count} resources of ${types.length} types in ${seconds} s -> ${relative(process.cwd(), file)}`,
    );
  }
}
