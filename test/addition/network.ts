import { allows, IN, one, several, type Addition } from "./added";

/** Routes, network ACLs, and what joins networks. */
export const ROUTES: readonly Addition[] = [
  {
    name: "a profile of zones answers in the VPC",
    adds: (it) =>
      one("aws_route53profiles_association", { name: "p", profile_id: "rp-1", resource_id: it.ref(IN.vpc) }),
    expected: "verdict",
  },
  {
    name: "a namespace answers in the VPC",
    adds: (it) =>
      one("aws_service_discovery_private_dns_namespace", { name: "ledger.internal", vpc: it.ref(IN.vpc) }),
    expected: "verdict",
  },
  {
    name: "routes are learnt from a route server",
    adds: (it) =>
      one("aws_vpc_route_server_propagation", {
        ...{ route_server_id: "rs-1", route_table_id: it.ref(IN.privateTable) },
      }),
    expected: "verdict",
  },
  {
    name: "a route to an internet gateway",
    adds: (it) =>
      one("aws_route", {
        route_table_id: it.ref(IN.privateTable),
        destination_cidr_block: "0.0.0.0/0",
        gateway_id: it.ref(IN.internetGateway),
      }),
    expected: "verdict",
  },
  {
    name: "a NAT gateway and a route to it",
    adds: (it) =>
      several(
        one("aws_nat_gateway", {
          subnet_id: it.ref(IN.publicSubnet),
          allocation_id: "eipalloc-0123456789abcdef0",
        }),
        one("aws_route", {
          route_table_id: it.ref(IN.privateTable),
          destination_cidr_block: "0.0.0.0/0",
          nat_gateway_id: "${aws_nat_gateway.added.id}",
        }),
      ),
    expected: "verdict",
  },
  {
    name: "half of the internet by a NAT gateway of somebody else",
    adds: (it) =>
      one("aws_route", {
        route_table_id: it.ref(IN.privateTable),
        destination_cidr_block: "128.0.0.0/1",
        nat_gateway_id: "nat-0123456789abcdef0",
      }),
    expected: "verdict",
  },
  {
    name: "a route by IPv6",
    adds: (it) =>
      one("aws_route", {
        route_table_id: it.ref(IN.privateTable),
        destination_ipv6_cidr_block: "::/0",
        egress_only_gateway_id: "eigw-0123456789abcdef0",
      }),
    expected: "verdict",
  },
  {
    name: "a route over a transit gateway, where no group lets anybody through",
    adds: (it) =>
      one("aws_route", {
        route_table_id: it.ref(IN.privateTable),
        destination_cidr_block: "10.2.0.0/16",
        transit_gateway_id: "tgw-0123456789abcdef0",
      }),
    expected: "quiet",
  },
  {
    name: "a route over a peering, where no group lets anybody through",
    adds: (it) =>
      several(
        one("aws_vpc_peering_connection", { vpc_id: it.ref(IN.vpc), peer_vpc_id: "vpc-0123456789abcdef0" }),
        one("aws_route", {
          route_table_id: it.ref(IN.privateTable),
          destination_cidr_block: "10.2.0.0/16",
          vpc_peering_connection_id: "${aws_vpc_peering_connection.added.id}",
        }),
      ),
    expected: "quiet",
  },
  {
    name: "routes that a VPN gateway spreads",
    adds: (it) =>
      one("aws_vpn_gateway_route_propagation", {
        vpn_gateway_id: "vgw-0123456789abcdef0",
        route_table_id: it.ref(IN.privateTable),
      }),
    expected: "verdict",
  },
  {
    name: "another table for the subnet of tasks",
    adds: (it) =>
      several(
        one("aws_route_table", {
          vpc_id: it.ref(IN.vpc),
          route: [{ cidr_block: "0.0.0.0/0", gateway_id: it.ref(IN.internetGateway) }],
        }),
        one("aws_route_table_association", {
          subnet_id: it.ref(IN.privateSubnet),
          route_table_id: "${aws_route_table.added.id}",
        }),
      ),
    expected: "verdict",
  },
  {
    name: "an ACL rule that opens the isolated subnets",
    adds: (it) =>
      one("aws_network_acl_rule", {
        network_acl_id: it.ref(IN.acl),
        ...{ rule_number: 1, egress: true, protocol: "-1", rule_action: "allow", cidr_block: "0.0.0.0/0" },
      }),
    expected: "verdict",
  },
  {
    name: "another ACL for an isolated subnet",
    adds: (it) =>
      several(
        one("aws_network_acl", {
          vpc_id: it.ref(IN.vpc),
          egress: [
            {
              rule_no: 1,
              action: "allow",
              protocol: "-1",
              cidr_block: "0.0.0.0/0",
              from_port: 0,
              to_port: 0,
            },
          ],
        }),
        one("aws_network_acl_association", {
          subnet_id: it.ref("isolated/eu-west-1a/resource"),
          network_acl_id: "${aws_network_acl.added.id}",
        }),
      ),
    expected: "verdict",
  },
  {
    name: "a client VPN into the subnet of tasks",
    adds: (it) =>
      several(
        one("aws_ec2_client_vpn_endpoint", {
          client_cidr_block: "10.90.0.0/22",
          vpc_id: it.ref(IN.vpc),
          server_certificate_arn: "arn:aws:acm:eu-west-1:111122223333:certificate/a",
          security_group_ids: [it.ref(IN.balancerGroup)],
        }),
        one("aws_ec2_client_vpn_network_association", {
          client_vpn_endpoint_id: "${aws_ec2_client_vpn_endpoint.added.id}",
          subnet_id: it.ref(IN.privateSubnet),
        }),
      ),
    expected: "verdict",
    widens: true,
  },
  {
    name: "EC2 Instance Connect in the group of the load balancer",
    adds: (it) =>
      one("aws_ec2_instance_connect_endpoint", {
        subnet_id: it.ref(IN.privateSubnet),
        security_group_ids: [it.ref(IN.balancerGroup)],
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "the VPC is shared in a lattice",
    adds: (it) =>
      one("aws_vpclattice_service_network_vpc_association", {
        vpc_identifier: it.ref(IN.vpc),
        service_network_identifier: "sn-0123456789abcdef0",
      }),
    expected: "verdict",
  },
  {
    name: "the resources of the VPC are given out by a lattice",
    adds: (it) =>
      one("aws_vpclattice_resource_gateway", {
        ...{ name: "other", vpc_id: it.ref(IN.vpc), subnet_ids: [it.ref(IN.privateSubnet)] },
        security_group_ids: [it.ref(IN.balancerGroup)],
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "names are resolved by somebody else",
    adds: (it) =>
      one("aws_route53_resolver_rule_association", {
        resolver_rule_id: "rslvr-rr-0123456789abcdef0",
        vpc_id: it.ref(IN.vpc),
      }),
    expected: "verdict",
  },
  {
    name: "a zone of somebody else answers in the VPC",
    adds: (it) =>
      one("aws_route53_zone_association", { zone_id: "Z0123456789ABCDEFGHIJ", vpc_id: it.ref(IN.vpc) }),
    expected: "verdict",
  },
  {
    name: "a zone that answers for AWS in the VPC",
    adds: (it) => one("aws_route53_zone", { name: "amazonaws.com", vpc: [{ vpc_id: it.ref(IN.vpc) }] }),
    expected: "verdict",
  },
  {
    name: "a private zone of another name and VPC",
    adds: () =>
      one("aws_route53_zone", { name: "other.internal", vpc: [{ vpc_id: "vpc-0123456789abcdef0" }] }),
    expected: "quiet",
  },
];

/** Endpoints, by which data leaves to AWS's services. */
export const ENDPOINTS: readonly Addition[] = [
  {
    name: "the policy of an endpoint is replaced by one for everybody",
    adds: (it) =>
      one("aws_vpc_endpoint_policy", {
        vpc_endpoint_id: it.ref(IN.s3Endpoint),
        policy: allows({ Principal: "*", Action: "*", Resource: "*" }),
      }),
    expected: "verdict",
  },
  {
    name: "an endpoint without a policy",
    adds: (it) =>
      one("aws_vpc_endpoint", {
        vpc_id: it.ref(IN.vpc),
        service_name: "com.amazonaws.eu-west-1.dynamodb",
        route_table_ids: [it.ref(IN.privateTable)],
      }),
    expected: "verdict",
  },
  {
    name: "an endpoint of somebody else leads from the table of tasks",
    adds: (it) =>
      one("aws_vpc_endpoint_route_table_association", {
        route_table_id: it.ref(IN.privateTable),
        vpc_endpoint_id: "vpce-0123456789abcdef0",
      }),
    expected: "verdict",
  },
  {
    name: "an endpoint stands in one group more",
    adds: (it) =>
      one("aws_vpc_endpoint_security_group_association", {
        vpc_endpoint_id: it.ref(IN.logsEndpoint),
        security_group_id: "sg-0123456789abcdef0",
      }),
    expected: "verdict",
  },
  {
    name: "the load balancer's network is given out as a service",
    adds: () =>
      one("aws_vpc_endpoint_service", {
        acceptance_required: false,
        network_load_balancer_arns: [
          "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/a/0",
        ],
        allowed_principals: ["*"],
      }),
    expected: "quiet",
  },
];
