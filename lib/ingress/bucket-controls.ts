import { blockAt, blocksOf } from "../audit/read";
import { shownByOwner, type Shown } from "../audit/shown-by-owner";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";

/** Fields of a load balancer that name a bucket for logs. */
export const LOG_KINDS = ["access_logs", "connection_logs", "health_check_logs"] as const;

/** What there is to say of a bucket of logs that is not in this file. */
export function logBucketShown(lb: Block, kind: string, plan: Plan, shown: Shown): Finding {
  const bucket = `the bucket of ${kind}`;
  const reference = blockAt(lb.body, kind).bucket;
  return shownByOwner(lb, plan, { given: "log-bucket", what: bucket, bucket, reference }, shown);
}

/** The bucket of a load balancer's logs of one kind, where it is made in the same file. */
export function logBucketOf(lb: Block, kind: string, plan: Plan): Block | undefined {
  const bucket = plan.target(blockAt(lb.body, kind).bucket);
  return bucket?.mode === "resource" ? bucket : undefined;
}

/**
 * A control of the bucket that a load balancer logs to, where it is made in the same file; `shown` says what the owner of one
 * that is given has to show. Without logs it holds: another control asks for them.
 */
export function ofLogBucket(
  { shown, ...control }: Pick<Control, "id" | "item" | "says" | "why" | "maps"> & { readonly shown: Shown },
  judge: (bucket: Block, plan: Plan) => Finding,
): Control {
  return {
    ...control,
    on: ["aws_lb"],
    judge: (lb, plan) => {
      for (const kind of LOG_KINDS) {
        if (blockAt(lb.body, kind).bucket === undefined) continue;
        const bucket = logBucketOf(lb, kind, plan);
        const finding = bucket ? judge(bucket, plan) : logBucketShown(lb, kind, plan, shown);
        if (finding.holds !== true) return finding;
      }
      return HOLDS;
    },
  };
}

const CLOSED = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

const closed = ofLogBucket(
  {
    id: "ingress.log-bucket-closed",
    item: 10,
    says: "The bucket of the load balancer's logs cannot be made public",
    why: "They name callers, paths and addresses.",
    shown: ["that all four blocks of public access are on", "get-public-access-block"],
    maps: {
      fsbp: ["S3.2", "S3.3", "S3.8", "S3.12"],
      checkov: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "CKV2_AWS_6"],
    },
  },
  (bucket, plan) => {
    const [block] = plan.referring(bucket, "aws_s3_bucket_public_access_block", "bucket");
    const open = CLOSED.filter((name) => block?.body[name] !== true);
    if (open.length > 0) return fails(`${open.join(", ")} is not on`);
    const [owner] = plan.referring(bucket, "aws_s3_bucket_ownership_controls", "bucket");
    return blockAt(owner?.body, "rule").object_ownership === "BucketOwnerEnforced"
      ? HOLDS
      : fails("access control lists are not turned off");
  },
);

const kept = ofLogBucket(
  {
    id: "ingress.log-bucket-versioned",
    item: 10,
    says: "Logs of the load balancer are encrypted, and overwriting one keeps the old one",
    why: "Whoever can write to the bucket could otherwise replace what was logged.",
    shown: ["that it keeps old versions", "get-bucket-versioning"],
    maps: { checkov: ["CKV_AWS_19", "CKV_AWS_21"], fsbp: ["S3.14"] },
  },
  (bucket, plan) => {
    const [versioning] = plan.referring(bucket, "aws_s3_bucket_versioning", "bucket");
    if (blockAt(versioning?.body, "versioning_configuration").status !== "Enabled")
      return fails("versioning is off");
    const type = "aws_s3_bucket_server_side_encryption_configuration";
    const [encryption] = plan.referring(bucket, type, "bucket");
    const rule = blockAt(encryption?.body, "rule", "apply_server_side_encryption_by_default");
    return rule.sse_algorithm === "AES256"
      ? HOLDS
      : fails("it is not encrypted with SSE-S3, the only kind that delivery takes");
  },
);

const expires = ofLogBucket(
  {
    id: "ingress.log-bucket-expires",
    item: 10,
    says: "Logs of the load balancer, and old versions of them, are deleted in time",
    why: "Addresses of people are personal data: what is kept for ever has to be answered for.",
    shown: ["how long it keeps what is written", "get-bucket-lifecycle-configuration"],
    maps: { fsbp: ["S3.10", "S3.13"], checkov: ["CKV2_AWS_61", "CKV_AWS_300"] },
  },
  (bucket, plan) => {
    const configurations = plan.referring(bucket, "aws_s3_bucket_lifecycle_configuration", "bucket");
    const rules = configurations.flatMap(({ body }) => blocksOf(body.rule));
    const both = rules.some(
      (rule) =>
        rule.status === "Enabled" &&
        blockAt(rule, "expiration").days !== undefined &&
        blockAt(rule, "noncurrent_version_expiration").noncurrent_days !== undefined,
    );
    return both ? HOLDS : fails("no rule deletes logs and their old versions");
  },
);

const policy = ofLogBucket(
  {
    id: "ingress.log-bucket-policy",
    item: 10,
    says: "Only load balancers of this account write the logs, and everything else is over TLS",
    why: "Anybody's load balancer could otherwise write lines that look like ours.",
    shown: ["the statements of platform.ingress.logsOwner in its policy", "get-bucket-policy"],
    maps: { fsbp: ["S3.5"], checkov: ["CKV_AWS_70"] },
  },
  (bucket, plan) => {
    const [attached] = plan.referring(bucket, "aws_s3_bucket_policy", "bucket");
    if (!attached) return fails("it has no policy");
    const document = opened(attached.body.policy);
    if (document === undefined && isExpression(attached.body.policy))
      return unknown("its policy is known only at deployment");
    const statements = blocksOf(blockAt(document).Statement);
    const loose = statements.find(
      ({ Effect, Condition }) =>
        Effect === "Allow" && blockAt(Condition, "ArnLike")["aws:SourceArn"] === undefined,
    );
    if (loose) return fails(`statement ${String(loose.Sid)} allows without naming the source`);
    const tlsOnly = statements.some(
      ({ Effect, Principal, Action, Condition }) =>
        Effect === "Deny" &&
        Principal === "*" &&
        Action === "s3:*" &&
        blockAt(Condition, "Bool")["aws:SecureTransport"] === "false",
    );
    return tlsOnly ? HOLDS : fails("nothing denies requests in clear text");
  },
);

/** What must hold of the bucket that the load balancer logs to. */
export const logBucketControls: readonly Control[] = [closed, kept, expires, policy];
