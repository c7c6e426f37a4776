import { ref, rule, type Resources } from "./fixture";

export const TASK = "aws_ecs_service.orders";
/** The one way in of the base. */
export const DOOR = `the internet (198.51.100.0/24) → aws_lb.edge:443 → ${TASK}:8443 (gateway)`;
/** A task that opens 3000 to these. */
export const open3000 = (other: Record<string, unknown>): Resources => ({
  "aws_vpc_security_group_ingress_rule.extra": rule("aws_security_group.task", 3000, other),
});
/** The task in the subnet that the internet has a route to, with a public address. */
export const publicTask = (more: Record<string, unknown> = {}) => ({
  [TASK]: {
    network_configuration: {
      subnets: [ref("aws_subnet.public")],
      security_groups: [ref("aws_security_group.task")],
      assign_public_ip: true,
      ...more,
    },
  },
});
/** An ACL around a subnet with these rules: `in 443 allow 0.0.0.0/0`. */
export function acl(subnet: string, ...rules: string[]): Resources {
  const made: Resources = { "aws_network_acl.acl": { subnet_ids: [ref(subnet)] } };
  rules.forEach((text, index) => {
    const [direction, ports = "", action, cidr = ""] = text.split(" ");
    const [from, to = from] = ports.split("-").map(Number);
    made[`aws_network_acl_rule.r${index}`] = {
      network_acl_id: ref("aws_network_acl.acl"),
      rule_number: 100 + index,
      egress: direction === "out",
      protocol: "tcp",
      from_port: from,
      to_port: to,
      rule_action: action,
      [cidr.includes(":") ? "ipv6_cidr_block" : "cidr_block"]: cidr,
    };
  });
  return made;
}
/** A host with a public address, open on 22, that may go anywhere. */
export const host = (more: Record<string, unknown> = {}): Resources => ({
  "aws_instance.host": {
    subnet_id: ref("aws_subnet.public"),
    associate_public_ip_address: true,
    vpc_security_group_ids: [ref("aws_security_group.host")],
    ...more,
  },
  "aws_security_group.host": { vpc_id: ref("aws_vpc.a") },
  "aws_vpc_security_group_ingress_rule.ssh": rule("aws_security_group.host", 22, { cidr_ipv4: "0.0.0.0/0" }),
  "aws_vpc_security_group_egress_rule.any": {
    security_group_id: ref("aws_security_group.host"),
    ip_protocol: "-1",
    cidr_ipv4: "0.0.0.0/0",
  },
});

/** What a network is, the changes that make it out of the base, and what must come out. */
export type Row = [
  what: string,
  changes: Record<string, Record<string, unknown> | undefined>,
  ways: string[],
  holds: boolean | "unknown",
];
