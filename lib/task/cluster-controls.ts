import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { judgeSettings, type Setting } from "../checklist/settings";
import { POSTURES } from "../posture";
import { isExpression } from "../terraform/plan";
import { isGiven, oneOf } from "./wanted";

const INSIGHTS = "containerInsights";
/** Days that insights are kept at least: what a sandbox keeps. */
const LEAST_DAYS = POSTURES.sandbox.logRetainDays;
const GROUP = "aws_cloudwatch_log_group";

const watched = ofOurs({
  id: "task.cluster-watched",
  item: 13,
  says: "A cluster of ours measures its tasks, into a log group that was made before it",
  why: "Alarms of restarts and memory hear nothing otherwise; a group that ECS makes itself has no key and no end.",
  on: ["aws_ecs_cluster"],
  judge: ({ body }, plan) => {
    const insights = blocksOf(body.setting).find(({ name }) => name === INSIGHTS)?.value;
    if (insights !== "enhanced" && insights !== "enabled") return fails("its insights are off");
    const name = `/aws/ecs/containerinsights/${String(body.name)}/performance`;
    const group = plan.blocks(GROUP).find((each) => each.body.name === name);
    if (group === undefined) return fails(`there is no log group ${name}`);
    if (!texts(body.depends_on).includes(`${GROUP}.${group.name}`))
      return fails("it does not wait for the log group of its insights");
    const { retention_in_days: days } = group.body;
    if (isExpression(days)) return unknown("how long its insights are kept is known only at deployment");
    return Number(days) >= LEAST_DAYS ? HOLDS : fails(`its insights are gone after ${String(days)} days`);
  },
  maps: { fsbp: ["ECS.12"], checkov: ["CKV_AWS_65"] },
});

const fargateOnly = ofOurs({
  id: "task.cluster-fargate-only",
  item: 5,
  says: "A cluster of ours runs tasks on Fargate alone",
  why: "On machines of the account's own, tasks of several servers would share a kernel.",
  on: ["aws_ecs_cluster_capacity_providers"],
  judge: ({ body }) => {
    const providers = texts(body.capacity_providers);
    const other = providers.find((one) => !isExpression(one) && !/^FARGATE(_SPOT)?$/.test(one));
    if (other !== undefined) return fails(`its tasks may run on ${other}`);
    return providers.length > 0 ? HOLDS : fails("it does not say on what its tasks may run");
  },
});

/** How tasks are found by name. A routing policy that is not written is AWS's own, MULTIVALUE. */
const FOUND: readonly Setting[] = [
  { field: "dns_config.namespace_id", is: isGiven, refers: true, or: "it has no name that DNS knows" },
  {
    field: "dns_config.routing_policy",
    is: oneOf("MULTIVALUE", undefined),
    or: "DNS would name one task at a time, and limits would be as many times too wide",
  },
];

/** Seconds that resolvers may keep a task's address at most: the gateway asks again as often. */
const LONGEST_TTL_SECONDS = 60;

const found = ofOurs({
  id: "task.peers-found",
  item: 7,
  says: "DNS names all tasks of a server, and forgets one that has left within a minute",
  why: "Limits are divided by the tasks that are named: with none each gives out a fixed share, with old ones too little.",
  on: ["aws_service_discovery_service"],
  judge: (service, plan) => {
    const records = blocksOf(blockAt(service.body, "dns_config").dns_records);
    if (!records.some(({ type }) => type === "A")) return fails("it names no address");
    const slow = records.find(({ ttl }) => !isExpression(ttl) && !(Number(ttl) <= LONGEST_TTL_SECONDS));
    return slow
      ? fails(`resolvers keep an address for ${String(slow.ttl)} seconds`)
      : judgeSettings(service, plan, FOUND);
  },
});

/** Controls of clusters, and of the names of tasks in them. */
export const clusterControls: readonly Control[] = [watched, fargateOnly, found];
