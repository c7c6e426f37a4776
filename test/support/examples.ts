import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";

/** The examples of this repository; each is one stack of the same name. */
export const EXAMPLES = ["minimal", "complete", "payments", "existing-network", "repositories"] as const;

/** One of the examples. */
export type ExampleName = (typeof EXAMPLES)[number];

const written = new Map<ExampleName, string>();

/** Runs an example's `main.ts` as it stands and gives the text of the file it wrote. Once per test file. */
export function synthExampleText(name: ExampleName): string {
  const known = written.get(name);
  if (known !== undefined) return known;
  const text = runExample(name);
  written.set(name, text);
  return text;
}

/** Runs an example, whatever was run before. */
export function runExample(name: ExampleName): string {
  const outdir = mkdtempSync(join(tmpdir(), "example-"));
  const before = process.env["CDKTF_OUTDIR"];
  process.env["CDKTF_OUTDIR"] = outdir;
  try {
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- runs the example as a program
      require(join(__dirname, "..", "..", "examples", name, "main.ts"));
    });
    return readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
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
