import { IN, one, type Addition } from "./added";

/** Rules of groups, in each of the forms in which they can be written: ways to a task, and from it. */
export const GROUPS: readonly Addition[] = [
  {
    name: "an ingress rule lets the VPC in to the server's own port",
    adds: (it) =>
      one("aws_vpc_security_group_ingress_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{
          cidr_ipv4: "10.40.0.0/20",
          ip_protocol: "tcp",
          from_port: 3000,
          to_port: 3000,
          description: "debug",
        },
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an ingress rule lets one block in to the gateway's port",
    adds: (it) =>
      one("aws_vpc_security_group_ingress_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{
          cidr_ipv4: "10.40.0.0/20",
          ip_protocol: "tcp",
          from_port: 8443,
          to_port: 8443,
          description: "debug",
        },
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an ingress rule by prefix list",
    adds: (it) =>
      one("aws_vpc_security_group_ingress_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{ prefix_list_id: "pl-0123456789abcdef0", ip_protocol: "tcp", from_port: 8443, to_port: 8443 },
        description: "office",
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an ingress rule for a group of somebody else",
    adds: (it) =>
      one("aws_vpc_security_group_ingress_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{
          referenced_security_group_id: "sg-0123456789abcdef0",
          ip_protocol: "tcp",
          from_port: 8443,
          to_port: 8443,
        },
        description: "bastion",
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an ingress rule by IPv6",
    adds: (it) =>
      one("aws_vpc_security_group_ingress_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{ cidr_ipv6: "::/0", ip_protocol: "tcp", from_port: 8443, to_port: 8443, description: "six" },
      }),
    expected: "verdict",
  },
  {
    name: "an older rule",
    adds: (it) =>
      one("aws_security_group_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{
          type: "ingress",
          cidr_blocks: ["10.40.0.0/20"],
          protocol: "tcp",
          from_port: 8443,
          to_port: 8443,
        },
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an older rule outwards",
    adds: (it) =>
      one("aws_security_group_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{ type: "egress", cidr_blocks: ["10.2.0.0/16"], protocol: "tcp", from_port: 5432, to_port: 5432 },
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an egress rule to the internet",
    adds: (it) =>
      one("aws_vpc_security_group_egress_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{ cidr_ipv4: "0.0.0.0/0", ip_protocol: "-1", description: "updates" },
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an egress rule to one private block",
    adds: (it) =>
      one("aws_vpc_security_group_egress_rule", {
        security_group_id: it.ref(IN.taskGroup),
        ...{
          cidr_ipv4: "10.2.0.0/16",
          ip_protocol: "tcp",
          from_port: 5432,
          to_port: 5432,
          description: "other",
        },
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "port 80 of the load balancer",
    adds: (it) =>
      one("aws_vpc_security_group_ingress_rule", {
        security_group_id: it.ref(IN.balancerGroup),
        ...{ cidr_ipv4: "0.0.0.0/0", ip_protocol: "tcp", from_port: 80, to_port: 80, description: "http" },
      }),
    expected: "verdict",
  },
  {
    name: "the load balancer may call anything",
    adds: (it) =>
      one("aws_vpc_security_group_egress_rule", {
        security_group_id: it.ref(IN.balancerGroup),
        ...{
          cidr_ipv4: "10.0.0.0/8",
          ip_protocol: "tcp",
          from_port: 443,
          to_port: 443,
          description: "targets",
        },
      }),
    expected: "verdict",
  },
  {
    name: "the endpoints are open to a block",
    adds: (it) =>
      one("aws_vpc_security_group_ingress_rule", {
        security_group_id: it.ref(IN.endpoints),
        ...{ cidr_ipv4: "10.0.0.0/8", ip_protocol: "tcp", from_port: 443, to_port: 443, description: "more" },
      }),
    expected: "verdict",
  },
  {
    name: "the default group has a rule again",
    adds: (it) =>
      one("aws_vpc_security_group_ingress_rule", {
        security_group_id: it.ref("vpc/default-group"),
        ...{ cidr_ipv4: "10.0.0.0/8", ip_protocol: "tcp", from_port: 22, to_port: 22, description: "ssh" },
      }),
    expected: "verdict",
  },
  {
    name: "a host stands in the group of the load balancer",
    adds: (it) =>
      one("aws_instance", {
        ...{ ami: "ami-0123456789abcdef0", instance_type: "t3.micro" },
        subnet_id: it.ref(IN.publicSubnet),
        vpc_security_group_ids: [it.ref(IN.balancerGroup)],
        associate_public_ip_address: true,
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an interface of somebody else is put into the group of the load balancer",
    adds: (it) =>
      one("aws_network_interface_sg_attachment", {
        security_group_id: it.ref(IN.balancerGroup),
        network_interface_id: "eni-0123456789abcdef0",
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an interface of somebody else is put into the group of a task",
    adds: (it) =>
      one("aws_network_interface_sg_attachment", {
        security_group_id: it.ref(IN.taskGroup),
        network_interface_id: "eni-0123456789abcdef0",
      }),
    expected: "verdict",
  },
  {
    name: "a function stands in the group of a task",
    adds: (it) =>
      one("aws_lambda_function", {
        ...{ function_name: "other", role: "arn:aws:iam::111122223333:role/other", filename: "a.zip" },
        ...{ handler: "a.b", runtime: "nodejs22.x" },
        vpc_config: { subnet_ids: [it.ref(IN.privateSubnet)], security_group_ids: [it.ref(IN.taskGroup)] },
      }),
    expected: "verdict",
  },
  {
    name: "a template of hosts that stand in the group of the load balancer",
    adds: (it) =>
      one("aws_launch_template", {
        image_id: "ami-0123456789abcdef0",
        vpc_security_group_ids: [it.ref(IN.balancerGroup)],
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "the group of a task is used in another VPC",
    adds: (it) =>
      one("aws_vpc_security_group_vpc_association", {
        security_group_id: it.ref(IN.taskGroup),
        vpc_id: "vpc-0123456789abcdef0",
      }),
    expected: "verdict",
  },
  {
    name: "a group of somebody else, that nothing of ours stands in",
    adds: () =>
      one("aws_security_group", { name: "other", vpc_id: "vpc-0123456789abcdef0", description: "other" }),
    expected: "quiet",
  },
];
