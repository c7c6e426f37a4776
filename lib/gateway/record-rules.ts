import { isBelow } from "../checklist/engine";
import type { Declared } from "../checklist/manifest";
import type { PolicyDocument } from "../policy/document";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { GATEWAY, resourceMetadataPath } from "./contract";
import { servicesRunning } from "./part-of";
import { data, list } from "./read";
import type { GatewayRecord } from "./recorded";

/** A record, and where in a file the truth of it stands. */
export interface RecordedAt {
  readonly entry: Declared;
  readonly policy: PolicyDocument;
  readonly record: GatewayRecord;
  /** The containers beside the gateway. */
  readonly others: readonly Readonly<Record<string, unknown>>[];
  readonly block: Block;
  readonly plan: Plan;
}

type Rule = (at: RecordedAt) => string | undefined;

/** What is wrong with what a gateway was rendered from, or nothing. */
export function judgeRecord(at: RecordedAt): string | undefined {
  const rules = at.entry.kind === "part" ? PART_RULES : RULES;
  for (const rule of rules) {
    const wrong = rule(at);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** The server is told its port by a variable of its own container. */
const port: Rule = ({ others, record }) => {
  const server = others.find(({ name }) => name === GATEWAY.containers.server);
  if (server === undefined) return undefined;
  const told = list(server.environment)
    .map(data)
    .find(({ name }) => name === "PORT")?.value;
  return told === String(record.serverPort)
    ? undefined
    : `the server listens on ${String(told)}, and the gateway calls ${record.serverPort}`;
};

/** The resource of a type that the construct of a task definition has made, too. */
function besideTask(type: string, block: Block, plan: Plan): Block | undefined {
  const construct = block.path.replace(/\/[^/]*$/, "");
  return plan.blocks(type).find(({ path }) => isBelow(path, construct));
}

/** Tasks find each other by the name that Cloud Map gives them. */
const peers: Rule = ({ record, block, plan }) => {
  const { peersHostname } = record;
  const service = besideTask("aws_service_discovery_service", block, plan);
  if (service === undefined)
    return peersHostname === undefined ? undefined : "its tasks have no name to be found by";
  const own = `${String(service.body.name)}.`;
  if (peersHostname?.startsWith(own) !== true)
    return `its limits are not shared among the tasks of ${own.slice(0, -1)}`;
  const zone = plan.target(data(service.body.dns_config).namespace_id)?.body.name;
  return zone === undefined || isExpression(zone) || peersHostname === own + String(zone)
    ? undefined
    : `it looks for other tasks at ${peersHostname}, and they are at ${own}${String(zone)}`;
};

/** Limits are divided by as many tasks as autoscaling may start. */
const tasks: Rule = ({ record, block, plan }) => {
  const most = besideTask("aws_appautoscaling_target", block, plan)?.body.max_capacity;
  return typeof most !== "number" || most <= record.maxTasks ? undefined : tooMany(record, most);
};

function tooMany({ maxTasks }: Pick<GatewayRecord, "maxTasks">, most: number): string {
  return `limits are shared among ${maxTasks} tasks, and up to ${most} may run`;
}

/** The same of a service that somebody else has made: as many as it starts with, and as autoscaling may start. */
const tasksOfOwner: Rule = ({ record, block, plan }) => {
  for (const service of servicesRunning(block, plan)) {
    const [, target] = /^aws_ecs_service\.(.+)$/.exec(service.address) ?? [];
    const scaled = plan
      .blocks("aws_appautoscaling_target")
      .filter(({ body: { resource_id: id } }) => names(String(id), service, String(target)));
    const most = [service.body.desired_count, ...scaled.map(({ body }) => body.max_capacity)]
      .map(Number)
      .filter((count) => count > record.maxTasks);
    if (most.length > 0) return tooMany(record, Math.max(...most));
  }
  return undefined;
};

/** Whether an id of autoscaling, `service/CLUSTER/SERVICE`, is a service's. */
function names(id: string, { body }: Block, resource: string): boolean {
  return (
    (typeof body.name === "string" && id.endsWith(`/${body.name}`)) ||
    id.includes(`\${aws_ecs_service.${resource}.`)
  );
}

/** The load balancer sends it what it is made for. */
const address: Rule = ({ entry, policy, plan }) => {
  const { hostname, path, resource } = policy;
  if (resource !== `https://${hostname}${path}`) return `it says of itself that it is ${resource}`;
  const rules = plan
    .blocks("aws_lb_listener_rule")
    .filter((rule) => isBelow(rule.path, `${entry.path}/route`));
  for (const { body } of rules) {
    const conditions = list(body.condition).map(data);
    const values = (kind: string) => conditions.flatMap((one) => list(data(one[kind]).values)).map(String);
    const hosts = values("host_header").filter((host) => !isExpression(host));
    if (!isExpression(hostname) && hosts.some((host) => host !== hostname))
      return `the load balancer sends it ${hosts.join(", ")}, and it answers to ${hostname}`;
    const other = values("path_pattern").find((one) => one !== path && one !== resourceMetadataPath(path));
    if (other !== undefined) return `the load balancer sends it ${other}, and it serves ${path}`;
  }
  return undefined;
};

/** More calls of one address a minute than can be configured. */
const MOST_CALLS = 1_000_000;

/** What a configuration could not have asked for. */
const bounds: Rule = ({ policy, record }) => {
  const within = (name: string, value: unknown, min: number, max: number) =>
    typeof value === "number" && value >= min && value <= max ? undefined : `${name} is ${String(value)}`;
  const { maxBodyBytes, maxDepth, maxValues, messageTimeoutSeconds, limits, allowedOrigins } = policy;
  const origin = allowedOrigins.find((one) => !isExpression(one) && !/^https:\/\/[a-z0-9.:-]+$/.test(one));
  if (origin !== undefined) return `any page of ${origin} may call it`;
  return (
    within("requests a second", record.requestsPerSecond, 1, 100_000) ??
    within("memory of the gateway", record.memoryMib, 128, 8192) ??
    within("CPU of the gateway", record.cpuUnits, 128, 4096) ??
    within("the largest body", maxBodyBytes, 1, 1_048_576) ??
    within("the deepest message", maxDepth, 1, 64) ??
    within("the most values of a message", maxValues, 1, 100_000) ??
    within("the longest message", messageTimeoutSeconds, 1, 3600) ??
    within("calls of one address a minute", limits.callsPerMinutePerAddress, 1, MOST_CALLS)
  );
};

const RULES: readonly Rule[] = [port, peers, tasks, address, bounds];
/** The port, the names of tasks and the listener's rules are their owner's: he is asked for them, and nothing tells. */
const PART_RULES: readonly Rule[] = [tasksOfOwner, address, bounds];
