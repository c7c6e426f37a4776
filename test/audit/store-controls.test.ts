import { storeControls } from "../../lib/audit/store-controls";
import type { Plan } from "../../lib/terraform/plan";
import { Plan as OpenPlan } from "../../lib/terraform/plan";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";
import { changed, judge, named, without } from "./judge";
import { holdAsBuilt } from "../support/control-tests";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mutation reaches wherever it wants
type Any = any;

const plan = synthExample("complete");
const STREAM = "aws_kinesis_firehose_delivery_stream";
const S3 = "aws_s3_bucket";

holdAsBuilt(storeControls, plan);

const stream = (change: (to: Any) => void) =>
  changed(plan, STREAM, (body) => change(body.extended_s3_configuration));
const archive = (change: (statement: StatementBody) => void) =>
  policed(plan, `${S3}_policy`, "policy", change);
const rule = (change: (one: Any) => void) =>
  changed(plan, `${S3}_lifecycle_configuration`, (body) => (body.rule as Any[]).forEach(change));

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "audit.buckets-closed",
      "restrict_public_buckets is not set",
      () => changed(plan, `${S3}_public_access_block`, (body) => delete body.restrict_public_buckets),
    ],
    [
      "audit.subscriptions-whole",
      "leaves lines out",
      () =>
        changed(plan, "aws_cloudwatch_log_subscription_filter", (body) => (body.filter_pattern = "ERROR")),
    ],
    [
      "audit.subscriptions-whole",
      "leaves lines out",
      () => changed(plan, "aws_cloudwatch_log_subscription_filter", (body) => delete body.filter_pattern),
    ],
    ["audit.buckets-closed", "block_public_acls", () => without(plan, `${S3}_public_access_block`)],
    ["audit.buckets-closed", "access control lists", () => without(plan, `${S3}_ownership_controls`)],
    [
      "audit.buckets-encrypted",
      "no encryption",
      () => without(plan, `${S3}_server_side_encryption_configuration`),
    ],
    [
      "audit.buckets-encrypted",
      "asks KMS for a key",
      () =>
        changed(plan, `${S3}_server_side_encryption_configuration`, (body) =>
          (body.rule as Any[]).forEach((one) => delete one.bucket_key_enabled),
        ),
    ],
    ["audit.buckets-versioned", "versioning is off", () => without(plan, `${S3}_versioning`)],
    ["audit.buckets-versioned", "how long old versions", () => rule((one) => (one.status = "Disabled"))],
    [
      "audit.buckets-versioned",
      "how long old versions",
      () => rule((one) => (one.filter = [{ prefix: "x/" }])),
    ],
    [
      "audit.buckets-versioned",
      "how long old versions",
      () => rule((one) => delete one.noncurrent_version_expiration),
    ],
    [
      "audit.buckets-versioned",
      "uploads that nobody finished",
      () => rule((one) => delete one.abort_incomplete_multipart_upload),
    ],
    [
      "audit.archive-one-writer",
      "would empty it",
      () => changed(plan, S3, (body) => (body.force_destroy = true)),
    ],
    [
      "audit.archive-one-writer",
      "holds on what is in it",
      () =>
        archive((one) => {
          one.Action = [one.Action].flat().filter((action) => action !== "s3:PutObjectLegalHold");
        }),
    ],
    [
      "audit.archive-one-writer",
      "others than one role",
      () => archive((one) => void (one.Condition?.ArnNotEquals && (one.Effect = "Allow"))),
    ],
    [
      "audit.archive-one-writer",
      "others than one role",
      () =>
        archive((one) => {
          const [role] = [one.Condition?.ArnNotEquals?.["aws:PrincipalArn"]].flat();
          if (role) one.Condition = { ArnNotEquals: { "aws:PrincipalArn": [role, "arn:aws:iam::1:role/x"] } };
        }),
    ],
    [
      "audit.archive-one-writer",
      "TLS before 1.2",
      () => archive((one) => void (one.Condition?.NumericLessThan && (one.Effect = "Allow"))),
    ],
    [
      "audit.delivery-readable",
      "goes nowhere",
      () => changed(plan, STREAM, (body) => delete body.destination),
    ],
    ["audit.delivery-readable", "names no key", () => stream((to) => delete to.kms_key_arn)],
    [
      "audit.delivery-readable",
      "in their envelopes",
      () => stream((to) => to.processing_configuration.processors.pop()),
    ],
    [
      "audit.delivery-readable",
      "in their envelopes",
      () => stream((to) => (to.processing_configuration.enabled = false)),
    ],
    ["audit.delivery-readable", "not compressed", () => stream((to) => delete to.compression_format)],
    ["audit.delivery-readable", "its days", () => stream((to) => (to.prefix = "audit/"))],
    ["audit.delivery-readable", "what failed", () => stream((to) => delete to.error_output_prefix)],
    ["audit.delivery-readable", "how long lines wait", () => stream((to) => delete to.buffering_size)],
    [
      "audit.delivery-readable",
      "no log group",
      () => stream((to) => delete to.cloudwatch_logging_options.log_group_name),
    ],
    [
      "audit.readers-apart",
      "written nowhere",
      () => changed(plan, `${S3}_logging`, (body) => delete body.target_bucket),
    ],
    [
      "audit.readers-apart",
      "to the bucket itself",
      () => changed(plan, `${S3}_logging`, (body) => (body.target_bucket = body.bucket)),
    ],
    [
      "audit.readers-apart",
      "would empty where",
      () => changed(plan, S3, (body) => (body.force_destroy = true)),
    ],
    [
      "audit.readers-apart",
      "in which folder",
      () => changed(plan, `${S3}_logging`, (body) => delete body.target_prefix),
    ],
    [
      "audit.log-groups-kept",
      "deleted by an API call",
      () => changed(plan, "aws_cloudwatch_log_group", (body) => delete body.deletion_protection_enabled),
    ],
    ...(["destination_arn", "role_arn", "distribution"] as const).map(
      (field): [string, string, () => Plan] => [
        "audit.subscriptions-deliver",
        { destination_arn: "nowhere", role_arn: "no role", distribution: "how its lines" }[field],
        () => changed(plan, "aws_cloudwatch_log_subscription_filter", (body) => delete body[field]),
      ],
    ),
  ])("%s: %s", (id, says, mutate) => {
    expect(judge(named(storeControls, id), mutate())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

test("buckets and log groups of somebody else are not ours to judge", () => {
  const theirs = new OpenPlan({ resource: { [S3]: { b: {} }, aws_cloudwatch_log_group: { g: {} } } });
  const findings = storeControls.flatMap((control) => judge(control, theirs));
  expect(findings.length).toBeGreaterThan(0);
  expect(findings.filter(({ holds }) => holds !== true)).toEqual([]);
});
