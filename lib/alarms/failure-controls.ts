import { blockAt, texts } from "../audit/read";
import { chosenFor, isChosen } from "../checklist/chosen";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { declaredOf, ofOurs } from "../checklist/engine";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { EVERY_ALARM } from "./every-alarm";
import { ALARM_TAGS } from "./names";

const ALARM = "aws_cloudwatch_metric_alarm";

/** Metrics that count what went wrong, where one is too many. */
const FAILURES = [
  "Errors",
  "ExecutionsFailed",
  "ExecutionsTimedOut",
  "ExecutionsAborted",
  "FailedInvocations",
  "ApproximateNumberOfMessagesVisible",
];

/** Longer than this, and a failure is an old one when it is heard of. Seconds. */
const LONGEST_PERIOD = 300;

const atOnce: Control = ofOurs({
  id: "alarms.failures-at-once",
  item: 13,
  says: "An alarm over failures that nothing else shows rings at the first one, within five minutes",
  why: "A rotation, a redelivery or a deployment that failed fails once: an alarm that waits for a second one never rings.",
  on: [ALARM],
  judge: ({ body }) => {
    const { metric_name: metric, threshold, comparison_operator: operator, period } = body;
    const isOfCatalogue = blockAt(body, "tags")[ALARM_TAGS.id] !== undefined;
    if (isOfCatalogue || !FAILURES.includes(String(metric))) return HOLDS;
    if ([threshold, period, body.evaluation_periods, body.datapoints_to_alarm].some(isExpression))
      return unknown("when it rings is known only at deployment");
    const first = operator === "GreaterThanThreshold" ? 0 : 1;
    if (!/^GreaterThan/.test(String(operator)) || Number(threshold) !== first)
      return fails(`it rings at ${String(threshold)} of them`);
    if (body.evaluation_periods !== 1 || body.datapoints_to_alarm !== 1)
      return fails("one failure is not enough for it");
    return Number(period) >= 10 && Number(period) <= LONGEST_PERIOD
      ? HOLDS
      : fails(`it is heard after ${String(period)} seconds`);
  },
});

/** An ARN, or what becomes one. */
function isAddress(action: string): boolean {
  return isExpression(action) || /^arn:[a-z-]+:[a-z0-9-]+:/.test(action);
}

const addressed: Control = {
  id: "alarms.addressed",
  item: 13,
  says: "Every alarm names those whom it tells, at its beginning and at its end, one by one",
  why: "CloudWatch knows no pattern: what is no ARN is refused, or tells nobody.",
  on: [ALARM],
  judge: ({ body }) => {
    const wrong = [...texts(body.alarm_actions), ...texts(body.ok_actions)].find(
      (action) => !isAddress(action),
    );
    return wrong === undefined ? HOLDS : fails(`it tells ${wrong}`);
  },
};

const told = new WeakMap<Plan, ReadonlyMap<string, string>>();

/** Whom an alarm tells at its beginning, as one text. */
function actionsOf({ body }: Block): string {
  return [...texts(body.alarm_actions)].sort().join(" ");
}

/** Whom most alarms of a deployment tell. */
function toldByMost(plan: Plan): ReadonlyMap<string, string> {
  const known = told.get(plan);
  if (known !== undefined) return known;
  const counts = new Map<string, Map<string, number>>();
  for (const alarm of plan.blocks(ALARM)) {
    const deployment = deploymentOf(alarm, plan);
    if (deployment === undefined) continue;
    const own = counts.get(deployment) ?? new Map<string, number>();
    counts.set(deployment, own.set(actionsOf(alarm), (own.get(actionsOf(alarm)) ?? 0) + 1));
  }
  const most = [...counts].map(([name, own]): [string, string] => [
    name,
    [...own].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "",
  ]);
  const found = new Map(most);
  told.set(plan, found);
  return found;
}

function deploymentOf(alarm: Block, plan: Plan): string | undefined {
  return declaredOf(alarm, plan)[0]?.deployment;
}

const sameEars: Control = {
  id: "alarms.same-ears",
  item: 13,
  says: "All alarms of a deployment tell the same, who is a topic",
  why: "One alarm that tells somebody else is heard by nobody who is on call; one that is told to a machine does something instead.",
  on: [ALARM],
  judge: (alarm, plan) => {
    const deployment = deploymentOf(alarm, plan);
    if (deployment === undefined) return HOLDS;
    const machine = texts(alarm.body.alarm_actions).find(
      (action) => !isExpression(action) && !/^arn:[a-z-]+:sns:/.test(action),
    );
    if (machine !== undefined) return fails(`it tells ${machine}, which is no topic`);
    return actionsOf(alarm) === toldByMost(plan).get(deployment)
      ? HOLDS
      : fails(`it tells ${actionsOf(alarm) || "nobody"}, and the others do not`);
  },
};

/** Every alarm that has a threshold of its own, by id. */
const THRESHOLDS: ReadonlyMap<unknown, number> = new Map(
  EVERY_ALARM.map(({ id, threshold }) => [id, threshold]),
);

const asChosen: Control = {
  id: "alarms.thresholds-as-chosen",
  item: 13,
  says: "Every alarm of the catalogue rings at the catalogue's number, or at the one that was chosen for the deployment",
  why: "An alarm that waits for ten times as much is silent through most attacks.",
  on: [ALARM],
  judge: (block, plan) => {
    const id = blockAt(block.body, "tags")[ALARM_TAGS.id];
    const chosen = chosenFor(block, plan)?.chosen;
    const wanted = chosen?.thresholds[String(id)] ?? THRESHOLDS.get(id);
    if (chosen === undefined || wanted === undefined) return HOLDS;
    const { threshold } = block.body;
    return isChosen(threshold, wanted)
      ? HOLDS
      : fails(`it rings at ${String(threshold)}, where ${String(wanted)} was chosen`);
  },
};

/** Controls of alarms that stand beside the catalogue, and of whom all tell. */
export const failureControls: readonly Control[] = [atOnce, addressed, sameEars, asChosen];
