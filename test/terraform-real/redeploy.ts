import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { scratch } from "../support/scratch";

/** What of a sandbox its owner said, so that it may end. */
export const SAID = {
  name: "acme",
  environment: "dev",
  posture: "sandbox",
  lifecycle: "disposable",
} as const;

type Body = { depends_on?: string[] };

/** Writes a stack of what `build` makes, without some types, and without waiting for them. Nothing is judged. */
export function writeWithout(
  folder: string,
  types: readonly string[],
  build: (stack: TerraformStack) => void,
): string {
  const outdir = scratch(folder);
  // Single constructs are no deployment that could hold.
  const app = new App({ outdir, skipValidation: true });
  const stack = new TerraformStack(app, "redeploy");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  build(stack);
  app.synth();
  const file = join(outdir, "stacks", "redeploy", "cdk.tf.json");
  const json = JSON.parse(readFileSync(file, "utf8")) as { resource?: Record<string, Record<string, Body>> };
  for (const type of types) delete json.resource?.[type];
  for (const body of Object.values(json.resource ?? {}).flatMap((all) => Object.values(all)))
    body.depends_on = (body.depends_on ?? []).filter((name) => !types.includes(name.split(".")[0] ?? ""));
  writeFileSync(file, JSON.stringify(json));
  return file;
}
