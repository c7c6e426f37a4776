import { Plan, type TerraformJson } from "../../../lib/terraform/plan";

/** Resources by address: `aws_vpc.a` → its body. */
export type Resources = Record<string, Record<string, unknown>>;

/** A reference to an attribute of a resource. */
export const ref = (address: string, attribute = "id") => `\${${address}.${attribute}}`;

/** A rule of a security group. */
export function rule(group: string, port: number, other: Record<string, unknown>): Record<string, unknown> {
  return { security_group_id: ref(group), ip_protocol: "tcp", from_port: port, to_port: port, ...other };
}

const containers = [
  { name: "gateway", portMappings: [{ containerPort: 8443 }] },
  { name: "server", portMappings: [{ containerPort: 3000 }] },
];

/** A VPC with a public load balancer and a task behind it, and nothing else: one way in. */
export const BASE: Resources = {
  "aws_vpc.a": { cidr_block: "10.0.0.0/16" },
  "aws_internet_gateway.igw": { vpc_id: ref("aws_vpc.a") },
  "aws_subnet.public": { vpc_id: ref("aws_vpc.a"), cidr_block: "10.0.0.0/24" },
  "aws_subnet.tasks": { vpc_id: ref("aws_vpc.a"), cidr_block: "10.0.1.0/24" },
  "aws_route_table.public": { vpc_id: ref("aws_vpc.a") },
  "aws_route_table.tasks": { vpc_id: ref("aws_vpc.a") },
  "aws_route_table_association.public": {
    subnet_id: ref("aws_subnet.public"),
    route_table_id: ref("aws_route_table.public"),
  },
  "aws_route_table_association.tasks": {
    subnet_id: ref("aws_subnet.tasks"),
    route_table_id: ref("aws_route_table.tasks"),
  },
  "aws_route.internet": {
    route_table_id: ref("aws_route_table.public"),
    destination_cidr_block: "0.0.0.0/0",
    gateway_id: ref("aws_internet_gateway.igw"),
  },
  "aws_security_group.lb": { vpc_id: ref("aws_vpc.a") },
  "aws_security_group.task": { vpc_id: ref("aws_vpc.a") },
  "aws_vpc_security_group_ingress_rule.clients": rule("aws_security_group.lb", 443, {
    cidr_ipv4: "198.51.100.0/24",
  }),
  "aws_vpc_security_group_egress_rule.forward": rule("aws_security_group.lb", 8443, {
    referenced_security_group_id: ref("aws_security_group.task"),
  }),
  "aws_vpc_security_group_ingress_rule.forward": rule("aws_security_group.task", 8443, {
    referenced_security_group_id: ref("aws_security_group.lb"),
  }),
  "aws_lb.edge": {
    internal: false,
    subnets: [ref("aws_subnet.public")],
    security_groups: [ref("aws_security_group.lb")],
  },
  "aws_lb_listener.https": {
    load_balancer_arn: ref("aws_lb.edge", "arn"),
    port: 443,
    default_action: [{ type: "fixed-response" }],
  },
  "aws_lb_listener_rule.orders": {
    listener_arn: ref("aws_lb_listener.https", "arn"),
    action: [{ type: "forward", target_group_arn: ref("aws_lb_target_group.gateway", "arn") }],
  },
  "aws_lb_target_group.gateway": { port: 8443, target_type: "ip" },
  "aws_ecs_task_definition.orders": { container_definitions: JSON.stringify(containers) },
  "aws_ecs_service.orders": {
    task_definition: ref("aws_ecs_task_definition.orders", "arn"),
    network_configuration: {
      subnets: [ref("aws_subnet.tasks")],
      security_groups: [ref("aws_security_group.task")],
      assign_public_ip: false,
    },
    load_balancer: [
      {
        target_group_arn: ref("aws_lb_target_group.gateway", "arn"),
        container_name: "gateway",
        container_port: 8443,
      },
    ],
  },
};

/** The plan of resources: the base with others added, changed (fields are merged) or taken away (`undefined`). */
export function network(changes: Record<string, Record<string, unknown> | undefined> = {}): Plan {
  const resource: Record<string, Record<string, unknown>> = {};
  for (const address of new Set([...Object.keys(BASE), ...Object.keys(changes)])) {
    if (address in changes && changes[address] === undefined) continue;
    const [type = "", name = ""] = address.split(".");
    resource[type] = { ...resource[type], [name]: { ...BASE[address], ...changes[address] } };
  }
  return new Plan({ resource } as TerraformJson);
}

/** A route of the tasks' subnet. */
export const taskRoute = (route: Record<string, unknown>) => ({
  route_table_id: ref("aws_route_table.tasks"),
  ...route,
});

/** A second VPC, peered with the first; `back` is whether it knows the way. */
export function peered(back: boolean): Resources {
  return {
    "aws_vpc.b": { cidr_block: "10.1.0.0/16" },
    "aws_subnet.b": { vpc_id: ref("aws_vpc.b"), cidr_block: "10.1.2.0/24" },
    "aws_route_table.b": { vpc_id: ref("aws_vpc.b") },
    "aws_route_table_association.b": {
      subnet_id: ref("aws_subnet.b"),
      route_table_id: ref("aws_route_table.b"),
    },
    "aws_vpc_peering_connection.ab": { vpc_id: ref("aws_vpc.a"), peer_vpc_id: ref("aws_vpc.b") },
    "aws_route.there": taskRoute({
      destination_cidr_block: "10.1.0.0/16",
      vpc_peering_connection_id: ref("aws_vpc_peering_connection.ab"),
    }),
    ...(back
      ? {
          "aws_route.back": {
            route_table_id: ref("aws_route_table.b"),
            destination_cidr_block: "10.0.0.0/16",
            vpc_peering_connection_id: ref("aws_vpc_peering_connection.ab"),
          },
        }
      : {}),
  };
}
