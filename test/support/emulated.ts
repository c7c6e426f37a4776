import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { emulatedProvider, type Emulator, type Seed } from "./emulator/emulator";
import { scratch } from "./scratch";
import { AWS, REAL_VERSION, realSchema } from "./schema/real";
import { readStack } from "./terraform";
import { stripUnknown } from "./strip-unknown";

/** What the examples expect in their account. */
export const EXAMPLE_ACCOUNT: Seed = {
  region: "eu-west-1",
  zones: { Z0123456789ABCDEFGHIJ: "example.com" },
  securityGroups: ["sg-0123456789abcdef0"],
};

/** A file that the real provider of version 5 can apply, and what makes it speak to an emulator. */
export interface Emulated {
  readonly file: string;
  readonly override: object;
  readonly env: Record<string, string>;
}

/** Copies a stack's folder and takes from its file what only version 6 of the provider knows. */
export async function forEmulator(file: string, name: string, emulator: Emulator): Promise<Emulated> {
  const folder = scratch(`${name}-stripped`);
  cpSync(dirname(file), folder, { recursive: true });
  const copy = join(folder, "cdk.tf.json");
  const { override } = await stripInPlace(copy);
  return { file: copy, override, env: emulator.env };
}

/** Rewrites a file without what only version 6 knows, and gives the `override.tf.json` for its provider blocks. */
export async function stripInPlace(file: string): Promise<{ override: object }> {
  const { json } = stripUnknown(readStack(file), await realSchema());
  writeFileSync(file, JSON.stringify(json, null, 2));
  const { aws = [] } = json["provider"] as { aws?: { alias?: string }[] };
  const required_providers = { aws: { source: AWS, version: REAL_VERSION } };
  return { override: { terraform: { required_providers }, provider: emulatedProvider(aws) } };
}

/** The program that follows an app's own in `cdktf.json`: strips every stack that was written. */
export async function stripOutput(outdir: string): Promise<void> {
  const manifest = join(outdir, "manifest.json");
  if (!existsSync(manifest)) throw new Error(`nothing was synthesised into ${outdir}`);
  const { stacks } = JSON.parse(readFileSync(manifest, "utf8")) as {
    stacks: Record<string, { synthesizedStackPath: string }>;
  };
  for (const { synthesizedStackPath } of Object.values(stacks)) {
    const file = join(outdir, synthesizedStackPath);
    const { override } = await stripInPlace(file);
    writeFileSync(join(dirname(file), "override.tf.json"), JSON.stringify(override, null, 2));
  }
}

if (require.main === module) void stripOutput(process.env["CDKTF_OUTDIR"] ?? "cdktf.out");
