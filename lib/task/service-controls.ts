import { allowing } from "../access/read-policy";
import { rings } from "../alarms/rings";
import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { runsPart } from "../gateway/part-of";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";
import { GIVEN_UP } from "./given-up";

const SERVICE = "aws_ecs_service";
const RULE = "aws_cloudwatch_event_rule";
const EVENT = [GIVEN_UP.source, GIVEN_UP["detail-type"], GIVEN_UP.detail.eventName].map(String);

const noExec: Control = {
  id: "task.no-exec",
  item: 11,
  says: "Nobody can open a shell in a running task",
  why: "A shell in the task stands behind every check, and reads the injected secrets.",
  on: [SERVICE],
  needed: true,
  judge: ({ body }) => {
    const { enable_execute_command: exec } = body;
    if (isExpression(exec)) return unknown("it is known only at deployment");
    return exec === undefined || exec === false ? HOLDS : fails("commands can be executed in its tasks");
  },
};

const noPublicIp: Control = {
  id: "task.no-public-ip",
  item: 11,
  says: "Tasks have no public address",
  why: "An address on the internet is the first step past the load balancer.",
  on: [SERVICE],
  needed: true,
  judge: ({ body }) => {
    if (body.network_configuration === undefined)
      return fails("it does not say which network its tasks are in");
    const { assign_public_ip: assigned } = blockAt(body, "network_configuration");
    if (isExpression(assigned)) return unknown("it is known only at deployment");
    return assigned === undefined || assigned === false ? HOLDS : fails("its tasks get public addresses");
  },
  maps: { fsbp: ["ECS.2"], checkov: ["CKV_AWS_333"] },
};

const rollsBack: Control = {
  id: "task.rolls-back",
  item: 15,
  says: "A deployment that does not become healthy is rolled back by itself",
  why: "Otherwise ECS starts the broken revision again and again, and people turn checks off to end it.",
  on: [SERVICE],
  needed: true,
  judge: ({ body }) => {
    const { enable, rollback } = blockAt(body, "deployment_circuit_breaker");
    return enable === true && rollback === true ? HOLDS : fails("it has no circuit breaker with rollback");
  },
};

const failureRings: Control = {
  id: "task.rolled-back-rings",
  item: 13,
  says: "A deployment that was rolled back tells somebody",
  why: "The old tasks go on, so that nothing else says that new code, new rules or new secrets never arrived.",
  on: [SERVICE],
  needed: true,
  judge: (service, plan) => {
    const { name } = service.body;
    if (runsPart(service, plan)) return unknown("the service is its owner's, and so are its alarms");
    const rule = plan.blocks(RULE).find(({ body }) => hears(body, String(name)));
    if (rule === undefined) return fails("no rule hears of its failed deployments");
    const queues = plan
      .referring(rule, "aws_cloudwatch_event_target", "rule")
      .flatMap(({ body }) => plan.target(body.arn) ?? []);
    if (queues.length === 0) return fails("the rule of its failed deployments leads nowhere");
    if (!queues.some((queue) => takesEvents(queue, plan)))
      return fails("no queue takes what the rule of its failed deployments has heard");
    const heard = plan
      .blocks("aws_cloudwatch_metric_alarm")
      .some(
        ({ body }) =>
          body.metric_name === "ApproximateNumberOfMessagesVisible" &&
          rings(body) &&
          queues.some((queue) => queue.body.name === blockAt(body.dimensions).QueueName),
      );
    return heard ? HOLDS : fails("no alarm rings when the rule of its failed deployments has heard one");
  },
};

/** Whether a rule is on and hears of this service's deployments that ECS has given up. */
function hears({ event_pattern: pattern, state }: Fields, service: string): boolean {
  const written = blockAt(opened(pattern));
  const said = [written.source, written["detail-type"], blockAt(written.detail).eventName];
  return (
    state !== "DISABLED" &&
    said.every((each, at) => texts(each).join() === EVENT[at]) &&
    texts(written.resources).some((arn) => arn.endsWith(`/${service}`))
  );
}

/** Whether a queue's policy lets EventBridge leave messages in it; so may one that nobody can read before deployment. */
export function takesEvents(queue: Block, plan: Plan): boolean {
  return plan
    .referring(queue, "aws_sqs_queue_policy", "queue_url")
    .some(
      ({ body: { policy } }) =>
        opened(policy) === undefined ||
        allowing(blocksOf(blockAt(opened(policy)).Statement)).some(
          ({ Action, Principal }) =>
            texts(Action).includes("sqs:SendMessage") &&
            texts(blockAt(Principal).Service).includes("events.amazonaws.com"),
        ),
    );
}

/** Controls of services. */
export const serviceControls: readonly Control[] = [noExec, noPublicIp, rollsBack, failureRings];
