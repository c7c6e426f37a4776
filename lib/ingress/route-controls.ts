import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isBelow, isOurs, ofOurs, serverOf } from "../checklist/engine";
import { resourceMetadataPath } from "../gateway/contract";
import { isExpression, type Block, type Plan } from "../terraform/plan";

const GATEWAY_TYPE = "aws_internet_gateway";

const scheme = ofOurs({
  id: "ingress.lb-stands-where-it-says",
  item: 11,
  says: "A load balancer says whether it is public, stands in two zones at least, and its subnets lead to the internet exactly where it is",
  why: "Left out, AWS makes it public. One that is not meant to be must not stand where a route waits for it.",
  on: ["aws_lb"],
  judge: ({ body }, plan) => {
    const { internal, subnets } = body;
    if (isExpression(internal)) return unknown("whether it is public is known only at deployment");
    if (typeof internal !== "boolean") return fails("nothing says that it is internal: AWS makes it public");
    if (isExpression(subnets)) return unknown("its subnets are known only at deployment");
    const places = texts(subnets);
    if (places.length < 2 || places.includes("*")) return fails("it stands in fewer than two zones");
    for (const place of places) {
      const subnet = plan.target(place);
      if (!subnet || !isOurs(subnet, plan)) continue;
      const finding = judgeSubnet(subnet, internal, plan);
      if (finding.holds !== true) return finding;
    }
    return HOLDS;
  },
  maps: { owasp: ["MCP07"] },
});

function judgeSubnet(subnet: Block, internal: boolean, plan: Plan): Finding {
  const gateway = gatewayOf(subnet, plan);
  if (internal)
    return gateway ? fails(`it is internal, and ${subnet.address} leads to ${gateway.address}`) : HOLDS;
  if (!gateway) return fails(`it is public, and ${subnet.address} has no route to an internet gateway`);
  return texts(subnet.body.depends_on).includes(`${gateway.type}.${gateway.name}`)
    ? HOLDS
    : fails(`${subnet.address} does not wait for ${gateway.address}, without which AWS makes no public one`);
}

/** The internet gateway that a subnet's own table leads to, where it is attached to the subnet's network. */
function gatewayOf(subnet: Block, plan: Plan): Block | undefined {
  return plan
    .referring(subnet, "aws_route_table_association", "subnet_id")
    .flatMap(({ body }) => plan.target(body.route_table_id) ?? [])
    .flatMap((table) => plan.referring(table, "aws_route", "route_table_id"))
    .filter(({ body }) => body.destination_cidr_block === "0.0.0.0/0")
    .flatMap(({ body }) => plan.target(body.gateway_id) ?? [])
    .find(
      ({ type, body }) =>
        type === GATEWAY_TYPE && plan.target(body.vpc_id) === plan.target(subnet.body.vpc_id),
    );
}

const ownRules = ofOurs({
  id: "ingress.rules-lead-to-their-server",
  item: 11,
  says: "A server's rules forward its own host and paths, all of them, to its own targets",
  why: "A rule that leads elsewhere hands one server's clients, and their keys, to another; a path that is missing is a server that is down.",
  on: ["aws_lb_listener_rule"],
  judge: (rule, plan) => {
    const entry = serverOf(rule, plan);
    if (entry === undefined) return HOLDS;
    const actions = blocksOf(rule.body.action);
    const [action] = actions;
    if (actions.length !== 1 || action?.type !== "forward")
      return fails("it does more than forward, or nothing");
    const targets = plan.target(action.target_group_arn);
    if (!targets)
      return isExpression(action.target_group_arn)
        ? unknown("where it forwards to is known only at deployment")
        : fails("it forwards to nothing");
    if (!isBelow(targets.path, entry.path))
      return fails(`it forwards to ${targets.address}, of another server`);
    return judgePaths(rule, entry.policy);
  },
  maps: { owasp: ["MCP07"] },
});

function judgePaths({ body }: Block, { hostname, path }: { hostname: string; path: string }): Finding {
  const conditions = blocksOf(body.condition);
  const values = (kind: string) => conditions.flatMap((each) => texts(blockAt(each, kind).values));
  const hosts = values("host_header");
  if (!isExpression(hostname) && hosts.some((host) => !isExpression(host) && host !== hostname))
    return fails(`it is for the host ${hosts.join(", ")}, and its server is ${hostname}`);
  // Rules for single tools are for calls alone.
  const isForTools = conditions.some((each) => blocksOf(each.http_header).length > 0);
  const needed = isForTools ? [path] : [path, resourceMetadataPath(path)];
  const missing = needed.find((one) => !values("path_pattern").includes(one));
  if (missing !== undefined) return fails(`it leaves out ${missing}`);
  const other = values("path_pattern").find((one) => ![...needed, resourceMetadataPath("")].includes(one));
  return other === undefined ? HOLDS : fails(`it lets in ${other}, which its server does not serve`);
}

/** Controls of the way to the load balancer, and from it to each server. */
export const routeControls: readonly Control[] = [scheme, ownRules];
