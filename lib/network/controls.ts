import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isProxyService } from "../egress/read";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";
import { endpointControls } from "./endpoint-controls";
import { onePathIn } from "./one-path-in";
import { partControls } from "./part-controls";
import { routesOut } from "./routes";

const RULES = ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"];

/** Blocks wider than this are meant for everybody, however they are cut. */
const WIDEST_PREFIX = 8;

const defaultGroupClosed: Control = {
  id: "network.default-group-closed",
  item: 11,
  says: "The default security group of a VPC of ours has no rules",
  why: "What forgets to name its group lands there, and AWS lets it talk to everything by default.",
  on: ["aws_vpc"],
  judge: (vpc, plan) => {
    const groups = plan.referring(vpc, "aws_default_security_group", "vpc_id");
    if (groups.length === 0)
      return fails("nothing takes the rules away that AWS puts into the default group");
    const open = groups.some(({ body }) => [body.ingress, body.egress].some(filled));
    if (open) return fails("the default group has rules");
    const rule = groups.flatMap((group) =>
      [...RULES, "aws_security_group_rule"].flatMap((type) =>
        plan.referring(group, type, "security_group_id"),
      ),
    )[0];
    return rule ? fails(`${rule.address} is a rule of the default group`) : HOLDS;
  },
  maps: { fsbp: ["EC2.2"], checkov: ["CKV2_AWS_12"] },
};

const flowLogs: Control = {
  id: "network.flow-logs",
  item: 10,
  says: "Every connection in a VPC of ours is recorded, accepted or refused",
  why: "Without flow logs nobody can tell afterwards who reached what.",
  on: ["aws_vpc"],
  // A network that is given keeps its own, or none: that is said.
  needed: true,
  judge: (vpc, plan) =>
    plan.referring(vpc, "aws_flow_log", "vpc_id").some(({ body }) => body.traffic_type === "ALL")
      ? HOLDS
      : fails("no flow log records all its traffic"),
  maps: { fsbp: ["EC2.6"], checkov: ["CKV2_AWS_11"], owasp: ["MCP08"] },
};

const rulesNarrow: Control = {
  id: "network.rules-narrow",
  item: 11,
  says: "Security groups are open to one TCP port and named peers; only a load balancer's 443 may be open to everybody",
  why: "A wide rule makes a way past the load balancer, the firewall and the gateway, or out with data.",
  on: RULES,
  judge: (rule, plan) => {
    const { body } = rule;
    if (body.ip_protocol !== "tcp") return fails(`it is open to protocol ${String(body.ip_protocol)}`);
    if (body.from_port === undefined || body.from_port !== body.to_port)
      return fails(`it is open to ports ${String(body.from_port)} to ${String(body.to_port)}`);
    const cidr = body.cidr_ipv4 ?? body.cidr_ipv6;
    if (cidr === undefined) return HOLDS;
    if (isExpression(cidr)) return unknown("its block is known only at deployment");
    if (Number(String(cidr).split("/")[1]) >= WIDEST_PREFIX) return HOLDS;
    return entersLoadBalancer(rule, plan) ? HOLDS : fails(`it is open to ${String(cidr)}`);
  },
  maps: { fsbp: ["EC2.18", "EC2.19"], checkov: ["CKV_AWS_260", "CKV_AWS_277", "CKV_AWS_382"] },
};

function entersLoadBalancer({ type, body }: Block, plan: Plan): boolean {
  const group = plan.target(body.security_group_id)?.address;
  const groups = plan.blocks("aws_lb").flatMap((lb) => texts(lb.body.security_groups));
  return (
    type === "aws_vpc_security_group_ingress_rule" &&
    body.from_port === 443 &&
    group !== undefined &&
    groups.some((reference) => plan.target(reference)?.address === group)
  );
}

const rulesExplained: Control = {
  id: "network.rules-explained",
  item: 11,
  says: "Every security group rule says why it is there",
  why: "A rule that nobody can explain is never taken away.",
  on: RULES,
  judge: ({ body }) =>
    typeof body.description === "string" && body.description.trim() !== ""
      ? HOLDS
      : fails("it has no description"),
  maps: { checkov: ["CKV_AWS_23"] },
};

const rulesInOnePlace: Control = {
  id: "network.rules-in-one-place",
  item: 11,
  says: "Security groups carry no rules of their own, and no rule is written in the older form",
  why: "Inline and old rules fight with single ones: Terraform takes rules away that others put there.",
  on: ["aws_security_group", "aws_security_group_rule"],
  judge: ({ type, body }) => {
    if (type === "aws_security_group_rule") return fails("it is an aws_security_group_rule");
    return filled(body.ingress) || filled(body.egress) ? fails("it has rules of its own") : HOLDS;
  },
};

const noPublicIp: Control = {
  id: "network.no-public-ip-on-launch",
  item: 11,
  says: "Nothing gets a public address because of its subnet",
  why: "An address on the internet is the first step past the load balancer.",
  on: ["aws_subnet"],
  judge: ({ body }) => {
    const { map_public_ip_on_launch: maps } = body;
    if (isExpression(maps)) return unknown("it is known only at deployment");
    return maps === true || maps === "true" ? fails("it gives public addresses") : HOLDS;
  },
  maps: { fsbp: ["EC2.15"], checkov: ["CKV_AWS_130"] },
};

const endpointPolicies: Control = {
  id: "network.endpoint-policies",
  item: 5,
  says: "Endpoints let through named resources, or this account alone",
  why: "By default an endpoint serves every account: data can leave with somebody else's credentials.",
  on: ["aws_vpc_endpoint"],
  judge: ({ body }) => {
    // One service of somebody else: AWS takes no policy for it, and nothing else lies behind it.
    if (/^com\.amazonaws\.vpce\.[^.]+\.vpce-svc-/.test(String(body.service_name))) return HOLDS;
    if (body.policy === undefined)
      return fails("it has no policy, which means all of the service for everybody");
    const policy = opened(body.policy);
    if (policy === undefined) return unknown("its policy is known only at deployment");
    const statements = blocksOf(blockAt(policy).Statement);
    if (statements.length === 0) return fails("its policy says nothing");
    const open = statements.find((each) => each.Effect === "Allow" && !bounded(each));
    return open ? fails(`statement ${String(open.Sid)} lets everybody through to everything`) : HOLDS;
  },
};

/** Whether a statement is for this account alone, or for named resources. */
function bounded(statement: Readonly<Record<string, unknown>>): boolean {
  const actions = texts(statement.Action);
  if (actions.length === 0 || actions.includes("*")) return false;
  const equals = blockAt(statement, "Condition", "StringEquals");
  if (equals["aws:PrincipalAccount"] !== undefined || equals["aws:ResourceAccount"] !== undefined)
    return true;
  const resources = texts(statement.Resource);
  return (
    resources.length > 0 &&
    !resources.some((resource) => /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*)$/.test(resource))
  );
}

const tasksHaveNoWayOut: Control = {
  id: "network.tasks-no-internet-route",
  item: 11,
  says: "The subnets of tasks have no route to the internet",
  why: "A task that can call out can send out what it reads, and fetch what it should not run.",
  on: ["aws_ecs_service"],
  judge: (service, plan) => {
    // The one kind of task that has a way out, to names on its list: judged by the egress controls.
    if (isProxyService(service, plan)) return HOLDS;
    const { subnets } = blockAt(service.body, "network_configuration");
    if (!Array.isArray(subnets)) return unknown("its subnets are known only at deployment");
    const findings = subnets.map((subnet) => routesOut(plan.target(subnet), plan));
    return worst(findings);
  },
};

function worst(findings: readonly Finding[]): Finding {
  return (
    findings.find((each) => each.holds === false) ?? findings.find((each) => each.holds !== true) ?? HOLDS
  );
}

/** Whether a field holds any block. */
function filled(value: unknown): boolean {
  return blocksOf(value).length > 0 || isExpression(value);
}

/** What must hold of the network in the final file. */
export const networkControls: readonly Control[] = [
  defaultGroupClosed,
  flowLogs,
  rulesNarrow,
  rulesExplained,
  rulesInOnePlace,
  noPublicIp,
  endpointPolicies,
  tasksHaveNoWayOut,
  onePathIn,
  ...partControls,
  ...endpointControls,
];
