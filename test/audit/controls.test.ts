import { auditControls } from "../../lib/audit/controls";
import { embedded, Plan } from "../../lib/terraform/plan";
import { auditPlan } from "./fixture";
import { changed, judge, named, without } from "./judge";
import { holdAsBuilt } from "../support/control-tests";

const plan = auditPlan();
const locked = "aws_s3_bucket_object_lock_configuration";
const subscription = "aws_cloudwatch_log_subscription_filter";

function withoutStatement(sid: string): Plan {
  return changed(
    plan,
    "aws_s3_bucket_policy",
    (body) => {
      const policy = embedded(body.policy) as { Statement: { Sid: string }[] };
      body.policy = JSON.stringify({
        ...policy,
        Statement: policy.Statement.filter(({ Sid }) => Sid !== sid),
      });
    },
    (body) => String(body.policy).includes("NobodyDeletesOrUnlocks"),
  );
}

holdAsBuilt(auditControls, plan);

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "audit.archive-locked",
      "made without Object Lock",
      () =>
        changed(
          plan,
          "aws_s3_bucket",
          (body) => delete body.object_lock_enabled,
          (body) => body.object_lock_enabled === true,
        ),
    ],
    ["audit.archive-locked", "no default retention", () => without(plan, locked)],
    [
      "audit.archive-locked",
      "mode is GOVERNANCE",
      () =>
        changed(
          plan,
          locked,
          (body) => (body.rule = { default_retention: { mode: "GOVERNANCE", days: 365 } }),
        ),
    ],
    [
      "audit.archive-locked",
      "has no time",
      () => changed(plan, locked, (body) => (body.rule = { default_retention: { mode: "COMPLIANCE" } })),
    ],
    [
      "audit.archive-encrypted",
      "does not encrypt",
      () => without(plan, "aws_s3_bucket_server_side_encryption_configuration"),
    ],
    [
      "audit.archive-encrypted",
      "does not encrypt",
      () =>
        changed(plan, "aws_s3_bucket_server_side_encryption_configuration", (body) => {
          body.rule = [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }];
        }),
    ],
    [
      "audit.archive-private",
      "restrict_public_buckets is not set",
      () =>
        changed(plan, "aws_s3_bucket_public_access_block", (body) => (body.restrict_public_buckets = false)),
    ],
    ["audit.archive-private", "block_public_acls", () => without(plan, "aws_s3_bucket_public_access_block")],
    ["audit.archive-denials", "s3:DeleteObjectVersion", () => withoutStatement("NobodyDeletesOrUnlocks")],
    ["audit.archive-denials", "without TLS", () => withoutStatement("TlsOnly")],
    ["audit.archive-denials", "is not denied", () => without(plan, "aws_s3_bucket_policy")],
    ["audit.archive-readers", "not logged", () => without(plan, "aws_s3_bucket_logging")],
    [
      "audit.delivery-encrypted",
      "does not encrypt",
      () =>
        changed(plan, "aws_kinesis_firehose_delivery_stream", (body) => {
          body.server_side_encryption = { enabled: true, key_type: "AWS_OWNED_CMK" };
        }),
    ],
    [
      "audit.delivery-encrypted",
      "failures of delivery",
      () =>
        changed(plan, "aws_kinesis_firehose_delivery_stream", (body) => {
          delete (body.extended_s3_configuration as Record<string, unknown>).cloudwatch_logging_options;
        }),
    ],
    [
      "audit.log-groups-encrypted",
      "no key",
      () => changed(plan, "aws_cloudwatch_log_group", (body) => delete body.kms_key_id),
    ],
    [
      "audit.log-groups-retained",
      "no retention",
      () => changed(plan, "aws_cloudwatch_log_group", (body) => (body.retention_in_days = 0)),
    ],
    [
      "audit.log-groups-protected",
      "can be deleted",
      () => changed(plan, "aws_cloudwatch_log_group", (body) => (body.deletion_protection_enabled = false)),
    ],
    ["audit.gateway-archived", "not subscribed", () => without(plan, subscription)],
    [
      "audit.gateway-archived",
      "leaves lines out",
      () => changed(plan, subscription, (body) => (body.filter_pattern = "{ $.status = 200 }")),
    ],
    [
      "audit.gateway-archived",
      "not subscribed",
      () =>
        changed(plan, "aws_ecs_task_definition", (body) => {
          body.container_definitions = JSON.stringify([
            { name: "gateway", logConfiguration: { options: { "awslogs-group": "/elsewhere" } } },
          ]);
        }),
    ],
  ])("%s: %s", (id, says, broken) => {
    const failing = judge(named(auditControls, id), broken()).filter(({ holds }) => holds === false);
    expect(failing.length).toBeGreaterThan(0);
    expect(failing).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });
});

describe("what cannot be read is unknown, never passed", () => {
  test.each<[string, () => Plan]>([
    ["audit.archive-locked", () => without(plan, "aws_s3_bucket")],
    [
      "audit.archive-locked",
      () =>
        changed(
          plan,
          locked,
          (body) => (body.rule = { default_retention: { mode: "${var.mode}", days: 365 } }),
        ),
    ],
    [
      "audit.archive-denials",
      () => changed(plan, "aws_s3_bucket_policy", (body) => (body.policy = "${var.p}")),
    ],
    [
      "audit.log-groups-retained",
      () => changed(plan, "aws_cloudwatch_log_group", (body) => (body.retention_in_days = "${var.days}")),
    ],
    ["audit.log-groups-protected", () => without(plan, "aws_cloudwatch_log_group")],
    [
      "audit.gateway-archived",
      () => changed(plan, "aws_ecs_task_definition", (body) => (body.container_definitions = "${var.c}")),
    ],
  ])("%s", (id, broken) => {
    const findings = judge(named(auditControls, id), broken());
    expect(findings.length).toBeGreaterThan(0);
    for (const { holds } of findings) expect(holds).toBe("unknown");
  });
});

test("a group that a container names literally is the one that is subscribed", () => {
  const literal = changed(plan, "aws_ecs_task_definition", (body) => {
    body.container_definitions = JSON.stringify([
      {
        name: "gateway",
        logConfiguration: { options: { "awslogs-group": "/hardened-mcp/acme-test-orders-audit" } },
      },
    ]);
  });
  expect(judge(named(auditControls, "audit.gateway-archived"), literal)).toEqual([{ holds: true }]);
});

describe("what is declared disposable may be destroyed, the rest not", () => {
  // The paths that cdktf writes for people, which its synthesis for tests leaves out.
  const at = (path: string) => (body: Record<string, unknown>) => (body["//"] = { metadata: { path } });
  const sandbox = changed(
    changed(
      auditPlan(undefined, "sandbox"),
      "aws_s3_bucket",
      at("test/audit/delivery/archive/bucket/resource"),
    ),
    subscription,
    at("test/orders/archive"),
  );
  const declared = (lifecycle: string, ...paths: string[]) =>
    new Plan({
      ...sandbox.source,
      "//": { "hardened-mcp": Object.fromEntries(paths.map((path) => [path, { lifecycle }])) },
    });
  const built = ["test/audit", "test/orders"];
  test.each<[string, Plan, boolean]>([
    ["declared so", declared("disposable", ...built), true],
    ["declared protected", declared("protected", ...built), false],
    ["declared for another construct", declared("disposable", "test/aud", "test/order"), false],
    ["not declared", sandbox, false],
  ])("%s", (_how, judged, holds) => {
    for (const id of ["audit.archive-locked", "audit.log-groups-protected"]) {
      expect(judge(named(auditControls, id), judged)).toMatchObject([{ holds }]);
    }
  });
  test("an archive without any lock never", () => {
    const open = without(declared("disposable", ...built), locked);
    expect(judge(named(auditControls, "audit.archive-locked"), open)).toMatchObject([{ holds: false }]);
  });
});
