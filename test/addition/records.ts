import { allows, IN, one, several, type Addition } from "./added";

const STRANGER = { AWS: "arn:aws:iam::444455556666:root" };
const OTHER_STREAM = "arn:aws:kinesis:eu-west-1:444455556666:stream/other";

const onArchive = (
  name: string,
  type: string,
  body: object,
  expected: Addition["expected"] = "verdict",
): Addition => ({
  name,
  adds: (it) => one(type, { bucket: it.ref(IN.archive, "bucket"), ...body }),
  expected,
});

/** The archive and the other buckets: each part of a bucket is a resource, and a second one of it wins over ours. */
export const BUCKETS: readonly Addition[] = [
  {
    name: "the archive is copied into a vault",
    adds: (it) =>
      one("aws_backup_selection", {
        ...{ name: "all", plan_id: "p", iam_role_arn: "arn:aws:iam::111122223333:role/x" },
        resources: [it.ref(IN.archive, "arn")],
      }),
    expected: "verdict",
  },
  {
    name: "a second policy at the archive",
    adds: (it) =>
      one("aws_s3_bucket_policy", {
        bucket: it.ref(IN.archive),
        policy: allows({ Principal: STRANGER, Action: "s3:*", Resource: ["*"] }),
      }),
    expected: "verdict",
  },
  {
    name: "an access point at the archive",
    adds: (it) =>
      one("aws_s3_access_point", {
        ...{ bucket: it.ref(IN.archive), name: "door" },
        policy: allows({ Principal: "*", Action: "s3:GetObject", Resource: "*" }),
      }),
    expected: "verdict",
  },
  {
    name: "an access point by the bucket's name, with a policy of its own",
    adds: (it) =>
      several(
        one("aws_s3_access_point", { bucket: it.ref(IN.archive, "bucket"), name: "door" }),
        one("aws_s3control_access_point_policy", {
          access_point_arn: "${aws_s3_access_point.added.arn}",
          policy: allows({ Principal: STRANGER, Action: "s3:GetObject", Resource: "*" }),
        }),
      ),
    expected: "verdict",
  },
  {
    name: "an access point of several regions",
    adds: (it) =>
      one("aws_s3control_multi_region_access_point", {
        details: [{ name: "door", region: [{ bucket: it.ref(IN.archive, "bucket") }] }],
      }),
    expected: "verdict",
  },
  onArchive("a list of who may", "aws_s3_bucket_acl", { acl: "public-read" }),
  onArchive("a second block of what is public", "aws_s3_bucket_public_access_block", {
    block_public_acls: false,
  }),
  onArchive("a second lifecycle", "aws_s3_bucket_lifecycle_configuration", {
    rule: [
      {
        id: "x",
        status: "Enabled",
        expiration: { days: 1 },
        noncurrent_version_expiration: { noncurrent_days: 1 },
      },
    ],
  }),
  onArchive("a second versioning", "aws_s3_bucket_versioning", {
    versioning_configuration: { status: "Suspended" },
  }),
  onArchive("a second lock", "aws_s3_bucket_object_lock_configuration", {
    rule: { default_retention: { mode: "GOVERNANCE", days: 1 } },
  }),
  onArchive("a second ownership", "aws_s3_bucket_ownership_controls", {
    rule: { object_ownership: "ObjectWriter" },
  }),
  onArchive("a second encryption", "aws_s3_bucket_server_side_encryption_configuration", {
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }],
  }),
  onArchive("a second log of readers", "aws_s3_bucket_logging", {
    target_bucket: "other",
    target_prefix: "x/",
  }),
  onArchive("a copy elsewhere", "aws_s3_bucket_replication_configuration", {
    role: "arn:aws:iam::111122223333:role/other",
    rule: [
      { id: "x", status: "Enabled", destination: { bucket: "arn:aws:s3:::other", account: "444455556666" } },
    ],
  }),
  onArchive("somebody is told of each object", "aws_s3_bucket_notification", {
    queue: [{ queue_arn: "arn:aws:sqs:eu-west-1:444455556666:other", events: ["s3:ObjectCreated:*"] }],
  }),
  onArchive("a list of all objects elsewhere", "aws_s3_bucket_inventory", {
    ...{ name: "x", included_object_versions: "All", schedule: { frequency: "Daily" } },
    destination: { bucket: { bucket_arn: "arn:aws:s3:::other", format: "CSV", account_id: "444455556666" } },
  }),
  onArchive("a website", "aws_s3_bucket_website_configuration", { index_document: { suffix: "index.html" } }),
  onArchive("pages of everywhere may read it", "aws_s3_bucket_cors_configuration", {
    cors_rule: [{ allowed_methods: ["GET"], allowed_origins: ["*"] }],
  }),
  onArchive("an object of somebody else", "aws_s3_object", { key: "2026/01/01/forged.gz", content: "x" }),
  onArchive("an object by its older name", "aws_s3_bucket_object", {
    key: "2026/01/01/forged.gz",
    content: "x",
  }),
  onArchive("a metric of the archive", "aws_s3_bucket_metric", { name: "all" }, "quiet"),
  {
    name: "the account may have public buckets, but for those that say otherwise",
    adds: () =>
      one("aws_s3_account_public_access_block", { block_public_acls: false, block_public_policy: false }),
    expected: "quiet",
  },
  {
    name: "a bucket of somebody else that answers in clear text",
    adds: () => one("aws_s3_bucket", { bucket: "other" }),
    expected: "verdict",
  },
];

/** Logs: who else gets them, who hides parts of them, and who writes into them. */
export const LOGS: readonly Addition[] = [
  {
    name: "the audit goes to somebody else, too",
    adds: (it) =>
      one("aws_cloudwatch_log_subscription_filter", {
        ...{ name: "copy", log_group_name: it.ref(IN.audit, "name"), filter_pattern: "" },
        destination_arn: OTHER_STREAM,
      }),
    expected: "verdict",
  },
  {
    name: "the audit goes to somebody else, by the group's name",
    adds: (it) =>
      one("aws_cloudwatch_log_subscription_filter", {
        ...{ name: "copy", log_group_name: it.value(IN.audit, "name"), filter_pattern: "" },
        destination_arn: "arn:aws:logs:eu-west-1:444455556666:destination:other",
      }),
    expected: "verdict",
  },
  {
    name: "all logs of the account go to somebody else",
    adds: () =>
      one("aws_cloudwatch_log_account_policy", {
        ...{ policy_name: "copy", policy_type: "SUBSCRIPTION_FILTER_POLICY" },
        policy_document: JSON.stringify({ DestinationArn: OTHER_STREAM, FilterPattern: "" }),
      }),
    expected: "verdict",
  },
  {
    name: "parts of the audit are hidden",
    adds: (it) =>
      one("aws_cloudwatch_log_data_protection_policy", {
        log_group_name: it.ref(IN.audit, "name"),
        policy_document: JSON.stringify({ Name: "x", Version: "2021-06-01", Statement: [] }),
      }),
    expected: "verdict",
  },
  {
    name: "lines of the audit are rewritten",
    adds: (it) =>
      one("aws_cloudwatch_log_transformer", {
        log_group_arn: it.ref(IN.audit, "arn"),
        transformer_config: [{ parse_json: [{}], delete_keys: [{ with_keys: ["client"] }] }],
      }),
    expected: "verdict",
  },
  {
    name: "logs are shared with another account",
    adds: () =>
      one("aws_oam_link", {
        label_template: "$AccountName",
        resource_types: ["AWS::Logs::LogGroup"],
        sink_identifier: "arn:aws:oam:eu-west-1:444455556666:sink/x",
      }),
    expected: "verdict",
  },
  {
    name: "a service may write to all logs",
    adds: () =>
      one("aws_cloudwatch_log_resource_policy", {
        policy_name: "all",
        policy_document: allows({
          Principal: { Service: "delivery.logs.amazonaws.com" },
          Action: "logs:*",
          Resource: "*",
        }),
      }),
    expected: "verdict",
  },
  {
    name: "everybody may write to all logs",
    adds: () =>
      one("aws_cloudwatch_log_resource_policy", {
        policy_name: "all",
        policy_document: allows({ Principal: "*", Action: "logs:PutLogEvents", Resource: "*" }),
      }),
    expected: "verdict",
  },
  {
    name: "a stream of somebody else in the audit",
    adds: (it) =>
      one("aws_cloudwatch_log_stream", { name: "forged", log_group_name: it.ref(IN.audit, "name") }),
    expected: "quiet",
  },
  {
    name: "an index of the audit",
    adds: (it) =>
      one("aws_cloudwatch_log_index_policy", {
        log_group_name: it.ref(IN.audit, "name"),
        policy_document: JSON.stringify({ Fields: ["client"] }),
      }),
    expected: "quiet",
  },
];
