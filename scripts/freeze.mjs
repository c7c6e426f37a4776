// Freezes the synthesised examples as the upgrade fixture of the version in package.json. usage: npm run freeze
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const out = mkdtempSync(join(tmpdir(), "freeze-"));
for (const { name } of readdirSync("examples", { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
)) {
  execFileSync(process.execPath, ["scripts/synth.mjs", name], {
    env: { ...process.env, CDKTF_OUTDIR: out },
    stdio: "inherit",
  });
  const folder = join("test", "fixtures", version, name);
  mkdirSync(folder, { recursive: true });
  const file = JSON.parse(readFileSync(join(out, "stacks", name, "cdk.tf.json"), "utf8"));
  // cdktf's local backend names a folder of the machine that wrote it.
  delete file.terraform.backend;
  writeFileSync(join(folder, "cdk.tf.json"), `${JSON.stringify(file, null, 1)}\n`);
}
rmSync(out, { recursive: true, force: true });
