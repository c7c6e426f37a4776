import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isBelow } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { GATEWAY } from "./contract";
import { gatewayParts, partHeldBy, tasksHolding } from "./part-of";

const placed: Control = {
  id: "gateway.placed",
  item: 10,
  says: "The record of a gateway on its own is written by one: its container stands in a task definition of the same file",
  why: "One that stands nowhere, or that nobody can read, records and protects nothing, and all of its own controls are silent.",
  on: ["aws_cloudwatch_log_group"],
  judge: ({ path }, plan) => {
    const part = gatewayParts(plan).find((each) => isBelow(path, `${each.path}/logs/audit`));
    if (part === undefined) return HOLDS;
    if (tasksHolding(part.path, plan).length > 0) return HOLDS;
    const closed = plan
      .blocks("aws_ecs_task_definition")
      .some(({ body }) => opened(body.container_definitions) === undefined);
    return closed
      ? unknown(
          "containers of a task definition cannot be read before deployment: use containerDefinitions()",
        )
      : fails("no task definition of this file holds its gateway");
  },
  maps: { owasp: ["MCP07", "MCP08"] },
};

const balanced: Control = {
  id: "gateway.only-target",
  item: 12,
  says: "A service that runs somebody's task with a gateway is reached through the gateway's port alone",
  why: "A load balancer that knows another container sends calls past every check.",
  on: ["aws_ecs_service"],
  judge: ({ body }, plan) => {
    const task = plan.target(body.task_definition);
    if (task === undefined || partHeldBy(task, plan) === undefined) return HOLDS;
    for (const { container_name: container, container_port: port } of blocksOf(body.load_balancer)) {
      if (isExpression(container) || isExpression(port))
        return unknown("its target is known only at deployment");
      if (container !== GATEWAY.containers.gateway || Number(port) !== GATEWAY.port)
        return fails(`a load balancer reaches ${String(container)} on port ${String(port)}`);
    }
    return HOLDS;
  },
  maps: { owasp: ["MCP07"] },
};

/** Whether a rule lets callers in on a port; `later` where only Terraform knows. */
function opens(rule: Fields, port: number): boolean | "later" {
  const { from_port: from, to_port: to, ip_protocol: all = rule.protocol } = rule;
  if ([from, to, all].some(isExpression)) return "later";
  return ["-1", "all"].includes(String(all)) || (Number(from) <= port && port <= Number(to));
}

/** Where a rule may let callers in by what they are and not by a group that they are in. */
const ADDRESSES = [
  "cidr_ipv4",
  "cidr_ipv6",
  "prefix_list_id",
  "cidr_blocks",
  "ipv6_cidr_blocks",
  "prefix_list_ids",
];

/** Whether a rule lets in who is in a group, and nobody by an address. */
function byGroup(rule: Fields): boolean {
  return ADDRESSES.every((field) => {
    const value = rule[field];
    return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  });
}

/** Every rule by which a group lets somebody in, its own and those that others have added. */
function waysIn(group: Block, plan: Plan): readonly Fields[] {
  const added = (type: string) => plan.referring(group, type, "security_group_id").map(({ body }) => body);
  return [
    ...blocksOf(group.body.ingress),
    ...added("aws_vpc_security_group_ingress_rule"),
    ...added("aws_security_group_rule").filter(({ type }) => type === "ingress"),
  ];
}

const closedPast: Control = {
  id: "gateway.server-closed",
  item: 11,
  says: "The group of somebody's tasks with a gateway lets nobody in on the server's port, and the load balancer's group alone on the gateway's",
  why: "Every port that the group opens can be called, whatever the task says: past the gateway, or past the load balancer, whose word on addresses and certificates the gateway takes.",
  on: ["aws_ecs_service"],
  judge: ({ body }, plan) => {
    const task = plan.target(body.task_definition);
    const part = task && partHeldBy(task, plan);
    const [record] = part?.gateways ?? [];
    if (record === undefined) return HOLDS;
    const { security_groups: ids } = blockAt(body, "network_configuration");
    if (ids === undefined || (Array.isArray(ids) && ids.length === 0))
      return fails("its tasks are in the default group of their network, whose members all reach each other");
    const groups = (Array.isArray(ids) ? ids : []).map((id) => plan.target(id));
    const rules = groups.flatMap((group) =>
      group === undefined ? [] : waysIn(group, plan).map((rule) => [group, rule] as const),
    );
    const { serverPort } = record;
    const past = rules.find(([, rule]) => opens(rule, serverPort) === true);
    if (past !== undefined)
      return fails(`${past[0].address} lets callers in on port ${serverPort}, past the gateway`);
    const around = rules.find(([, rule]) => opens(rule, GATEWAY.port) === true && !byGroup(rule));
    if (around !== undefined)
      return fails(`${around[0].address} lets addresses in on port ${GATEWAY.port}, past the load balancer`);
    if (groups.length === 0 || groups.includes(undefined))
      return unknown("a group of its tasks is not in this file");
    return rules.some(([, rule]) => opens(rule, serverPort) === "later")
      ? unknown("a rule's ports are known only at deployment")
      : HOLDS;
  },
  maps: { owasp: ["MCP07", "MCP09"] },
};

/** Whom a secret's own policy gives the right to read it. */
function readersOf(secret: Block, plan: Plan): readonly string[] | undefined {
  const [policy] = plan.referring(secret, "aws_secretsmanager_secret_policy", "secret_arn");
  const document = opened(policy?.body.policy);
  if (document === undefined) return undefined;
  return blocksOf(blockAt(document).Statement)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Principal }) => texts(blockAt(Principal).AWS));
}

const startable: Control = {
  id: "gateway.starter-named",
  item: 6,
  says: "The role that starts somebody's task with a gateway is the one that its secrets let read them",
  why: "Everybody else is denied them: tasks of another role never start, which shows at the next deployment.",
  on: ["aws_ecs_task_definition"],
  judge: (block, plan) => {
    if (partHeldBy(block, plan) === undefined) return HOLDS;
    const [role] = texts(block.body.execution_role_arn);
    const gateway = blocksOf(opened(block.body.container_definitions)).find(
      ({ name }) => name === GATEWAY.containers.gateway,
    );
    const key = blocksOf(gateway?.secrets).find(({ name }) => name === GATEWAY.env.tlsKey);
    const secret = plan.target(/^\$\{[^}]+\}/.exec(String(key?.valueFrom))?.[0]);
    const readers = secret && readersOf(secret, plan);
    if (role === undefined || readers === undefined)
      return fails("no role is named that may read its secrets");
    if (readers.includes(role)) return HOLDS;
    return isExpression(role) || readers.some(isExpression)
      ? unknown("whether its role is a reader of its secrets is known only at deployment")
      : fails(`${role} starts it, and its secrets are for ${readers.join(", ") || "nobody"}`);
  },
};

/** Controls of gateways that stand in a task of somebody else. */
export const gatewayPartControls: readonly Control[] = [placed, startable, balanced, closedPast];
