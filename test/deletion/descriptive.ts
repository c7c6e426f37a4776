/** One or several classes that are not counted. */
export interface Descriptive {
  /** Matches keys of classes, see `keyOf`. */
  readonly class: RegExp;
  /** Why nothing becomes less safe without it. */
  readonly why: string;
}

/** Attributes that only describe, or whose loss makes nothing less safe. Reviewed one by one. */
export const DESCRIPTIVE: readonly Descriptive[] = [
  {
    class:
      /^(task|egress) aws_ecs_service\.(deployment_maximum_percent|deployment_minimum_healthy_percent) remove$/,
    why: "ECS takes 200 and 100 percent where nothing is said, which is what is written; others are caught",
  },
  {
    class:
      /^(task|egress) aws_ecs_service\.(enable_execute_command|network_configuration\.assign_public_ip) remove$/,
    why: "off where nothing is said; on is caught, and so is a service without a network",
  },
  {
    class: /^(task|egress) aws_ecs_service\.platform_version remove$/,
    why: "the latest where nothing is said, which is what is written",
  },
  {
    class: /^(task|egress) aws_ecs_service\.(enable_ecs_managed_tags (remove|flip)|propagate_tags remove)$/,
    why: "labels of running tasks, for people and bills: no right, rule or alarm asks for them",
  },
  {
    class: /^task aws_ecs_task_definition\.container_definitions:\[server\]\.(essential|privileged) remove$/,
    why: "ECS takes a container for essential and for unprivileged where nothing is said; the contrary is caught",
  },
  {
    class:
      /^task aws_appautoscaling_policy\.target_tracking_scaling_policy_configuration\.scale_in_cooldown remove$/,
    why: "300 seconds for ECS where nothing is said, which is what is written",
  },
  {
    class: /^task aws_cloudwatch_metric_alarm\.actions_enabled remove$/,
    why: "on where nothing is said; off is caught",
  },
  {
    class: /^task aws_cloudwatch_log_group\.skip_destroy (remove|flip)$/,
    why: "off where nothing is said; on leaves the group and its lines behind when everything else is destroyed",
  },
  {
    class: /^(task|egress) aws_service_discovery_service\.dns_config\.routing_policy remove$/,
    why: "MULTIVALUE where nothing is said, which is what is written; another one is caught",
  },
  {
    class: /^(task|egress) aws_service_discovery_service\.force_destroy (remove|flip)$/,
    why: "read only when the name itself is destroyed: whether Terraform takes tasks that are still listed out, or stops",
  },
  {
    class: /^edge (aws_route53_record|cloudflare_dns_record)\.ttl raise$/,
    why: "what proves a name to AWS is the same for ever, so that it does not matter how long resolvers keep it",
  },
  {
    class: /\.tags(\.\*)? remove$/,
    why: "labels for people and bills; those of roles are judged as conditions",
  },
  { class: /\.(description|alarm_description|comment|Comment) remove$/, why: "a sentence for people" },
  {
    class: /^ingress aws_lb\.(load_balancer_type|ip_address_type|enable_http2) remove$/,
    why: "AWS makes an application load balancer for IPv4 with HTTP/2 where nothing else is said; another type, and HTTP/2 that is off, are caught",
  },
  {
    class: /^ingress aws_lb_target_group\.ip_address_type remove$/,
    why: "IPv4 where nothing is said",
  },
  {
    class: /^ingress aws_lb_target_group\.health_check\.(enabled|port|timeout|unhealthy_threshold) remove$/,
    why: "on, the targets' own port, 5 seconds and 3 failures are what holds where nothing is said, and what is written",
  },
  {
    class: /^ingress aws_lb_target_group\.health_check\.healthy_threshold remove$/,
    why: "3 answers instead of 2: a new task gets its first call one check later",
  },
  {
    class: /^ingress aws_lb_listener\.default_action\[\]\.fixed_response\.message_body remove$/,
    why: "a text for people; the status is what refuses",
  },
  {
    class: /^(ingress|audit) aws_s3_bucket\.force_destroy remove$/,
    why: "off where nothing is said; on is caught",
  },
  {
    class: /^ingress aws_s3_bucket_lifecycle_configuration\.rule\[\]\.filter(\[\](\.prefix)?)? remove$/,
    why: "a rule without a filter, or with an empty one, is for everything in the bucket; a narrower one is caught",
  },
  {
    class: /^(ingress|key-mirror) .*\.abort_incomplete_multipart_upload\[\]\.days_after_initiation raise$/,
    why: "what nobody finished stays longer, and costs: nobody reads it",
  },
  {
    class:
      /^ingress aws_lb_listener\.mutual_authentication\.(advertise_trust_store_ca_names|ignore_client_certificate_expiry) remove$/,
    why: "off where nothing is said; on is caught",
  },
  {
    class: /^(redelivery|secrets) aws_sfn_state_machine\.type remove$/,
    why: "STANDARD where nothing is said; another one is caught",
  },
  {
    class: /^secrets aws_scheduler_schedule\.target\.input remove$/,
    why: "the state machine that it starts reads none; that of functions is caught",
  },
  {
    class: /^secrets aws_lambda_function\.environment\.variables\.\*:\.alphabet remove$/,
    why: "letters and digits where nothing is said, which are no easier to guess; who takes fewer refuses the value",
  },
  {
    class: /^network aws_eip\.domain remove$/,
    why: "vpc where nothing is said, and AWS has no other any more",
  },
  {
    class: /^network aws_vpc\.enable_dns_support remove$/,
    why: "on where nothing is said; off is caught",
  },
  {
    class: /^network aws_subnet\.map_public_ip_on_launch remove$/,
    why: "off where nothing is said; on is caught",
  },
  {
    class: /^network aws_flow_log\.log_destination_type remove$/,
    why: "CloudWatch Logs where nothing is said; another destination is caught",
  },
  {
    class: /^network aws_network_acl_rule\.rule_number raise$/,
    why: "one rule a direction, and a second is caught: there is nothing that it could come after",
  },
];

/** Whether a class is not counted. */
export function isDescriptive(key: string): boolean {
  return DESCRIPTIVE.some((entry) => entry.class.test(key));
}
