import { blockAt, blocksOf } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isBelow } from "../checklist/engine";
import { isExpression, opened } from "../terraform/plan";
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

/** Of the fields of a rule that let a port in, which port that may be. */
function opens(rule: Readonly<Record<string, unknown>>, port: number): boolean {
  const { from_port: from, to_port: to, ip_protocol: all = rule.protocol } = rule;
  return String(all) === "-1" || (Number(from) <= port && port <= Number(to));
}

const closedPast: Control = {
  id: "gateway.server-closed",
  item: 11,
  says: "The group of somebody's tasks with a gateway lets nobody in on the port that the server listens on",
  why: "A container of such a task can be called on every port that its group opens, whatever its definition says: past the gateway.",
  on: ["aws_ecs_service"],
  judge: ({ body }, plan) => {
    const task = plan.target(body.task_definition);
    const part = task && partHeldBy(task, plan);
    const [record] = part?.gateways ?? [];
    if (record === undefined) return HOLDS;
    const ids = blockAt(body, "network_configuration").security_groups;
    const groups = (Array.isArray(ids) ? ids : []).map((id) => plan.target(id));
    for (const group of groups) {
      if (group === undefined) continue;
      const inside = [
        ...blocksOf(group.body.ingress),
        ...plan
          .referring(group, "aws_vpc_security_group_ingress_rule", "security_group_id")
          .map((rule) => rule.body),
        ...plan
          .referring(group, "aws_security_group_rule", "security_group_id")
          .map((rule) => rule.body)
          .filter(({ type }) => type === "ingress"),
      ];
      if (inside.some((rule) => opens(rule, record.serverPort)))
        return fails(`${group.address} lets callers in on port ${record.serverPort}, past the gateway`);
    }
    return groups.length === 0 || groups.includes(undefined)
      ? unknown("a group of its tasks is not in this file")
      : HOLDS;
  },
  maps: { owasp: ["MCP07", "MCP09"] },
};

/** Controls of gateways that stand in a task of somebody else. */
export const gatewayPartControls: readonly Control[] = [placed, balanced, closedPast];
