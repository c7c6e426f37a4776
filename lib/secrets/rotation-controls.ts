import { givenTo } from "../access/read-policy";
import { rings } from "../alarms/rings";
import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";
import { daysOf } from "./delivery/schedule";
import { isOfSecrets, settingsOf } from "./read-function";

const SECRET = "aws_secretsmanager_secret";
const ROTATION = "aws_secretsmanager_secret_rotation";
const SEED = "aws_lambda_invocation";
const SERVICE = "aws_ecs_service";

const seededFirst: Control = {
  id: "secrets.seeded-before-tasks",
  item: 14,
  says: "A service waits until every secret of its tasks has a value and a policy",
  why: "Tasks that start without a value fail, and a first deployment has nothing to go back to.",
  on: [SERVICE],
  judge: (service, plan) => {
    const injected = secretsOfTasks(service, plan);
    if (injected === undefined) return unknown("its containers cannot be read before deployment");
    for (const secret of injected) {
      const missing = [seedOf(secret, plan), policyOf(secret, plan)].some(
        (block) => block === undefined || !waitsFor(service, block),
      );
      if (missing) return fails(`it does not wait for the first value or the policy of ${secret.address}`);
    }
    return HOLDS;
  },
};

const firstValueKept: Control = {
  id: "secrets.first-value-kept",
  item: 14,
  says: "Rotation begins on schedule, after the first value was made once",
  why: "A rotation at once would change a value that tasks are just starting with; a seed at every change of code would run for nothing.",
  on: [ROTATION],
  judge: (rotation, plan) => {
    const secret = plan.target(rotation.body.secret_id);
    if (!secret) return unknown("its secret is not in this stack");
    if (rotation.body.rotate_immediately !== false) return fails("it rotates at once");
    const seed = seedOf(secret, plan);
    if (!seed || !waitsFor(rotation, seed)) return fails("it does not wait for the first value");
    return seed.body.lifecycle_scope === "CREATE_ONLY"
      ? HOLDS
      : fails("the first value is made more than once");
  },
};

/** A control of the function behind every rotation. */
function ofFunction(
  control: Pick<Control, "id" | "item" | "says" | "why" | "maps"> & {
    judge: (of: Block, rotation: Block, plan: Plan) => Finding;
  },
): Control {
  return {
    ...control,
    on: [ROTATION],
    judge: (rotation, plan) => {
      const found = plan.target(rotation.body.rotation_lambda_arn);
      return found ? control.judge(found, rotation, plan) : unknown("its function is not in this stack");
    },
  };
}

const functionClosed = ofFunction({
  id: "secrets.function-closed",
  item: 6,
  says: "A rotation function stands in private subnets, runs once at a time, and loses no event",
  why: "It knows a secret: it must reach nothing but AWS's own endpoints. Two steps at once could mix two values.",
  judge: ({ body }) => {
    const network = blockAt(body.vpc_config);
    // A list token is a text.
    if (texts(network.subnet_ids).length === 0 || texts(network.security_group_ids).length === 0)
      return fails("it is not in a network of ours");
    if (body.reserved_concurrent_executions !== 1) return fails("it may run more than once at a time");
    if (texts(body.kms_key_arn).length === 0) return fails("its variables are not under a customer's key");
    return texts(blockAt(body.dead_letter_config).target_arn).length > 0
      ? HOLDS
      : fails("events that failed are lost");
  },
  maps: {
    checkov: ["CKV_AWS_115", "CKV_AWS_116", "CKV_AWS_117", "CKV_AWS_173"],
    fsbp: ["Lambda.2", "Lambda.3"],
  },
});

const oneSecret = ofFunction({
  id: "secrets.function-one-secret",
  item: 5,
  says: "A rotation function may touch one secret alone (and read who makes the users of its database), and only Secrets Manager of this account may call it for that",
  why: "Whoever takes over a function must not get the others' secrets too.",
  judge: (own, rotation, plan) => {
    const role = plan.target(own.body.role);
    if (!role) return unknown("its role is not in this stack");
    const granted = givenTo(role, plan).filter(isOfSecrets);
    if (granted.length === 0) return fails("it has no right to its secret");
    const secret = plan.target(rotation.body.secret_id);
    if (secret === undefined) return unknown("its secret is not in this stack");
    const { adminSecretArn } = settingsOf(own);
    for (const { Action, Resource } of granted) {
      const readsAlone = texts(Action).every((action) => action === "secretsmanager:GetSecretValue");
      const foreign = texts(Resource).find(
        (arn) => plan.target(arn)?.address !== secret.address && !(readsAlone && arn === adminSecretArn),
      );
      if (foreign !== undefined) return fails(`its role also reaches ${foreign}`);
    }
    const permissions = plan.referring(own, "aws_lambda_permission", "function_name");
    return permissions.length > 0 && permissions.every(isOfAccount)
      ? HOLDS
      : fails("who may call it is not limited to this account");
  },
});

function isOfAccount({ body }: Block): boolean {
  return body.principal === "secretsmanager.amazonaws.com" && texts(body.source_account).length > 0;
}

const failureRings = ofFunction({
  id: "secrets.failed-rotation-rings",
  item: 13,
  says: "A failed rotation tells somebody",
  why: "Nothing else changes when a rotation fails: the old value goes on working, and ageing.",
  judge: ({ body, address }, _rotation, plan) => {
    const { function_name: name } = body;
    const watched = plan.blocks("aws_cloudwatch_metric_alarm").some(({ body: alarm }) => {
      const of = blockAt(alarm.dimensions).FunctionName;
      const isOwn = of === name || plan.target(of)?.address === address;
      return isOwn && rings(alarm) && alarm.namespace === "AWS/Lambda" && alarm.metric_name === "Errors";
    });
    return watched ? HOLDS : fails("no alarm watches its errors");
  },
});

const redelivered: Control = {
  id: "secrets.redelivered",
  item: 14,
  says: "Tasks are started anew more often than their secrets change",
  why: "A running task never sees a rotated value; after two changes it knows none that is still in use.",
  on: [SERVICE],
  judge: (service, plan) => {
    const injected = secretsOfTasks(service, plan);
    if (injected === undefined) return unknown("its containers cannot be read before deployment");
    const rotations = injected.flatMap((secret) => plan.referring(secret, ROTATION, "secret_id"));
    if (rotations.length === 0) return HOLDS;
    const everyDays = Math.min(...plan.blocks("aws_scheduler_schedule").map((one) => restarts(one, service)));
    if (everyDays === Infinity) return fails("nothing starts its tasks anew");
    const late = rotations.find(({ body }) => {
      const { automatically_after_days: days, schedule_expression: expression } = blockAt(
        body.rotation_rules,
      );
      if (isExpression(days) || isExpression(expression)) return false;
      // Every day is often enough for a window that closes before the restart: see `delivery/schedule.ts`.
      if (expression === "rate(1 day)") return everyDays > 1;
      return !(Number(days ?? daysOf(expression)?.shortest) > everyDays);
    });
    return late ? fails(`its tasks are started anew no more often than ${late.address} rotates`) : HOLDS;
  },
};

/** Every how many days a schedule starts the service anew; Infinity when it does not. */
function restarts({ body }: Block, service: Block): number {
  const target = blockAt(body.target);
  const input = blockAt(opened(target.input));
  const isOwn =
    String(target.arn).endsWith(":scheduler:::aws-sdk:ecs:updateService") &&
    input.Service === service.body.name &&
    input.ForceNewDeployment === true &&
    body.state !== "DISABLED";
  if (!isOwn) return Infinity;
  const expression = String(body.schedule_expression);
  if (/^cron\(\d+ \d+ (\*|\?) \* (\*|\?) \*\)$/.test(expression)) return 1;
  const rate = /^rate\((\d+) (hour|day)s?\)$/.exec(expression);
  return rate ? Number(rate[1]) / (rate[2] === "hour" ? 24 : 1) : Infinity;
}

/** Secrets of this stack that the service's containers get; undefined when nobody can tell. */
function secretsOfTasks(service: Block, plan: Plan): readonly Block[] | undefined {
  const containers = opened(plan.target(service.body.task_definition)?.body.container_definitions);
  if (containers === undefined) return undefined;
  const found = blocksOf(containers)
    .flatMap(({ secrets }) => blocksOf(secrets))
    // `${reference}:field::`
    .map(({ valueFrom }) => plan.target(/^\$\{[^}]*\}/.exec(String(valueFrom))?.[0]));
  return [...new Set(found)].filter((block): block is Block => block?.type === SECRET);
}

function seedOf(secret: Block, plan: Plan): Block | undefined {
  return plan.blocks(SEED).find(({ body }) => {
    const { action, secretId } = blockAt(opened(body.input));
    return action === "seed" && plan.target(secretId)?.address === secret.address;
  });
}

function policyOf(secret: Block, plan: Plan): Block | undefined {
  return plan.referring(secret, "aws_secretsmanager_secret_policy", "secret_arn")[0];
}

function waitsFor({ body }: Block, other: Block): boolean {
  return texts(body.depends_on).includes(other.address);
}

/** Controls of how values come about, change and reach tasks. */
export const rotationControls: readonly Control[] = [
  seededFirst,
  firstValueKept,
  functionClosed,
  oneSecret,
  failureRings,
  redelivered,
];
