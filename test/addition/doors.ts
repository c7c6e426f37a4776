import { IN, one, several, type Addition } from "./added";

const OTHER_TARGETS =
  "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/other/0123456789abcdef";

/** Doors beside the gateway: listeners, rules, target groups, and what stands before or instead of the load balancer. */
export const DOORS: readonly Addition[] = [
  {
    name: "an access endpoint calls our load balancer",
    adds: (it) =>
      one("aws_verifiedaccess_endpoint", {
        ...{ attachment_type: "vpc", endpoint_type: "load-balancer", application_domain: "a.example.net" },
        load_balancer_options: [{ load_balancer_arn: it.ref(IN.balancer, "arn"), port: 443 }],
      }),
    expected: "verdict",
  },
  {
    name: "a rule sends the server's path elsewhere",
    adds: (it) =>
      one("aws_lb_listener_rule", {
        ...{ listener_arn: it.ref(IN.listener, "arn"), priority: 1 },
        action: [{ type: "forward", target_group_arn: OTHER_TARGETS }],
        condition: [{ path_pattern: { values: ["/*"] } }],
      }),
    expected: "verdict",
  },
  {
    name: "a rule by its older name sends the server's path elsewhere",
    adds: (it) =>
      one("aws_alb_listener_rule", {
        ...{ listener_arn: it.ref(IN.listener, "arn"), priority: 1 },
        action: [{ type: "forward", target_group_arn: OTHER_TARGETS }],
        condition: [{ path_pattern: { values: ["/*"] } }],
      }),
    expected: "verdict",
  },
  {
    name: "a rule redirects clients elsewhere",
    adds: (it) =>
      one("aws_lb_listener_rule", {
        ...{ listener_arn: it.ref(IN.listener, "arn"), priority: 1 },
        action: [{ type: "redirect", redirect: { host: "evil.example.net", status_code: "HTTP_302" } }],
        condition: [{ path_pattern: { values: ["/*"] } }],
      }),
    expected: "verdict",
  },
  {
    name: "a rule leads from another host name to our target group",
    adds: (it) =>
      one("aws_lb_listener_rule", {
        ...{ listener_arn: it.ref(IN.listener, "arn"), priority: 1 },
        action: [{ type: "forward", target_group_arn: it.ref(IN.targets, "arn") }],
        condition: [{ host_header: { values: ["other.example.com"] } }],
      }),
    expected: "verdict",
  },
  {
    name: "a listener in clear text leads to our target group",
    adds: (it) =>
      one("aws_lb_listener", {
        ...{ load_balancer_arn: it.ref(IN.balancer, "arn"), port: 80, protocol: "HTTP" },
        default_action: [{ type: "forward", target_group_arn: it.ref(IN.targets, "arn") }],
      }),
    expected: "verdict",
  },
  {
    name: "a listener by its older name",
    adds: (it) =>
      one("aws_alb_listener", {
        ...{ load_balancer_arn: it.ref(IN.balancer, "arn"), port: 80, protocol: "HTTP" },
        default_action: [{ type: "forward", target_group_arn: it.ref(IN.targets, "arn") }],
      }),
    expected: "verdict",
  },
  ...["aws_lb", "aws_alb"].map((type): Addition => ({
    name: `a second load balancer in the same group (${type})`,
    adds: (it) =>
      several(
        one(type, {
          ...{ name: "second", internal: false, security_groups: [it.ref(IN.balancerGroup)] },
          subnets: [it.ref(IN.publicSubnet), it.ref(IN.otherPublicSubnet)],
        }),
        one("aws_lb_listener", {
          ...{ load_balancer_arn: `\${${type}.added.arn}`, port: 443, protocol: "HTTPS" },
          ...{
            ssl_policy: it.value(IN.listener, "ssl_policy"),
            certificate_arn: it.value(IN.listener, "certificate_arn"),
          },
          default_action: [{ type: "forward", target_group_arn: it.ref(IN.targets, "arn") }],
        }),
      ),
    expected: "verdict",
    widens: true,
  })),
  {
    name: "a classic load balancer in the group of the load balancer",
    adds: (it) =>
      one("aws_elb", {
        ...{
          name: "classic",
          subnets: [it.ref(IN.publicSubnet)],
          security_groups: [it.ref(IN.balancerGroup)],
        },
        listener: [{ lb_port: 80, lb_protocol: "tcp", instance_port: 8443, instance_protocol: "tcp" }],
      }),
    expected: "verdict",
    widens: true,
  },
  {
    name: "a network load balancer before ours",
    adds: (it) =>
      several(
        one("aws_lb", {
          ...{
            name: "net",
            load_balancer_type: "network",
            internal: false,
            subnets: [it.ref(IN.publicSubnet)],
          },
        }),
        one("aws_lb_target_group", {
          name: "alb",
          target_type: "alb",
          port: 443,
          protocol: "TCP",
          vpc_id: it.ref(IN.vpc),
        }),
        one("aws_lb_target_group_attachment", {
          target_group_arn: "${aws_lb_target_group.added.arn}",
          target_id: it.ref(IN.balancer, "arn"),
        }),
        one("aws_lb_listener", {
          ...{ load_balancer_arn: "${aws_lb.added.arn}", port: 443, protocol: "TCP" },
          default_action: [{ type: "forward", target_group_arn: "${aws_lb_target_group.added.arn}" }],
        }),
      ),
    expected: "verdict",
  },
  {
    name: "somebody else's address is registered in our target group",
    adds: (it) =>
      one("aws_lb_target_group_attachment", {
        target_group_arn: it.ref(IN.targets, "arn"),
        ...{ target_id: "10.40.1.9", port: 8443 },
      }),
    expected: "verdict",
  },
  {
    name: "an auto scaling group is registered in our target group",
    adds: (it) =>
      one("aws_autoscaling_attachment", {
        autoscaling_group_name: "other",
        lb_target_group_arn: it.ref(IN.targets, "arn"),
      }),
    expected: "verdict",
  },
  {
    name: "somebody else's address is registered among the peers",
    adds: (it) =>
      one("aws_service_discovery_instance", {
        ...{ service_id: it.ref(IN.peers), instance_id: "x", attributes: { AWS_INSTANCE_IPV4: "10.40.1.9" } },
      }),
    expected: "verdict",
  },
  {
    name: "an HTTP API leads straight to the tasks",
    adds: (it) =>
      several(
        one("aws_apigatewayv2_vpc_link", {
          ...{
            name: "link",
            subnet_ids: [it.ref(IN.privateSubnet)],
            security_group_ids: [it.ref(IN.balancerGroup)],
          },
        }),
        one("aws_apigatewayv2_integration", {
          ...{ api_id: "api", integration_type: "HTTP_PROXY", integration_uri: it.ref(IN.peers, "arn") },
          ...{ connection_type: "VPC_LINK", connection_id: "${aws_apigatewayv2_vpc_link.added.id}" },
        }),
      ),
    expected: "verdict",
    widens: true,
  },
  {
    name: "an HTTP API leads to our listener",
    adds: (it) =>
      one("aws_apigatewayv2_integration", {
        ...{ api_id: "api", integration_type: "HTTP_PROXY", integration_uri: it.ref(IN.listener, "arn") },
        ...{ connection_type: "VPC_LINK", connection_id: "abc123" },
      }),
    expected: "verdict",
  },
  {
    name: "a distribution stands before our load balancer",
    adds: (it) =>
      one("aws_cloudfront_distribution", {
        enabled: true,
        origin: [{ origin_id: "a", domain_name: it.ref(IN.balancer, "dns_name") }],
        default_cache_behavior: { target_origin_id: "a", viewer_protocol_policy: "allow-all" },
      }),
    expected: "verdict",
  },
  {
    name: "a distribution inside the VPC",
    adds: (it) =>
      one("aws_cloudfront_vpc_origin", {
        vpc_origin_endpoint_config: [
          {
            name: "a",
            arn: it.ref(IN.balancer, "arn"),
            http_port: 80,
            https_port: 443,
            origin_protocol_policy: "http-only",
          },
        ],
      }),
    expected: "verdict",
  },
  {
    name: "an accelerator leads to our load balancer",
    adds: (it) =>
      one("aws_globalaccelerator_endpoint_group", {
        listener_arn: "arn:aws:globalaccelerator::111122223333:accelerator/a/listener/b",
        endpoint_configuration: [{ endpoint_id: it.ref(IN.balancer, "arn"), weight: 100 }],
      }),
    expected: "verdict",
  },
  {
    name: "a lattice leads to our load balancer",
    adds: (it) =>
      one("aws_vpclattice_target_group_attachment", {
        target_group_identifier: "tg-0123456789abcdef0",
        target: [{ id: it.ref(IN.balancer, "arn"), port: 443 }],
      }),
    expected: "verdict",
  },
  {
    name: "a second record for the host leads elsewhere",
    adds: (it) =>
      one("aws_route53_record", {
        zone_id: it.value("platform/record/resource", "zone_id"),
        name: it.value("platform/record/resource", "name"),
        ...{ type: "A", ttl: 60, records: ["203.0.113.9"], set_identifier: "b" },
        weighted_routing_policy: { weight: 100 },
      }),
    expected: "verdict",
  },
  {
    name: "a record of another name",
    adds: (it) =>
      one("aws_route53_record", {
        zone_id: it.value("platform/record/resource", "zone_id"),
        ...{ name: "www.example.com", type: "A", ttl: 60, records: ["203.0.113.9"] },
      }),
    expected: "quiet",
  },
  {
    name: "another firewall takes the place of ours",
    adds: (it) =>
      one("aws_wafv2_web_acl_association", {
        resource_arn: it.ref(IN.balancer, "arn"),
        web_acl_arn: "arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/other/0",
      }),
    expected: "verdict",
  },
  {
    name: "rules of somebody else are put into our firewall",
    adds: (it) =>
      one("aws_wafv2_web_acl_rule_group_association", {
        ...{ rule_name: "other", priority: 0, web_acl_arn: it.ref(IN.firewall, "arn") },
        rule_group_reference: [{ arn: "arn:aws:wafv2:eu-west-1:111122223333:regional/rulegroup/other/0" }],
        override_action: "none",
      }),
    expected: "verdict",
  },
  {
    name: "another log of the firewall",
    adds: (it) =>
      one("aws_wafv2_web_acl_logging_configuration", {
        resource_arn: it.ref(IN.firewall, "arn"),
        log_destination_configs: ["arn:aws:s3:::aws-waf-logs-other"],
      }),
    expected: "verdict",
  },
  {
    name: "a certificate of somebody else at our listener",
    adds: (it) =>
      one("aws_lb_listener_certificate", {
        listener_arn: it.ref(IN.listener, "arn"),
        certificate_arn:
          "arn:aws:acm:eu-west-1:111122223333:certificate/00000000-0000-0000-0000-000000000000",
      }),
    expected: "verdict",
  },
];
