import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { AuditArchive, type AuditArchiveConfig } from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { resolveAuditArchive } from "../../lib/parts/audit-archive-model";
import { isTestToken, problemsOf, TOKEN } from "../support/config";
import { childOf, failing, partPlan, withoutType } from "../support/parts";
import { writtenPlan } from "../support/plan";

const asOf = "2026-11-26";
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const good: AuditArchiveConfig = {
  name: "acme",
  environment: "test",
  posture: "production",
  logGroups: { orders: "/ecs/orders" },
};
const planOf = (
  change: Partial<AuditArchiveConfig> = {},
  attack: (archive: AuditArchive) => void = () => undefined,
) => writtenPlan((stack) => attack(new AuditArchive(stack, "archive", { ...good, ...change })));
const example = partPlan("audit-archive");

describe("an archive on its own", () => {
  test("takes every line of the groups that it was given, and makes no group for them", () => {
    const filters = example.blocks("aws_cloudwatch_log_subscription_filter").map(({ body }) => body);
    expect(filters.map(({ log_group_name: name }) => name)).toEqual([
      "/ecs/docs-gateway",
      "/ecs/orders-gateway",
    ]);
    const [stream] = example.blocks("aws_kinesis_firehose_delivery_stream");
    for (const filter of filters) {
      expect(filter["filter_pattern"]).toBe("");
      expect(example.target(filter["destination_arn"])?.address).toBe(stream?.address);
    }
    expect(example.blocks("aws_cloudwatch_log_group")).toHaveLength(1);
  });
  test("keeps as the posture says, or as it was told", () => {
    const lock = (change: Partial<AuditArchiveConfig>) =>
      planOf(change)
        .blocks("aws_s3_bucket_object_lock_configuration")
        .map(({ body }) => body["rule"]);
    expect(lock({})).toEqual([{ default_retention: { mode: "COMPLIANCE", days: 365 } }]);
    expect(lock({ posture: "sandbox" })).toEqual([{ default_retention: { mode: "GOVERNANCE", days: 1 } }]);
    expect(lock({ audit: { archive: { retainDays: 2557 } } })).toEqual([
      { default_retention: { mode: "COMPLIANCE", days: 2557 } },
    ]);
  });
  test("has a boundary of its own name, or the one that was given with our denials in each role", () => {
    expect(example.blocks("aws_iam_policy").map(({ body }) => body["name"])).toEqual([
      "acme-prod-audit-archive-boundary",
    ]);
    const boundaryArn = "arn:aws:iam::123456789012:policy/org";
    const given = planOf({ iam: { boundaryArn, path: "/mcp/" }, key: { kind: "existing", arn: KEY } });
    expect(given.blocks("aws_iam_policy", "aws_kms_key")).toEqual([]);
    for (const { body } of given.blocks("aws_iam_role"))
      expect([body["permissions_boundary"], body["path"]]).toEqual([boundaryArn, "/mcp/"]);
    for (const { body } of given.blocks("aws_iam_role_policy"))
      expect(String(body["policy"])).toContain("NoArchiveTampering");
    expect(failing(given)).toEqual([]);
  });
  test("delivers into a bucket that is there, which its owner has to show", () => {
    const bucket = {
      kind: "existing",
      name: "central-logs",
      accountId: "210987654321",
      keyArn: KEY,
    } as const;
    const given = planOf({ audit: { archive: { bucket } } });
    expect(given.blocks("aws_s3_bucket")).toEqual([]);
    expect(failing(given)).toEqual([]);
    const verdict = judgePlan(given, CONTROLS, { asOf }).filter(
      ({ control }) => control === "audit.archive-locked",
    );
    expect(verdict.map(({ result }) => result)).toEqual(["unknown"]);
  });
});

describe("the checklist", () => {
  test("passes what is there, and does not know of groups of another stack whether they can be deleted", () => {
    expect(failing(example)).toEqual([]);
    const open = judgePlan(example, CONTROLS, { asOf }).filter(({ result }) => result === "unknown");
    expect(new Set(open.map(({ control }) => control))).toEqual(new Set(["audit.log-groups-protected"]));
  });
  test.each([
    ["aws_kinesis_firehose_delivery_stream", "audit.archive-locked"],
    ["aws_s3_bucket_object_lock_configuration", "audit.archive-locked"],
    ["aws_iam_role", "access.boundary"],
  ])("asks for %s", (type, control) => expect(failing(withoutType(example, type))).toContain(control));
});

describe("a protection that an override takes away stops the synth", () => {
  test.each<[string, (archive: AuditArchive) => void, RegExp]>([
    [
      "a lock of a day",
      (all) => childOf(all, S3BucketObjectLockConfigurationA).addOverride("rule.default_retention.days", 1),
      /\[audit\.kept-as-chosen\]/,
    ],
    [
      "a lock that yields",
      (all) =>
        childOf(all, S3BucketObjectLockConfigurationA).addOverride(
          "rule.default_retention.mode",
          "GOVERNANCE",
        ),
      /\[audit\.archive-locked\]/,
    ],
    [
      "deletion",
      (all) => childOf(all, S3BucketPolicy).addOverride("policy", '{"Version":"2012-10-17","Statement":[]}'),
      /\[audit\.archive-denials\]/,
    ],
    [
      "a public bucket",
      (all) => childOf(all, S3BucketPublicAccessBlock).addOverride("block_public_policy", false),
      /\[audit\.archive-private\]/,
    ],
    [
      "lines in clear on their way",
      (all) =>
        childOf(all, KinesisFirehoseDeliveryStream).addOverride("server_side_encryption.enabled", false),
      /\[audit\.delivery-encrypted\]/,
    ],
    [
      "lines that are left out",
      (all) => childOf(all, CloudwatchLogSubscriptionFilter).addOverride("filter_pattern", "ERROR"),
      /\[audit\.subscriptions-whole\]/,
    ],
    [
      "a role without a boundary",
      (all) => childOf(all, IamRole).addOverride("permissions_boundary", undefined),
      /\[access\.boundary\]/,
    ],
  ])("%s", (_what, attack, says) => expect(() => planOf({}, attack)).toThrow(says));
});

describe("what is wrong is said at once", () => {
  const problems = (change: object) =>
    problemsOf(() => resolveAuditArchive({ ...good, ...change } as AuditArchiveConfig, isTestToken));
  test("nothing is, as it stands, nor with a group known later", () => {
    expect(problems({})).toEqual([]);
    expect(problems({ logGroups: { orders: TOKEN } })).toEqual([]);
  });
  test("every field", () => {
    const found = problems({
      environment: "TEST",
      logGroups: { Orders: "/ecs/a", one: "/ecs/b", other: "/ecs/b", third: "a b" },
      audit: { retainDays: 8, archive: { retainDays: 0 } },
      iam: { boundaryArn: "boundary" },
      key: { kind: "existing", arn: "x" },
      providers: { archive: {} },
      alarms: {},
    });
    const said = [
      "alarms is not a field here",
      'environment is "TEST"',
      "providers.archive is no aws provider",
      "logGroups.Orders is a name",
      'logGroups.other is "/ecs/b", as one',
      'logGroups.third is "a b"',
      "audit.retainDays is 8",
      "audit.archive.retainDays is 0",
      'iam.boundaryArn is "boundary"',
      'key.arn is "x"',
    ];
    expect(found).toEqual(said.map((each) => expect.stringContaining(each)));
  });
});
