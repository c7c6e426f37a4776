import { endpointControls } from "../../lib/network/endpoint-controls";
import { partControls } from "../../lib/network/part-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { having, policed, type StatementBody } from "../support/policies";
import { failWhenBroken, holdAsBuilt } from "../support/control-tests";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mutation reaches wherever it wants
type Any = any;

const plan = synthExample("complete");
const controls = [...partControls, ...endpointControls];
const ENDPOINT = "aws_vpc_endpoint";
const ACL = "aws_network_acl";
const RULE = "aws_network_acl_rule";
const FLOW = "aws_flow_log";

holdAsBuilt(controls, plan);

const set = (type: string, values: object, only?: (body: Any) => boolean) => () =>
  changed(plan, type, (body) => void Object.assign(body, structuredClone(values)), only);
const unset = (type: string, field: string, only?: (body: Any) => boolean) => () =>
  changed(plan, type, (body) => delete body[field], only);
const isS3 = (body: Any) => String(body.service_name).endsWith(".s3");
const isInterface = (body: Any) => !isS3(body);
const statements = (change: (one: StatementBody) => void, only: (body: Any) => boolean) => () =>
  policed(plan, ENDPOINT, "policy", change, only);
const of = (service: string) => (body: Any) => String(body.service_name).endsWith(`.${service}`);
const isOfFlows = (body: Any) => String(body.role ?? body.name).includes("network");
const rights = (change: (one: StatementBody) => void) => () =>
  policed(plan, "aws_iam_role_policy", "policy", change, isOfFlows);

const broken: [string, string, () => Plan][] = [
  // Says what AWS would otherwise choose.
  [
    "network.parts-say-all",
    "cidr_block is 0.0.0.0/0: addresses",
    set("aws_vpc", { cidr_block: "0.0.0.0/0" }),
  ],
  ["network.parts-say-all", "cidr_block is not set", unset("aws_vpc", "cidr_block")],
  ["network.parts-say-all", "no name is resolved", set("aws_vpc", { enable_dns_support: false })],
  ["network.parts-say-all", "no private names", unset("aws_vpc", "enable_dns_hostnames")],
  ["network.parts-say-all", "any zone", unset("aws_subnet", "availability_zone")],
  ["network.parts-say-all", "in the block of its VPC", set("aws_subnet", { cidr_block: "10.9.0.0/24" })],
  ["network.parts-say-all", "in the block of its VPC", unset("aws_subnet", "cidr_block")],
  ["network.parts-say-all", "default VPC", unset("aws_internet_gateway", "vpc_id")],
  ["network.parts-say-all", "default VPC", unset("aws_security_group", "vpc_id")],
  ["network.parts-say-all", "the main table", unset("aws_route_table_association", "subnet_id")],
  ["network.parts-say-all", "leads to nothing", unset("aws_route", "destination_cidr_block")],
  ["network.parts-say-all", "through nothing", unset("aws_route", "gateway_id")],
  ["network.parts-say-all", "for routes", unset(ENDPOINT, "vpc_endpoint_type", isInterface)],
  ["network.parts-say-all", "for routes", set(ENDPOINT, { vpc_endpoint_type: "Interface" }, isS3)],
  ["network.parts-say-all", "two zones", unset(ENDPOINT, "subnet_ids", isInterface)],
  [
    "network.parts-say-all",
    "two zones",
    () => changed(plan, ENDPOINT, (body: Any) => body.subnet_ids.pop(), isInterface),
  ],
  ["network.parts-say-all", "default group", set(ENDPOINT, { security_group_ids: ["*"] }, isInterface)],
  [
    "network.parts-say-all",
    "AWS refuses it",
    unset(
      "aws_vpc_security_group_egress_rule",
      "prefix_list_id",
      (body) => body.prefix_list_id !== undefined,
    ),
  ],
  [
    "network.parts-say-all",
    "AWS refuses it",
    set("aws_vpc_security_group_ingress_rule", { cidr_ipv4: "10.0.0.0/16", prefix_list_id: "pl-01234567" }),
  ],
  ["network.parts-say-all", "nothing is written", unset(FLOW, "log_destination")],
  ["network.parts-say-all", "group that is kept", set(FLOW, { log_destination_type: "s3" })],
  ["network.parts-say-all", "AWS may not write", unset(FLOW, "iam_role_arn")],
  ["network.parts-say-all", "ten minutes", unset(FLOW, "max_aggregation_interval")],

  [
    "network.flow-logs-written",
    "lacks logs:PutLogEvents",
    rights((one) => (one.Action = [one.Action].flat().filter((action) => action !== "logs:PutLogEvents"))),
  ],
  [
    "network.flow-logs-written",
    "lacks logs:DescribeLogGroups",
    rights(
      (one) => (one.Action = [one.Action].flat().filter((action) => action !== "logs:DescribeLogGroups")),
    ),
  ],
  [
    "network.flow-logs-written",
    "lacks logs:CreateLogStream",
    rights((one) => (one.Resource = ["arn:aws:logs:eu-west-1:123456789012:log-group:other:*"])),
  ],
  [
    "network.flow-logs-written",
    "trusts *",
    () =>
      policed(
        plan,
        "aws_iam_role",
        "assume_role_policy",
        (one) => (one.Principal = { Service: "*" }),
        isOfFlows,
      ),
  ],

  [
    "network.endpoint-writes-stay",
    "to any account",
    statements((one) => (one.Resource = "arn:aws:logs:eu-west-1:*:log-group:*"), of("logs")),
  ],
  [
    "network.endpoint-writes-stay",
    "to any account",
    statements((one) => delete one.Condition?.["StringEquals"]?.["aws:ResourceAccount"], of("s3")),
  ],
  [
    "network.endpoint-writes-stay",
    "to any account",
    statements((one) => (one.Action = [...[one.Action].flat(), "ecr:PutImage"]), of("ecr.dkr")),
  ],
  [
    "network.endpoint-writes-stay",
    "ecr:BatchGetImage does not pass",
    statements(
      (one) => (one.Action = [one.Action].flat().filter((action) => action !== "ecr:BatchGetImage")),
      of("ecr.api"),
    ),
  ],

  ["network.endpoints-complete", "no endpoint for ecr.api", () => without(plan, ENDPOINT, of("ecr.api"))],
  ["network.endpoints-complete", "no endpoint for s3", unset(ENDPOINT, "service_name", isS3)],
  [
    "network.endpoints-complete",
    "the service's name",
    set(ENDPOINT, { private_dns_enabled: false }, isInterface),
  ],
  [
    "network.endpoints-complete",
    "not in aws_route_table",
    () => changed(plan, ENDPOINT, (body: Any) => body.route_table_ids.pop(), isS3),
  ],
  ["network.endpoints-complete", "not in aws_route_table", unset(ENDPOINT, "route_table_ids", isS3)],

  ["network.endpoints-behind-acl", "default list", () => without(plan, ACL)],
  [
    "network.endpoints-behind-acl",
    "default list",
    () => changed(plan, ACL, (body: Any) => body.subnet_ids.shift()),
  ],
  ["network.endpoints-behind-acl", "rules of its own", set(ACL, { egress: [{ action: "allow" }] })],
  ["network.endpoints-behind-acl", "has 1 rules", () => without(plan, RULE, (body) => body.egress === true)],
  [
    "network.endpoints-behind-acl",
    "has 3 rules",
    () => having(plan, RULE, { ...plan.blocks(RULE)[0]?.body, rule_number: 90, from_port: 22, to_port: 22 }),
  ],
  [
    "network.endpoints-behind-acl",
    "calls on 443",
    set(RULE, { to_port: 65_535 }, (body) => body.egress !== true),
  ],
  ["network.endpoints-behind-acl", "calls on 443", set(RULE, { cidr_block: "0.0.0.0/0" })],
  ["network.endpoints-behind-acl", "calls on 443", set(RULE, { egress: true })],
  [
    "network.endpoints-behind-acl",
    "answers to ports",
    set(RULE, { from_port: 0 }, (body) => body.egress === true),
  ],
  [
    "network.endpoints-behind-acl",
    "answers to ports",
    set(RULE, { protocol: "-1" }, (body) => body.egress === true),
  ],
  [
    "network.endpoints-behind-acl",
    "answers to ports",
    unset(RULE, "cidr_block", (body) => body.egress === true),
  ],
];

failWhenBroken(controls, broken);

describe("what is known only at deployment is unknown, never held", () => {
  test.each<[string, () => Plan]>([
    ["network.parts-say-all", set("aws_subnet", { cidr_block: "${var.block}" })],
    ["network.flow-logs-written", set(FLOW, { iam_role_arn: "${var.role}" })],
    ["network.endpoint-writes-stay", set(ENDPOINT, { policy: "${var.policy}" })],
  ])("%s", (id, later) => {
    const holds = judge(named(controls, id), later()).map((finding) => finding.holds);
    expect(holds).toContain("unknown");
    expect(holds).not.toContain(false);
  });
});

test("what somebody else has put into the file is not asked", () => {
  const by = { "//": { metadata: { path: "complete/theirs" } } };
  const theirs = having(having(plan, "aws_subnet", by), "aws_security_group", { name: "theirs", ...by });
  for (const control of controls)
    expect(judge(control, theirs).filter(({ holds }) => holds !== true)).toEqual([]);
});

describe("a network with a way out says all of it too", () => {
  const payments = synthExample("payments");
  const NAT = "aws_nat_gateway";
  const LIST = "aws_ec2_managed_prefix_list";
  const parts = named(controls, "network.parts-say-all");
  test("as built", () => {
    expect(judge(parts, payments).filter(({ holds }) => holds !== true)).toEqual([]);
  });
  test.each<[string, string, (body: Any) => unknown]>([
    [NAT, "stands in no subnet", (body) => delete body.subnet_id],
    [NAT, "its address changes", (body) => delete body.allocation_id],
    ["aws_eip", "has given up", (body) => (body.domain = "standard")],
    [LIST, "lets a group have 60", (body) => (body.max_entries *= 10)],
    [LIST, "other addresses than were listed", (body) => delete body.entry],
    [LIST, "lets a group have 60", (body) => body.entry.pop()],
  ])("%s: %s", (type, says, change) => {
    expect(judge(parts, changed(payments, type, change))).toContainEqual({
      holds: false,
      says: expect.stringContaining(says) as string,
    });
  });
});
