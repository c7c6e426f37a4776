// Freezes the synthesised examples as the upgrade fixture of the version in package.json. usage: npm run freeze
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examples } from "./examples.mjs";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
const out = mkdtempSync(join(tmpdir(), "freeze-"));
for (const name of examples) {
  execFileSync(process.execPath, ["scripts/synth.mjs", name], {
    env: { ...process.env, CDKTF_OUTDIR: out },
    stdio: "inherit",
  });
  const folder = join("test", "fixtures", version, name);
  mkdirSync(folder, { recursive: true });
  const { stacks } = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
  const [stack, ...others] = Object.values(stacks);
  if (others.length > 0) throw new Error(`${name} has several stacks: say here how they are frozen`);
  const file = JSON.parse(readFileSync(join(out, stack.synthesizedStackPath), "utf8"));
  // cdktf's local backend names a folder of the machine that wrote it.
  delete file.terraform.backend;
  writeFileSync(join(folder, "cdk.tf.json"), `${JSON.stringify(file, null, 1)}\n`);
}
rmSync(out, { recursive: true, force: true });
