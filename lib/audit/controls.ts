import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { declaredOf } from "../checklist/engine";
import { proxyOf } from "../egress/read";
import { GATEWAY } from "../gateway/contract";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";
import { archiveOf, archiveShown } from "./archive-of";
import { blockAt, blocksOf, texts, type Fields } from "./read";
import type { Shown } from "./shown-by-owner";

const STREAM = "aws_kinesis_firehose_delivery_stream";
const GROUP = "aws_cloudwatch_log_group";
const SUBSCRIPTION = "aws_cloudwatch_log_subscription_filter";

/** Whether a construct of ours that the block belongs to says that all of it may be destroyed. */
export function isDisposable(block: Block, plan: Plan): boolean {
  const entries = declaredOf(block, plan);
  return entries.length > 0 && entries.every(({ lifecycle }) => lifecycle === "disposable");
}

/** A control of the bucket behind every delivery stream; `shown` says what the owner of one that is given has to show. */
function ofArchive({
  judge,
  shown,
  ...control
}: Pick<Control, "id" | "item" | "says" | "why" | "maps"> & {
  readonly shown: Shown;
  readonly judge: (bucket: Block, plan: Plan) => ReturnType<Control["judge"]>;
}): Control {
  return {
    ...control,
    on: [STREAM],
    needed: true,
    judge: (stream, plan) => {
      const bucket = archiveOf(stream, plan);
      return bucket ? judge(bucket, plan) : archiveShown(stream, plan, shown);
    },
  };
}

const archiveLocked = ofArchive({
  id: "audit.archive-locked",
  item: 10,
  says: "Nobody can change or delete what is in the archive: Object Lock in COMPLIANCE mode, or GOVERNANCE in a disposable deployment",
  why: "Whoever takes over the account would clean up behind them. GOVERNANCE yields to a right.",
  shown: ["Object Lock with a default retention in COMPLIANCE mode", "get-object-lock-configuration"],
  judge: (bucket, plan) => {
    if (bucket.body.object_lock_enabled !== true) return fails("the bucket was made without Object Lock");
    const [lock] = plan.referring(bucket, "aws_s3_bucket_object_lock_configuration", "bucket");
    if (!lock) return fails("the bucket has no default retention");
    const { mode, days, years } = blockAt(lock.body, "rule", "default_retention");
    if (isExpression(mode)) return unknown("the lock's mode is known only at deployment");
    if (mode !== "COMPLIANCE" && !(mode === "GOVERNANCE" && isDisposable(bucket, plan))) {
      return fails(`the lock's mode is ${String(mode)}`);
    }
    if (isExpression(days) || isExpression(years))
      return unknown("the lock's time is known only at deployment");
    return Number(days ?? years ?? 0) >= 1 ? HOLDS : fails("the lock has no time");
  },
  maps: { owasp: ["MCP08"], cosai: ["L4"], checkov: ["CKV_AWS_143"], fsbp: ["S3.15"] },
});

const archiveEncrypted = ofArchive({
  id: "audit.archive-encrypted",
  item: 10,
  says: "The archive is encrypted with a customer's key",
  why: "Audit lines name people and may hold arguments; the key's policy says who can read them.",
  shown: ["the key that was named here as what it encrypts with by default", "get-bucket-encryption"],
  judge: (bucket, plan) => {
    const [encryption] = plan.referring(
      bucket,
      "aws_s3_bucket_server_side_encryption_configuration",
      "bucket",
    );
    const by = blockAt(encryption?.body, "rule", "apply_server_side_encryption_by_default");
    return by.sse_algorithm === "aws:kms" && texts(by.kms_master_key_id).length > 0
      ? HOLDS
      : fails("the bucket does not encrypt with a customer's key by default");
  },
  maps: { checkov: ["CKV_AWS_145"], fsbp: ["S3.17"] },
});

const CLOSED = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

const archivePrivate = ofArchive({
  id: "audit.archive-private",
  item: 10,
  says: "The archive can never be public",
  why: "One wrong policy would publish who did what.",
  shown: ["that all four blocks of public access are on", "get-public-access-block"],
  judge: (bucket, plan) => {
    const [access] = plan.referring(bucket, "aws_s3_bucket_public_access_block", "bucket");
    const open = CLOSED.filter((field) => access?.body[field] !== true);
    return open.length === 0 ? HOLDS : fails(`${open.join(", ")} is not set`);
  },
  maps: { checkov: ["CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56"], fsbp: ["S3.8"] },
});

const PROTECTED = [
  "s3:DeleteObject",
  "s3:DeleteObjectVersion",
  "s3:PutObjectRetention",
  "s3:BypassGovernanceRetention",
];

const archiveDenials = ofArchive({
  id: "audit.archive-denials",
  item: 10,
  says: "The archive's policy denies deletion to everybody and demands TLS",
  why: "A delete marker hides an object although the lock keeps it.",
  shown: ["the denials of platform.audit.archiveOwner in its policy", "get-bucket-policy"],
  judge: (bucket, plan) => {
    const [policy] = plan.referring(bucket, "aws_s3_bucket_policy", "bucket");
    const document = opened(policy?.body.policy);
    if (policy && document === undefined) return unknown("the policy cannot be read before deployment");
    const denials = blocksOf(blockAt(document).Statement).filter(
      (each) => each.Effect === "Deny" && each.Principal === "*",
    );
    const denied = denials
      .filter((each) => each.Condition === undefined)
      .flatMap((each) => texts(each.Action));
    const missing = PROTECTED.filter((action) => !denied.includes(action));
    if (missing.length > 0) return fails(`${missing.join(", ")} is not denied to everybody`);
    return denials.some((each) => blockAt(each, "Condition", "Bool")["aws:SecureTransport"] === "false")
      ? HOLDS
      : fails("requests without TLS are not denied");
  },
  maps: { fsbp: ["S3.5"], owasp: ["MCP08"] },
});

const archiveReaders = ofArchive({
  id: "audit.archive-readers",
  item: 10,
  says: "Who reads the archive is logged",
  why: "The record of everything is worth stealing.",
  shown: ["that its accesses are logged to another bucket", "get-bucket-logging"],
  judge: (bucket, plan) =>
    plan.referring(bucket, "aws_s3_bucket_logging", "bucket").length > 0
      ? HOLDS
      : fails("access is not logged"),
  maps: { checkov: ["CKV_AWS_18"], fsbp: ["S3.9"] },
});

const streamEncrypted: Control = {
  id: "audit.delivery-encrypted",
  item: 10,
  says: "Lines on their way to the archive are encrypted with a customer's key, and failures are logged",
  why: "They wait in Firehose for minutes, after a failure for a day.",
  on: [STREAM],
  needed: true,
  judge: (block) => {
    const encryption = blockAt(block.body, "server_side_encryption");
    if (encryption.enabled !== true || encryption.key_type !== "CUSTOMER_MANAGED_CMK") {
      return fails("the stream does not encrypt with a customer's key");
    }
    const logging = blockAt(block.body, "extended_s3_configuration", "cloudwatch_logging_options");
    return logging.enabled === true ? HOLDS : fails("failures of delivery are not logged");
  },
  maps: { checkov: ["CKV_AWS_240", "CKV_AWS_241"], fsbp: ["DataFirehose.1"] },
};

const groupsEncrypted: Control = {
  id: "audit.log-groups-encrypted",
  item: 10,
  says: "Every log group is encrypted with a customer's key",
  why: "Logs hold what users ask for; AWS's own key has no policy that could say who reads them.",
  on: [GROUP],
  needed: true,
  judge: ({ body }) => (texts(body.kms_key_id).length > 0 ? HOLDS : fails("it has no key")),
  maps: { checkov: ["CKV_AWS_158"] },
};

const groupsRetained: Control = {
  id: "audit.log-groups-retained",
  item: 10,
  says: "Every log group says how long it keeps its lines",
  why: "Without a time they are kept, and paid, for ever.",
  on: [GROUP],
  needed: true,
  judge: ({ body }) => {
    const days = body.retention_in_days;
    if (isExpression(days)) return unknown("its retention is known only at deployment");
    return Number(days ?? 0) >= 1 ? HOLDS : fails("it has no retention");
  },
  maps: { checkov: ["CKV_AWS_66", "CKV_AWS_338"], fsbp: ["CloudWatch.16"] },
};

const groupsProtected: Control = {
  id: "audit.log-groups-protected",
  item: 10,
  says: "A log group that feeds the archive cannot be deleted, unless the deployment is declared disposable",
  why: "With the group its subscription goes, and the record ends without a word.",
  on: [SUBSCRIPTION],
  judge: (block, plan) => {
    const group = plan.target(block.body.log_group_name);
    if (!group) return unknown("its log group is not in this stack");
    return group.body.deletion_protection_enabled === true || isDisposable(block, plan)
      ? HOLDS
      : fails("it can be deleted by an API call");
  },
};

const gatewayArchived: Control = {
  id: "audit.gateway-archived",
  item: 10,
  says: "Every line of the gateway's audit record goes to the archive, and of an egress proxy's",
  why: "CloudWatch can be emptied by an administrator, the archive cannot.",
  on: ["aws_ecs_task_definition"],
  judge: (block, plan) => {
    const containers = opened(block.body.container_definitions);
    if (containers === undefined) return unknown("its containers cannot be read before deployment");
    const gateway =
      proxyOf(block) ?? blocksOf(containers).find(({ name }) => name === GATEWAY.containers.gateway);
    if (!gateway) return HOLDS;
    const named = blockAt(gateway, "logConfiguration", "options")["awslogs-group"];
    const filters = plan.blocks(SUBSCRIPTION).filter(({ body }) => sameGroup(body, named, plan));
    if (filters.length === 0)
      return fails(`the ${String(gateway.name)}'s log group is not subscribed to the archive`);
    return filters.some(({ body }) => body.filter_pattern === "")
      ? HOLDS
      : fails("the subscription leaves lines out");
  },
  maps: { owasp: ["MCP08"], cosai: ["L4"] },
};

/** The subscription is of the group that a container names, by reference or by its literal name. */
function sameGroup(subscription: Fields, named: unknown, plan: Plan): boolean {
  if (named === undefined) return false;
  const group = plan.target(subscription.log_group_name);
  return (
    subscription.log_group_name === named ||
    (group !== undefined && (plan.target(named)?.address === group.address || group.body.name === named))
  );
}

/** Controls of the audit record. */
export const auditControls: readonly Control[] = [
  archiveLocked,
  archiveEncrypted,
  archivePrivate,
  archiveDenials,
  archiveReaders,
  streamEncrypted,
  groupsEncrypted,
  groupsRetained,
  groupsProtected,
  gatewayArchived,
];
