/**
 * Types of resources that are made here and have `tags`, by the schema of the AWS provider 6.25
 * (https://registry.terraform.io/providers/hashicorp/aws/6.25.0/docs). All others that are made here have none: attachments,
 * policies, routes, records, versions, schedules. A test holds the list against the provider's bindings.
 */
export const TAGGABLE = [
  ...[
    "aws_acm_certificate",
    "aws_appautoscaling_target",
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_log_group",
  ],
  ...["aws_cloudwatch_metric_alarm", "aws_default_security_group", "aws_ec2_managed_prefix_list"],
  ...["aws_ecr_repository", "aws_ecs_cluster", "aws_ecs_service", "aws_ecs_task_definition", "aws_eip"],
  ...["aws_elasticache_parameter_group", "aws_elasticache_replication_group", "aws_elasticache_subnet_group"],
  ...["aws_elasticache_user", "aws_elasticache_user_group", "aws_flow_log", "aws_iam_policy", "aws_iam_role"],
  ...["aws_internet_gateway", "aws_kinesis_firehose_delivery_stream", "aws_kms_key", "aws_lambda_function"],
  ...["aws_lb", "aws_lb_listener", "aws_lb_listener_rule", "aws_lb_target_group", "aws_lb_trust_store"],
  ...[
    "aws_nat_gateway",
    "aws_network_acl",
    "aws_route_table",
    "aws_s3_bucket",
    "aws_scheduler_schedule_group",
  ],
  ...["aws_secretsmanager_secret", "aws_security_group", "aws_service_discovery_private_dns_namespace"],
  ...["aws_service_discovery_service", "aws_sfn_state_machine", "aws_sns_topic", "aws_sqs_queue"],
  ...["aws_ssm_parameter", "aws_subnet", "aws_vpc", "aws_vpc_endpoint", "aws_vpc_security_group_egress_rule"],
  ...["aws_vpc_security_group_ingress_rule", "aws_wafv2_web_acl"],
] as const;
