import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { archiveOf, archiveShown } from "./archive-of";
import { isDisposable } from "./controls";
import { keptControls } from "./kept-controls";
import { blockAt, blocksOf, texts, type Fields } from "./read";

const BUCKET = "aws_s3_bucket";

/** A control of every bucket of ours, whatever lies in it. */
function ofBuckets(
  control: Pick<Control, "id" | "item" | "says" | "why" | "maps">,
  judge: (bucket: Block, beside: (type: string) => Fields | undefined) => Finding,
): Control {
  return ofOurs({
    ...control,
    on: [BUCKET],
    judge: (bucket, plan) =>
      judge(bucket, (type) => plan.referring(bucket, `${BUCKET}_${type}`, "bucket")[0]?.body),
  });
}

const CLOSED = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

const closed = ofBuckets(
  {
    id: "audit.buckets-closed",
    item: 10,
    says: "No bucket can become public, and none has access control lists",
    why: "A list of access that somebody else's object brings along says past the policy who reads it.",
    maps: { fsbp: ["S3.8", "S3.12"], checkov: ["CKV2_AWS_6", "CKV2_AWS_65"] },
  },
  (_bucket, beside) => {
    const open = CLOSED.filter((field) => beside("public_access_block")?.[field] !== true);
    if (open.length > 0) return fails(`${open.join(", ")} is not set`);
    const { object_ownership: owner } = blockAt(beside("ownership_controls"), "rule");
    return owner === "BucketOwnerEnforced" ? HOLDS : fails("access control lists are not turned off");
  },
);

const encrypted = ofBuckets(
  {
    id: "audit.buckets-encrypted",
    item: 10,
    says: "Every bucket encrypts, with a customer's key or with S3's own where AWS's log delivery takes no other",
    why: "What lies unencrypted on a disk is readable wherever the disk ends up.",
    maps: { checkov: ["CKV_AWS_19"] },
  },
  (_bucket, beside) => {
    const [rule] = blocksOf(beside("server_side_encryption_configuration")?.rule);
    const { sse_algorithm: algorithm, kms_master_key_id: key } = blockAt(
      rule,
      "apply_server_side_encryption_by_default",
    );
    if (algorithm === "AES256") return HOLDS;
    if (algorithm !== "aws:kms" || texts(key).length === 0) return fails("it has no encryption of its own");
    // Without it every object asks for a key of its own: thousands of calls, and throttled writers.
    return rule?.bucket_key_enabled === true ? HOLDS : fails("every object asks KMS for a key");
  },
);

const versioned = ofBuckets(
  {
    id: "audit.buckets-versioned",
    item: 10,
    says: "Every bucket keeps what is overwritten, for a time that is said",
    why: "Whoever can write could otherwise replace what was written; what is kept for ever has to be paid and answered for.",
    maps: { checkov: ["CKV_AWS_21", "CKV2_AWS_61", "CKV_AWS_300"], fsbp: ["S3.14", "S3.13"] },
  },
  (_bucket, beside) => {
    if (blockAt(beside("versioning"), "versioning_configuration").status !== "Enabled")
      return fails("versioning is off");
    const rules = blocksOf(beside("lifecycle_configuration")?.rule).filter(
      ({ status, filter }) =>
        // The provider takes a rule without a filter for one of everything, and says that it will not any longer.
        status === "Enabled" && blocksOf(filter).length > 0 && blocksOf(filter).every(isForAll),
    );
    const days = (name: string, field: string) =>
      rules.some(
        (rule) => Number(blockAt(rule, name)[field]) > 0 || isExpression(blockAt(rule, name)[field]),
      );
    if (!days("noncurrent_version_expiration", "noncurrent_days"))
      return fails("nothing says how long old versions stay");
    return days("abort_incomplete_multipart_upload", "days_after_initiation")
      ? HOLDS
      : fails("uploads that nobody finished stay for ever");
  },
);

/** Whether a filter of a bucket's rule leaves nothing out. */
export function isForAll(filter: Fields): boolean {
  return Object.entries(filter).every(([name, value]) => name === "prefix" && value === "");
}

const STREAM = "aws_kinesis_firehose_delivery_stream";

const archiveGuarded: Control = {
  id: "audit.archive-one-writer",
  item: 10,
  says: "One role alone writes to the archive, over TLS 1.2 or later, and nobody puts a hold on what is in it or takes one off",
  why: "Whoever else may write can bury the record under lines that look like ours.",
  on: [STREAM],
  judge: (stream, plan) => {
    const bucket = archiveOf(stream, plan);
    if (!bucket)
      return archiveShown(stream, plan, [
        "the denials of platform.audit.archiveOwner in its policy",
        "get-bucket-policy",
      ]);
    if (bucket.body.force_destroy === true && !isDisposable(bucket, plan))
      return fails("Terraform would empty it");
    const [policy] = plan.referring(bucket, "aws_s3_bucket_policy", "bucket");
    const document = opened(policy?.body.policy);
    if (policy && document === undefined) return unknown("the policy cannot be read before deployment");
    const denials = blocksOf(blockAt(document).Statement).filter(
      (each) => each.Effect === "Deny" && each.Principal === "*" && isAllOf(each, bucket, plan),
    );
    const denies = (action: string, condition: (of: Fields) => boolean) =>
      denials.some(
        (each) =>
          texts(each.Action).some((one) => one === action || one === "s3:*") &&
          condition(blockAt(each.Condition)),
      );
    if (!denies("s3:PutObjectLegalHold", (of) => Object.keys(of).length === 0))
      return fails("holds on what is in it are not denied");
    const isOne = (of: Fields) => texts(blockAt(of, "ArnNotEquals")["aws:PrincipalArn"]).length === 1;
    if (!denies("s3:PutObject", (of) => Object.keys(of).length === 1 && isOne(of)))
      return fails("others than one role may write");
    const isOld = (of: Fields) => Number(blockAt(of, "NumericLessThan")["s3:TlsVersion"]) >= 1.2;
    return denies("s3:*", isOld) ? HOLDS : fails("TLS before 1.2 is not denied");
  },
  maps: { owasp: ["MCP08"] },
};

function isAllOf({ Resource }: Fields, bucket: Block, plan: Plan): boolean {
  return texts(Resource).some(
    (one) => one.endsWith("/*") && plan.target(one.slice(0, -2))?.address === bucket.address,
  );
}

const delivery: Control = {
  id: "audit.delivery-readable",
  item: 10,
  says: "Lines arrive in the archive unpacked and by day, within minutes, and what could not be delivered apart from them",
  why: "An archive of envelopes within envelopes, in no order, cannot be asked when it matters.",
  on: [STREAM],
  judge: (block, plan) => {
    const to = blockAt(block.body, "extended_s3_configuration");
    if (block.body.destination !== "extended_s3" || texts(to.role_arn).length === 0)
      return fails("it goes nowhere");
    if (
      texts(to.kms_key_arn).length === 0 ||
      texts(blockAt(block.body, "server_side_encryption").key_arn).length === 0
    )
      return fails("it names no key");
    const unpacked = blocksOf(blockAt(to, "processing_configuration").processors);
    const does = (type: string, name: string, value: string) =>
      unpacked.some(
        (each) =>
          each.type === type &&
          blocksOf(each.parameters).some(
            (one) => one.parameter_name === name && one.parameter_value === value,
          ),
      );
    if (
      blockAt(to, "processing_configuration").enabled !== true ||
      !does("Decompression", "CompressionFormat", "GZIP") ||
      !does("CloudWatchLogProcessing", "DataMessageExtraction", "true")
    )
      return fails("lines stay in their envelopes");
    if (to.compression_format !== "GZIP") return fails("it is not compressed");
    if (!/!\{timestamp:[^}]*dd/.test(String(to.prefix))) return fails("its days are not told apart");
    const failed = String(to.error_output_prefix);
    if (!failed.includes("!{firehose:error-output-type}") || failed.startsWith(String(to.prefix)))
      return fails("what failed is not told apart");
    const { buffering_interval: seconds, buffering_size: megabytes } = to;
    if (!(Number(seconds) <= 900) || !(Number(megabytes) <= 128))
      return fails("nothing says how long lines wait");
    const { log_group_name: group, log_stream_name: stream } = blockAt(to, "cloudwatch_logging_options");
    return plan.target(group) && texts(stream).length > 0
      ? HOLDS
      : fails("failures are written to no log group of this file");
  },
};

const readers: Control = {
  id: "audit.readers-apart",
  item: 10,
  says: "Who reads a bucket is written to another one",
  why: "A record in the bucket that it is about can be read by those whom it tells of.",
  on: ["aws_s3_bucket_logging"],
  judge: ({ body }, plan) => {
    const [of, to] = [plan.target(body.bucket), plan.target(body.target_bucket)];
    if (texts(body.target_bucket).length === 0) return fails("it is written nowhere");
    if (of && to && of.address === to.address) return fails("it is written to the bucket itself");
    if (to?.body.force_destroy === true && !isDisposable(to, plan))
      return fails("Terraform would empty where it is written to");
    return typeof body.target_prefix === "string" ? HOLDS : fails("it does not say in which folder");
  },
};

const groups = ofOurs({
  id: "audit.log-groups-kept",
  item: 10,
  says: "No log group can be deleted by a call, unless the deployment is declared disposable",
  why: "What a server, a firewall or a network wrote is the other half of the audit record.",
  on: ["aws_cloudwatch_log_group"],
  judge: (block, plan) => {
    const { deletion_protection_enabled: kept, skip_destroy: left } = block.body;
    if (left === true) return fails("it is left behind with its name, and the next deployment fails on that");
    if (isDisposable(block, plan)) return HOLDS;
    if (isExpression(kept)) return unknown("its protection is known only at deployment");
    return kept === true ? HOLDS : fails("it can be deleted by an API call");
  },
});

const subscriptions: Control = {
  id: "audit.subscriptions-deliver",
  item: 10,
  says: "Every subscription of a log group names where it delivers to, and by which role",
  why: "CloudWatch drops what it may not deliver, and says so to nobody.",
  on: ["aws_cloudwatch_log_subscription_filter"],
  judge: ({ body }, plan) => {
    const stream = plan.target(body.destination_arn);
    if (texts(body.destination_arn).length === 0) return fails("it delivers nowhere");
    if (texts(body.role_arn).length === 0) return fails("it has no role to deliver by");
    if (stream && stream.type !== STREAM) return HOLDS;
    // Lines of one group would otherwise arrive in the order of its streams.
    return body.distribution === "ByLogStream" || body.distribution === "Random"
      ? HOLDS
      : fails("nothing says how its lines are spread");
  },
};

/** Controls of what keeps records: buckets, log groups, and the ways between them. */
export const storeControls: readonly Control[] = [
  closed,
  encrypted,
  versioned,
  archiveGuarded,
  delivery,
  readers,
  groups,
  subscriptions,
  ...keptControls,
];
