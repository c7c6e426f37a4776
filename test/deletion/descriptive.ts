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
    class: /^task aws_ecs_service\.(deployment_maximum_percent|deployment_minimum_healthy_percent) remove$/,
    why: "ECS takes 200 and 100 percent where nothing is said, which is what is written; others are caught",
  },
  {
    class: /^task aws_ecs_service\.(enable_execute_command|network_configuration\.assign_public_ip) remove$/,
    why: "off where nothing is said; on is caught, and so is a service without a network",
  },
  {
    class: /^task aws_ecs_service\.platform_version remove$/,
    why: "the latest where nothing is said, which is what is written",
  },
  {
    class: /^task aws_ecs_service\.(enable_ecs_managed_tags (remove|flip)|propagate_tags remove)$/,
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
    class: /^task aws_service_discovery_service\.dns_config\.routing_policy remove$/,
    why: "MULTIVALUE where nothing is said, which is what is written; another one is caught",
  },
  {
    class: /^task aws_service_discovery_service\.force_destroy (remove|flip)$/,
    why: "read only when the name itself is destroyed: whether Terraform takes tasks that are still listed out, or stops",
  },
  {
    class: /^edge aws_route53_record\.ttl raise$/,
    why: "what proves a name to AWS is the same for ever, so that it does not matter how long resolvers keep it",
  },
  {
    class: /\.tags(\.\*)? remove$/,
    why: "labels for people and bills; those of roles are judged as conditions",
  },
  { class: /\.(description|alarm_description) remove$/, why: "a sentence for people" },
];

/** Whether a class is not counted. */
export function isDescriptive(key: string): boolean {
  return DESCRIPTIVE.some((entry) => entry.class.test(key));
}
