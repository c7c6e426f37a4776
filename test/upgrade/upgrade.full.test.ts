import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { synthesise, synthesiseEdited } from "../support/built";
import { derivedProviders } from "../support/schema/derived-provider";
import { realSchema } from "../support/schema/real";
import { scratch } from "../support/scratch";
import { readStack, TerraformRun } from "../support/terraform";
import { describeWith, ROOT } from "../support/toolchain";

/** The release whose state is upgraded: the latest whose files are frozen. */
const RELEASE = "0.1.0";
/** Seconds on two cores: about 5 to apply, 3 for each plan. */
const BUDGET_S = 60;

/** What a user does who puts a deployment into another place of the program. */
const ELSEWHERE = [
  [
    "import { HardenedMcp, image }",
    'import { Construct } from "constructs";\nimport { HardenedMcp, image, Moves }',
  ],
  ['new HardenedMcp(stack, "mcp", {', 'new HardenedMcp(new Construct(stack, "tools"), "mcp", {'],
] as const;
const WITH_MOVES = [
  ...ELSEWHERE,
  ["app.synth();", 'new Moves(stack, "moves", [{ from: "mcp", to: "tools/mcp" }]);\napp.synth();'],
] as const;
const ENDED = [
  ["import { HardenedMcp, image }", "import { decommission, HardenedMcp, image }"],
  ['new HardenedMcp(stack, "mcp", {', 'const mcp = new HardenedMcp(stack, "mcp", {'],
  ["app.synth();", "decommission(mcp);\napp.synth();"],
] as const;

describeWith(["terraform"], `a deployment of release ${RELEASE}`, () => {
  let run: TerraformRun;
  let providers: Awaited<ReturnType<typeof derivedProviders>> | undefined;
  let resources: number;

  beforeAll(async () => {
    await realSchema();
    const file = await synthesise("upgrade", "minimal");
    const before = scratch("upgrade-before");
    mkdirSync(before, { recursive: true });
    cpSync(join(ROOT, "test", "fixtures", RELEASE, "minimal"), before, { recursive: true });
    const now = readStack(file);
    resources = Object.values(now.resource ?? {}).flatMap((each) => Object.keys(each)).length;
    providers = await derivedProviders(now);
    run = await TerraformRun.start(join(before, "cdk.tf.json"), {
      name: "upgrade",
      env: { TF_REATTACH_PROVIDERS: providers.reattach },
    });
    expect((await run.apply()).errors).toEqual([]);
  }, 120_000);
  afterAll(() => providers?.stop());

  const actions = async (): Promise<string[]> =>
    (await run.plan()).map(({ address, actions: each }) => `${each.join("/")} ${address}`);

  it(
    "is upgraded without destroying or replacing anything",
    async () => {
      run.replace(await synthesise("upgrade", "minimal"));
      const planned = await actions();
      expect(planned.filter((line) => /delete|forget/.test(line))).toEqual([]);
      expect((await run.apply()).errors).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it(
    "would be destroyed and made anew at another place of the program",
    async () => {
      run.replace(await synthesiseEdited("upgrade-lost", "minimal", ELSEWHERE));
      const planned = await actions();
      expect(planned.filter((line) => line.startsWith("delete ")).length).toBe(resources);
    },
    BUDGET_S * 1000,
  );

  it(
    "is moved there as it is by `Moves`",
    async () => {
      run.replace(await synthesiseEdited("upgrade-moved", "minimal", WITH_MOVES));
      // Functions are told where their packed code lies, which is called after their place; the code is the same.
      const planned = await run.plan();
      expect(
        planned.filter(
          ({ type, actions: each, attributes }) =>
            type !== "aws_lambda_function" || each.join() !== "update" || attributes.join() !== "filename",
        ),
      ).toEqual([]);
      expect((await run.apply()).errors).toEqual([]);
      expect((await run.state()).filter((address) => /^aws_\w+\.mcp_/.test(address))).toEqual([]);
      // And back, for the next test.
      const back = [
        ["import { HardenedMcp, image }", "import { HardenedMcp, image, Moves }"],
        ["app.synth();", 'new Moves(stack, "moves", [{ from: "tools/mcp", to: "mcp" }]);\napp.synth();'],
      ] as const;
      run.replace(await synthesiseEdited("upgrade-back", "minimal", back));
      expect((await run.apply()).errors).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it(
    "ends with everything destroyed but its archive and the key, which are left as they are",
    async () => {
      run.replace(await synthesiseEdited("upgrade-ended", "minimal", ENDED));
      const planned = await run.plan();
      const forgotten = planned.filter(({ actions: each }) => each.join() === "forget");
      expect(forgotten.map(({ type }) => type)).toEqual(
        expect.arrayContaining([
          "aws_s3_bucket",
          "aws_s3_bucket_policy",
          "aws_s3_bucket_object_lock_configuration",
          "aws_kms_key",
        ]),
      );
      expect(planned.filter(({ actions: each }) => !["forget", "delete"].includes(each.join()))).toEqual([]);
      const ended = await run.apply();
      expect(ended.errors).toEqual([]);
      expect(
        Object.keys(ended.done).filter((address) => address.includes("_audit_delivery_archive_")),
      ).toEqual([]);
      expect(Object.keys(ended.done).length + forgotten.length).toBe(resources);
      expect(await run.state()).toEqual([]);
      process.stderr.write(`[decommission] ${resources} resources: ${forgotten.length} left behind\n`);
    },
    BUDGET_S * 1000,
  );
});
