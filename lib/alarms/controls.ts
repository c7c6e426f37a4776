import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { declaredOf } from "../checklist/engine";
import { readManifest } from "../checklist/manifest";
import { GATEWAY } from "../gateway/contract";
import { runsPart } from "../gateway/part-of";
import { opened, type Block, type Plan } from "../terraform/plan";
import type { Alarm } from "./alarm";
import { alarmsFor } from "./catalogue";
import { catalogueControls } from "./catalogue-controls";
import { failureControls } from "./failure-controls";
import { ALARM_TAGS } from "./names";
import { samePlace } from "./place-controls";
import { setControls } from "./set-controls";

const ALARM = "aws_cloudwatch_metric_alarm";
const TOPIC = "aws_sns_topic";

const heard: Control = {
  id: "alarms.heard",
  item: 13,
  says: "Every alarm tells somebody",
  why: "An alarm without an action is a colour on a page that nobody has open.",
  on: [ALARM],
  needed: true,
  judge: ({ body }) => {
    if (body.actions_enabled === false) return fails("its actions are switched off");
    return texts(body.alarm_actions).length > 0 ? HOLDS : fails("it has no action");
  },
  maps: { checkov: ["CKV_AWS_319"], fsbp: ["CloudWatch.15", "CloudWatch.17"] },
};

const MISSING = ["notBreaching", "breaching", "ignore"];

const missingData: Control = {
  id: "alarms.missing-data",
  item: 13,
  says: "Every alarm says what no data means",
  why: "By default an alarm that has fired stays as it is, or falls asleep, when its metric stops.",
  on: [ALARM],
  needed: true,
  judge: ({ body }) =>
    MISSING.includes(String(body.treat_missing_data)) ? HOLDS : fails("it does not say what no data means"),
};

/** Namespaces that AWS itself writes to. */
const AWS_NAMESPACE = /^(?:AWS\/|ECS\/ContainerInsights$)/;

const fed: Control = {
  id: "alarms.fed",
  item: 13,
  says: "Every alarm over audit lines has a metric filter that feeds it",
  why: "AWS takes any metric's name: a misspelt one is an alarm that never rings.",
  on: [ALARM],
  judge: (block, plan) => {
    const { namespace, metric_name: name } = block.body;
    if (typeof namespace !== "string" || AWS_NAMESPACE.test(namespace)) return HOLDS;
    const feeds = plan
      .blocks("aws_cloudwatch_log_metric_filter")
      .map(({ body }) => blockAt(body, "metric_transformation"))
      .some((metric) => metric.namespace === namespace && metric.name === name);
    return feeds ? HOLDS : fails(`no metric filter writes ${namespace} ${String(name)}`);
  },
};

const serverComplete: Control = {
  id: "alarms.server-complete",
  item: 13,
  says: "Every server has all alarms of the catalogue",
  why: "A server without them fails, or is attacked, unseen.",
  on: ["aws_ecs_service"],
  judge: (service, plan) => {
    if (isForeign(service, plan)) return HOLDS;
    if (runsPart(service, plan)) return unknown("the service is its owner's, and so are its alarms");
    const own = plan.blocks(ALARM).find(({ body }) => {
      const name = blockAt(body, "dimensions").ServiceName;
      return (
        name !== undefined && (plan.target(name)?.address === service.address || name === service.body.name)
      );
    });
    if (!own) return fails("no alarm watches this service");
    const server = tag(own, ALARM_TAGS.server);
    return complete(
      "server",
      plan.blocks(ALARM).filter((alarm) => tag(alarm, ALARM_TAGS.server) === server),
    );
  },
};

/** A service whose task has no gateway is none of ours. */
function isForeign(service: Block, plan: Plan): boolean {
  const task = plan.target(service.body.task_definition);
  const containers = opened(task?.body.container_definitions);
  return (
    containers !== undefined && !blocksOf(containers).some(({ name }) => name === GATEWAY.containers.gateway)
  );
}

const platformComplete: Control = {
  id: "alarms.platform-complete",
  item: 13,
  says: "The load balancer, the firewall and the archive have all alarms of the catalogue",
  why: "What servers share fails for all of them at once.",
  // A load balancer that is given is not in the file; a platform's delivery always is.
  on: ["aws_lb", "aws_kinesis_firehose_delivery_stream"],
  judge: (block, plan) =>
    block.type === "aws_lb" || isOfPlatform(block, plan)
      ? complete("platform", plan.blocks(ALARM), hasOwnWebAcl(plan))
      : HOLDS,
};

function isOfPlatform(block: Block, plan: Plan): boolean {
  return declaredOf(block, plan).some(({ kind }) => kind === "platform");
}

/** Only where each platform of the file was given its web ACL has nobody made rules of ours. */
function hasOwnWebAcl(plan: Plan): boolean {
  const platforms = readManifest(plan.source).filter(({ kind }) => kind === "platform");
  return platforms.length === 0 || platforms.some(({ existing = [] }) => !existing.includes("web-acl"));
}

function complete(
  scope: Alarm["scope"],
  alarms: readonly Block[],
  ownWebAcl = true,
): ReturnType<Control["judge"]> {
  const there = alarms.map((alarm) => tag(alarm, ALARM_TAGS.id));
  const missing = alarmsFor(scope, { expectedCountries: [], ownWebAcl })
    .map(({ id }) => id)
    .filter((id) => !there.includes(id));
  return missing.length === 0 ? HOLDS : fails(`it lacks ${missing.join(", ")}`);
}

function tag(block: Block, name: string): unknown {
  return blockAt(block.body, "tags")[name];
}

const topicEncrypted: Control = {
  id: "alarms.topic-encrypted",
  item: 13,
  says: "Alarm messages are encrypted with a customer's key",
  why: "They say what is wrong and where.",
  on: [TOPIC],
  judge: ({ body }) => {
    const [key] = texts(body.kms_master_key_id);
    if (key === undefined) return fails("the topic has no key");
    // CloudWatch cannot use that key: alarms would be raised and never arrive.
    return key.startsWith("alias/aws/") ? fails("AWS's own key does not let CloudWatch publish") : HOLDS;
  },
  maps: { checkov: ["CKV_AWS_26"], fsbp: ["SNS.1"] },
};

const topicPolicy: Control = {
  id: "alarms.topic-policy",
  item: 13,
  says: "Only CloudWatch's alarms of this account publish to the topic, over TLS",
  why: "False alarms tire people out, and lost ones leave them asleep.",
  on: [TOPIC],
  judge: (topic, plan) => {
    const [policy] = plan.referring(topic, "aws_sns_topic_policy", "arn");
    if (!policy) return fails("the topic has no policy");
    const document = opened(policy.body.policy);
    if (document === undefined) return unknown("the policy cannot be read before deployment");
    const statements = blocksOf(blockAt(document).Statement);
    const open = statements.find(
      (each) =>
        each.Effect === "Allow" &&
        (blockAt(each, "Condition", "StringEquals")["aws:SourceAccount"] === undefined ||
          typeof each.Principal === "string"),
    );
    if (open) return fails(`${String(open.Sid)} lets others than this account's services publish`);
    const cloudwatch = statements.some(
      (each) =>
        each.Effect === "Allow" &&
        texts(blockAt(each, "Principal").Service).includes("cloudwatch.amazonaws.com"),
    );
    if (!cloudwatch) return fails("CloudWatch may not publish");
    const tls = statements.some(
      (each) =>
        each.Effect === "Deny" && blockAt(each, "Condition", "Bool")["aws:SecureTransport"] === "false",
    );
    return tls ? HOLDS : fails("messages without TLS are not denied");
  },
  maps: { checkov: ["CKV_AWS_169"] },
};

const subscribed: Control = {
  id: "alarms.subscribed",
  item: 13,
  says: "Every subscription of a topic says whom it tells, and how",
  why: "A subscription without an address is one that nobody hears.",
  on: ["aws_sns_topic_subscription"],
  judge: ({ body }) => {
    const missing = ["endpoint", "protocol", "topic_arn"].find((name) => texts(body[name]).join("") === "");
    if (missing !== undefined) return fails(`it has no ${missing}`);
    return ["http", "ftp"].includes(String(body.protocol)) ? fails("it tells in clear text") : HOLDS;
  },
};

/** Controls of the alarms. */
export const alarmsControls: readonly Control[] = [
  heard,
  missingData,
  fed,
  serverComplete,
  platformComplete,
  topicEncrypted,
  topicPolicy,
  subscribed,
  samePlace,
  ...catalogueControls,
  ...failureControls,
  ...setControls,
];
