import { Lb } from "@cdktf/provider-aws/lib/lb";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { Connection } from "../../lib/network/connection";
import { networkControls } from "../../lib/network/controls";
import { endpointControls } from "../../lib/network/endpoint-controls";
import { partControls } from "../../lib/network/part-controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthPlan } from "../support/plan";
import { makeNetwork } from "./fixture";
import { failWhenBroken, holdAsBuilt } from "../support/control-tests";

const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";
type Body = Record<string, unknown>;

/** A network with a public load balancer, and a task that it and nobody else reaches. */
const plan = synthPlan((stack) => {
  const { network, on } = makeNetwork(stack);
  const group = (id: string) =>
    new SecurityGroup(stack, id, { name: id, description: id, vpcId: network.vpcId });
  const [edge, task] = [group("edge"), group("task")];
  new Lb(stack, "lb", { subnets: network.loadBalancerSubnetIds, securityGroups: [edge.id] });
  new EcsService(stack, "service", {
    name: "orders",
    networkConfiguration: { subnets: network.taskSubnetIds, securityGroups: [task.id] },
  });
  const connect = (
    id: string,
    from: ConstructorParameters<typeof Connection>[2]["from"],
    to: typeof from,
    port: number,
  ) => new Connection(stack, id, { on, from, to, port, because: "it is asked for" });
  connect("clients", { cidr: "0.0.0.0/0" }, { securityGroupId: edge.id }, 443);
  connect("forward", { securityGroupId: edge.id }, { securityGroupId: task.id }, 8443);
  connect("endpoints", { securityGroupId: task.id }, network.endpoints, 443);
  connect("s3", { securityGroupId: task.id }, { prefixListId: network.endpoints.s3PrefixListId }, 443);
  connect("warehouse", { securityGroupId: task.id }, { cidr: "10.60.0.0/24" }, 443);
});

holdAsBuilt(networkControls, plan);

const toTask = (body: Body) => body.from_port === 8443;
/** A rule for a group becomes one for addresses. */
const widen = (body: Body) => {
  delete body.referenced_security_group_id;
  body.cidr_ipv4 = "10.0.0.0/8";
};
const toEverybody = (body: Body) => body.cidr_ipv4 === "0.0.0.0/0";

/** The plan with another resource. */
function having(type: string, body: Body, from: Plan = plan): Plan {
  const source = structuredClone(from.source) as { resource: Record<string, Record<string, unknown>> };
  source.resource[type] = { ...source.resource[type], added: body };
  return new Plan(source as unknown as TerraformJson);
}

/** A route in a table of the tasks. */
function routed(route: Body): Plan {
  const table = plan.blocks("aws_route_table").find(({ address }) => address.includes("_private_"));
  return having("aws_route", { route_table_id: "${" + `${table?.address}.id` + "}", ...route });
}

/** The policy of endpoints, changed by `change` statement by statement. */
function policed(change: (statement: Body) => void): Plan {
  return changed(plan, "aws_vpc_endpoint", (body) => {
    const policy = JSON.parse(String(body.policy)) as { Statement: Body[] };
    policy.Statement.forEach(change);
    body.policy = JSON.stringify(policy);
  });
}

const broken: [string, string, () => Plan][] = [
  [
    "network.default-group-closed",
    "nothing takes the rules away",
    () => without(plan, "aws_default_security_group"),
  ],
  [
    "network.default-group-closed",
    "has rules",
    () => changed(plan, "aws_default_security_group", (body) => (body.egress = [{ protocol: "-1" }])),
  ],
  ["network.flow-logs", "no flow log", () => without(plan, "aws_flow_log")],
  [
    "network.flow-logs",
    "no flow log",
    () => changed(plan, "aws_flow_log", (body) => (body.traffic_type = "REJECT")),
  ],
  [
    "network.rules-narrow",
    "protocol -1",
    () => changed(plan, EGRESS, (body) => (body.ip_protocol = "-1"), toTask),
  ],
  [
    "network.rules-narrow",
    "ports 0 to 8443",
    () => changed(plan, INGRESS, (body) => (body.from_port = 0), toTask),
  ],
  [
    "network.rules-narrow",
    "ports undefined",
    () =>
      changed(plan, INGRESS, (body) => {
        delete body.from_port;
        delete body.to_port;
      }),
  ],
  [
    "network.rules-narrow",
    "open to 0.0.0.0/0",
    () => changed(plan, INGRESS, (body) => (body.cidr_ipv4 = "0.0.0.0/0"), toTask),
  ],
  [
    "network.rules-narrow",
    "open to 128.0.0.0/1",
    () => changed(plan, INGRESS, (body) => (body.cidr_ipv4 = "128.0.0.0/1"), toTask),
  ],
  [
    "network.rules-narrow",
    "open to ::/0",
    () => changed(plan, EGRESS, (body) => (body.cidr_ipv6 = "::/0"), toTask),
  ],
  [
    "network.rules-narrow",
    "open to 0.0.0.0/0",
    () =>
      changed(
        plan,
        EGRESS,
        (body) => (body.cidr_ipv4 = "0.0.0.0/0"),
        (body) => body.cidr_ipv4 === "10.60.0.0/24",
      ),
  ],
  [
    "network.rules-narrow",
    "open to 0.0.0.0/0",
    () =>
      changed(
        plan,
        INGRESS,
        (body) => {
          body.from_port = 80;
          body.to_port = 80;
        },
        toEverybody,
      ),
  ],
  [
    "network.rules-explained",
    "no description",
    () => changed(plan, EGRESS, (body) => delete body.description),
  ],
  [
    "network.rules-explained",
    "no description",
    () => changed(plan, INGRESS, (body) => (body.description = " ")),
  ],
  [
    "network.rules-in-one-place",
    "rules of its own",
    () => changed(plan, "aws_security_group", (body) => (body.ingress = [{ from_port: 22 }])),
  ],
  [
    "network.rules-in-one-place",
    "aws_security_group_rule",
    () => having("aws_security_group_rule", { type: "ingress" }),
  ],
  [
    "network.no-public-ip-on-launch",
    "gives public addresses",
    () => changed(plan, "aws_subnet", (body) => (body.map_public_ip_on_launch = true)),
  ],
  [
    "network.endpoint-policies",
    "no policy",
    () => changed(plan, "aws_vpc_endpoint", (body) => delete body.policy),
  ],
  ["network.endpoint-policies", "lets everybody through", () => policed((each) => delete each.Condition)],
  ["network.endpoint-policies", "lets everybody through", () => policed((each) => (each.Action = "*"))],
  [
    "network.endpoint-policies",
    "lets everybody through",
    () =>
      policed((each) => {
        delete each.Condition;
        each.Resource = "arn:aws:s3:::*";
      }),
  ],
  [
    "network.endpoint-policies",
    "says nothing",
    () => changed(plan, "aws_vpc_endpoint", (body) => (body.policy = '{"Statement":[]}')),
  ],
  [
    "network.tasks-no-internet-route",
    "has a route to 0.0.0.0/0",
    () => routed({ destination_cidr_block: "0.0.0.0/0", nat_gateway_id: "nat-1" }),
  ],
  [
    "network.tasks-no-internet-route",
    "has a route to 8.8.8.0/24",
    () => routed({ destination_cidr_block: "8.8.8.0/24" }),
  ],
  [
    "network.tasks-no-internet-route",
    "has a route to ::/0",
    () => routed({ destination_ipv6_cidr_block: "::/0" }),
  ],
  [
    "network.tasks-no-internet-route",
    "has a route to 0.0.0.0/0",
    () => changed(plan, "aws_route_table", (body) => (body.route = [{ cidr_block: "0.0.0.0/0" }])),
  ],
  [
    "network.tasks-no-internet-route",
    "has a route to 0.0.0.0/0",
    () => {
      const subnet = plan.blocks("aws_subnet").find(({ address }) => address.includes("_public_"));
      return changed(plan, "aws_ecs_service", (body) => {
        body.network_configuration = { subnets: ["${" + `${subnet?.address}.id` + "}"] };
      });
    },
  ],
  // Its classes are in test/terraform/graph; here, that the rules of this network count.
  [
    "network.one-path-in",
    "there is a way past the gateway: any address in aws_vpc.",
    () => changed(plan, INGRESS, widen, toTask),
  ],
];

// Those of parts and endpoints of ours have theirs in part-controls.test.ts.
const here = networkControls.filter((one) => ![...partControls, ...endpointControls].includes(one));
failWhenBroken(networkControls, broken, here);

test("a route inside stays a route inside", () => {
  const inside = routed({ destination_cidr_block: "10.60.0.0/16", transit_gateway_id: "tgw-1" });
  expect(judge(named(networkControls, "network.tasks-no-internet-route"), inside)).toEqual([{ holds: true }]);
});

describe("what is known only at deployment is unknown, never held", () => {
  const subnets = (value: unknown) =>
    changed(plan, "aws_ecs_service", (body) => (body.network_configuration = { subnets: value }));
  test.each<[string, () => Plan]>([
    ["network.tasks-no-internet-route", () => subnets("${var.subnets}")],
    ["network.tasks-no-internet-route", () => subnets(["${var.subnet}"])],
    ["network.tasks-no-internet-route", () => without(plan, "aws_route_table_association")],
    ["network.tasks-no-internet-route", () => routed({ destination_cidr_block: "${var.block}" })],
    [
      "network.rules-narrow",
      () => changed(plan, INGRESS, (body) => (body.cidr_ipv4 = "${var.block}"), toEverybody),
    ],
    [
      "network.no-public-ip-on-launch",
      () => changed(plan, "aws_subnet", (body) => (body.map_public_ip_on_launch = "${var.x}")),
    ],
    [
      "network.endpoint-policies",
      () => changed(plan, "aws_vpc_endpoint", (body) => (body.policy = "${var.policy}")),
    ],
  ])("%s", (id, later) => {
    const holds = judge(named(networkControls, id), later()).map((finding) => finding.holds);
    expect(holds).toContain("unknown");
    expect(holds).not.toContain(false);
  });
});
