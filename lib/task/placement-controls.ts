import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { declaredOf, ofOurs } from "../checklist/engine";
import { judgeSettings, waitsFor, within, type Setting } from "../checklist/settings";
import { isProxyService } from "../egress/read";
import { GATEWAY } from "../gateway/contract";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { POSTURES } from "../posture";
import { MAX_TASKS } from "./tasks-model";
import { ifWritten, isGiven, listOf, oneOf } from "./wanted";

const SERVICE = "aws_ecs_service";

/** What every service of ours needs, a proxy's too. Percentages that are not written are AWS's own: 100 and 200. */
const PLACED: readonly Setting[] = [
  {
    field: "cluster",
    is: isGiven,
    refers: true,
    or: "its tasks would start in the account's default cluster",
  },
  { field: "task_definition", is: isGiven, refers: true, or: "it has nothing to run" },
  {
    field: "network_configuration.security_groups",
    is: listOf(/^sg-[0-9a-f]+$/),
    refers: true,
    or: "its tasks would be in the default group of their network, whose members all reach each other",
  },
  {
    field: "network_configuration.subnets",
    is: listOf(/^subnet-[0-9a-f]+$/, 2),
    refers: true,
    or: "its tasks would not survive the loss of a zone",
  },
  {
    field: "network_configuration.assign_public_ip",
    is: oneOf(false, undefined),
    or: "its tasks could be called from the internet",
  },
];

const placed = ofOurs({
  id: "task.service-placed",
  item: 11,
  says: "A service runs its own tasks on Fargate, in its own group, in private subnets of two zones",
  why: "Whatever is not said falls back to the account's defaults: a shared cluster, an open group, somebody's machines.",
  on: [SERVICE],
  judge: (service, plan) => {
    const { body } = service;
    const strategies = blocksOf(body.capacity_provider_strategy).map((one) => one.capacity_provider);
    const fargate =
      strategies.length > 0
        ? strategies.every((one) => isExpression(one) || /^FARGATE(_SPOT)?$/.test(String(one)))
        : body.launch_type === "FARGATE";
    if (!fargate)
      return fails("it does not run on Fargate: its tasks would wait for machines of the account's own");
    const groups = texts(blockAt(body, "network_configuration").security_groups);
    const homeless = groups
      .map((id) => plan.target(id))
      .find((group) => group && !isGiven(group.body.vpc_id));
    return homeless === undefined
      ? judgeSettings(service, plan, PLACED)
      : fails(`${homeless.address} would be made in the account's default network`);
  },
  maps: { fsbp: ["ECS.2"], checkov: ["CKV_AWS_333"] },
});

/** The one way into the tasks of a server, and the name by which they find each other. */
const REACHED: readonly Setting[] = [
  {
    field: "load_balancer.container_name",
    is: GATEWAY.containers.gateway,
    or: "calls would not come through the gateway",
  },
  {
    field: "load_balancer.container_port",
    is: GATEWAY.port,
    or: "the gateway does not listen there",
  },
  {
    field: "load_balancer.target_group_arn",
    is: isGiven,
    refers: true,
    or: "the load balancer would not know its tasks",
  },
  {
    field: "health_check_grace_period_seconds",
    is: within(10, 600),
    or: "tasks that are still starting would be killed, or broken ones kept, for too long",
  },
];

/** By which tasks and proxies are found. */
const NAMED: readonly Setting[] = [
  {
    field: "service_registries.registry_arn",
    is: isGiven,
    refers: true,
    or: "its tasks would have no name: limits would be each task's own, and a proxy would not be found",
  },
];

const reached = ofOurs({
  id: "task.service-reached",
  item: 12,
  says: "The load balancer reaches the gateway of a server's tasks, and DNS names the tasks to each other",
  why: "Without the first nobody can call; without the second each task gives out the whole limit, or an old share of it.",
  on: [SERVICE],
  judge: (service, plan) => {
    if (isProxyService(service, plan)) return judgeSettings(service, plan, NAMED);
    return blocksOf(service.body.load_balancer).length > 1
      ? fails("it has a second way in")
      : judgeSettings(service, plan, [...REACHED, ...NAMED]);
  },
  maps: { owasp: ["MCP07"] },
});

/** How tasks are replaced, whoever's they are. Percentages that are not written are AWS's own, 100 and 200. */
const KEPT: readonly Setting[] = [
  {
    field: "deployment_minimum_healthy_percent",
    is: ifWritten(within(50, 100)),
    or: "a deployment could stop the running tasks before there are new ones",
  },
  {
    field: "deployment_maximum_percent",
    is: ifWritten(within(101, 200)),
    or: "a deployment could not start, or would start more tasks at once than limits are shared among",
  },
  {
    field: "availability_zone_rebalancing",
    is: "ENABLED",
    or: "tasks that a failing zone has driven into another would stay there",
  },
  {
    field: "desired_count",
    is: within(1, MAX_TASKS),
    or: "a new service would start with no task, or with more than limits are shared among",
  },
];

/** Where sessions live in one task: there is never a second one, and a deployment stops it first. */
const ALONE: readonly Setting[] = [
  { field: "desired_count", is: 1, or: "a second task would know nothing of the first one's sessions" },
  {
    field: "deployment_maximum_percent",
    is: 100,
    or: "a deployment would start a second task beside the first",
  },
];

/** Only autoscaling owns the number of tasks, and everything else is Terraform's. */
const OWNED: readonly Setting[] = [
  {
    field: "lifecycle.ignore_changes",
    is: (value) => texts(value).includes("desired_count"),
    or: "each deployment would take away the tasks that load has added",
  },
  {
    field: "lifecycle.ignore_changes",
    is: (value) => !texts(value).some((one) => one === "*" || one === "all"),
    or: "what somebody changes by hand would stay",
  },
];

/** Whether a service has one task alone, by what its server declares. */
function isAlone(service: Block, plan: Plan): boolean {
  return declaredOf(service, plan)[0]?.policy?.sessions === "single-task";
}

const keptUp = ofOurs({
  id: "task.service-kept-up",
  item: 15,
  says: "A deployment keeps the tasks that run until new ones are well, and leaves their number to autoscaling",
  why: "An update that takes the server away is one that people put off, security fixes among them.",
  on: [SERVICE],
  judge: (service, plan) => {
    if (isProxyService(service, plan)) return judgeSettings(service, plan, KEPT);
    return judgeSettings(service, plan, isAlone(service, plan) ? ALONE : [...KEPT, ...OWNED]);
  },
});

const TARGET = "aws_appautoscaling_target";
const POLICY = "aws_appautoscaling_policy";
const TRACKED = "target_tracking_scaling_policy_configuration";

/** By what the number of tasks follows load. A scale-in cooldown that is not written is AWS's own, 300 seconds. */
const FOLLOWS: readonly Setting[] = [
  {
    field: "policy_type",
    is: "TargetTrackingScaling",
    or: "AWS takes it for steps, which it has none of",
  },
  {
    field: `${TRACKED}.predefined_metric_specification.predefined_metric_type`,
    is: isGiven,
    refers: true,
    or: "it follows nothing",
  },
  {
    field: `${TRACKED}.target_value`,
    is: within(1, 90),
    or: "tasks would be at their end before there is another",
  },
  {
    field: `${TRACKED}.scale_out_cooldown`,
    is: within(0, 300),
    or: "load would rise for minutes before there is another task",
  },
  {
    field: `${TRACKED}.scale_in_cooldown`,
    is: ifWritten(within(0, 3000)),
    or: "tasks that nobody needs would stay for an hour",
  },
];

const scales = ofOurs({
  id: "task.scales",
  item: 15,
  says: "The number of a server's tasks follows its load, between bounds that survive the loss of a zone",
  why: "One caller's load would be everybody's outage; one task more than DNS names would have limits of its own.",
  on: [SERVICE],
  judge: (service, plan) => {
    if (isProxyService(service, plan) || isAlone(service, plan)) return HOLDS;
    const target = plan
      .blocks(TARGET)
      .find(({ body }) => String(body.resource_id).endsWith(`/${String(service.body.name)}`));
    if (target === undefined) return fails("its number of tasks does not follow load");
    const bounds = judgeSettings(target, plan, boundsOf(service, plan));
    if (bounds.holds === false) return bounds;
    const policy = plan.referring(target, POLICY, "resource_id")[0];
    if (policy === undefined) return fails("nothing moves its number of tasks between the bounds");
    const follows = judgeSettings(policy, plan, FOLLOWS);
    return follows.holds === true ? bounds : follows;
  },
});

/** Where the number of tasks may lie. */
function boundsOf(service: Block, plan: Plan): readonly Setting[] {
  const least = POSTURES[declaredOf(service, plan)[0]?.posture ?? "production"].minTasks;
  return [
    { field: "min_capacity", is: within(least, MAX_TASKS), or: `fewer than ${least} do not survive a loss` },
    { field: "max_capacity", is: within(1, MAX_TASKS), or: "limits are not shared among so many" },
    { field: "depends_on", is: waitsFor(SERVICE), or: "AWS refuses bounds of a service that is not there" },
  ];
}

/** Controls of where services run, who reaches them, and how many tasks they have. */
export const placementControls: readonly Control[] = [placed, reached, keptUp, scales];
