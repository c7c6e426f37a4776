import { isDeepStrictEqual } from "node:util";
import { blockAt, blocksOf, texts, type Fields } from "../../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../../checklist/control";
import { ofOurs, serverOf } from "../../checklist/engine";
import { takesEvents } from "../../task/service-controls";
import { isExpression, opened, type Block, type Plan } from "../../terraform/plan";
import { ageDefinition } from "./age-definition";
import { pickUpDefinition, ROTATED } from "./pick-up-definition";
import { daysOf, lateAfter } from "./schedule";

const MACHINE = "aws_sfn_state_machine";

/** The partition of a call that a state makes; nothing where it is none. */
function partitionOf(state: Fields): string | undefined {
  return /^arn:(.+):states:::aws-sdk:[a-z]+:[A-Za-z]+$/.exec(String(state.Resource))?.[1];
}

/** What a machine was made to do, rendered from what stands in it; nothing where it is none of ours. */
function renderedFrom(definition: unknown): object | undefined {
  const states = blockAt(definition, "States");
  const look = blockAt(states, "Look");
  const [service, more] = texts(blockAt(look, "Arguments").Services);
  if (service !== undefined && more === undefined) {
    const partition = partitionOf(look) ?? "";
    return pickUpDefinition({
      partition,
      clusterArn: String(blockAt(look, "Arguments").Cluster),
      serviceName: service,
    });
  }
  const each = blockAt(states, "Each");
  const partition = partitionOf(blockAt(each, "ItemProcessor", "States", "Look"));
  if (partition === undefined) return undefined;
  const secrets = blocksOf(each.Items).map(({ name, arn, days }) => ({
    name: String(name),
    arn: String(arn),
    lateAfterDays: days as number,
  }));
  return ageDefinition(partition, secrets);
}

const asMade = ofOurs({
  id: "secrets.machines-as-made",
  item: 14,
  says: "What watches the age of secrets, and what starts tasks anew, does every step that it was made for, and no other",
  why: "One step less, and a late secret is called young, or tasks are started anew without an end; both look well from outside.",
  on: [MACHINE],
  judge: ({ body }, plan) => {
    const definition = opened(body.definition);
    if (definition === undefined)
      return isExpression(body.definition)
        ? unknown("it is known only at deployment")
        : fails("it does nothing");
    const made = renderedFrom(definition);
    if (made === undefined || !isDeepStrictEqual(definition, made)) return fails("it does something else");
    const service = blockAt(definition, "States", "StartAnew", "Arguments").Service;
    const isThere = plan.blocks("aws_ecs_service").some((one) => one.body.name === service);
    return service === undefined || isThere
      ? HOLDS
      : fails(`there is no service ${String(service)} to start anew`);
  },
});

const kept = ofOurs({
  id: "secrets.machines-kept",
  item: 6,
  says: "A state machine keeps the history of what it did, under a customer's key",
  why: "The other kind of machine forgets at once what failed; AWS's own key is one that nobody here can close.",
  on: [MACHINE],
  judge: ({ body }) => {
    // AWS's default.
    if (body.type !== undefined && body.type !== "STANDARD") return fails("it keeps no history");
    const {
      type,
      kms_key_id: key,
      kms_data_key_reuse_period_seconds: seconds,
    } = blockAt(body, "encryption_configuration");
    if (type !== "CUSTOMER_MANAGED_KMS_KEY" || texts(key).length === 0)
      return fails("its history is under no key of a customer");
    return Number(seconds) >= 60 && Number(seconds) <= 900
      ? HOLDS
      : fails(`its key is asked for every ${String(seconds ?? "300 by default")} seconds`);
  },
});

const watchesAll = ofOurs({
  id: "secrets.watch-complete",
  item: 14,
  says: "The watch over the age of a server's secrets looks at every one that rotates, and knows when it is late",
  why: "A secret that nobody looks at can be years old.",
  on: [MACHINE],
  judge: (machine, plan) => {
    const items = blocksOf(blockAt(opened(machine.body.definition), "States", "Each").Items);
    const server = serverOf(machine, plan)?.path;
    if (items.length === 0 || server === undefined) return HOLDS;
    const rotations = plan
      .blocks("aws_secretsmanager_secret_rotation")
      .filter((rotation) => serverOf(rotation, plan)?.path === server)
      .map(({ body }) => {
        const secret = plan.target(body.secret_id);
        const item = items.find(({ arn }) => secret !== undefined && plan.target(arn) === secret);
        return { secret, item, days: longestOf(blockAt(body, "rotation_rules")) };
      });
    // A watch over what somebody else writes is none over what rotates here.
    if (!rotations.some(({ item }) => item !== undefined)) return HOLDS;
    for (const { secret, item, days } of rotations) {
      if (item === undefined)
        return fails(`it does not look at ${secret?.address ?? "a secret that is not here"}`);
      if (days !== undefined && item.days !== lateAfter(days))
        return fails(`it calls late after ${String(item.days)} days what changes every ${days}`);
    }
    return HOLDS;
  },
});

/** Days between two values at most; nothing where only an expression says. */
function longestOf(rules: Fields): number | undefined {
  const { automatically_after_days: days, schedule_expression: expression } = rules;
  if (days === undefined) return daysOf(expression)?.longest;
  return isExpression(days) ? undefined : Number(days);
}

const MOST_ATTEMPTS = 20;
const LONGEST_RETRY_SECONDS = 4 * 3600;

const toldWhen = ofOurs({
  id: "secrets.pick-up-told",
  item: 14,
  says: "What starts tasks anew is told of rotations by Secrets Manager alone, with the time of each, and in time",
  why: "Without the time it cannot tell a deployment after the change from one before it; an event of a day ago would start tasks anew at noon.",
  on: [MACHINE],
  judge: (machine, plan) => {
    if (blockAt(opened(machine.body.definition), "States").StartAnew === undefined) return HOLDS;
    const targets = plan.referring(machine, "aws_cloudwatch_event_target", "arn");
    if (targets.length === 0) return fails("no event starts it");
    for (const { body } of targets) {
      const wrong = wrongRule(plan.target(body.rule), plan) ?? wrongTarget(body);
      if (wrong !== undefined) return wrong;
      const queue = plan.target(blockAt(body, "dead_letter_config").arn);
      if (queue?.mode === "resource" && !takesEvents(queue, plan))
        return fails("events that failed are lost");
    }
    return HOLDS;
  },
});

/** What is wrong with what a rule waits for. */
function wrongRule(rule: Block | undefined, plan: Plan): Finding | undefined {
  if (rule === undefined) return unknown("its rule is not in this stack");
  const { detail, ...outer } = blockAt(opened(rule.body.event_pattern));
  const { additionalEventData, ...inner } = blockAt(detail);
  const { detail: wantedInner, ...wantedOuter } = ROTATED;
  if (!isDeepStrictEqual(outer, { ...wantedOuter }) || !isDeepStrictEqual(inner, { ...wantedInner }))
    return fails("its rule waits for something else than a rotation");
  const named = blockAt(additionalEventData).SecretId;
  const odd = (Array.isArray(named) ? named : []).find((one: unknown) => !isSecret(one, plan));
  return odd === undefined ? undefined : fails("its rule waits for what is no secret");
}

/** A secret's ARN, or the beginning of several. An event's pattern knows no `*` by itself. */
function isSecret(one: unknown, plan: Plan): boolean {
  const arn = typeof one === "string" ? one : blockAt(one).prefix;
  if (typeof arn !== "string") return false;
  return /^arn:.*:secret:[^*]+$/.test(arn) || isExpression(arn) || plan.target(arn) !== undefined;
}

/** What is wrong with how an event is handed on. */
function wrongTarget(body: Fields): Finding | undefined {
  const { input_paths: paths, input_template: template } = blockAt(body, "input_transformer");
  if (blockAt(paths).time !== "$.time" || !String(template).includes("<time>"))
    return fails("it is not told when the secret changed");
  if (texts(body.role_arn).length === 0) return fails("events have no role to start it by");
  const { maximum_event_age_in_seconds: age, maximum_retry_attempts: attempts } = blockAt(
    body,
    "retry_policy",
  );
  return Number(attempts) >= 1 && Number(attempts) <= MOST_ATTEMPTS && Number(age) <= LONGEST_RETRY_SECONDS
    ? undefined
    : fails("an event that failed is tried again for a day");
}

/** Controls of the state machines, and of what starts them. */
export const machineControls: readonly Control[] = [asMade, kept, watchesAll, toldWhen];
