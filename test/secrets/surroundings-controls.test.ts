import { CONTROLS } from "../../lib/checklist/controls";
import { surroundingsControls } from "../../lib/secrets/surroundings-controls";
import { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mutation reaches wherever it wants
type Any = any;

const plan = synthExample("complete");
const FUNCTION = "aws_lambda_function";
const SCHEDULE = "aws_scheduler_schedule";

test.each(surroundingsControls.map((control) => [control.id, control] as const))(
  "%s holds as built, and is judged with the others",
  (id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ holds }) => holds !== true)).toEqual([]);
    expect(CONTROLS.map((each) => each.id)).toContain(id);
  },
);

const of = (type: string, change: (body: Any) => void) => changed(plan, type, change);
const without = (type: string, field: string) => of(type, (body) => delete body[field]);

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["secrets.functions-bounded", "its runtime", () => of(FUNCTION, (body) => (body.runtime = "nodejs16.x"))],
    ["secrets.functions-bounded", "other code", () => without(FUNCTION, "handler")],
    ["secrets.functions-bounded", "other code", () => without(FUNCTION, "filename")],
    [
      "secrets.functions-bounded",
      "other code",
      () => of(FUNCTION, (body) => (body.filename = "/tmp/client-key.zip")),
    ],
    ...["NODE_OPTIONS", "AWS_LAMBDA_EXEC_WRAPPER", "AWS_ENDPOINT_URL"].map(
      (name): [string, string, () => Plan] => [
        "secrets.functions-bounded",
        `it is told ${name}`,
        () => of(FUNCTION, (body) => (body.environment.variables[name] = "x")),
      ],
    ),
    ["secrets.functions-bounded", "a change of its code", () => without(FUNCTION, "source_code_hash")],
    ["secrets.functions-bounded", "what it runs on", () => of(FUNCTION, (body) => (body.architectures = []))],
    ["secrets.functions-bounded", "too short to begin", () => without(FUNCTION, "timeout")],
    ["secrets.functions-bounded", "900 seconds", () => of(FUNCTION, (body) => (body.timeout = 900))],
    ["secrets.functions-bounded", "how much memory", () => without(FUNCTION, "memory_size")],
    ["secrets.functions-logged", "plain text", () => without(FUNCTION, "logging_config")],
    [
      "secrets.functions-logged",
      "AWS makes",
      () => of(FUNCTION, (body) => delete body.logging_config.log_group),
    ],
    [
      "secrets.functions-logged",
      "no log group",
      () => of(FUNCTION, (body) => (body.logging_config.log_group = body.role)),
    ],
    [
      "secrets.functions-logged",
      "too much or nothing",
      () => of(FUNCTION, (body) => (body.logging_config.application_log_level = "DEBUG")),
    ],
    ["secrets.functions-logged", "trace calls", () => without(FUNCTION, "tracing_config")],
    [
      "secrets.functions-told",
      "another secret",
      () => of(FUNCTION, (body) => delete body.environment.variables.SECRET_ARN),
    ],
    [
      "secrets.functions-told",
      "how to make values",
      () => of(FUNCTION, (body) => (body.environment.variables.SETTINGS = "{")),
    ],
    [
      "secrets.functions-told",
      "in one zone",
      () => of(FUNCTION, (body) => (body.vpc_config.subnet_ids = body.vpc_config.subnet_ids.slice(0, 1))),
    ],
    [
      "secrets.functions-called-by",
      "something else",
      () => of("aws_lambda_permission", (body) => (body.action = "lambda:*")),
    ],
    ["secrets.functions-called-by", "no source", () => without("aws_lambda_permission", "source_arn")],
    ["secrets.functions-called-by", "no account", () => without("aws_lambda_permission", "source_account")],
    ["secrets.queues-keep", "four days", () => without("aws_sqs_queue", "message_retention_seconds")],
    ["secrets.queues-keep", "no encryption", () => without("aws_sqs_queue", "kms_master_key_id")],
    ["secrets.queues-keep", "no encryption", () => without("aws_sqs_queue", "sqs_managed_sse_enabled")],
    ["secrets.schedules-kept", "turned off", () => of(SCHEDULE, (body) => (body.state = "DISABLED"))],
    ["secrets.schedules-kept", "in a window", () => without(SCHEDULE, "flexible_time_window")],
    ["secrets.schedules-kept", "no time zone", () => without(SCHEDULE, "schedule_expression_timezone")],
    ["secrets.schedules-kept", "a customer's key", () => without(SCHEDULE, "kms_key_arn")],
    ["secrets.schedules-kept", "everybody's schedules", () => without(SCHEDULE, "group_name")],
    ["secrets.schedules-kept", "no role", () => of(SCHEDULE, (body) => delete body.target.role_arn)],
    [
      "secrets.schedules-kept",
      "thrown away",
      () => of(SCHEDULE, (body) => delete body.target.dead_letter_config),
    ],
    [
      "secrets.schedules-kept",
      "tried again",
      () => of(SCHEDULE, (body) => (body.target.retry_policy.maximum_retry_attempts = 0)),
    ],
    [
      "secrets.events-heard",
      "DISABLED",
      () => of("aws_cloudwatch_event_rule", (body) => (body.state = "DISABLED")),
    ],
    ["secrets.seeds-once", "calls nothing", () => without("aws_lambda_invocation", "function_name")],
    [
      "secrets.seeds-once",
      "of another secret",
      () => of("aws_lambda_invocation", (body) => (body.input = '{"action":"seed","secretId":"arn:x"}')),
    ],
  ])("%s: %s", (id, says, mutate) => {
    expect(judge(named(surroundingsControls, id), mutate())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

test("functions, queues and schedules of somebody else are not ours to judge", () => {
  const theirs = new Plan({
    resource: {
      aws_lambda_function: { x: {} },
      aws_lambda_invocation: { x: {} },
      aws_lambda_permission: { x: {} },
      aws_sqs_queue: { x: {} },
      aws_scheduler_schedule: { x: {} },
      aws_cloudwatch_event_rule: { x: {} },
    },
  });
  const findings = surroundingsControls.flatMap((control) => judge(control, theirs));
  expect(findings).toHaveLength(7);
  expect(findings.filter(({ holds }) => holds !== true)).toEqual([]);
});
