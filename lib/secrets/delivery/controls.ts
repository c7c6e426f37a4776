import { givenTo } from "../../access/read-policy";
import { rings } from "../../alarms/rings";
import { blockAt, texts, type Fields } from "../../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../../checklist/control";
import { opened, type Block, type Plan } from "../../terraform/plan";
import { machineControls } from "./machine-controls";

const ROTATION = "aws_secretsmanager_secret_rotation";
const MACHINE = "aws_sfn_state_machine";
const RULE = "aws_cloudwatch_event_rule";
const ALARM = "aws_cloudwatch_metric_alarm";
const DAY_SECONDS = 86_400;

/** Whether a machine does this call, on whatever partition. */
const calls = (call: string) => (machine: Block) =>
  String(machine.body.definition).includes(`:states:::aws-sdk:${call}`);
const looksAtAge = calls("secretsmanager:listSecretVersionIds");
const startsAnew = calls("ecs:updateService");

/** A control of the machines that do something, wherever there are any. */
function ofMachine(
  control: Pick<Control, "id" | "item" | "says" | "why"> & {
    is: (machine: Block) => boolean;
    judge: (machine: Block, plan: Plan) => Finding;
  },
): Control {
  const { is, judge, ...rest } = control;
  return { ...rest, on: [MACHINE], judge: (machine, plan) => (is(machine) ? judge(machine, plan) : HOLDS) };
}

const windowCloses: Control = {
  id: "secrets.window-closes",
  item: 14,
  says: "A rotation by expression closes its window before midnight, and no function rotates a value that tasks may not know",
  why: "Secrets Manager refuses a window over midnight; two rotations within one redelivery would refuse every client.",
  on: [ROTATION],
  judge: (rotation, plan) => {
    const { schedule_expression: expression, duration } = blockAt(rotation.body, "rotation_rules");
    if (expression !== undefined) {
      const hours = Number(/^(\d+)h$/.exec(String(duration))?.[1] ?? 24);
      const from = Number(/^cron\(0 (\d+) /.exec(String(expression))?.[1] ?? 0);
      if (from + hours > 24) return fails(`its window from ${from} o'clock is open for ${hours} hours`);
    }
    const own = plan.target(rotation.body.rotation_lambda_arn);
    if (own === undefined) return unknown("its function is not in this stack");
    const age = Number(blockAt(own.body, "environment", "variables").MIN_AGE_SECONDS);
    // An hour and a day is what a redelivery may take; every day is the exception that closes its window before it.
    const least = expression === "rate(1 day)" ? DAY_SECONDS * 0.8 : DAY_SECONDS + 3600;
    return age >= least ? HOLDS : fails(`its function rotates a value that is ${age || 0} seconds old`);
  },
};

const onlySees = ofMachine({
  id: "secrets.watch-reads-nothing",
  item: 5,
  says: "What watches the age of secrets may see when versions came, and read none",
  why: "A watch over all secrets of a server would be the best place to steal them from.",
  is: looksAtAge,
  judge: (machine, plan) => {
    const foreign = rightsOf(machine, plan)
      .flatMap(({ Action }) => texts(Action))
      .find((action) => !["secretsmanager:ListSecretVersionIds", ...ITS_KEY].includes(action));
    return foreign === undefined ? HOLDS : fails(`its role may also ${foreign}`);
  },
});

const watchRings = ofMachine({
  id: "secrets.late-rings",
  item: 14,
  says: "A secret that is late rings, and so does a watch that does not run",
  why: "A rotation that never starts fails nowhere: only its absence can be noticed.",
  is: looksAtAge,
  judge: (machine, plan) => {
    const started = plan
      .blocks("aws_scheduler_schedule")
      .some(
        ({ body }) =>
          body.state !== "DISABLED" && plan.target(blockAt(body.target).arn)?.address === machine.address,
      );
    if (!started) return fails("nothing starts it");
    const rings = alarmsOf(machine, plan, "ExecutionsSucceeded").some(
      (alarm) =>
        alarm.comparison_operator === "LessThanThreshold" &&
        Number(alarm.threshold) >= 1 &&
        alarm.treat_missing_data === "breaching" &&
        Number(alarm.period) * Number(alarm.evaluation_periods) <= DAY_SECONDS,
    );
    return rings ? HOLDS : fails("no alarm rings when it has brought no good news for a day");
  },
});

const bound = ofMachine({
  id: "secrets.pick-up-bound",
  item: 5,
  says: "What starts tasks anew may do so to one service",
  why: "Whoever may update any service may run any image that is registered.",
  is: startsAnew,
  judge: (machine, plan) => {
    for (const { Action, Resource, Condition } of rightsOf(machine, plan)) {
      const actions = texts(Action).filter((action) => !ITS_KEY.includes(action));
      if (actions.length === 0) continue;
      const foreign = actions.find(
        (action) => !["ecs:DescribeServices", "ecs:UpdateService"].includes(action),
      );
      if (foreign !== undefined) return fails(`its role may also ${foreign}`);
      const services = texts(Resource);
      if (services.length !== 1 || !/:service\/[^/*]+\/[^/*]+$/.test(services[0] ?? ""))
        return fails(`its role reaches ${services.join(", ")}`);
      if (texts(blockAt(Condition, "ArnEquals")["ecs:cluster"]).length !== 1)
        return fails("its cluster is not named");
    }
    return HOLDS;
  },
});

const failureRings = ofMachine({
  id: "secrets.failed-pick-up-rings",
  item: 13,
  says: "A redelivery that failed, ran out of time or never began tells somebody",
  why: "Tasks would hold old values until the next day, and nobody would know.",
  is: startsAnew,
  judge: (machine, plan) => {
    for (const metric of ["ExecutionsFailed", "ExecutionsTimedOut"])
      if (alarmsOf(machine, plan, metric).length === 0) return fails(`no alarm watches ${metric}`);
    const targets = plan.referring(machine, "aws_cloudwatch_event_target", "arn");
    if (targets.length === 0) return fails("no event starts it");
    for (const { body } of targets) {
      if (texts(blockAt(body, "dead_letter_config").arn).length === 0)
        return fails("events that failed are lost");
      const rule = plan.target(body.rule);
      const heard = plan
        .blocks(ALARM)
        .some(
          ({ body: alarm }) =>
            rings(alarm) &&
            alarm.metric_name === "FailedInvocations" &&
            [rule?.body.name, body.rule].includes(blockAt(alarm.dimensions).RuleName),
        );
      if (!heard) return fails("no alarm watches events that did not start it");
    }
    return HOLDS;
  },
});

const everySecret: Control = {
  id: "secrets.pick-up-hears",
  item: 14,
  says: "What starts tasks anew hears of rotations of named secrets, from Secrets Manager itself",
  why: "A rule for all secrets of an account would restart tasks for others' sake; a wrong event never comes.",
  on: [RULE],
  judge: ({ body }) => {
    const pattern = blockAt(opened(body.event_pattern));
    if (!texts(pattern.source).includes("aws.secretsmanager")) return HOLDS;
    const detail = blockAt(pattern, "detail");
    if (body.state === "DISABLED") return fails("it is disabled");
    if (
      texts(pattern["detail-type"]).join() !== "AWS Service Event via CloudTrail" ||
      texts(detail.eventName).join() !== "RotationSucceeded"
    )
      return fails("it waits for an event that does not tell of rotations");
    const named = blockAt(detail, "additionalEventData").SecretId;
    if (!Array.isArray(named) || named.length === 0) return fails("it names no secret");
    const wide = named.map((one) => blockAt(one).prefix).find((prefix) => !isServers(prefix));
    return wide === undefined ? HOLDS : fails(`it hears of all that begins with ${String(wide)}`);
  },
};

/** Whether a prefix, if there is one, is of one server's secrets: `…:secret:DEPLOYMENT/SERVER/`. */
function isServers(prefix: unknown): boolean {
  return prefix === undefined || /:secret:[^/:*]+\/[^/:*]+\/$/.test(String(prefix));
}

/** What any machine needs for its own history. */
const ITS_KEY: readonly string[] = ["kms:Decrypt", "kms:GenerateDataKey"];

function rightsOf(machine: Block, plan: Plan): readonly Fields[] {
  const role = plan.target(machine.body.role_arn);
  return role === undefined ? [] : givenTo(role, plan);
}

/** Ringing alarms of a machine's metric. */
function alarmsOf(machine: Block, plan: Plan, metric: string): Fields[] {
  return plan
    .blocks(ALARM)
    .map(({ body }) => body)
    .filter(
      (alarm) =>
        rings(alarm) &&
        alarm.metric_name === metric &&
        plan.target(blockAt(alarm.dimensions).StateMachineArn)?.address === machine.address,
    );
}

/** Controls of how values reach tasks, and of who hears when they do not. */
export const deliveryControls: readonly Control[] = [
  windowCloses,
  onlySees,
  watchRings,
  bound,
  failureRings,
  everySecret,
  ...machineControls,
];
