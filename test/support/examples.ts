import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { kept } from "./kept";

/** The examples of this repository; each is one stack of the same name. */
export const EXAMPLES = [
  "minimal",
  "complete",
  "payments",
  "existing-network",
  "existing-load-balancer",
  "repositories",
] as const;

/** One of the examples. */
export type ExampleName = (typeof EXAMPLES)[number];

const written = new Map<ExampleName, string>();

/**
 * The text of the file that an example's `main.ts` writes, as it stands. It is written once for all test files and runs, as
 * long as nothing changes that it is made of.
 */
export function synthExampleText(name: ExampleName): string {
  const known = written.get(name);
  if (known !== undefined) return known;
  const text = kept(name, () => runExample(name));
  written.set(name, text);
  return text;
}

/** Runs an example, whatever was run before. @param name of its folder below `examples`, whose last part is its stack's */
export function runExample(name: string): string {
  const outdir = mkdtempSync(join(tmpdir(), "example-"));
  const before = process.env["CDKTF_OUTDIR"];
  process.env["CDKTF_OUTDIR"] = outdir;
  try {
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- runs the example as a program
      require(join(__dirname, "..", "..", "examples", name, "main.ts"));
    });
    return readFileSync(join(outdir, "stacks", basename(name), "cdk.tf.json"), "utf8");
  } finally {
    if (before === undefined) delete process.env["CDKTF_OUTDIR"];
    else process.env["CDKTF_OUTDIR"] = before;
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The example's file, opened for judging. */
export function synthExample(name: ExampleName): Plan {
  return new Plan(JSON.parse(synthExampleText(name)) as TerraformJson);
}
