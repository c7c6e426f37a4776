import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { run as cli } from "../../lib/cli/main";
import { synthesise, variablesOf } from "../support/built";
import { derivedProviders } from "../support/schema/derived-provider";
import { realSchema } from "../support/schema/real";
import { readStack, TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";

/** Seconds: a plan of 280 resources takes about 15 on two cores. */
const BUDGET_S = 180;

interface Verdict {
  readonly control: string;
  readonly address?: string;
  readonly result: string;
}

/** What the command line says of a place in a folder. */
async function check(
  cwd: string,
  ...args: string[]
): Promise<{ code: number; err: string; verdicts: Verdict[] }> {
  let [out, err] = ["", ""];
  const code = await cli(["check", ...args, "--format", "json"], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    cwd,
    env: {},
  });
  return { code, err, verdicts: out === "" ? [] : (JSON.parse(out) as { verdicts: Verdict[] }).verdicts };
}
const byPlace = (verdicts: readonly Verdict[]) =>
  new Map(verdicts.map(({ control, address, result }) => [`${control} ${address ?? "-"}`, result]));

describeWith(["terraform"], "a real plan of the complete example, judged", () => {
  let folder: string;
  let overridden: string;

  beforeAll(async () => {
    await realSchema();
    const file = await synthesise("plan-judged", "complete");
    const stack = readStack(file);
    const [lb = ""] = Object.keys(stack.resource?.["aws_lb"] ?? {});
    const providers = await derivedProviders(stack);
    const plan = async (name: string, override?: object) => {
      const options = {
        name,
        env: { TF_REATTACH_PROVIDERS: providers.reattach },
        variables: variablesOf("complete"),
      };
      const run = await TerraformRun.start(file, { ...options, ...(override && { override }) });
      await run.plan();
      mkdirSync(join(run.folder, "written"));
      copyFileSync(file, join(run.folder, "written", "cdk.tf.json"));
      return run.folder;
    };
    try {
      folder = await plan("plan-judged");
      const open = { resource: { aws_lb: { [lb]: { drop_invalid_header_fields: false } } } };
      overridden = await plan("plan-overridden", open);
    } finally {
      providers.stop();
    }
  }, BUDGET_S * 1000);

  test("beside its file it gets the file's verdicts, control by control", async () => {
    const written = await check(folder, "written");
    const planned = await check(folder, "tfplan.json", "--of", "written");
    expect([planned.err, planned.code]).toEqual(["", written.code]);
    expect(byPlace(planned.verdicts)).toEqual(byPlace(written.verdicts));
    expect(planned.verdicts.length).toBeGreaterThan(900);
  });
  test("where something was merged into the file, it is not a plan of it", async () => {
    const { code, err } = await check(overridden, "tfplan.json", "--of", "written");
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/has another drop_invalid_header_fields of aws_lb\./),
    ]);
  });
  test("alone it shows as failing what was merged into the file", async () => {
    const failed = async (place: string) => {
      const { verdicts } = await check(place, "tfplan.json");
      return verdicts
        .filter(({ control }) => control === "ingress.lb-drops-invalid-headers")
        .map(({ result }) => result);
    };
    expect([await failed(folder), await failed(overridden)]).toEqual([["pass"], ["fail"]]);
  });
  test("alone it proves nearly as much: a plan of JSON repeats what is written, but no lifecycle and nothing that is declared", async () => {
    const written = byPlace((await check(folder, "written")).verdicts);
    const alone = byPlace((await check(folder, "tfplan.json")).verdicts);
    const better = [...alone].filter(
      ([place, result]) => result === "pass" && !["pass", undefined].includes(written.get(place)),
    );
    const same = [...alone].filter(([place, result]) => result === written.get(place)).length;
    process.stderr.write(`[plan alone] ${same} of ${written.size} verdicts are the file's\n`);
    expect(better).toEqual([]);
    // What the file shows to hold may be unknown by the plan alone; it never fails.
    const worse = [...alone].filter(([place, result]) => result === "fail" && written.get(place) === "pass");
    expect(worse).toEqual([]);
    expect(same / written.size).toBeGreaterThan(0.98);
  });
  test("the plan's file is the one that Terraform printed", () => {
    const { resource_changes: changes } = JSON.parse(readFileSync(join(folder, "tfplan.json"), "utf8")) as {
      resource_changes: object[];
    };
    expect(changes.length).toBeGreaterThan(200);
  });
});
