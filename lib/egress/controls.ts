import { isDeepStrictEqual } from "node:util";
import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { parseCidr } from "../network/cidr";
import { PUBLIC_BLOCKS } from "../network/public-blocks";
import { ALARM_TAGS } from "../alarms/names";
import { bootstrapOf } from "../gateway/envoy-process";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { EGRESS_ALARMS } from "./alarms";
import { egressContainer } from "./container";
import { EGRESS } from "./contract";
import { isDomain } from "./domains";
import { renderEgress } from "./envoy";
import { groupsOf, isProxyService, proxyOf, proxyServices } from "./read";

const TASK = "aws_ecs_task_definition";
const SERVICE = "aws_ecs_service";
const LEAVES = "aws_vpc_security_group_egress_rule";
const ENTERS = "aws_vpc_security_group_ingress_rule";

const proxyAsRendered: Control = {
  id: "egress.proxy-as-rendered",
  item: 5,
  says: "An egress proxy does what its list of names makes, and nothing else",
  why: "One filter less, and the proxy is a way out to anywhere, or into the network.",
  on: [TASK],
  judge: (definition) => {
    const container = proxyOf(definition);
    if (container === undefined) return HOLDS;
    const bootstrap = bootstrapOf(container);
    if (bootstrap === undefined) return fails("its configuration cannot be read");
    const [outside, inside] = blocksOf(blockAt(bootstrap, "static_resources").listeners);
    const domains = texts(blockAt(inside, "filter_chains", "filter_chain_match").server_names);
    if (domains.length === 0 || !domains.every(isDomain)) return fails("it has no list of names");
    const server = String(blockAt(logOf(outside), "log_format", "json_format").server);
    if (!isDeepStrictEqual(bootstrap, { ...renderEgress({ server, domains }) }))
      return fails(`it is not what its ${domains.length} names render`);
    const options = blockAt(container, "logConfiguration", "options");
    const expected = egressContainer({
      image: String(container.image) as never,
      bootstrap,
      logGroupName: String(options["awslogs-group"]),
      region: String(options["awslogs-region"]),
    });
    const started = { ...container, command: withoutBootstrap(container.command) };
    return isDeepStrictEqual(started, { ...expected, command: withoutBootstrap(expected.command) })
      ? HOLDS
      : fails("its container is started in another way");
  },
  maps: { owasp: ["MCP02", "MCP07"] },
};

/** A command line but for the configuration in it, whose text may be written in another order. */
function withoutBootstrap(command: unknown): readonly string[] {
  return texts(command).map((word, index, words) => (words[index - 1] === "--config-yaml" ? "" : word));
}

/** The log of the outer listener. */
function logOf(outside: Fields | undefined): Fields {
  return blockAt(outside, "filter_chains", "filters", "typed_config", "access_log", "typed_config");
}

const proxyWithoutRights: Control = {
  id: "egress.proxy-without-rights",
  item: 5,
  says: "An egress proxy has no rights in AWS",
  why: "What stands between a server and the internet is the first to be attacked.",
  on: [TASK],
  judge: (definition, plan) => {
    if (proxyOf(definition) === undefined) return HOLDS;
    const role = plan.target(definition.body.task_role_arn);
    if (!role) return unknown("its role is not in this stack");
    const rights = ["aws_iam_role_policy", "aws_iam_role_policy_attachment"].flatMap((type) =>
      plan.referring(role, type, "role"),
    );
    return rights.length === 0 ? HOLDS : fails(`its role has ${rights[0]?.address}`);
  },
};

const ownServerOnly: Control = {
  id: "egress.own-server-only",
  item: 11,
  says: "An egress proxy is entered by the tasks of one server, on one port",
  why: "Whoever else may enter reaches what that server may reach.",
  on: [SERVICE],
  judge: (service, plan) => {
    if (!isProxyService(service, plan)) return HOLDS;
    const groups = groupsOf(service, plan);
    if (groups.length !== 1) return fails(`it is in ${groups.length} groups`);
    const rules = plan
      .blocks(ENTERS)
      .filter(({ body }) => addressOf(body.security_group_id, plan) === groups[0]);
    const wrong = rules.find(
      ({ body }) =>
        body.referenced_security_group_id === undefined ||
        body.from_port !== EGRESS.port ||
        body.to_port !== EGRESS.port,
    );
    if (wrong) return fails(`${wrong.address} lets in others than tasks, or on another port`);
    return rules.length <= 1 ? HOLDS : fails(`${rules.length} groups may enter`);
  },
  maps: { owasp: ["MCP07"] },
};

const publicByProxyOnly: Control = {
  id: "egress.public-by-proxy-only",
  item: 11,
  says: "No security group but an egress proxy's lets anything out to public addresses, and that on 443",
  why: "A task that calls out by itself calls whomever it likes.",
  on: [LEAVES],
  judge: (rule, plan) => {
    const list = plan.target(rule.body.prefix_list_id);
    if (list?.type !== "aws_ec2_managed_prefix_list" || !isWide(list)) return HOLDS;
    const group = addressOf(rule.body.security_group_id, plan);
    const proxies = proxyServices(plan);
    const others = plan.blocks(SERVICE).filter((service) => !proxies.includes(service));
    const inGroup = (services: readonly Block[]) =>
      services.some((service) => groupsOf(service, plan).some((one) => one === group));
    if (!inGroup(proxies) || inGroup(others)) return fails("its group is not a proxy's alone");
    return rule.body.from_port === EGRESS.targetPort && rule.body.to_port === EGRESS.targetPort
      ? HOLDS
      : fails(`it opens port ${String(rule.body.from_port)}`);
  },
};

function addressOf(reference: unknown, plan: Plan): unknown {
  return plan.target(reference)?.address ?? reference;
}

/** Whether a prefix list holds a block of more than one network. Unreadable entries count as wide. */
function isWide(list: Block): boolean {
  const entries = blocksOf(list.body.entry);
  return entries.length === 0 || entries.some(({ cidr }) => !((parseCidr(String(cidr))?.prefix ?? 0) >= 8));
}

const publicListClean: Control = {
  id: "egress.public-list-clean",
  item: 11,
  says: "The list of public addresses holds no private one, nor the metadata service's",
  why: "A public name can lead to a private address: the group is the second lock behind the proxy's own.",
  on: ["aws_ec2_managed_prefix_list"],
  judge: (list) => {
    if (isExpression(list.body.entry)) return unknown("its entries are known only at deployment");
    if (!isWide(list)) return HOLDS;
    const foreign = blocksOf(list.body.entry).find(({ cidr }) => !PUBLIC_BLOCKS.includes(String(cidr)));
    return foreign ? fails(`it holds ${String(foreign.cidr)}`) : HOLDS;
  },
};

const natForProxiesOnly: Control = {
  id: "egress.nat-for-proxies-only",
  item: 11,
  says: "Nothing but egress proxies stands where a NAT gateway leads out",
  why: "A route is a way out for whatever stands in its subnet, whoever put it there.",
  on: ["aws_nat_gateway"],
  judge: (gateway, plan) => {
    const subnets = subnetsBehind(gateway, plan);
    const stands = (reference: unknown) => subnets.includes(String(addressOf(reference, plan)));
    const residents = plan.all.filter((block) => inhabits(block).some(stands));
    const foreign = residents.find(
      (block) =>
        block.type !== "aws_route_table_association" &&
        !(block.type === SERVICE && isProxyService(block, plan)),
    );
    return foreign ? fails(`${foreign.address} stands there too`) : HOLDS;
  },
};

/** Subnets whose table has a route to this gateway. */
function subnetsBehind(gateway: Block, plan: Plan): string[] {
  const tables = plan
    .referring(gateway, "aws_route", "nat_gateway_id")
    .map(({ body }) => plan.target(body.route_table_id));
  return tables.flatMap((table) =>
    table === undefined
      ? []
      : plan
          .referring(table, "aws_route_table_association", "route_table_id")
          .map(({ body }) => String(addressOf(body.subnet_id, plan))),
  );
}

/** Every field by which a resource stands in subnets. */
function inhabits({ body }: Block): readonly unknown[] {
  return [
    body.subnet_id,
    ...texts(body.subnet_ids),
    ...texts(body.subnets),
    ...texts(blockAt(body, "network_configuration").subnets),
    ...texts(blockAt(body, "vpc_config").subnet_ids),
  ].filter((each) => each !== undefined);
}

const proxyWatched: Control = {
  id: "egress.watched",
  item: 13,
  says: "Every egress proxy has its alarms",
  why: "A refused connection is the first sign of code that was changed or talked into something.",
  on: [SERVICE],
  judge: (service, plan) => {
    if (!isProxyService(service, plan)) return HOLDS;
    const alarms = plan.blocks("aws_cloudwatch_metric_alarm");
    const own = alarms.find(({ body }) => blockAt(body, "dimensions").ServiceName === service.body.name);
    const tag = (alarm: Block | undefined, name: string) => blockAt(alarm?.body, "tags")[name];
    const server = tag(own, ALARM_TAGS.server);
    const there = alarms
      .filter((alarm) => tag(alarm, ALARM_TAGS.server) === server)
      .map((alarm) => tag(alarm, ALARM_TAGS.id));
    const missing = EGRESS_ALARMS.map(({ id }) => id).filter(
      (id) => own === undefined || !there.includes(id),
    );
    return missing.length === 0 ? HOLDS : fails(`it lacks ${missing.join(", ")}`);
  },
};

/** What must hold of egress proxies in the final file. */
export const egressControls: readonly Control[] = [
  proxyAsRendered,
  proxyWithoutRights,
  ownServerOnly,
  publicByProxyOnly,
  publicListClean,
  natForProxiesOnly,
  proxyWatched,
];
