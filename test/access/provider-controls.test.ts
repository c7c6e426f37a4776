import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp } from "../../lib";
import { providerControl } from "../../lib/access/provider-controls";
import { CONTROLS } from "../../lib/checklist/controls";
import { MANIFEST_KEY } from "../../lib/checklist/manifest";
import { manifestProblem } from "../../lib/checklist/manifest-shape";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { judge } from "../audit/judge";
import { goodConfig } from "../support/config";
import { synthExampleText } from "../support/examples";

type Bodies = Record<string, Record<string, Record<string, unknown>>>;
type File = TerraformJson & { resource: Bodies; data: Bodies; "//": Record<string, Record<string, object>> };

const text = synthExampleText("existing-network");
const opened = (): File => JSON.parse(text) as File;
const findings = (file: TerraformJson) => judge(providerControl, new Plan(file));
const aliased = (file: File) =>
  (["resource", "data"] as const).flatMap((section) =>
    Object.entries(file[section]).flatMap(([type, all]) =>
      Object.entries(all).flatMap(([name, body]) =>
        body.provider === undefined ? [] : [{ section, type, name }],
      ),
    ),
  );

test("what an example puts on two providers is on them, and is judged with the others", () => {
  const all = findings(opened());
  expect(all.length).toBeGreaterThan(5);
  expect(all.filter(({ holds }) => holds !== true)).toEqual([]);
  expect(manifestProblem(opened())).toBeUndefined();
  expect(CONTROLS).toContain(providerControl);
});

test.each<[string, string | undefined]>([
  ["removed", undefined],
  ["changed", "aws.other"],
])("a provider that is %s is seen at every single block, data too", (_, provider) => {
  const places = aliased(opened());
  expect(places.length).toBeGreaterThan(85);
  const file = opened();
  const unseen = places.filter(({ section, type, name }) => {
    const body = file[section][type]?.[name] ?? {};
    const before = body.provider;
    if (provider === undefined) delete body.provider;
    else body.provider = provider;
    const isSeen = judge(providerControl, new Plan({ ...file })).some(({ holds }) => holds === false);
    body.provider = before;
    return !isSeen;
  });
  expect(unseen).toEqual([]);
});

test("the archive is not let into the account of those who write to it", () => {
  const file = opened();
  for (const body of Object.values(file.resource.aws_s3_bucket ?? {})) body.provider = "aws.workload";
  expect(findings(file)).toContainEqual({
    holds: false,
    says: expect.stringMatching(/archive.* is on aws\.workload instead of aws\.archive/) as string,
  });
});

test("without what the manifest says of it nobody knows, unless there is nothing to know", () => {
  const file = opened();
  for (const entry of Object.values(file["//"][MANIFEST_KEY] ?? {}))
    delete (entry as { providers?: unknown }).providers;
  expect(new Set(findings(file).map(({ holds }) => holds))).toEqual(new Set(["unknown"]));
  const plain = JSON.parse(synthExampleText("minimal")) as TerraformJson;
  expect(new Set(findings(plain).map(({ holds }) => holds))).toEqual(new Set([true]));
});

test("an override of one resource is no choice of the configuration", () => {
  const outdir = mkdtempSync(join(tmpdir(), "providers-"));
  const synth = (override: boolean) => {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "test");
    const [main, dns, archive] = ["main", "dns", "archive"].map(
      (alias) => new AwsProvider(stack, alias, { region: "eu-west-1", alias }),
    );
    const providers = { default: main!, dns: dns!, archive: archive! };
    const mcp = new HardenedMcp(stack, "mcp", goodConfig({ providers }));
    if (override)
      for (const node of mcp.node.findAll()) if (node instanceof Lb) node.addOverride("provider", "aws.dns");
    app.synth();
    const file = join(outdir, "stacks", "test", "cdk.tf.json");
    return findings(JSON.parse(readFileSync(file, "utf8")) as TerraformJson);
  };
  try {
    expect(synth(false).every(({ holds }) => holds === true)).toBe(true);
    expect(() => synth(true)).toThrow(
      /: aws_lb\.\S+ is on aws\.dns instead of aws\.main \[access\.providers-as-chosen\]/,
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});
