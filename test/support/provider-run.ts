import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { derivedProviders } from "./schema/derived-provider";
import { AWS, REAL_VERSION, realSchema } from "./schema/real";
import { scratch } from "./scratch";
import { stripUnknown } from "./strip-unknown";
import { readStack, TerraformRun } from "./terraform";
import type { Diagnostic } from "./terraform-output";

/** Writes what `build` makes in a stack of its own, in a scratch folder, and gives the file. */
export function writeStack(folder: string, build: (stack: TerraformStack) => void): string {
  const outdir = scratch(folder);
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "written");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  build(stack);
  app.synth();
  return join(outdir, "stacks", "written", "cdk.tf.json");
}

/** Takes out of a file what only version 6 knows, which is explained where the examples are validated. */
export async function withoutVersion6(file: string): Promise<string> {
  const { json } = stripUnknown(readStack(file), await realSchema());
  writeFileSync(file, JSON.stringify(json));
  return file;
}

/** What the real provider finds wrong with a file. @param name of the run's scratch folder */
export async function validated(file: string, name: string): Promise<readonly Diagnostic[]> {
  const required_providers = { aws: { source: AWS, version: REAL_VERSION } };
  const run = await TerraformRun.start(file, { name, override: { terraform: { required_providers } } });
  return run.validate();
}

/**
 * What a plan of a file says, in one line, where AWS answers so: "nothing" where it goes through.
 * @param answers of data sources, by their type
 */
export async function planSays(
  file: string,
  name: string,
  answers: Parameters<typeof derivedProviders>[1],
): Promise<string> {
  const providers = await derivedProviders(readStack(file), answers);
  try {
    const env = { TF_REATTACH_PROVIDERS: providers.reattach };
    const run = await TerraformRun.start(file, { name, env });
    await run.plan();
    return "nothing";
  } catch (error) {
    return String(error)
      .replace(/\s*[│╵╷]\s*/g, " ")
      .replace(/\s+/g, " ");
  } finally {
    providers.stop();
  }
}
