import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformVariable } from "cdktf";
import { HardenedMcp, type HardenedMcpConfig } from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import type { ExistingLogBucketConfig } from "../../lib/ingress/config";
import { givenLogsControls } from "../../lib/ingress/given-logs-controls";
import { resolveHardenedMcp } from "../../lib/model";
import type { Plan } from "../../lib/terraform/plan";
import { changed, changedData, judge, named } from "../audit/judge";
import { goodConfig, isTestToken, problemsOf, TOKEN } from "../support/config";
import { synthPlan, writtenPlan } from "../support/plan";

const BUCKET = {
  kind: "existing",
  name: "org-lb-logs",
  folder: "mcp/acme-prod/",
} as const satisfies ExistingLogBucketConfig;

const config = (change: object = {}, rest: Partial<HardenedMcpConfig> = {}) =>
  goodConfig({ environment: "prod", ingress: { logs: { bucket: { ...BUCKET, ...change } } }, ...rest });

const plan = writtenPlan((stack) => {
  const { logsOwner } = new HardenedMcp(stack, "mcp", config()).platform.ingress;
  new TerraformOutput(stack, "owner", { value: logsOwner?.bucketPolicy });
});
const unread = writtenPlan((stack) => void new HardenedMcp(stack, "mcp", config({ read: "never" })));
const data = (of: Plan, type: string) =>
  of.all.filter((block) => block.mode === "data" && block.type === type);
const balancer = (of: Plan) => of.blocks("aws_lb")[0]?.body ?? {};
const verdicts = (of: Plan) => judgePlan(of, CONTROLS, { asOf: "2026-11-26" });

describe("a bucket for logs that is there", () => {
  test("is not made, and written to in its folder once it was read", () => {
    expect(plan.blocks("aws_s3_bucket").filter(({ path }) => path.includes("/ingress"))).toEqual([]);
    const bucket = `\${${data(plan, "aws_s3_bucket")[0]?.address}.id}`;
    expect(balancer(plan)).toMatchObject({
      access_logs: { bucket, prefix: "mcp/acme-prod/access", enabled: true },
      connection_logs: { bucket, prefix: "mcp/acme-prod/connection", enabled: true },
      health_check_logs: { bucket, prefix: "mcp/acme-prod/health-check", enabled: true },
      depends_on: [data(plan, "aws_s3_bucket_policy")[0]?.address],
    });
  });
  test("that nobody here reads is named by its name", () => {
    expect(data(unread, "aws_s3_bucket")).toEqual([]);
    expect(balancer(unread)).toMatchObject({ access_logs: { bucket: "org-lb-logs" } });
  });
  test("of another account is read by the provider of that account", () => {
    const there = synthPlan((stack) => {
      const logs = new AwsProvider(stack, "there", { region: "eu-west-1", alias: "there" });
      new HardenedMcp(stack, "mcp", config({}, { providers: { logs } }));
    });
    for (const type of ["aws_s3_bucket", "aws_s3_bucket_policy"])
      expect(data(there, type).map(({ body }) => body["provider"])).toEqual(["aws.there"]);
    expect(balancer(there)["provider"]).toBeUndefined();
  });
  test("what its owner has to write stands in the docs", () => {
    const { owner } = plan.source["output"] as { owner: { value: string } };
    const known = owner.value
      .replace(/\$\{data\.aws_partition[^}]*\}/g, "aws")
      .replace(/\$\{data\.aws_caller_identity[^}]*\}/g, "123456789012")
      .replace(/\$\{data\.aws_region[^}]*\}/g, "eu-west-1");
    const docs = readFileSync(join(__dirname, "..", "..", "docs", "composition.md"), "utf8");
    const blocks = [...docs.matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, text = ""]) => JSON.parse(text) as unknown,
    );
    expect(blocks).toContainEqual(JSON.parse(known));
  });
});

describe("the checklist", () => {
  test.each(["closed", "versioned", "expires", "policy", "delivery", "kept"])(
    "does not pass ingress.log-bucket-%s unseen, and names what its owner has to show",
    (id) =>
      expect(verdicts(plan).filter(({ control }) => control === `ingress.log-bucket-${id}`)).toEqual([
        expect.objectContaining({
          result: "unknown",
          detail: expect.stringMatching(
            /^the bucket of access_logs is given, and kept by somebody else, who has to show .*: aws s3api get-[a-z-]+ --bucket org-lb-logs$/,
          ),
        }),
      ]),
  );
  test("fails at nothing, and still asks for the logs themselves", () => {
    for (const each of [plan, unread])
      expect(verdicts(each).filter(({ result }) => result === "fail")).toEqual([]);
    const lost = changed(plan, "aws_lb", (body) => delete body["connection_logs"]);
    const failed = verdicts(lost).filter(({ result }) => result === "fail");
    expect(failed.map(({ control }) => control)).toContain("ingress.lb-logs");
  });

  describe("asks for the plan that stops", () => {
    const control = named(givenLogsControls, "ingress.given-logs-judged-at-plan");
    const says = (of: Plan) => judge(control, of)[0];
    const without = (type: string, index: number) => () =>
      changedData(plan, type, (body) => {
        const lifecycle = body["lifecycle"] as { postcondition: object[] };
        expect(lifecycle.postcondition.length).toBeGreaterThan(index);
        body["lifecycle"] = { postcondition: lifecycle.postcondition.filter((_one, at) => at !== index) };
      });
    test("and holds as built", () => expect(says(plan)).toEqual({ holds: true }));
    test("and of a bucket that is made here, which nobody else has to write anything into", () => {
      const own = writtenPlan((stack) => {
        expect(new HardenedMcp(stack, "mcp", goodConfig()).platform.ingress.logsOwner).toBeUndefined();
      });
      expect(says(own)).toEqual({ holds: true });
    });
    test("where nobody reads it, nobody can tell", () =>
      expect(says(unread)).toMatchObject({ holds: "unknown" }));
    test.each<[string, () => Plan]>([
      ["be in the deployment's region", without("aws_s3_bucket", 0)],
      ["write its access logs", without("aws_s3_bucket_policy", 0)],
      ["write its connection logs", without("aws_s3_bucket_policy", 1)],
      ["write its health check logs", without("aws_s3_bucket_policy", 2)],
      ["deny s3:* on its objects without TLS", without("aws_s3_bucket_policy", 3)],
      ["let nobody in without a condition", without("aws_s3_bucket_policy", 4)],
      [
        "write its access logs",
        () => changedData(plan, "aws_s3_bucket_policy", (body) => void (body["bucket"] = "another")),
      ],
    ])("%s", (found, build) =>
      expect(says(build())).toEqual({ holds: false, says: expect.stringContaining(found) }),
    );
  });
});

describe("what cannot be is refused by name", () => {
  const asks = (change: object, rest: Partial<HardenedMcpConfig> = {}, logs: object = {}) =>
    problemsOf(() =>
      resolveHardenedMcp(
        goodConfig({ ingress: { logs: { bucket: { ...BUCKET, ...change }, ...logs } as never }, ...rest }),
        isTestToken,
      ),
    );
  const provider = { terraformResourceType: "aws" } as never;
  test.each<[string, Parameters<typeof asks>, string[]]>([
    ["as it is", [{}], []],
    ["known only at deployment", [{ name: TOKEN, folder: TOKEN }], []],
    ["all of a bucket", [{ folder: undefined }], []],
    ["its ARN", [{ name: "arn:aws:s3:::org-lb-logs" }], ["ingress.logs.bucket.name is"]],
    ["no name", [{ name: undefined }], ["ingress.logs.bucket.name is missing"]],
    ["a folder without an end", [{ folder: "mcp" }], ['ingress.logs.bucket.folder is "mcp"']],
    ["AWS's own folder", [{ folder: "mcp/AWSLogs/" }], ["ingress.logs.bucket.folder is"]],
    ["another kind", [{ kind: "old" }], ['ingress.logs.bucket.kind is "old"']],
    ["another way of reading", [{ read: "sometimes" }], ['ingress.logs.bucket.read is "sometimes"']],
    [
      "something else in its place",
      [{}, { ingress: { logs: false as never } }],
      ["ingress.logs is a boolean, expected an object"],
    ],
    ["a field that is none", [{ prefix: "x/" }], ["ingress.logs.bucket.prefix is not a field here"]],
    ["what its owner decides", [{}, {}, { retainDays: 30 }], ["ingress.logs.retainDays is set for a bucket"]],
    ["a provider that reads", [{}, { providers: { logs: provider } }], []],
    [
      "a provider that has nothing to do",
      [{ read: "never" }, { providers: { logs: provider } }],
      ["providers.logs is for reading a bucket of logs"],
    ],
    [
      "the same for a new one",
      [{}, { providers: { logs: provider }, ingress: {} }],
      ["providers.logs is for reading"],
    ],
  ])("%s", (_name, args, begins) =>
    expect(asks(...args)).toEqual(begins.map((begin) => expect.stringContaining(begin))),
  );
  test("what is known only at deployment is handed on", () => {
    const later = writtenPlan((stack) => {
      const text = (name: string) => new TerraformVariable(stack, name, { type: "string" }).stringValue;
      new HardenedMcp(stack, "mcp", config({ name: text("name"), folder: text("folder") }));
    });
    expect(balancer(later)).toMatchObject({ access_logs: { prefix: "${var.folder}access" } });
    expect(verdicts(later).filter(({ result }) => result === "fail")).toEqual([]);
  });
});
