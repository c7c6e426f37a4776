import { keyMirrorControls } from "../../lib/key-mirror/controls";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed } from "../support/policies";
import { mirroredPlan } from "./fixture";

const plan = mirroredPlan();
type Body = Record<string, unknown>;

test.each(keyMirrorControls.map((control) => [control.id, control] as const))(
  "%s holds as built, and where keys are inline",
  (_id, control) => {
    expect(judge(control, plan)).toEqual([{ holds: true }]);
    expect(judge(control, synthExample("minimal"))).toEqual([{ holds: true }]);
  },
);

const BUCKET_POLICY = "aws_s3_bucket_policy";
const isKeys = ({ bucket, policy }: Body) =>
  String(bucket).includes("_keys_bucket_") || String(policy).includes("TheFunctionAloneWrites");
const bucketPolicy = (change: (statement: Body) => void) =>
  policed(plan, BUCKET_POLICY, "policy", change, isKeys);
const read = (change: (statement: Body) => void) =>
  bucketPolicy((each) => each.Sid === "TasksReadTheKeys" && change(each));
const write = (change: (statement: Body) => void) =>
  bucketPolicy((each) => each.Sid === "TheFunctionAloneWrites" && change(each));
const rights = (change: (statement: Body) => void) =>
  policed(
    plan,
    "aws_iam_role_policy",
    "policy",
    (each) => each.Sid === "CopyTheKeys" && change(each),
    ({ policy }) => String(policy).includes("CopyTheKeys"),
  );
const schedule = (change: (body: Body & { target: Body & { dead_letter_config: Body } }) => void) =>
  changed(plan, "aws_scheduler_schedule", change as never, ({ name }) => String(name).endsWith("_keys"));
const alarm = (change: (body: Body & { metric_query: (Body & { metric?: Body })[] }) => void) =>
  changed(plan, "aws_cloudwatch_metric_alarm", change as never, ({ alarm_name }) =>
    String(alarm_name).endsWith("-keys-old"),
  );
const RETRIES = "aws_lambda_function_event_invoke_config";
const mirror = (change: (body: Body) => void) =>
  changed(plan, "aws_lambda_function", change, ({ function_name }) =>
    String(function_name).endsWith("_keys"),
  );
const retries = (change: (body: Body) => void) => changed(plan, RETRIES, change);
const seed = (change: (body: Body) => void) =>
  changed(plan, "aws_lambda_invocation", change, ({ input }) => String(input).includes("mirror"));
const gateway = (change: (text: string) => string) =>
  changed(plan, "aws_ecs_task_definition", (body) => {
    const containers = embedded(body.container_definitions) as { command?: string[] }[];
    for (const { command } of containers) {
      const at = (command ?? []).indexOf("--config-yaml") + 1;
      if (command === undefined || at === 0) continue;
      const before = command[at] as string;
      command[at] = change(before);
      expect(command[at]).not.toBe(before);
    }
    body.container_definitions = JSON.stringify(containers);
  });
const cut = (from: RegExp, to = "") => gateway((text) => text.replace(from, to));
const impatient = (type: string) =>
  changed(plan, "aws_ecs_service", (body) => {
    const before = body.depends_on as string[];
    body.depends_on = before.filter(
      (address) => !address.startsWith(`${type}.`) || !address.includes("_keys_"),
    );
    expect(body.depends_on).not.toEqual(before);
  });

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["source-checked", "without TLS", () => cut(/"uri":"https:/, '"uri":"http:')],
    ["source-checked", "nothing checks the certificate", () => cut(/"trusted_ca":\{[^}]*\},/)],
    ["source-checked", "nothing checks the certificate", () => cut(/"sni":"[^"]*"/, '"sni":"other"')],
    [
      "source-checked",
      "below 1.2",
      () => cut(/"tls_minimum_protocol_version":"TLSv1_2"\},"validation/, '"x":1},"validation'),
    ],
    [
      "source-checked",
      "any host with a certificate",
      () => cut(/,"match_typed_subject_alt_names":\[\{.*?\}\}\]/),
    ],
    [
      "source-checked",
      "any host with a certificate",
      () => cut(/"exact":"\$\{aws_s3[^"]*"/, '"suffix":".amazonaws.com"'),
    ],
    ["source-checked", "an outage of S3", () => cut(/"async_fetch":\{[^}]*\},/)],
    ["source-checked", "an outage of S3", () => cut(/"fast_listener":false/, '"fast_listener":true')],
    [
      "source-checked",
      "remembered",
      () => cut(/"remote_jwks"/, '"jwt_cache_config":{"jwt_cache_size":9},"remote_jwks"'),
    ],
    [
      "bucket-closed",
      "block_public_policy is not set",
      () =>
        changed(
          plan,
          "aws_s3_bucket_public_access_block",
          (body) => (body.block_public_policy = false),
          isKeys,
        ),
    ],
    ["bucket-closed", "tasks may not read", () => without(plan, BUCKET_POLICY, isKeys)],
    ["bucket-closed", "more than to read", () => read((each) => (each.Action = ["s3:*"]))],
    [
      "bucket-closed",
      "more than to read",
      () => read((each) => (each.Resource = String(each.Resource).replace("jwks.json", "*"))),
    ],
    ["bucket-closed", "others than one endpoint", () => read((each) => delete each.Condition)],
    [
      "bucket-closed",
      "others than one endpoint",
      () => read((each) => (each.Condition = { StringLike: { "aws:SourceVpce": "vpce-*" } })),
    ],
    [
      "bucket-closed",
      "others than one endpoint",
      () => read((each) => (each.Condition = { StringEquals: { "aws:SourceVpce": "*" } })),
    ],
    ["one-writer", "others than the function", () => write((each) => (each.Effect = "Allow"))],
    ["one-writer", "others than the function", () => write((each) => (each.Action = ["s3:DeleteObject"]))],
    ["one-writer", "others than the function", () => write((each) => delete each.Condition)],
    [
      "one-writer",
      "others than the function",
      () =>
        write(
          (each) =>
            (each.Condition = { ArnNotEquals: { "aws:PrincipalArn": ["arn:aws:iam::1:role/other"] } }),
        ),
    ],
    ["one-writer", "also writes", () => rights((each) => (each.Resource = ["arn:aws:s3:::other/*"]))],
    [
      "on-schedule",
      "nothing copies",
      () =>
        without(plan, "aws_lambda_function", ({ function_name }) => String(function_name).endsWith("_keys")),
    ],
    ["on-schedule", "nothing calls it", () => schedule((body) => (body.state = "DISABLED"))],
    [
      "on-schedule",
      "something else",
      () => schedule(({ target }) => (target.input = '{"action":"withdraw"}')),
    ],
    ["on-schedule", "are lost", () => schedule(({ target }) => delete (target as Body).dead_letter_config)],
    [
      "on-schedule",
      "every 60 minutes",
      () => schedule((body) => (body.schedule_expression = "rate(60 minutes)")),
    ],
    [
      "age-rings",
      "no alarm",
      () =>
        without(plan, "aws_cloudwatch_metric_alarm", ({ alarm_name }) =>
          String(alarm_name).endsWith("-keys-old"),
        ),
    ],
    ["age-rings", "nothing rings", () => alarm((body) => (body.treat_missing_data = "notBreaching"))],
    ["age-rings", "nobody hears", () => alarm((body) => (body.alarm_actions = []))],
    ["age-rings", "nobody hears", () => alarm((body) => (body.actions_enabled = false))],
    ["age-rings", "look at Errors", () => alarm((body) => body.metric_query.pop())],
    ["age-rings", "rings after 1440 minutes", () => alarm((body) => (body.evaluation_periods = 96))],
    ["age-rings", "asks for other copies", () => alarm((body) => (body.datapoints_to_alarm = 41))],
    [
      "age-rings",
      "at the first copy",
      () => alarm((body) => Object.assign(body, { evaluation_periods: 1, datapoints_to_alarm: 1 })),
    ],
    ["age-rings", "does not count", () => alarm(({ metric_query: [sum] }) => (sum!.expression = "errors"))],
    ["age-rings", "does not count", () => alarm(({ metric_query: [sum] }) => (sum!.return_data = false))],
    [
      "age-rings",
      "does not count",
      () => alarm(({ metric_query: [, other] }) => (other!.return_data = true)),
    ],
    ["age-rings", "when there is none", () => alarm((body) => (body.threshold = 0))],
    [
      "age-rings",
      "when there is none",
      () => alarm((body) => (body.comparison_operator = "GreaterThanThreshold")),
    ],
    [
      "age-rings",
      "look at Errors",
      () => alarm(({ metric_query: [, , errors] }) => (errors!.metric!.namespace = "AWS/States")),
    ],
    [
      "age-rings",
      "look at Invocations",
      () => alarm(({ metric_query: [, calls] }) => (calls!.metric!.dimensions = { FunctionName: "other" })),
    ],
    ["one-at-a-time", "two copies", () => mirror((body) => delete body.reserved_concurrent_executions)],
    ["one-at-a-time", "no key", () => mirror((body) => delete body.kms_key_arn)],
    ["one-at-a-time", "how often", () => retries((body) => delete body.maximum_retry_attempts)],
    ["one-at-a-time", "how often", () => without(plan, RETRIES)],
    [
      "one-at-a-time",
      "when the next one",
      () => retries((body) => (body.maximum_event_age_in_seconds = 21_600)),
    ],
    [
      "on-schedule",
      "a withdrawn key ends after undefined",
      () => mirror((body) => delete (body.environment as { variables: Body }).variables.OVERLAP_MINUTES),
    ],
    [
      "on-schedule",
      "when the next one",
      () => schedule(({ target }) => (target.retry_policy = { maximum_event_age_in_seconds: 3600 })),
    ],
    [
      "history",
      "gone after 1 days",
      () =>
        changed(
          plan,
          "aws_s3_bucket_lifecycle_configuration",
          ({ rule }) => {
            const rules = (rule as Body[]).flatMap((each) => each.noncurrent_version_expiration as Body[]);
            rules.forEach((each) => (each.noncurrent_days = 1));
          },
          isKeys,
        ),
    ],
    ["copied-before-tasks", "another issuer", () => seed((body) => delete body.lifecycle_scope)],
    ["copied-before-tasks", "another issuer", () => seed((body) => (body.input = '{"action":"mirror"}'))],
    [
      "copied-before-tasks",
      "another issuer",
      () => seed((body) => (body.input = '{"action":"mirror","uri":"https://other.example.com/keys"}')),
    ],
    ["copied-before-tasks", "function alone", () => seed((body) => delete body.depends_on)],
    ["copied-before-tasks", "does not wait", () => impatient("aws_lambda_invocation")],
    ["copied-before-tasks", "does not wait", () => impatient(BUCKET_POLICY)],
    [
      "copied-before-tasks",
      "does not wait",
      () => without(plan, "aws_lambda_invocation", ({ input }) => String(input).includes("mirror")),
    ],
  ])("%s: %s", (id, says, broken) => {
    const findings = judge(named(keyMirrorControls, `key-mirror.${id}`), broken());
    expect(findings).toEqual([{ holds: false, says: expect.stringContaining(says) as string }]);
  });
});
