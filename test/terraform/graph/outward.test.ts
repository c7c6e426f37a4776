import { NetworkGraph } from "../../../lib/terraform/graph/network";
import { describeDestination, waysOut } from "../../../lib/terraform/graph/outward";
import { network, peered, ref, rule, taskRoute, type Resources } from "./fixture";
import { acl, publicTask, TASK } from "./parts";

const out = (other: Record<string, unknown>, port = 5432): Resources => ({
  "aws_vpc_security_group_egress_rule.out": rule("aws_security_group.task", port, other),
});
const NAMES = "resolver the VPC's resolver, for any name:53";
const database: Resources = {
  "aws_db_subnet_group.g": { subnet_ids: [ref("aws_subnet.tasks")] },
  "aws_db_instance.ledger": {
    db_subnet_group_name: ref("aws_db_subnet_group.g", "name"),
    vpc_security_group_ids: [ref("aws_security_group.db")],
  },
  "aws_security_group.db": { vpc_id: ref("aws_vpc.a") },
};
const lets = (port = 5432) => ({
  "aws_vpc_security_group_ingress_rule.db": rule("aws_security_group.db", port, {
    referenced_security_group_id: ref("aws_security_group.task"),
  }),
});
const nat = taskRoute({ destination_cidr_block: "0.0.0.0/0", nat_gateway_id: "nat-1" });

const sixSubnet = { "aws_subnet.tasks": { ipv6_cidr_block: "2001:db8::/64" } };
const six = (target: Record<string, unknown>) =>
  taskRoute({ destination_ipv6_cidr_block: "::/0", ...target });

type Row = [what: string, changes: Resources, destinations: string[]];
const ROWS: Row[] = [
  ["no rule: names alone", {}, [NAMES]],
  [
    "a rule without a route",
    out({ cidr_ipv4: "10.60.0.0/24" }),
    ["unrouted 10.60.0.0/24:5432 (no route of this file leads there)", NAMES],
  ],
  [
    "the VPC itself",
    out({ cidr_ipv4: "10.0.0.0/8" }),
    [
      "vpc 10.0.0.0/16:5432",
      "unrouted 10.1.0.0/16, 10.2.0.0/15, 10.4.0.0/14, 10.8.0.0/13 and 4 more:5432 (no route of this file leads there)",
      NAMES,
    ],
  ],
  ["everywhere, without a way out", out({ cidr_ipv4: "0.0.0.0/0" }, 443), ["vpc 10.0.0.0/16:443", NAMES]],
  [
    "everywhere, by a NAT gateway",
    { ...out({ cidr_ipv4: "0.0.0.0/0" }, 443), "aws_route.nat": nat },
    ["vpc 10.0.0.0/16:443", "internet the internet (0.0.0.0/0):443", NAMES],
  ],
  [
    "an internet gateway without a public address",
    { ...out({ cidr_ipv4: "8.8.8.0/24" }, 443), ...publicTask({ assign_public_ip: false }) },
    [NAMES],
  ],
  [
    "an internet gateway with one",
    { ...out({ cidr_ipv4: "8.8.8.0/24" }, 443), ...publicTask() },
    ["internet 8.8.8.0/24:443", NAMES],
  ],
  [
    "an ACL in between",
    {
      ...out({ cidr_ipv4: "0.0.0.0/0" }, 443),
      "aws_route.nat": nat,
      ...acl("aws_subnet.tasks", "out 443 allow 203.0.113.0/24", "in 1024-65535 allow 0.0.0.0/0"),
    },
    ["vpc 10.0.1.0/24:443", "internet 203.0.113.0/24:443", NAMES],
  ],
  [
    "a peered VPC",
    { ...peered(true), ...out({ cidr_ipv4: "10.1.0.0/16" }) },
    ["peer 10.1.0.0/16:5432", NAMES],
  ],
  [
    "a database that lets it in",
    { ...database, ...lets(), ...out({ referenced_security_group_id: ref("aws_security_group.db") }) },
    ["end aws_db_instance.ledger:5432", NAMES],
  ],
  [
    "a database that lets in on another port",
    { ...database, ...lets(3306), ...out({ referenced_security_group_id: ref("aws_security_group.db") }) },
    [NAMES],
  ],
  [
    "a group from elsewhere",
    out({ referenced_security_group_id: "sg-0123456789abcdef0" }),
    ["group members of sg-0123456789abcdef0:5432", NAMES],
  ],
  [
    "S3 by its endpoint",
    {
      "aws_vpc_endpoint.s3": { service_name: "com.amazonaws.eu-west-1.s3", vpc_endpoint_type: "Gateway" },
      ...out({ prefix_list_id: ref("aws_vpc_endpoint.s3", "prefix_list_id") }, 443),
    },
    ["service s3:443", NAMES],
  ],
  [
    "a prefix list from elsewhere",
    out({ prefix_list_id: "pl-1" }, 443),
    ["service the prefix list pl-1:443 (not certain)", NAMES],
  ],
  [
    "a block that is known only at deployment",
    out({ cidr_ipv4: "${var.x}" }, 443),
    ["vpc 10.0.0.0/16:443 (not certain)", NAMES],
  ],
  [
    "names behind a DNS firewall",
    { "aws_route53_resolver_firewall_rule_group_association.f": { vpc_id: ref("aws_vpc.a") } },
    ["resolver the VPC's resolver, behind a DNS firewall:53"],
  ],
  [
    "IPv6 by an egress-only gateway",
    {
      ...sixSubnet,
      "aws_route.six": six({ egress_only_gateway_id: "eigw-1" }),
      ...out({ cidr_ipv6: "::/0" }, 443),
    },
    ["internet the internet (::/0):443", NAMES],
  ],
  [
    "IPv4 by one: there is no such thing",
    {
      ...out({ cidr_ipv4: "8.8.8.0/24" }, 443),
      "aws_route.six": taskRoute({ destination_cidr_block: "0.0.0.0/0", egress_only_gateway_id: "eigw-1" }),
    },
    [NAMES],
  ],
  [
    "IPv6 by an internet gateway, from a subnet that has some",
    {
      ...sixSubnet,
      "aws_route.six": six({ gateway_id: ref("aws_internet_gateway.igw") }),
      ...out({ cidr_ipv6: "2001:db8:1::/48" }, 443),
    },
    ["internet 2001:db8:1::/48:443", NAMES],
  ],
  [
    "IPv6 from a subnet that has none",
    {
      "aws_route.six": six({ gateway_id: ref("aws_internet_gateway.igw") }),
      ...out({ cidr_ipv6: "2001:db8:1::/48" }, 443),
    },
    [NAMES],
  ],
  [
    "a host that routes",
    {
      ...out({ cidr_ipv4: "192.168.7.0/24" }),
      "aws_route.more": taskRoute({ destination_cidr_block: "192.168.0.0/16", instance_id: "i-1" }),
    },
    ["transit 192.168.7.0/24:5432", NAMES],
  ],
  [
    "a VPN",
    {
      ...out({ cidr_ipv4: "192.168.7.0/24" }),
      "aws_route.more": taskRoute({ destination_cidr_block: "192.168.0.0/16", gateway_id: "vgw-1" }),
    },
    ["vpn 192.168.7.0/24:5432", NAMES],
  ],
  [
    "the endpoint of a firewall",
    {
      ...out({ cidr_ipv4: "8.8.8.0/24" }, 443),
      "aws_route.more": taskRoute({ destination_cidr_block: "0.0.0.0/0", vpc_endpoint_id: "vpce-1" }),
    },
    ["unknown 8.8.8.0/24:443 (not certain)", NAMES],
  ],
  [
    "private addresses are not behind a NAT gateway",
    { ...out({ cidr_ipv4: "172.16.0.0/12" }), "aws_route.nat": nat },
    [NAMES],
  ],
  [
    "an internet gateway, perhaps with a public address",
    { ...out({ cidr_ipv4: "8.8.8.0/24" }, 443), ...publicTask({ assign_public_ip: "${var.public}" }) },
    ["internet 8.8.8.0/24:443 (not certain)", NAMES],
  ],
  [
    "a subnet from elsewhere",
    { ...out({ cidr_ipv4: "8.8.8.0/24" }, 443), ...publicTask({ subnets: ["subnet-1"] }) },
    ["unknown 8.8.8.0/24:443 (not certain)", NAMES],
  ],
  [
    "the same place by a rule that is known and one that is not",
    {
      ...out({ cidr_ipv4: "${var.x}" }),
      "aws_vpc_security_group_egress_rule.sure": rule("aws_security_group.task", 5432, {
        cidr_ipv4: "10.0.0.0/16",
      }),
    },
    ["vpc 10.0.0.0/16:5432", NAMES],
  ],
  [
    "a function that lets it in: nothing listens there",
    {
      "aws_lambda_function.f": {
        vpc_config: [
          { subnet_ids: [ref("aws_subnet.tasks")], security_group_ids: [ref("aws_security_group.db")] },
        ],
      },
      "aws_security_group.db": { vpc_id: ref("aws_vpc.a") },
      ...lets(),
      ...out({ referenced_security_group_id: ref("aws_security_group.db") }),
    },
    [NAMES],
  ],
  ["no names at all", { "aws_vpc.a": { enable_dns_support: false } }, []],
];

test.each(ROWS)("where a task may connect to: %s", (_what, changes, expected) => {
  const graph = NetworkGraph.of(network(changes));
  const end = graph.end(TASK);
  const found = end ? waysOut(end, graph) : [];
  expect(found.map((one) => `${one.kind} ${describeDestination(one)}`)).toEqual(expected);
});

test("what leads there is named: the rule, and the route", () => {
  const graph = NetworkGraph.of(network({ ...out({ cidr_ipv4: "8.8.8.0/24" }, 443), "aws_route.nat": nat }));
  const end = graph.end(TASK);
  const found = end ? waysOut(end, graph) : [];
  expect(found.find(({ kind }) => kind === "internet")?.by).toEqual([
    "aws_vpc_security_group_egress_rule.out",
    "aws_route.nat",
  ]);
});

test("that names are resolved is certain in a VPC of the file alone", () => {
  const sure = (changes: Resources) => {
    const graph = NetworkGraph.of(network(changes));
    const end = graph.end(TASK);
    return end && waysOut(end, graph).find(({ kind }) => kind === "resolver")?.sure;
  };
  expect([sure({}), sure(publicTask({ subnets: ["subnet-1"] }))]).toEqual([true, false]);
});
