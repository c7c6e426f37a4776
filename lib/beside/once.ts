import { isSet } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import type { Block, Plan } from "../terraform/plan";

/** Types that set one part of something, of which AWS keeps one alone, and the attributes that say of what. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  aws_appautoscaling_target: ["resource_id", "scalable_dimension"],
  aws_cloudwatch_log_data_protection_policy: ["log_group_name"],
  aws_kms_key_policy: ["key_id"],
  aws_network_acl_association: ["subnet_id"],
  aws_route_table_association: ["subnet_id"],
  aws_s3_bucket_lifecycle_configuration: ["bucket"],
  aws_s3_bucket_logging: ["bucket"],
  aws_s3_bucket_object_lock_configuration: ["bucket"],
  aws_s3_bucket_ownership_controls: ["bucket"],
  aws_s3_bucket_policy: ["bucket"],
  aws_s3_bucket_public_access_block: ["bucket"],
  aws_s3_bucket_server_side_encryption_configuration: ["bucket"],
  aws_s3_bucket_versioning: ["bucket"],
  aws_secretsmanager_secret_policy: ["secret_arn"],
  aws_secretsmanager_secret_rotation: ["secret_id"],
  aws_sns_topic_policy: ["arn"],
  aws_sqs_queue_policy: ["queue_url"],
  aws_vpc_endpoint_policy: ["vpc_endpoint_id"],
  aws_wafv2_web_acl_association: ["resource_arn"],
  aws_wafv2_web_acl_logging_configuration: ["resource_arn"],
};

/** The same as an attribute of what it belongs to. */
const INSIDE: Readonly<Record<string, string>> = {
  aws_kms_key_policy: "policy",
  aws_sns_topic_policy: "policy",
  aws_sqs_queue_policy: "policy",
  aws_vpc_endpoint_policy: "policy",
  aws_secretsmanager_secret_policy: "policy",
};

/** Alarms of both kinds share their names. */
const ALARMS = ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"];

const others = new WeakMap<Plan, ReadonlyMap<string, readonly Block[]>>();

/** Blocks that set the same part of the same thing, under one key. */
function together(plan: Plan): ReadonlyMap<string, readonly Block[]> {
  const known = others.get(plan);
  if (known !== undefined) return known;
  const found = new Map<string, Block[]>();
  for (const block of plan.blocks(...Object.keys(PARTS), ...ALARMS)) {
    const key = keyOf(block, plan);
    if (key !== undefined) found.set(key, [...(found.get(key) ?? []), block]);
  }
  others.set(plan, found);
  return found;
}

function keyOf({ type, body }: Block, plan: Plan): string | undefined {
  const isAlarm = ALARMS.includes(type);
  const of = (isAlarm ? ["alarm_name"] : (PARTS[type] ?? [])).map((attribute) => body[attribute]);
  if (of.some((one) => typeof one !== "string" || one === "")) return undefined;
  const names = of.map((one) => plan.target(one)?.address ?? one);
  return JSON.stringify([isAlarm ? "alarm" : type, ...names]);
}

/** AWS keeps what was written last, and nobody knows which that is. */
export const writtenOnce: Control = {
  id: "beside.written-once",
  item: 11,
  says: "Each part of a thing, of which AWS keeps one alone, is written once",
  why: "Of two policies of one bucket the later one counts, or two alarms of one name: what was judged is gone at some deployment.",
  on: [...Object.keys(PARTS), ...ALARMS],
  judge: (block, plan) => {
    const key = keyOf(block, plan);
    const other = (key === undefined ? [] : (together(plan).get(key) ?? [])).find((one) => one !== block);
    if (other !== undefined) return fails(`${other.address} sets the same part of the same thing`);
    const inside = INSIDE[block.type];
    if (inside === undefined) return HOLDS;
    const owner = plan.target(block.body[PARTS[block.type]?.[0] ?? ""]);
    return owner?.mode === "resource" && isSet(owner.body[inside])
      ? fails(`${owner.address} brings the same part itself`)
      : HOLDS;
  },
  maps: { owasp: ["MCP07"] },
};
