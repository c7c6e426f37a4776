import { embedded, type Block } from "../../lib/terraform/plan";
import { EGRESS_ALARMS } from "../../lib/egress/alarms";
import { goodConfig, goodServer } from "../support/config";
import { egressPlan } from "./fixture";

const plan = egressPlan();
const named = (type: string, end: string): Block => {
  const found = plan.blocks(type).filter(({ body }) => String(body.name ?? body.family).endsWith(end));
  expect(found).toHaveLength(1);
  return found[0] as Block;
};

test("a server that names domains has a proxy of its own, others have none", () => {
  const services = plan.blocks("aws_ecs_service").map(({ body }) => body.name);
  expect([...services].sort()).toEqual(
    ["mail", "mail-egress", "notes", "orders", "orders-egress"].map((name) => `acme-test-${name}`),
  );
});

test("nothing is made where nothing is asked for", () => {
  const without = egressPlan({ network: goodConfig().network, servers: { notes: goodServer() } });
  expect(without.blocks("aws_nat_gateway", "aws_eip", "aws_ec2_managed_prefix_list")).toEqual([]);
  expect(without.blocks("aws_ecs_service")).toHaveLength(1);
});

test("proxies stand in subnets of their own, behind a NAT gateway of the zone; tasks have no route", () => {
  const { subnets } = named("aws_ecs_service", "orders-egress").body.network_configuration as {
    subnets: string[];
  };
  const zones = subnets.map((id) => {
    const subnet = plan.target(id) as Block;
    const [association] = plan.referring(subnet, "aws_route_table_association", "subnet_id");
    const table = plan.target(association?.body.route_table_id) as Block;
    const [route, ...more] = plan.referring(table, "aws_route", "route_table_id");
    expect(more).toEqual([]);
    const gateway = plan.target(route?.body.nat_gateway_id) as Block;
    return [
      subnet.body.cidr_block,
      subnet.body.availability_zone,
      plan.target(gateway.body.subnet_id)?.body.availability_zone,
    ];
  });
  expect(zones).toEqual([
    ["10.40.14.0/26", "eu-west-1a", "eu-west-1a"],
    ["10.40.14.64/26", "eu-west-1b", "eu-west-1b"],
  ]);
  const routes = plan.blocks("aws_route").filter(({ body }) => body.nat_gateway_id !== undefined);
  expect(routes).toHaveLength(2);
});

test("one gateway is enough where that is asked for, and each zone's route leads to it", () => {
  const network = { ...goodConfig().network, egress: { natGateways: "one" } } as never;
  const one = egressPlan({ network });
  expect(one.blocks("aws_nat_gateway")).toHaveLength(1);
  const routes = one.blocks("aws_route").filter(({ body }) => body.nat_gateway_id !== undefined);
  expect(new Set(routes.map(({ body }) => body.nat_gateway_id)).size).toBe(1);
  expect(routes).toHaveLength(2);
});

test("a proxy's group is entered by its server on one port, and leads to endpoints, S3 and public addresses on 443", () => {
  const group = named("aws_security_group", "orders-egress");
  const rules = (type: string) => plan.referring(group, type, "security_group_id").map(({ body }) => body);
  expect(
    rules("aws_vpc_security_group_ingress_rule").map((body) => [
      plan.target(body.referenced_security_group_id)?.body.name,
      body.from_port,
    ]),
  ).toEqual([["acme-test-orders-task", 3128]]);
  expect(rules("aws_vpc_security_group_egress_rule").map(({ from_port }) => from_port)).toEqual([
    443, 443, 443,
  ]);
  const task = named("aws_security_group", "orders-task");
  const ways = plan
    .referring(task, "aws_vpc_security_group_egress_rule", "security_group_id")
    .map(({ body }) => [plan.target(body.referenced_security_group_id)?.body.name ?? "list", body.from_port]);
  expect(ways.sort()).toEqual([
    ["acme-test-endpoints", 443],
    ["acme-test-orders-egress", 3128],
    ["list", 443],
  ]);
});

test("a proxy may do nothing in AWS, and ECS for it only what it starts with", () => {
  const definition = named("aws_ecs_task_definition", "orders-egress");
  const task = plan.target(definition.body.task_role_arn) as Block;
  expect(plan.referring(task, "aws_iam_role_policy", "role")).toEqual([]);
  const execution = plan.target(definition.body.execution_role_arn) as Block;
  const [rights] = plan.referring(execution, "aws_iam_role_policy", "role");
  const policy = embedded(rights?.body.policy) as { Statement: { Sid: string; Effect: string }[] };
  expect(policy.Statement.filter(({ Effect }) => Effect === "Allow").map(({ Sid }) => Sid)).toEqual([
    "LogInToRegistry",
    "PullImages",
    "WriteLogs",
  ]);
});

test("every alarm is there, for each proxy, over its own log group and service", () => {
  for (const { id } of EGRESS_ALARMS) {
    const alarms = plan
      .blocks("aws_cloudwatch_metric_alarm")
      .filter(({ body }) => (body.tags as Record<string, string>)["hardened-mcp:alarm"] === id);
    expect(
      alarms.map(({ body }) => (body.tags as Record<string, string>)["hardened-mcp:server"]).sort(),
    ).toEqual(["mail", "orders"]);
  }
});
