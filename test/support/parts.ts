import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";

/** The examples of parts used on their own, folders below `examples/parts`: each is one stack of the same name. */
export const PARTS_ALONE = ["web-acl"] as const;

/** One of them. */
export type PartAlone = (typeof PARTS_ALONE)[number];

const written = new Map<PartAlone, string>();

/** The file that a part's example writes, opened for judging. */
export function partPlan(name: PartAlone): Plan {
  const text = written.get(name) ?? runPart(name);
  written.set(name, text);
  return new Plan(JSON.parse(text) as TerraformJson);
}

function runPart(name: PartAlone): string {
  const outdir = mkdtempSync(join(tmpdir(), "part-"));
  const before = process.env["CDKTF_OUTDIR"];
  process.env["CDKTF_OUTDIR"] = outdir;
  try {
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- runs the example as a program
      require(join(__dirname, "..", "..", "examples", "parts", name, "main.ts"));
    });
    return readFileSync(join(outdir, "stacks", name, "cdk.tf.json"), "utf8");
  } finally {
    if (before === undefined) delete process.env["CDKTF_OUTDIR"];
    else process.env["CDKTF_OUTDIR"] = before;
    rmSync(outdir, { recursive: true, force: true });
  }
}
