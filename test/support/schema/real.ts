import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { withLock } from "../lock";
import { CACHE, pluginDir, quietEnvironment, terraformBinary } from "../toolchain";
import type { ProviderSchema } from "./schema";

const run = promisify(execFile);

/** The version of the provider that the real runs use: the newest before 6, so every 6 attribute is a known one. */
export const REAL_VERSION = "5.100.0";
/** The provider's address in schemas and reattachments. */
export const AWS = "registry.terraform.io/hashicorp/aws";

/** The schema of the real provider, asked once (about 10 s, 20 MB) and kept in the cache. */
export async function realSchema(): Promise<ProviderSchema> {
  const file = join(CACHE, `aws-${REAL_VERSION}.schema.json`);
  mkdirSync(CACHE, { recursive: true });
  await withLock(`${file}.lock`, async () => {
    if (existsSync(file)) return;
    const schema = await askProvider();
    writeFileSync(`${file}.part`, schema);
    // A rename is atomic: a reader never sees half a file.
    renameSync(`${file}.part`, file);
  });
  const document = JSON.parse(readFileSync(file, "utf8")) as {
    provider_schemas: Record<string, ProviderSchema>;
  };
  const schema = document.provider_schemas[AWS];
  if (schema === undefined) throw new Error(`${file} has no schema of ${AWS}: delete it`);
  return schema;
}

async function askProvider(): Promise<string> {
  const folder = join(CACHE, "real-schema");
  mkdirSync(folder, { recursive: true });
  const required_providers = { aws: { source: "hashicorp/aws", version: REAL_VERSION } };
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
  const mirror = pluginDir();
  const options = { cwd: folder, env: quietEnvironment({ TF_INPUT: "0" }), maxBuffer: 1 << 28 };
  const terraform = await terraformBinary();
  await run(terraform, ["init", ...(mirror === undefined ? [] : [`-plugin-dir=${mirror}`])], options);
  const { stdout } = await run(terraform, ["providers", "schema", "-json"], options);
  return stdout;
}
