import { peered, ref, taskRoute } from "./fixture";
import { SIX } from "./networks-further";
import { acl, DOOR, host, open3000, publicTask, TASK, type Row } from "./parts";

const FAR = "192.168.7.0/24";
/** A route of the tasks' subnet to a network beyond, which a rule lets in. */
const beyond = (target: Record<string, unknown>) => ({
  "aws_route.more": taskRoute({ destination_cidr_block: "192.168.0.0/16", ...target }),
  ...open3000({ cidr_ipv4: FAR }),
});
/** The load balancer's subnet without a table of its own. */
const main = { "aws_route_table_association.public": undefined };
/** A host in the second network, which the task lets in by its addresses. */
const hostBeyond = {
  ...host({ subnet_id: ref("aws_subnet.b"), associate_public_ip_address: false }),
  ...open3000({ cidr_ipv4: "10.1.2.0/24" }),
};
const transit = {
  ...peered(true),
  "aws_route.there": taskRoute({ destination_cidr_block: "10.1.0.0/16", transit_gateway_id: "tgw-1" }),
  "aws_route.back": {
    route_table_id: ref("aws_route_table.b"),
    destination_cidr_block: "10.0.0.0/16",
    transit_gateway_id: "tgw-1",
  },
};

/** Where routes lead, and which table is whose. */
export const ROUTED: readonly Row[] = [
  // Every kind of target.
  [
    "a local gateway",
    beyond({ local_gateway_id: "lgw-1" }),
    [`the other side of lgw-1 (${FAR}) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a core network",
    beyond({ core_network_arn: "core-1" }),
    [`networks behind core-1 (${FAR}) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "an instance",
    beyond({ instance_id: "i-1" }),
    [`networks behind i-1 (${FAR}) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a network interface",
    beyond({ network_interface_id: "eni-1" }),
    [`networks behind eni-1 (${FAR}) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a VPN gateway from elsewhere",
    beyond({ gateway_id: "vgw-1" }),
    [`the other side of vgw-1 (${FAR}) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "an internet gateway from elsewhere",
    {
      ...publicTask(),
      ...open3000({ cidr_ipv4: "203.0.113.0/24" }),
      "aws_route.internet": { gateway_id: "igw-1" },
    },
    [`the internet (203.0.113.0/24) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a carrier gateway",
    {
      ...publicTask(),
      ...open3000({ cidr_ipv4: "203.0.113.0/24" }),
      "aws_route.internet": { gateway_id: undefined, carrier_gateway_id: "cagw-1" },
    },
    [`the internet (203.0.113.0/24) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a NAT gateway: nobody calls in by it",
    {
      ...publicTask(),
      ...open3000({ cidr_ipv4: "203.0.113.0/24" }),
      "aws_route.internet": { gateway_id: undefined, nat_gateway_id: "nat-1" },
    },
    [],
    true,
  ],
  [
    "the endpoint of a firewall, behind which the internet may be",
    {
      ...publicTask(),
      ...open3000({ cidr_ipv4: "203.0.113.0/24" }),
      "aws_route.internet": { gateway_id: undefined, vpc_endpoint_id: "vpce-1" },
    },
    [`? the internet (203.0.113.0/24) → ${TASK}:3000`, `? ${DOOR}`],
    "unknown",
  ],
  // Whose table counts.
  ["a main table that nobody writes leads nowhere", main, [], true],
  [
    "a table that was made the main one",
    {
      ...main,
      "aws_main_route_table_association.m": {
        vpc_id: ref("aws_vpc.a"),
        route_table_id: ref("aws_route_table.public"),
      },
    },
    [DOOR],
    true,
  ],
  [
    "a main table that was taken over",
    {
      ...main,
      "aws_default_route_table.d": {
        default_route_table_id: ref("aws_vpc.a", "default_route_table_id"),
        route: [{ cidr_block: "0.0.0.0/0", gateway_id: ref("aws_internet_gateway.igw") }],
      },
    },
    [DOOR],
    true,
  ],
  [
    "a table whose VPN writes routes into it",
    {
      "aws_vpn_gateway.v": { vpc_id: ref("aws_vpc.a") },
      "aws_route_table.tasks": { propagating_vgws: [ref("aws_vpn_gateway.v")] },
      ...open3000({ cidr_ipv4: FAR }),
    },
    [`? the other side of aws_vpn_gateway.v (${FAR}) → ${TASK}:3000`, DOOR],
    "unknown",
  ],
  // The way back.
  [
    "a peered network whose way back is another peering",
    {
      ...peered(true),
      ...open3000({ cidr_ipv4: "10.1.0.0/16" }),
      "aws_route.back": {
        route_table_id: ref("aws_route_table.b"),
        destination_cidr_block: "10.0.0.0/16",
        vpc_peering_connection_id: "pcx-2",
      },
    },
    [DOOR],
    true,
  ],
  [
    "a peered network that knows the way to another subnet",
    {
      ...peered(true),
      ...open3000({ cidr_ipv4: "10.1.0.0/16" }),
      "aws_route.back": {
        route_table_id: ref("aws_route_table.b"),
        destination_cidr_block: "10.0.0.0/24",
        vpc_peering_connection_id: ref("aws_vpc_peering_connection.ab"),
      },
    },
    [DOOR],
    true,
  ],
  [
    "a host in a peered network",
    { ...peered(true), ...hostBeyond },
    [
      `any address in aws_vpc.b (10.1.0.0/16) → aws_instance.host:22 → ${TASK}:3000`,
      `the peered network aws_vpc.a (10.0.1.0/24) → aws_instance.host:22 → ${TASK}:3000`,
      `the peered network aws_vpc.b (10.1.2.0/24) → ${TASK}:3000`,
      DOOR,
    ],
    false,
  ],
  [
    "a host in a peered network to which the task knows no way",
    { ...peered(true), ...hostBeyond, "aws_route.there": undefined },
    [DOOR],
    true,
  ],
  [
    "a host behind a transit gateway",
    { ...transit, ...hostBeyond },
    [
      `? any address in aws_vpc.b (10.1.0.0/16) → aws_instance.host:22 → ${TASK}:3000`,
      `? networks behind tgw-1 (10.0.0.0/16) → aws_instance.host:22 → ${TASK}:3000`,
      `networks behind tgw-1 (10.1.2.0/24) → ${TASK}:3000`,
      DOOR,
    ],
    false,
  ],
  [
    "a host in the same subnet passes no ACL",
    {
      ...acl("aws_subnet.tasks", "in 9 allow 10.0.0.0/16"),
      ...host({ subnet_id: ref("aws_subnet.tasks"), associate_public_ip_address: false }),
      ...open3000({ referenced_security_group_id: ref("aws_security_group.host") }),
    },
    [`any address in aws_vpc.a (10.0.1.0/24) → aws_instance.host:22 → ${TASK}:3000`],
    false,
  ],
  // IPv6.
  [
    "an internal load balancer of both kinds",
    {
      ...SIX,
      "aws_lb.edge": { internal: true, ip_address_type: "dualstack" },
    },
    [],
    true,
  ],
];
