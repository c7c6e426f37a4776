import { ref, rule } from "./fixture";
import { acl, DOOR, open3000, publicTask, TASK, type Row } from "./parts";

/** Within one VPC: groups, public addresses, IPv6, network ACLs. */
export const WITHIN: readonly Row[] = [
  ["as built: one way", {}, [DOOR], true],
  [
    "no way from its load balancer: none",
    { "aws_vpc_security_group_egress_rule.forward": undefined },
    [],
    true,
  ],
  // Groups.
  [
    "a group that lets neighbours in",
    open3000({ cidr_ipv4: "10.0.0.0/16" }),
    [`any address in aws_vpc.a (10.0.0.0/16) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a group open to the internet does nothing for a task without a public address",
    open3000({ cidr_ipv4: "198.51.100.0/24" }),
    [DOOR],
    true,
  ],
  [
    "an older rule",
    {
      "aws_security_group_rule.old": {
        type: "ingress",
        protocol: "tcp",
        from_port: 0,
        to_port: 9000,
        cidr_blocks: ["10.0.1.0/24"],
        security_group_id: ref("aws_security_group.task"),
      },
    },
    [`any address in aws_vpc.a (10.0.1.0/24) → ${TASK}:0-9000`, DOOR],
    false,
  ],
  [
    "rules within the group",
    {
      "aws_security_group.task": {
        vpc_id: ref("aws_vpc.a"),
        ingress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["10.0.0.0/24"] }],
      },
    },
    [`any address in aws_vpc.a (10.0.0.0/24) → ${TASK}:any port of any protocol`, DOOR],
    false,
  ],
  [
    "a group from elsewhere",
    open3000({ referenced_security_group_id: "sg-0123456789abcdef0" }),
    [`? members of sg-0123456789abcdef0, which is not in this file → ${TASK}:3000`, DOOR],
    "unknown",
  ],
  [
    "a block that is known only at deployment",
    open3000({ cidr_ipv4: "${var.office}" }),
    [`? any address in aws_vpc.a (10.0.0.0/16) → ${TASK}:3000`, DOOR],
    "unknown",
  ],
  [
    "its own group: tasks among themselves are no way in",
    open3000({ referenced_security_group_id: ref("aws_security_group.task") }),
    [DOOR],
    true,
  ],
  [
    "no group at all: the VPC's default one, open to whatever else forgets its group",
    { [TASK]: { network_configuration: { subnets: [ref("aws_subnet.tasks")] } } },
    [
      `? members of AWS's default group of aws_vpc.a, which is not in this file → ${TASK}:any port of any protocol`,
    ],
    "unknown",
  ],
  [
    "somebody in the load balancer's group whose place nobody knows",
    {
      "aws_msk_cluster.k": { security_groups: [ref("aws_security_group.lb")] },
    },
    [`? aws_msk_cluster.k → ${TASK}:8443`, DOOR],
    "unknown",
  ],
  // Public subnets.
  ["a public task whose group is closed", publicTask(), [DOOR], true],
  [
    "a public task whose group is open",
    { ...publicTask(), ...open3000({ cidr_ipv4: "0.0.0.0/0" }) },
    [
      `any address in aws_vpc.a (10.0.0.0/16) → ${TASK}:3000`,
      `the internet (0.0.0.0/0) → ${TASK}:3000`,
      DOOR,
    ],
    false,
  ],
  [
    "past the load balancer to the gateway itself",
    {
      ...publicTask(),
      "aws_vpc_security_group_ingress_rule.extra": rule("aws_security_group.task", 8443, {
        cidr_ipv4: "203.0.113.0/24",
      }),
    },
    [`the internet (203.0.113.0/24) → ${TASK}:8443`, DOOR],
    false,
  ],
  [
    "a public address, but no route",
    {
      ...publicTask({ subnets: [ref("aws_subnet.tasks")] }),
      ...open3000({ cidr_ipv4: "203.0.113.0/24" }),
    },
    [DOOR],
    true,
  ],
  [
    "a narrower route sends the answers elsewhere",
    {
      ...publicTask(),
      ...open3000({ cidr_ipv4: "203.0.113.0/24" }),
      "aws_route.narrow": {
        route_table_id: ref("aws_route_table.public"),
        destination_cidr_block: "203.0.113.0/25",
        nat_gateway_id: "nat-1",
      },
    },
    [`the internet (203.0.113.128/25) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a public address that is known only at deployment",
    {
      ...publicTask({ assign_public_ip: "${var.public}" }),
      ...open3000({ cidr_ipv4: "203.0.113.0/24" }),
    },
    [`? the internet (203.0.113.0/24) → ${TASK}:3000`, DOOR],
    "unknown",
  ],
  [
    "a subnet from elsewhere",
    {
      [TASK]: {
        network_configuration: {
          subnets: ["subnet-0123456789abcdef0"],
          security_groups: [ref("aws_security_group.task")],
        },
      },
    },
    [`? ${DOOR}`],
    true,
  ],
  // IPv6.
  [
    "IPv6 makes every address public",
    {
      "aws_subnet.public": { ipv6_cidr_block: "2001:db8::/64" },
      "aws_route.six": {
        route_table_id: ref("aws_route_table.public"),
        destination_ipv6_cidr_block: "::/0",
        gateway_id: ref("aws_internet_gateway.igw"),
      },
      ...publicTask({ assign_public_ip: false }),
      ...open3000({ cidr_ipv6: "2001:db8:1::/48" }),
    },
    [`the internet (2001:db8:1::/48) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "IPv6 by an egress-only gateway lets nobody in",
    {
      "aws_subnet.public": { ipv6_cidr_block: "2001:db8::/64" },
      "aws_route.six": {
        route_table_id: ref("aws_route_table.public"),
        destination_ipv6_cidr_block: "::/0",
        egress_only_gateway_id: "eigw-1",
      },
      ...publicTask({ assign_public_ip: false }),
      ...open3000({ cidr_ipv6: "::/0" }),
    },
    [DOOR],
    true,
  ],
  // Network ACLs.
  [
    "an ACL that forbids it",
    {
      ...open3000({ cidr_ipv4: "10.0.0.0/24" }),
      ...acl("aws_subnet.tasks", "in 8443 allow 10.0.0.0/16", "out 1024-65535 allow 0.0.0.0/0"),
    },
    [DOOR],
    true,
  ],
  [
    "an ACL of which the first rule that fits decides",
    {
      ...open3000({ cidr_ipv4: "10.0.0.0/24" }),
      ...acl(
        "aws_subnet.tasks",
        "in 3000 deny 10.0.0.0/25",
        "in 0-65535 allow 10.0.0.0/16",
        "out 0-65535 allow 0.0.0.0/0",
      ),
    },
    [`any address in aws_vpc.a (10.0.0.128/25) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "an ACL without a way for the answers",
    {
      ...open3000({ cidr_ipv4: "10.0.0.0/24" }),
      ...acl("aws_subnet.tasks", "in 0-65535 allow 10.0.0.0/16", "out 443 allow 0.0.0.0/0"),
    },
    [],
    true,
  ],
  [
    "an ACL does not stand between neighbours of one subnet",
    {
      ...open3000({ cidr_ipv4: "10.0.1.0/24" }),
      ...acl("aws_subnet.tasks", "in 8443 allow 10.0.0.0/24", "out 0-65535 allow 10.0.0.0/24"),
    },
    [`any address in aws_vpc.a (10.0.1.0/24) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "the default ACL, emptied",
    { "aws_default_network_acl.d": { default_network_acl_id: ref("aws_vpc.a", "default_network_acl_id") } },
    [],
    true,
  ],
  [
    "an ACL that cuts a range of ports",
    {
      "aws_vpc_security_group_ingress_rule.extra": {
        ...rule("aws_security_group.task", 0, { cidr_ipv4: "10.0.0.0/24" }),
        from_port: 3000,
        to_port: 3010,
      },
      ...acl("aws_subnet.tasks", "in 3005-9000 allow 10.0.0.0/16", "out 0-65535 allow 0.0.0.0/0"),
    },
    [`any address in aws_vpc.a (10.0.0.0/24) → ${TASK}:3005-3010`, DOOR],
    false,
  ],
];
