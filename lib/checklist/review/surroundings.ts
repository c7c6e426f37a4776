import { blockAt, texts } from "../../audit/read";
import { isExpression, type Block, type Plan } from "../../terraform/plan";
import { readManifest } from "../manifest";
import { setOf, type Leaf, type Tree } from "./leaves";

/** What is decided once for a deployment, what it takes from elsewhere, and who hears its alarms. */
export interface Surroundings {
  /** By the construct's path: its posture, what may be destroyed, and what is given to it instead of made. */
  readonly declared: Tree;
  /** What stands for a part of a deployment: `made` in the file, or `given`. */
  readonly used: Tree;
  /** Whom alarms are told to, and who hears that. */
  readonly heard: Tree;
}

/** Sections that reviews of older versions do not have: nothing is said of what nobody had signed. */
export const LATER: readonly (keyof Surroundings)[] = ["declared", "used", "heard"];

/** By what it is used as: the type and the attribute, down through the first of several blocks. */
const PARTS: readonly (readonly [as: string, type: string, ...path: string[]])[] = [
  ["the web ACL", "aws_wafv2_web_acl_association", "web_acl_arn"],
  ["the load balancer's listener", "aws_lb_listener_rule", "listener_arn"],
  ["a certificate", "aws_lb_listener", "certificate_arn"],
  ["the network of the targets", "aws_lb_target_group", "vpc_id"],
  ["a cluster", "aws_ecs_service", "cluster"],
  ["the key of secrets", "aws_secretsmanager_secret", "kms_key_id"],
  ["the key of logs", "aws_cloudwatch_log_group", "kms_key_id"],
  ["the key of alarms", "aws_sns_topic", "kms_master_key_id"],
  ["the archive", "aws_kinesis_firehose_delivery_stream", "extended_s3_configuration", "bucket_arn"],
  ["the bucket of access logs", "aws_lb", "access_logs", "bucket"],
];

/** The three of them. */
export function surroundingsOf(plan: Plan): Surroundings {
  return {
    declared: Object.fromEntries(
      readManifest(plan.source).map(({ path, posture, lifecycle, existing = [] }) => [
        path,
        { posture, lifecycle, given: setOf(existing) },
      ]),
    ),
    used: usedIn(plan),
    heard: heardIn(plan),
  };
}

function usedIn(plan: Plan): Tree {
  const used: Record<string, Record<string, Leaf>> = {};
  for (const [as, type, ...path] of PARTS)
    for (const { body } of plan.blocks(type))
      for (const value of texts(blockAt(body, ...path.slice(0, -1))[path.at(-1) ?? ""]))
        (used[as] ??= {})[nameOf(value, plan)] = plan.target(value)?.mode === "resource" ? "made" : "given";
  return used;
}

function heardIn(plan: Plan): Tree {
  const told = plan
    .blocks("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
    .flatMap(({ body }) => [body.alarm_actions, body.ok_actions, body.insufficient_data_actions])
    .flatMap(texts)
    .map((value) => nameOf(value, plan));
  const hearing: Record<string, string[]> = {};
  for (const { body } of plan.blocks("aws_sns_topic_subscription"))
    (hearing[nameOf(String(body.topic_arn), plan)] ??= []).push(
      `${String(body.protocol)} ${nameOf(String(body.endpoint), plan)}`,
    );
  return {
    told: setOf(told),
    by: Object.fromEntries(Object.entries(hearing).map(([topic, all]) => [topic, setOf(all)])),
  };
}

/** What a reference means, by its construct or its place in the file; of what is looked up, by what it is looked up by. */
function nameOf(value: string, plan: Plan): string {
  const block = plan.target(value);
  if (block === undefined || !isExpression(value)) return value;
  return block.mode === "resource" ? block.path || block.address : `${block.address}${lookedUp(block)}`;
}

function lookedUp({ body }: Block): string {
  const by = [body.arn, body.name, body.id, body.bucket, body.domain].find((one) => typeof one === "string");
  return by === undefined ? "" : ` (${String(by)})`;
}
