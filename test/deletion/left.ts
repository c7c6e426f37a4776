/** Classes of which nothing is seen, by key, and why: what is caught in future goes from here. */
export const LEFT: Readonly<Record<string, string>> = {
  ...of(
    "Without it the provider's default stands, which is what is written; any other value is caught.",
    "audit aws_cloudwatch_log_group.skip_destroy remove",
    "waf aws_cloudwatch_log_group.skip_destroy remove",
    "secrets aws_cloudwatch_log_group.skip_destroy remove",
    "alarms aws_cloudwatch_metric_alarm.actions_enabled remove",
    "secrets aws_cloudwatch_metric_alarm.actions_enabled remove",
    "audit aws_kms_key.deletion_window_in_days remove",
    "secrets aws_kms_key.deletion_window_in_days remove",
    "alarms aws_kms_key.deletion_window_in_days remove",
    "audit aws_s3_bucket_object_lock_configuration.object_lock_enabled remove",
    "secrets aws_secretsmanager_secret.recovery_window_in_days remove",
  ),
  ...of(
    "It is chosen within a range, and nothing in the file tells which value was: a smaller or larger one is as good a deployment.",
    "ingress aws_lb.client_keep_alive raise",
    "ingress aws_lb.idle_timeout raise",
    "ingress aws_s3_bucket_lifecycle_configuration.rule[].expiration[].days keep",
  ),
  ...of("A name that a graph shows.", "alarms aws_cloudwatch_metric_alarm.metric_query[].label remove"),
  ...of(
    "An empty list, of which there is nothing to take: one with something in it is caught.",
    "task aws_ecs_task_definition.container_definitions:[server].secrets remove",
  ),
  ...of(
    "Parts of uploads that never end go sooner; whole ones stay.",
    "audit aws_s3_bucket_lifecycle_configuration.rule[].abort_incomplete_multipart_upload[].days_after_initiation keep",
  ),
  ...of(
    "Without it more is logged, and costs more: nothing is lost.",
    "waf aws_wafv2_web_acl_logging_configuration.logging_filter remove",
  ),
};

function of(reason: string, ...keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, reason]));
}
