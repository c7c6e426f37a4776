import { peered, ref, rule } from "./fixture";
import { DOOR, host, open3000, publicTask, TASK, type Row } from "./parts";

/** Calls by IPv6 alone, and the way that they take. */
export const SIX = {
  "aws_subnet.public": { ipv6_cidr_block: "2001:db8::/64" },
  "aws_route.six": {
    route_table_id: ref("aws_route_table.public"),
    destination_ipv6_cidr_block: "::/0",
    gateway_id: ref("aws_internet_gateway.igw"),
  },
  "aws_vpc_security_group_ingress_rule.clients": undefined,
  "aws_vpc_security_group_ingress_rule.six": rule("aws_security_group.lb", 443, { cidr_ipv6: "::/0" }),
};
const list = (...entries: unknown[]) => ({
  "aws_ec2_managed_prefix_list.l": { entry: entries.map((cidr) => ({ cidr })) },
  ...publicTask(),
  ...open3000({ prefix_list_id: ref("aws_ec2_managed_prefix_list.l") }),
});
const tasksRoute = (target: Record<string, unknown>) => ({
  "aws_route.more": {
    route_table_id: ref("aws_route_table.tasks"),
    destination_cidr_block: "192.168.0.0/16",
    ...target,
  },
  ...open3000({ cidr_ipv4: "192.168.7.0/24" }),
});

/** Further: what is easily passed over. */
export const FURTHER: readonly Row[] = [
  ["a load balancer that has no address of IPv6", SIX, [], true],
  [
    "a load balancer that has one",
    { ...SIX, "aws_lb.edge": { ip_address_type: "dualstack" } },
    [DOOR.replace("(198.51.100.0/24)", "(::/0)")],
    true,
  ],
  [
    "a prefix list with an entry beside it",
    {
      ...list("198.51.100.0/24"),
      "aws_ec2_managed_prefix_list_entry.e": {
        prefix_list_id: ref("aws_ec2_managed_prefix_list.l"),
        cidr: "203.0.113.0/24",
      },
    },
    [`the internet (198.51.100.0/24, 203.0.113.0/24) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a prefix list of which one entry is not known",
    list("198.51.100.0/24", "${var.more}"),
    [`? addresses of the prefix list aws_ec2_managed_prefix_list.l → ${TASK}:3000`, DOOR],
    "unknown",
  ],
  [
    "the other side of a VPN gateway",
    {
      "aws_vpn_gateway.v": { vpc_id: ref("aws_vpc.a") },
      ...tasksRoute({ gateway_id: ref("aws_vpn_gateway.v") }),
    },
    [`the other side of aws_vpn_gateway.v (192.168.7.0/24) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a host in the same group, which lets its own members in",
    {
      ...host({ vpc_security_group_ids: [ref("aws_security_group.both")] }),
      "aws_security_group.both": {
        vpc_id: ref("aws_vpc.a"),
        ingress: [
          { from_port: 3000, to_port: 3000, protocol: "tcp", self: true },
          { from_port: 22, to_port: 22, protocol: "tcp", cidr_blocks: ["0.0.0.0/0"] },
        ],
        egress: [{ from_port: 0, to_port: 0, protocol: "-1", cidr_blocks: ["0.0.0.0/0"] }],
      },
      [TASK]: {
        network_configuration: {
          subnets: [ref("aws_subnet.tasks")],
          security_groups: [ref("aws_security_group.both")],
        },
      },
    },
    [
      `any address in aws_vpc.a (10.0.0.0/16) → ${TASK}:22`,
      `any address in aws_vpc.a (10.0.0.0/16) → aws_instance.host:22 → ${TASK}:22`,
      `any address in aws_vpc.a (10.0.0.0/16) → aws_instance.host:22 → ${TASK}:3000`,
      `the internet (0.0.0.0/0) → aws_instance.host:22 → ${TASK}:22`,
      `the internet (0.0.0.0/0) → aws_instance.host:22 → ${TASK}:3000`,
    ],
    false,
  ],
  [
    "a host in a peered network that does not know the way",
    {
      ...peered(false),
      ...host({ subnet_id: ref("aws_subnet.b"), associate_public_ip_address: false }),
      ...open3000({ referenced_security_group_id: ref("aws_security_group.host") }),
    },
    [DOOR],
    true,
  ],
  [
    "a classic load balancer that is public",
    {
      "aws_elb.old": {
        subnets: [ref("aws_subnet.public")],
        security_groups: [ref("aws_security_group.lb")],
      },
      "aws_vpc_security_group_egress_rule.old": rule("aws_security_group.lb", 3000, {
        referenced_security_group_id: ref("aws_security_group.task"),
      }),
      ...open3000({ referenced_security_group_id: ref("aws_security_group.lb") }),
    },
    [
      `the internet (198.51.100.0/24) → aws_elb.old:443 → ${TASK}:3000`,
      `the internet (198.51.100.0/24) → aws_elb.old:443 → ${TASK}:8443`,
      DOOR,
    ],
    false,
  ],
  [
    "a load balancer that names its subnets one by one",
    { "aws_lb.edge": { subnets: undefined, subnet_mapping: [{ subnet_id: ref("aws_subnet.public") }] } },
    [DOOR],
    true,
  ],
  [
    "a host that may be let in",
    {
      ...host(),
      ...open3000({ referenced_security_group_id: ref("aws_security_group.host") }),
      "aws_vpc_security_group_ingress_rule.ssh": rule("aws_security_group.host", 22, {
        cidr_ipv4: "${var.admins}",
      }),
    },
    [
      `? any address in aws_vpc.a (10.0.0.0/16) → aws_instance.host:22 → ${TASK}:3000`,
      `? the internet (0.0.0.0/0) → aws_instance.host:22 → ${TASK}:3000`,
      DOOR,
    ],
    "unknown",
  ],
];
