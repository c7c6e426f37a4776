// What each role of the example `complete` may do, from its synthesised policies: docs/ROLES.md.
// usage: node scripts/roles.mjs [--write]   Without --write it prints, and exit code 1 says that the file is old.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const outdir = mkdtempSync(join(tmpdir(), "roles-"));
const synth = spawnSync(process.execPath, [join(root, "scripts", "synth.mjs"), "complete"], {
  cwd: root,
  env: { ...process.env, CDKTF_OUTDIR: outdir },
  stdio: ["ignore", "ignore", "inherit"],
});
if (synth.status !== 0) process.exit(synth.status ?? 1);
const require = createRequire(import.meta.url);
const { rolesDocument } = require(join(root, "dist", "access", "roles-table.js"));
const { Plan } = require(join(root, "dist", "terraform", "plan.js"));
const file = JSON.parse(readFileSync(join(outdir, "stacks", "complete", "cdk.tf.json"), "utf8"));
rmSync(outdir, { recursive: true, force: true });
const text = rolesDocument(new Plan(file));
const target = join(root, "docs", "ROLES.md");
if (process.argv.includes("--write")) {
  writeFileSync(target, text);
  console.log("wrote docs/ROLES.md");
} else {
  process.stdout.write(text);
  if (readFileSync(target, "utf8") !== text) process.exit(1);
}
