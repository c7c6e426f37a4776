import type { Touch, Touches } from "./touch";

const BALANCER = ["aws_lb", "aws_lb_listener", "aws_lb_target_group", "aws_service_discovery_service"];

/** What leads calls to our load balancer or tasks by another door, or calls of our clients to somebody else. */
export const DOORS: Touches = {
  aws_apigatewayv2_integration: {
    ...{ by: ["integration_uri", "request_parameters"], at: BALANCER, holds: "unknown" },
    says: "is called by an API of somebody else: who may call that, and whose address arrives, is not judged",
  },
  aws_api_gateway_integration: {
    ...{ by: ["uri", "integration_target"], at: BALANCER, holds: "unknown" },
    says: "is called by an API of somebody else: who may call that, and whose address arrives, is not judged",
  },
  aws_api_gateway_vpc_link: {
    ...{ by: ["target_arns"], at: BALANCER, holds: "unknown" },
    says: "is called by an API of somebody else: who may call that, and whose address arrives, is not judged",
  },
  aws_autoscaling_attachment: {
    ...{ by: ["lb_target_group_arn"], at: BALANCER, holds: false },
    says: "gets hosts of somebody else as targets: calls of our clients, and their keys, go there",
  },
  aws_autoscaling_group: {
    ...{ by: ["target_group_arns", "traffic_source"], at: BALANCER, holds: false },
    says: "gets hosts of somebody else as targets: calls of our clients, and their keys, go there",
  },
  aws_autoscaling_traffic_source_attachment: {
    ...{ by: ["traffic_source"], at: BALANCER, holds: false },
    says: "gets hosts of somebody else as targets: calls of our clients, and their keys, go there",
  },
  aws_cloudfront_distribution: {
    ...{ by: ["origin"], at: BALANCER, holds: "unknown" },
    says: "stands behind a distribution of somebody else: its TLS, its cache and whose address arrives are not judged",
  },
  aws_cloudfront_vpc_origin: {
    ...{ by: ["vpc_origin_endpoint_config"], at: BALANCER, holds: "unknown" },
    says: "is called by distributions from inside the VPC: who may call those is not judged",
  },
  aws_ecs_task_set: {
    ...{ by: ["service", "task_definition", "load_balancer"], holds: false },
    at: ["aws_ecs_service", "aws_ecs_task_definition", "aws_lb_target_group"],
    says: "runs as a set of tasks that stands where somebody else says, behind other groups and targets",
  },
  aws_globalaccelerator_custom_routing_endpoint_group: {
    ...{ by: ["endpoint_configuration"], at: ["aws_subnet"], holds: false },
    says: "is reached from the internet by an accelerator, task by task",
  },
  aws_globalaccelerator_endpoint_group: {
    ...{ by: ["endpoint_configuration"], at: BALANCER, holds: "unknown" },
    says: "is also reached by an accelerator of somebody else, also where it is internal",
  },
  aws_lb_listener_rule: {
    ...{ by: ["listener_arn"], at: BALANCER, holds: "unknown", ours: true },
    says: "has a rule of somebody else: paths that it takes go where it says, past our gateway",
  },
  aws_lb_target_group_attachment: {
    ...{ by: ["target_group_arn", "target_id"], at: BALANCER, holds: false },
    says: "has a target that somebody else has registered: calls, and the keys in them, come or go past our gateway",
  },
  aws_service_discovery_instance: {
    ...{ by: ["service_id"], at: ["aws_service_discovery_service"], holds: false },
    says: "names an address of somebody else: gateways share their limits with it",
  },
  aws_verifiedaccess_endpoint: {
    ...{ by: ["load_balancer_options", "network_interface_options"], at: BALANCER, holds: "unknown" },
    says: "is called by an access endpoint of somebody else: who may call that is not judged",
  },
  aws_vpclattice_target_group: {
    ...{ by: ["config"], at: ["aws_vpc"], holds: "unknown" },
    says: "has targets that a lattice of somebody else calls",
  },
  aws_vpclattice_target_group_attachment: {
    ...{ by: ["target"], at: BALANCER, holds: "unknown" },
    says: "is called by a lattice of somebody else: who may call that is not judged",
  },
  aws_wafv2_web_acl_rule_group_association: {
    ...{ by: ["web_acl_arn"], at: ["aws_wafv2_web_acl"], holds: false },
    says: "gets rules of somebody else, which may allow a request before ours see it",
  },
};

/** What changes the network that our tasks stand in, beside routes, groups and lists, of which the graph is made. */
export const NETWORK: Touches = {
  aws_network_acl: {
    ...{ by: ["subnet_ids"], at: ["aws_subnet"], holds: "unknown", ours: true },
    says: "stands behind a network ACL of somebody else",
  },
  aws_network_acl_association: {
    ...{ by: ["subnet_id"], at: ["aws_subnet"], holds: "unknown", ours: true },
    says: "stands behind a network ACL of somebody else",
  },
  aws_network_acl_rule: {
    ...{ by: ["network_acl_id"], at: ["aws_network_acl"], holds: "unknown", ours: true },
    says: "has a rule that no configuration of ours has",
  },
  aws_network_interface_sg_attachment: {
    ...{ by: ["security_group_id"], at: ["aws_security_group", "aws_default_security_group"], holds: false },
    says: "gets an interface of somebody else, for which every door stands open that is open for the group",
  },
  aws_ram_resource_association: {
    ...{ by: ["resource_arn"], at: [], holds: "unknown" },
    says: "is shared with other accounts",
  },
  aws_route53_resolver_rule_association: {
    ...{ by: ["vpc_id"], at: ["aws_vpc"], holds: "unknown" },
    says: "has names that a resolver of somebody else answers for, and hears of",
  },
  aws_route53_zone: {
    ...{ by: ["vpc"], at: ["aws_vpc"], holds: "unknown" },
    says: "has names that a zone of somebody else answers for: what tasks call by name may be something else",
  },
  aws_route53_zone_association: {
    ...{ by: ["vpc_id"], at: ["aws_vpc"], holds: "unknown" },
    says: "has names that a zone of somebody else answers for: what tasks call by name may be something else",
  },
  aws_route53profiles_association: {
    ...{ by: ["resource_id"], at: ["aws_vpc"], holds: "unknown" },
    says: "has names that zones and rules of a profile of somebody else answer for",
  },
  aws_route_table_association: {
    ...{ by: ["subnet_id"], at: ["aws_subnet"], holds: "unknown", ours: true },
    says: "has the routes of a table of somebody else",
  },
  aws_service_discovery_private_dns_namespace: {
    ...{ by: ["vpc"], at: ["aws_vpc"], holds: "unknown", ours: true },
    says: "has names that a namespace of somebody else answers for: what tasks call by name may be something else",
  },
  aws_vpc_dhcp_options_association: {
    ...{ by: ["vpc_id"], at: ["aws_vpc"], holds: "unknown" },
    says: "has its names resolved by whom these options name",
  },
  aws_vpc_endpoint_route_table_association: {
    ...{ by: ["route_table_id"], at: ["aws_route_table"], holds: "unknown" },
    says: "leads to an endpoint that somebody else has made: what its policy lets through is not judged",
  },
  aws_vpc_endpoint_security_group_association: {
    ...{ by: ["vpc_endpoint_id"], at: ["aws_vpc_endpoint"], holds: false },
    says: "stands in one more group: whom that lets in, it lets in",
  },
  aws_vpc_route_server_propagation: {
    ...{ by: ["route_table_id"], at: ["aws_route_table"], holds: "unknown" },
    says: "gets routes that a route server learns from the other side",
  },
  aws_vpc_security_group_egress_rule: {
    ...{ by: ["security_group_id"], holds: "unknown", ours: true },
    at: ["aws_security_group", "aws_default_security_group"],
    says: "lets out what no connection of ours is: a rule of somebody else stands in it",
  },
  aws_vpc_security_group_ingress_rule: {
    ...{ by: ["security_group_id"], holds: "unknown", ours: true },
    at: ["aws_security_group", "aws_default_security_group"],
    says: "lets in what no connection of ours is: a rule of somebody else stands in it",
  },
  aws_vpc_security_group_vpc_association: {
    ...{ by: ["security_group_id"], at: ["aws_security_group"], holds: "unknown" },
    says: "is used in another VPC, too: what stands in it there is in it here",
  },
  aws_vpclattice_service_network_vpc_association: {
    ...{ by: ["vpc_identifier"], at: ["aws_vpc"], holds: "unknown" },
    says: "is joined to a network of services: what stands in it may call those past every route",
  },
  aws_vpclattice_resource_gateway: {
    ...{ by: ["vpc_id", "subnet_ids"], at: ["aws_vpc", "aws_subnet"], holds: "unknown" },
    says: "is entered by a resource gateway: whom it lets in is not judged",
  },
  aws_vpn_gateway_route_propagation: {
    ...{ by: ["route_table_id"], at: ["aws_route_table"], holds: "unknown" },
    says: "gets routes that a VPN gateway learns from the other side",
  },
};

const STANDS: Touch = {
  ...{ by: [], at: ["aws_security_group", "aws_default_security_group"], holds: false, ours: true },
  says: "has something of somebody else in it, for which every door stands open that is open for the group",
};

/** What has an address in a network, or makes what has, and can stand in a group of ours. */
export const STANDING: Touches = Object.fromEntries(
  [
    ...["aws_apigatewayv2_vpc_link", "aws_batch_compute_environment", "aws_codebuild_project"],
    ...[
      "aws_bedrockagentcore_agent_runtime",
      "aws_db_instance",
      "aws_db_proxy",
      "aws_dms_replication_instance",
      "aws_docdb_cluster",
    ],
    ...[
      "aws_ec2_client_vpn_endpoint",
      "aws_ec2_fleet",
      "aws_ec2_instance_connect_endpoint",
      "aws_ecs_service",
    ],
    ...[
      "aws_efs_mount_target",
      "aws_eks_cluster",
      "aws_elasticache_cluster",
      "aws_elasticache_replication_group",
    ],
    ...[
      "aws_elasticache_serverless_cache",
      "aws_elb",
      "aws_emr_cluster",
      "aws_glue_connection",
      "aws_instance",
    ],
    ...["aws_lambda_function", "aws_launch_configuration", "aws_launch_template", "aws_lb", "aws_mq_broker"],
    ...["aws_msk_cluster", "aws_mwaa_environment", "aws_network_interface", "aws_rds_cluster"],
    ...["aws_opensearch_domain", "aws_redshift_cluster", "aws_route53_resolver_endpoint"],
    ...["aws_sagemaker_domain", "aws_sagemaker_notebook_instance", "aws_scheduler_schedule"],
    ...["aws_synthetics_canary", "aws_transfer_server", "aws_verifiedaccess_endpoint"],
    ...["aws_spot_fleet_request", "aws_spot_instance_request", "aws_vpc_endpoint"],
    ...["aws_vpclattice_resource_gateway", "aws_workspaces_directory"],
  ].map((type) => [type, STANDS]),
);
