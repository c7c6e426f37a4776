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
    "Parts of uploads that never end stay longer, and cost: nobody reads them.",
    "audit aws_s3_bucket_lifecycle_configuration.rule[].abort_incomplete_multipart_upload[].days_after_initiation raise",
  ),
  ...of(
    "Without it more is logged, and costs more: nothing is lost.",
    "waf aws_wafv2_web_acl_logging_configuration.logging_filter remove",
  ),
};

/** Classes that are caught in the first place and not in another that is tried, by key, and why. */
export const UNLIKE: Readonly<Record<string, string>> = {};

/** The same of what the complete example has not. */
export const UNLIKE_BEYOND: Readonly<Record<string, string>> = {
  ...of(
    "Of what the first copy waits for only the bucket's policy protects; without versions, the first set is not kept.",
    "key-mirror aws_lambda_invocation.depends_on[] any",
  ),
  ...of(
    "It denies what no right gives: the second denial is there for a right that is added later.",
    "task aws_iam_role_policy.policy:.Statement[Deny] remove",
  ),
};

/** The same of what the complete example has not. */
export const LEFT_BEYOND: Readonly<Record<string, string>> = {
  ...of(
    "Without it the provider's default stands, which is what is written; any other value is caught.",
    "egress aws_cloudwatch_log_group.skip_destroy remove",
    "key-mirror aws_cloudwatch_log_group.skip_destroy remove",
    "egress aws_cloudwatch_metric_alarm.actions_enabled remove",
    "key-mirror aws_cloudwatch_metric_alarm.actions_enabled remove",
    "limits aws_cloudwatch_metric_alarm.actions_enabled remove",
    "redelivery aws_cloudwatch_metric_alarm.actions_enabled remove",
  ),
  ...of("A name that a graph shows.", "key-mirror aws_cloudwatch_metric_alarm.metric_query[].label remove"),
  ...of(
    "Read only when the bucket itself is destroyed: with something in it, Terraform stops.",
    "key-mirror aws_s3_bucket.force_destroy flip",
    "key-mirror aws_s3_bucket.force_destroy remove",
  ),
  ...of(
    "It is chosen, and nothing in the file tells which value was.",
    "secrets aws_lambda_function.environment.variables.*:.require remove",
    "secrets aws_lambda_function.environment.variables.*:.require[] remove",
    "secrets aws_lambda_function.environment.variables.*:.tls remove",
    "secrets aws_lambda_function.environment.variables.*:.tls.clientCaFile remove",
    "secrets aws_lambda_function.environment.variables.*:.urlFor remove",
    "secrets aws_sfn_state_machine.definition:.States.Each.Items[bank].days raise",
  ),
  ...of(
    "It reaches nobody's data: what is needed is refused, and calls fail.",
    "task aws_iam_role_policy.policy:.Statement[Allow].Condition.StringLike.kms:EncryptionContext:aws:s3:arn[] remove",
    "task aws_iam_role_policy.policy:.Statement[Deny].Action[] any",
    "task aws_iam_role_policy.policy:.Statement[Deny].Resource[] any",
  ),
  ...of(
    "A listener that is given is found by its ARN: without it the provider finds none, and every plan stops.",
    "ingress aws_lb_listener.arn remove",
  ),
};

function of(reason: string, ...keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, reason]));
}
