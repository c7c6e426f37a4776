import { embedded, type Block } from "../../lib/terraform/plan";
import { auditPlan } from "./fixture";

const plan = auditPlan();
const only = (type: string): Block => {
  const blocks = plan.blocks(type);
  expect(blocks).toHaveLength(1);
  return blocks[0] as Block;
};
const archive = plan.blocks("aws_s3_bucket").find(({ body }) => body.object_lock_enabled === true) as Block;
const accountId = "${data.aws_caller_identity.account_identity_B7F107C0.account_id}";
const region = "${data.aws_region.account_region_154F2A67.id}";
const partition = "${data.aws_partition.account_partition_32ACE770.partition}";
const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${accountId}:${rest}`;
const iamArn = (rest: string) => `arn:${partition}:iam::${accountId}:${rest}`;

function policyOf(type: string, attribute: string, pick: (block: Block) => boolean): unknown {
  const found = plan.blocks(type).filter(pick);
  expect(found).toHaveLength(1);
  return embedded(found[0]?.body[attribute]);
}

describe("the archive", () => {
  test("is locked from its first object on", () => {
    const lock = only("aws_s3_bucket_object_lock_configuration");
    expect(plan.target(lock.body.bucket)).toBe(archive);
    expect(lock.body.rule).toEqual({ default_retention: { mode: "COMPLIANCE", days: 365 } });
    const stream = only("aws_kinesis_firehose_delivery_stream");
    expect(stream.body.depends_on).toContain(lock.address);
  });
  test("has its own key, and a new name at every new beginning", () => {
    expect(archive.body).toMatchObject({ bucket_prefix: "acme-test-audit-", force_destroy: false });
    const [encryption] = plan.referring(
      archive,
      "aws_s3_bucket_server_side_encryption_configuration",
      "bucket",
    );
    expect(encryption?.body.rule).toEqual([
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: "aws:kms",
          kms_master_key_id: `\${${only("aws_kms_key").address}.arn}`,
        },
        bucket_key_enabled: true,
      },
    ]);
  });
  test("refuses deletion by everybody, writing by everybody but delivery, and plain connections", () => {
    const self = `\${${archive.address}.arn}`;
    const policy = policyOf(
      "aws_s3_bucket_policy",
      "policy",
      ({ body }) => plan.target(body.bucket) === archive,
    );
    const everything = { Action: ["s3:*"], Resource: [self, `${self}/*`], Effect: "Deny", Principal: "*" };
    expect(policy).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "NobodyDeletesOrUnlocks",
          Effect: "Deny",
          Principal: "*",
          Action: [
            "s3:DeleteObject",
            "s3:DeleteObjectVersion",
            "s3:PutObjectRetention",
            "s3:PutObjectLegalHold",
            "s3:BypassGovernanceRetention",
          ],
          Resource: [`${self}/*`],
        },
        {
          Sid: "OnlyDeliveryWrites",
          Effect: "Deny",
          Principal: "*",
          Action: ["s3:PutObject"],
          Resource: [`${self}/*`],
          Condition: { ArnNotEquals: { "aws:PrincipalArn": iamArn("role/acme-test-audit-delivery") } },
        },
        { ...everything, Sid: "TlsOnly", Condition: { Bool: { "aws:SecureTransport": "false" } } },
        { ...everything, Sid: "Tls12OrLater", Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
      ],
    });
  });
  test("the one writer that its policy names is the role that Firehose takes", () => {
    const stream = only("aws_kinesis_firehose_delivery_stream");
    const role = plan.target((stream.body.extended_s3_configuration as Record<string, unknown>).role_arn);
    expect(role?.body).toMatchObject({ path: "/", name: "acme-test-audit-delivery" });
  });
  test("logs who reads it, to a bucket that takes S3's log delivery alone", () => {
    const logging = only("aws_s3_bucket_logging");
    expect(plan.target(logging.body.bucket)).toBe(archive);
    const readers = plan.target(logging.body.target_bucket) as Block;
    expect(readers.body.object_lock_enabled).toBeUndefined();
    const policy = policyOf(
      "aws_s3_bucket_policy",
      "policy",
      ({ body }) => plan.target(body.bucket) === readers,
    );
    expect((policy as { Statement: unknown[] }).Statement[0]).toEqual({
      Sid: "S3WritesWhoRead",
      Effect: "Allow",
      Principal: { Service: "logging.s3.amazonaws.com" },
      Action: ["s3:PutObject"],
      Resource: `\${${readers.address}.arn}/archive/*`,
      Condition: {
        ArnLike: { "aws:SourceArn": `\${${archive.address}.arn}` },
        StringEquals: { "aws:SourceAccount": accountId },
      },
    });
  });
  test("every bucket is versioned, closed, owned, tidy", () => {
    const buckets = plan.blocks("aws_s3_bucket");
    expect(buckets).toHaveLength(2);
    for (const bucket of buckets) {
      const of = (type: string) => {
        const found = plan.referring(bucket, type, "bucket");
        expect(found).toHaveLength(1);
        return found[0]?.body;
      };
      expect(of("aws_s3_bucket_versioning")).toMatchObject({
        versioning_configuration: { status: "Enabled" },
      });
      expect(of("aws_s3_bucket_public_access_block")).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
      expect(of("aws_s3_bucket_ownership_controls")).toMatchObject({
        rule: { object_ownership: "BucketOwnerEnforced" },
      });
      expect(of("aws_s3_bucket_lifecycle_configuration")).toMatchObject({
        rule: [{ abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }] }],
      });
    }
  });
  test("a sandbox may clean up after a day", () => {
    const sandbox = auditPlan(undefined, "sandbox");
    const locks = sandbox.blocks("aws_s3_bucket_object_lock_configuration");
    expect(locks.map(({ body }) => body.rule)).toEqual([
      { default_retention: { mode: "GOVERNANCE", days: 1 } },
    ]);
    const groups = sandbox.blocks("aws_cloudwatch_log_group");
    expect(groups.map(({ body }) => body.deletion_protection_enabled)).toEqual([false, false, false]);
    const emptied = (from: typeof plan) =>
      from.blocks("aws_s3_bucket").map(({ body }) => [body.bucket_prefix, body.force_destroy]);
    expect(emptied(sandbox)).toEqual([
      ["acme-test-audit-", false],
      ["acme-test-audit-access-", true],
    ]);
    expect(emptied(plan)).toEqual([
      ["acme-test-audit-", false],
      ["acme-test-audit-access-", false],
    ]);
  });
});

describe("delivery", () => {
  const stream = only("aws_kinesis_firehose_delivery_stream");
  const key = `\${${only("aws_kms_key").address}.arn}`;
  test("unpacks CloudWatch's envelopes and packs lines again, encrypted on the way", () => {
    expect(stream.body).toMatchObject({
      destination: "extended_s3",
      server_side_encryption: { enabled: true, key_type: "CUSTOMER_MANAGED_CMK", key_arn: key },
      extended_s3_configuration: {
        kms_key_arn: key,
        compression_format: "GZIP",
        error_output_prefix: expect.stringMatching(/^failed\//),
        cloudwatch_logging_options: { enabled: true },
        processing_configuration: {
          enabled: true,
          processors: [
            {
              type: "Decompression",
              parameters: [{ parameter_name: "CompressionFormat", parameter_value: "GZIP" }],
            },
            {
              type: "CloudWatchLogProcessing",
              parameters: [{ parameter_name: "DataMessageExtraction", parameter_value: "true" }],
            },
          ],
        },
      },
    });
  });
  test("its role may write this archive, with this key, through S3, and no more", () => {
    const bucket = `\${${archive.address}.arn}`;
    const errors = plan
      .blocks("aws_cloudwatch_log_group")
      .find(({ body }) => String(body.name).startsWith("/aws/"));
    const role = (name: string) => (block: Block) => plan.target(block.body.role)?.body.name === name;
    expect(policyOf("aws_iam_role_policy", "policy", role("acme-test-audit-delivery"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteObjects",
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:AbortMultipartUpload"],
          Resource: [`${bucket}/*`],
        },
        {
          Sid: "FindTheBucket",
          Effect: "Allow",
          Action: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
          Resource: [bucket],
        },
        {
          Sid: "EncryptObjects",
          Effect: "Allow",
          Action: ["kms:GenerateDataKey", "kms:Decrypt"],
          Resource: [key],
          Condition: {
            StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` },
            ArnLike: { "kms:EncryptionContext:aws:s3:arn": [bucket, `${bucket}/*`] },
          },
        },
        {
          Sid: "SayWhatFailed",
          Effect: "Allow",
          Action: ["logs:PutLogEvents"],
          Resource: [`\${${errors?.address}.arn}:log-stream:delivery`],
        },
      ],
    });
    expect(policyOf("aws_iam_role_policy", "policy", role("acme-test-audit-subscription"))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "HandOn",
          Effect: "Allow",
          Action: ["firehose:PutRecord", "firehose:PutRecordBatch"],
          Resource: [`\${${stream.address}.arn}`],
        },
      ],
    });
  });
  test.each([
    ["acme-test-audit-delivery", "firehose.amazonaws.com", arn("firehose", "deliverystream/acme-test-audit")],
    ["acme-test-audit-subscription", "logs.amazonaws.com", arn("logs", "*")],
  ])("%s trusts %s for this account alone", (name, service, source) => {
    expect(policyOf("aws_iam_role", "assume_role_policy", ({ body }) => body.name === name)).toMatchObject({
      Statement: [
        {
          Principal: { Service: service },
          Condition: {
            StringEquals: { "aws:SourceAccount": accountId },
            ArnLike: { "aws:SourceArn": [source] },
          },
        },
      ],
    });
  });
  test("the key serves log groups of this account and region", () => {
    expect(embedded(only("aws_kms_key").body.policy)).toMatchObject({
      Statement: [
        { Sid: "AccountDecidesByIam" },
        {
          Effect: "Allow",
          Principal: { Service: `logs.${region}.amazonaws.com` },
          Resource: "*",
          Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": arn("logs", "log-group:*") } },
        },
      ],
    });
  });
});

describe("log groups", () => {
  test("each has the key, a time and protection", () => {
    const groups = plan.blocks("aws_cloudwatch_log_group");
    expect(groups.map(({ body }) => body.name)).toEqual([
      "/aws/kinesisfirehose/acme-test-audit",
      "/hardened-mcp/acme-test-orders-audit",
      "/hardened-mcp/acme-test-orders-server",
    ]);
    for (const { body } of groups) {
      expect(body).toMatchObject({
        kms_key_id: `\${${only("aws_kms_key").address}.arn}`,
        retention_in_days: 400,
        deletion_protection_enabled: true,
        skip_destroy: false,
      });
    }
  });
  test("every line of the gateway's goes to the archive, the server's do not", () => {
    const { body } = only("aws_cloudwatch_log_subscription_filter");
    expect(plan.target(body.log_group_name)?.body.name).toBe("/hardened-mcp/acme-test-orders-audit");
    expect(plan.target(body.destination_arn)?.type).toBe("aws_kinesis_firehose_delivery_stream");
    expect(body.filter_pattern).toBe("");
  });
  test("a group is subscribed only after the role has its rights, also from another stack", () => {
    const rights = plan
      .blocks("aws_iam_role_policy")
      .find(({ body }) => plan.target(body.role)?.body.name === "acme-test-audit-subscription");
    expect(only("aws_cloudwatch_log_subscription_filter").body.role_arn).toBe(
      iamArn(`role/\${${rights?.address}.role}`),
    );
  });
});
