import { peered, ref, rule, taskRoute } from "./fixture";
import { DOOR, host, open3000, publicTask, TASK, type Row } from "./parts";

/** Beyond: other networks, prefix lists, load balancers, hosts. */
export const BEYOND: readonly Row[] = [
  // Peering, VPN, transit.
  [
    "a peered VPC that is let in and knows the way back",
    { ...peered(true), ...open3000({ cidr_ipv4: "10.1.0.0/16" }) },
    [`the peered network aws_vpc.b (10.1.2.0/24) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a peered VPC without a route back",
    { ...peered(false), ...open3000({ cidr_ipv4: "10.1.0.0/16" }) },
    [DOOR],
    true,
  ],
  ["a peered VPC that no group lets in", peered(true), [DOOR], true],
  [
    "a peering of which only this side is in the file",
    {
      "aws_route.there": taskRoute({
        destination_cidr_block: "10.9.0.0/16",
        vpc_peering_connection_id: "pcx-1",
      }),
      ...open3000({ cidr_ipv4: "10.0.0.0/8" }),
    },
    [
      `any address in aws_vpc.a (10.0.0.0/16) → ${TASK}:3000`,
      `the peered network pcx-1 (10.9.0.0/16) → ${TASK}:3000`,
      DOOR,
    ],
    false,
  ],
  [
    "a VPN that writes its own routes",
    {
      "aws_vpn_gateway.v": { vpc_id: ref("aws_vpc.a") },
      "aws_vpn_gateway_route_propagation.p": {
        vpn_gateway_id: ref("aws_vpn_gateway.v"),
        route_table_id: ref("aws_route_table.tasks"),
      },
      ...open3000({ cidr_ipv4: "192.168.0.0/16" }),
    },
    [`? the other side of aws_vpn_gateway.v (192.168.0.0/16) → ${TASK}:3000`, DOOR],
    "unknown",
  ],
  [
    "a transit gateway",
    {
      "aws_route.there": taskRoute({ destination_cidr_block: "172.16.0.0/12", transit_gateway_id: "tgw-1" }),
      ...open3000({ cidr_ipv4: "172.16.4.0/24" }),
    },
    [`networks behind tgw-1 (172.16.4.0/24) → ${TASK}:3000`, DOOR],
    false,
  ],
  // Prefix lists.
  [
    "a prefix list of the file",
    {
      "aws_ec2_managed_prefix_list.l": { entry: [{ cidr: "10.0.0.0/25" }] },
      ...open3000({ prefix_list_id: ref("aws_ec2_managed_prefix_list.l") }),
    },
    [`any address in aws_vpc.a (10.0.0.0/25) → ${TASK}:3000`, DOOR],
    false,
  ],
  [
    "a prefix list from elsewhere",
    open3000({ prefix_list_id: "pl-1" }),
    [`? addresses of the prefix list pl-1 → ${TASK}:3000`, DOOR],
    "unknown",
  ],
  [
    "a route by a prefix list from elsewhere",
    {
      ...publicTask(),
      ...open3000({ cidr_ipv4: "203.0.113.0/24" }),
      "aws_route.internet": { destination_cidr_block: undefined, destination_prefix_list_id: "pl-1" },
    },
    [`? the internet (203.0.113.0/24) → ${TASK}:3000`, `? ${DOOR}`],
    "unknown",
  ],
  // Load balancers.
  [
    "a second load balancer",
    {
      "aws_lb.second": {
        internal: false,
        subnets: [ref("aws_subnet.public")],
        security_groups: [ref("aws_security_group.lb")],
      },
      "aws_lb_listener.second": {
        load_balancer_arn: ref("aws_lb.second", "arn"),
        port: 443,
        default_action: [{ type: "forward", target_group_arn: ref("aws_lb_target_group.gateway", "arn") }],
      },
    },
    [DOOR, DOOR.replace("aws_lb.edge", "aws_lb.second")],
    false,
  ],
  [
    "a second port of the same one, which its group does not open",
    {
      "aws_lb_listener.http": {
        load_balancer_arn: ref("aws_lb.edge", "arn"),
        port: 80,
        default_action: [{ type: "forward", target_group_arn: ref("aws_lb_target_group.gateway", "arn") }],
      },
    },
    [DOOR],
    true,
  ],
  [
    "a target past the gateway",
    {
      "aws_lb_listener_rule.past": {
        listener_arn: ref("aws_lb_listener.https", "arn"),
        action: [
          { type: "forward", forward: { target_group: [{ arn: ref("aws_lb_target_group.server", "arn") }] } },
        ],
      },
      "aws_lb_target_group.server": { port: 3000 },
      [TASK]: {
        load_balancer: [
          {
            target_group_arn: ref("aws_lb_target_group.gateway", "arn"),
            container_name: "gateway",
            container_port: 8443,
          },
          {
            target_group_arn: ref("aws_lb_target_group.server", "arn"),
            container_name: "server",
            container_port: 3000,
          },
        ],
      },
      ...open3000({ referenced_security_group_id: ref("aws_security_group.lb") }),
      "aws_vpc_security_group_egress_rule.extra": rule("aws_security_group.lb", 3000, {
        referenced_security_group_id: ref("aws_security_group.task"),
      }),
    },
    [DOOR, `the internet (198.51.100.0/24) → aws_lb.edge:443 → ${TASK}:3000 (server)`],
    false,
  ],
  [
    "a network load balancer without a group",
    {
      "aws_lb.edge": { load_balancer_type: "network", security_groups: undefined },
      "aws_vpc_security_group_ingress_rule.forward": {
        referenced_security_group_id: undefined,
        cidr_ipv4: "10.0.0.0/24",
      },
    },
    [
      `any address in aws_vpc.a (10.0.0.0/24) → ${TASK}:8443`,
      `any address in aws_vpc.a (10.0.0.0/16) → aws_lb.edge:443 → ${TASK}:8443 (gateway)`,
      `the internet (0.0.0.0/0) → aws_lb.edge:443 → ${TASK}:8443 (gateway)`,
    ],
    false,
  ],
  // Hosts.
  [
    "a host that may reach the task: whoever takes it over",
    { ...host(), ...open3000({ referenced_security_group_id: ref("aws_security_group.host") }) },
    [
      DOOR,
      `any address in aws_vpc.a (10.0.0.0/16) → aws_instance.host:22 → ${TASK}:3000`,
      `the internet (0.0.0.0/0) → aws_instance.host:22 → ${TASK}:3000`,
    ],
    false,
  ],
  [
    "a host in the load balancer's group",
    host({ vpc_security_group_ids: [ref("aws_security_group.host"), ref("aws_security_group.lb")] }),
    [
      DOOR,
      `any address in aws_vpc.a (10.0.0.0/16) → aws_instance.host:22 → ${TASK}:8443`,
      `the internet (198.51.100.0/24) → aws_instance.host:443 → ${TASK}:8443`,
      `the internet (0.0.0.0/0) → aws_instance.host:22 → ${TASK}:8443`,
    ].sort(),
    false,
  ],
  [
    "a host that nobody reaches",
    {
      ...host(),
      "aws_vpc_security_group_ingress_rule.ssh": undefined,
      ...open3000({ referenced_security_group_id: ref("aws_security_group.host") }),
    },
    [DOOR],
    true,
  ],
  [
    "an elastic address makes a host public",
    {
      ...host({ associate_public_ip_address: false }),
      "aws_eip.e": { instance: ref("aws_instance.host") },
      ...open3000({ referenced_security_group_id: ref("aws_security_group.host") }),
    },
    [
      DOOR,
      `any address in aws_vpc.a (10.0.0.0/16) → aws_instance.host:22 → ${TASK}:3000`,
      `the internet (0.0.0.0/0) → aws_instance.host:22 → ${TASK}:3000`,
    ],
    false,
  ],
];
