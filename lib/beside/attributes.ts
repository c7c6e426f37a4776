/**
 * What constructs of ours write at each type: attributes, and in brackets those of a block. A name without brackets may hold
 * anything. A test compares it with everything that examples and the corpus of configurations synthesise.
 */
export const ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_acm_certificate: `
    domain_name options(certificate_transparency_logging_preference) validation_method
  `,
  aws_acm_certificate_validation: "certificate_arn validation_record_fqdns",
  aws_appautoscaling_policy: `
    name policy_type resource_id scalable_dimension service_namespace
    target_tracking_scaling_policy_configuration(predefined_metric_specification(predefined_metric_type)
    scale_in_cooldown scale_out_cooldown target_value)
  `,
  aws_appautoscaling_target: "max_capacity min_capacity resource_id scalable_dimension service_namespace",
  aws_cloudwatch_event_rule: "description event_pattern name state",
  aws_cloudwatch_event_target: `
    arn dead_letter_config(arn) input_transformer(input_paths input_template)
    retry_policy(maximum_event_age_in_seconds maximum_retry_attempts) role_arn rule target_id
  `,
  aws_cloudwatch_log_group: "deletion_protection_enabled kms_key_id name retention_in_days skip_destroy",
  aws_cloudwatch_log_metric_filter: `
    log_group_name metric_transformation(default_value dimensions name namespace unit value) name
    pattern
  `,
  aws_cloudwatch_log_resource_policy: "policy_document policy_name",
  aws_cloudwatch_log_stream: "log_group_name name",
  aws_cloudwatch_log_subscription_filter: `
    destination_arn distribution filter_pattern log_group_name name role_arn
  `,
  aws_cloudwatch_metric_alarm: `
    actions_enabled alarm_actions alarm_description alarm_name comparison_operator
    datapoints_to_alarm dimensions evaluate_low_sample_count_percentiles evaluation_periods
    extended_statistic metric_name metric_query(expression id label metric(dimensions metric_name
    namespace period stat) return_data) namespace ok_actions period statistic threshold
    treat_missing_data
  `,
  aws_default_security_group: "vpc_id",
  aws_ec2_managed_prefix_list: "address_family entry(cidr) max_entries name",
  aws_ecr_lifecycle_policy: "policy repository",
  aws_ecr_repository: `
    encryption_configuration(encryption_type kms_key) force_delete
    image_scanning_configuration(scan_on_push) image_tag_mutability name
  `,
  aws_ecr_repository_policy: "policy repository",
  aws_ecs_cluster: "name setting(name value)",
  aws_ecs_cluster_capacity_providers: "capacity_providers cluster_name",
  aws_ecs_service: `
    availability_zone_rebalancing cluster deployment_circuit_breaker(enable rollback)
    deployment_maximum_percent deployment_minimum_healthy_percent desired_count
    enable_ecs_managed_tags enable_execute_command health_check_grace_period_seconds launch_type
    load_balancer(container_name container_port target_group_arn) name
    network_configuration(assign_public_ip security_groups subnets) platform_version propagate_tags
    service_registries(registry_arn) task_definition
  `,
  aws_ecs_task_definition: `
    container_definitions cpu execution_role_arn family memory network_mode requires_compatibilities
    runtime_platform(cpu_architecture operating_system_family) task_role_arn
  `,
  aws_eip: "domain",
  aws_elasticache_parameter_group: "description family name parameter(name value)",
  aws_elasticache_replication_group: `
    at_rest_encryption_enabled auto_minor_version_upgrade automatic_failover_enabled description
    engine engine_version kms_key_id log_delivery_configuration(destination destination_type
    log_format log_type) maintenance_window multi_az_enabled node_type num_cache_clusters
    parameter_group_name port replication_group_id security_group_ids subnet_group_name
    transit_encryption_enabled transit_encryption_mode user_group_ids
  `,
  aws_elasticache_subnet_group: "description name subnet_ids",
  aws_elasticache_user: "access_string authentication_mode(type) engine user_id user_name",
  aws_elasticache_user_group: "engine user_group_id user_ids",
  aws_flow_log: `
    iam_role_arn log_destination log_destination_type max_aggregation_interval traffic_type vpc_id
  `,
  aws_iam_policy: "description name path policy",
  aws_iam_role: "assume_role_policy description name path permissions_boundary",
  aws_iam_role_policy: "name policy role",
  aws_internet_gateway: "vpc_id",
  aws_kinesis_firehose_delivery_stream: `
    destination extended_s3_configuration(bucket_arn buffering_interval buffering_size
    cloudwatch_logging_options(enabled log_group_name log_stream_name) compression_format
    error_output_prefix kms_key_arn prefix processing_configuration(enabled
    processors(parameters(parameter_name parameter_value) type)) role_arn) name
    server_side_encryption(enabled key_arn key_type)
  `,
  aws_kms_alias: "name target_key_id",
  aws_kms_key: "deletion_window_in_days description enable_key_rotation policy",
  aws_lambda_function: `
    architectures dead_letter_config(target_arn) description environment(variables) filename
    function_name handler kms_key_arn logging_config(application_log_level log_format log_group
    system_log_level) memory_size reserved_concurrent_executions role runtime source_code_hash
    timeout tracing_config(mode) vpc_config(security_group_ids subnet_ids)
  `,
  aws_lambda_function_event_invoke_config: `
    function_name maximum_event_age_in_seconds maximum_retry_attempts
  `,
  aws_lambda_invocation: "function_name input lifecycle_scope",
  aws_lambda_permission: "action function_name principal source_account source_arn statement_id",
  aws_lb: `
    access_logs(bucket enabled prefix) client_keep_alive connection_logs(bucket enabled prefix)
    desync_mitigation_mode drop_invalid_header_fields enable_deletion_protection enable_http2
    enable_waf_fail_open enable_zonal_shift health_check_logs(bucket enabled prefix) idle_timeout
    internal ip_address_type load_balancer_type name preserve_host_header security_groups subnets
    xff_header_processing_mode
  `,
  aws_lb_listener: `
    certificate_arn default_action(fixed_response(content_type message_body status_code) type)
    load_balancer_arn mutual_authentication(advertise_trust_store_ca_names
    ignore_client_certificate_expiry mode trust_store_arn) port protocol
    routing_http_response_server_enabled
    routing_http_response_strict_transport_security_header_value
    routing_http_response_x_content_type_options_header_value ssl_policy
  `,
  aws_lb_listener_certificate: "certificate_arn listener_arn",
  aws_lb_listener_rule: `
    action(target_group_arn type) condition(host_header(values) http_header(http_header_name values)
    path_pattern(values)) listener_arn priority
  `,
  aws_lb_target_group: `
    deregistration_delay health_check(enabled healthy_threshold interval matcher path port protocol
    timeout unhealthy_threshold) ip_address_type load_balancing_algorithm_type name port protocol
    protocol_version target_type vpc_id
  `,
  aws_lb_trust_store: `
    ca_certificates_bundle_s3_bucket ca_certificates_bundle_s3_key
    ca_certificates_bundle_s3_object_version name
  `,
  aws_lb_trust_store_revocation: `
    revocations_s3_bucket revocations_s3_key revocations_s3_object_version trust_store_arn
  `,
  aws_nat_gateway: "allocation_id subnet_id",
  aws_network_acl: "subnet_ids vpc_id",
  aws_network_acl_rule: `
    cidr_block egress from_port network_acl_id protocol rule_action rule_number to_port
  `,
  aws_route: "destination_cidr_block gateway_id nat_gateway_id route_table_id",
  aws_route53_record: `
    alias(evaluate_target_health name zone_id) allow_overwrite name records ttl type zone_id
  `,
  aws_route_table: "vpc_id",
  aws_route_table_association: "route_table_id subnet_id",
  aws_s3_bucket: "bucket bucket_prefix force_destroy object_lock_enabled",
  aws_s3_bucket_lifecycle_configuration: `
    bucket rule(abort_incomplete_multipart_upload(days_after_initiation) expiration(days)
    filter(prefix) id noncurrent_version_expiration(noncurrent_days) status)
  `,
  aws_s3_bucket_logging: "bucket target_bucket target_prefix",
  aws_s3_bucket_object_lock_configuration: `
    bucket object_lock_enabled rule(default_retention(days mode))
  `,
  aws_s3_bucket_ownership_controls: "bucket rule(object_ownership)",
  aws_s3_bucket_policy: "bucket policy",
  aws_s3_bucket_public_access_block: `
    block_public_acls block_public_policy bucket ignore_public_acls restrict_public_buckets
  `,
  aws_s3_bucket_server_side_encryption_configuration: `
    bucket rule(apply_server_side_encryption_by_default(kms_master_key_id sse_algorithm)
    bucket_key_enabled)
  `,
  aws_s3_bucket_versioning: "bucket versioning_configuration(status)",
  aws_scheduler_schedule: `
    description flexible_time_window(mode) group_name kms_key_arn name schedule_expression
    schedule_expression_timezone target(arn dead_letter_config(arn) input
    retry_policy(maximum_event_age_in_seconds maximum_retry_attempts) role_arn)
  `,
  aws_scheduler_schedule_group: "name",
  aws_secretsmanager_secret: "description kms_key_id name recovery_window_in_days",
  aws_secretsmanager_secret_policy: "block_public_policy policy secret_arn",
  aws_secretsmanager_secret_rotation: `
    rotate_immediately rotation_lambda_arn rotation_rules(automatically_after_days duration
    schedule_expression) secret_id
  `,
  aws_secretsmanager_secret_version: "secret_id secret_string",
  aws_security_group: "description name vpc_id",
  aws_service_discovery_private_dns_namespace: "description name vpc",
  aws_service_discovery_service: `
    description dns_config(dns_records(ttl type) namespace_id routing_policy) force_destroy name
  `,
  aws_sfn_state_machine: `
    definition encryption_configuration(kms_data_key_reuse_period_seconds kms_key_id type) name
    role_arn type
  `,
  aws_sns_topic: "kms_master_key_id name",
  aws_sns_topic_policy: "arn policy",
  aws_sns_topic_subscription: "endpoint protocol topic_arn",
  aws_sqs_queue: "kms_master_key_id message_retention_seconds name sqs_managed_sse_enabled",
  aws_sqs_queue_policy: "policy queue_url",
  aws_subnet: "availability_zone cidr_block map_public_ip_on_launch vpc_id",
  aws_vpc: "cidr_block enable_dns_hostnames enable_dns_support",
  aws_vpc_endpoint: `
    policy private_dns_enabled route_table_ids security_group_ids service_name subnet_ids
    vpc_endpoint_type vpc_id
  `,
  aws_vpc_security_group_egress_rule: `
    cidr_ipv4 description from_port ip_protocol prefix_list_id referenced_security_group_id
    security_group_id to_port
  `,
  aws_vpc_security_group_ingress_rule: `
    cidr_ipv4 description from_port ip_protocol referenced_security_group_id security_group_id
    to_port
  `,
  aws_wafv2_web_acl: `
    custom_response_body data_protection_config default_action description name rule scope
    visibility_config
  `,
  aws_wafv2_web_acl_association: "resource_arn web_acl_arn",
  aws_wafv2_web_acl_logging_configuration: `
    log_destination_configs logging_filter(default_behavior filter(behavior
    condition(action_condition(action)) requirement)) redacted_fields(query_string
    single_header(name)) resource_arn
  `,
  cloudflare_dns_record: "comment content name proxied ttl type zone_id",
};
