import { rotationControls } from "../../lib/secrets/rotation-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed } from "../support/policies";

const plan = synthExample("complete");
type Body = Record<string, unknown>;

const ROTATION = "aws_secretsmanager_secret_rotation";
const SERVICE = "aws_ecs_service";
const FUNCTION = "aws_lambda_function";
const SEED = "aws_lambda_invocation";
const SCHEDULE = "aws_scheduler_schedule";
const ALARM = "aws_cloudwatch_metric_alarm";

test.each(rotationControls.map((control) => [control.id, control] as const))(
  "%s holds as built",
  (_id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(1);
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  },
);

/** Without what a block waits for, of one type. */
const impatient = (of: string, type: string) =>
  changed(plan, of, (body) => {
    const before = body.depends_on as string[];
    body.depends_on = before.filter((address) => !address.startsWith(`${type}.`));
    expect(body.depends_on).not.toEqual(before);
  });
const functions = (change: (body: Body) => void) => changed(plan, FUNCTION, change);
const alarms = (change: (body: Body) => void) =>
  changed(plan, ALARM, change, ({ namespace }) => namespace === "AWS/Lambda");
const schedules = (change: (body: Body) => void) => changed(plan, SCHEDULE, change);
const targets = (change: (target: Body) => void) => schedules((body) => change(body.target as Body));
const inputs = (change: (input: Body) => void) =>
  targets((target) => {
    const input = JSON.parse(String(target.input)) as Body;
    change(input);
    target.input = JSON.stringify(input);
  });
const rights = (Resource: unknown) =>
  policed(
    plan,
    "aws_iam_role_policy",
    "policy",
    (each) => {
      if (each.Sid === "RotateTheSecret") each.Resource = Resource;
    },
    ({ policy }) => String(policy).includes("RotateTheSecret"),
  );

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["secrets.seeded-before-tasks", "does not wait", () => impatient(SERVICE, SEED)],
    [
      "secrets.seeded-before-tasks",
      "does not wait",
      () => impatient(SERVICE, "aws_secretsmanager_secret_policy"),
    ],
    ["secrets.seeded-before-tasks", "does not wait", () => without(plan, SEED)],
    [
      "secrets.seeded-before-tasks",
      "does not wait",
      // Waiting for another's seed is not enough.
      () => changed(plan, SEED, (body) => (body.input = '{"action":"seed","secretId":"arn:other"}')),
    ],
    [
      "secrets.first-value-kept",
      "rotates at once",
      () => changed(plan, ROTATION, (body) => delete body.rotate_immediately),
    ],
    ["secrets.first-value-kept", "does not wait", () => impatient(ROTATION, SEED)],
    [
      "secrets.first-value-kept",
      "more than once",
      () => changed(plan, SEED, (body) => (body.lifecycle_scope = "CRUD")),
    ],
    ["secrets.function-closed", "not in a network", () => functions((body) => delete body.vpc_config)],
    [
      "secrets.function-closed",
      "not in a network",
      () => functions((body) => ((body.vpc_config as Body).security_group_ids = [])),
    ],
    [
      "secrets.function-closed",
      "more than once at a time",
      () => functions((body) => delete body.reserved_concurrent_executions),
    ],
    [
      "secrets.function-closed",
      "not under a customer's key",
      () => functions((body) => delete body.kms_key_arn),
    ],
    [
      "secrets.function-closed",
      "events that failed are lost",
      () => functions((body) => delete body.dead_letter_config),
    ],
    ["secrets.function-one-secret", "also reaches *", () => rights("*")],
    [
      "secrets.function-one-secret",
      "also reaches",
      () => rights(plan.blocks("aws_secretsmanager_secret").map(({ address }) => `\${${address}.arn}`)),
    ],
    ["secrets.function-one-secret", "no right", () => without(plan, "aws_iam_role_policy")],
    [
      "secrets.function-one-secret",
      "not limited to this account",
      () => changed(plan, "aws_lambda_permission", (body) => delete body.source_account),
    ],
    [
      "secrets.function-one-secret",
      "not limited to this account",
      () => changed(plan, "aws_lambda_permission", (body) => (body.principal = "*")),
    ],
    [
      "secrets.failed-rotation-rings",
      "no alarm",
      () => without(plan, ALARM, ({ namespace }) => namespace === "AWS/Lambda"),
    ],
    ["secrets.failed-rotation-rings", "no alarm", () => alarms((body) => (body.alarm_actions = []))],
    ["secrets.failed-rotation-rings", "no alarm", () => alarms((body) => (body.actions_enabled = false))],
    ["secrets.failed-rotation-rings", "no alarm", () => alarms((body) => (body.metric_name = "Duration"))],
    [
      "secrets.failed-rotation-rings",
      "no alarm",
      () => alarms((body) => (body.dimensions = { FunctionName: "another" })),
    ],
    ["secrets.redelivered", "nothing starts", () => without(plan, SCHEDULE)],
    ["secrets.redelivered", "nothing starts", () => schedules((body) => (body.state = "DISABLED"))],
    ["secrets.redelivered", "nothing starts", () => inputs((input) => (input.Service = "another"))],
    ["secrets.redelivered", "nothing starts", () => inputs((input) => delete input.ForceNewDeployment)],
    [
      "secrets.redelivered",
      "nothing starts",
      () => targets((target) => (target.arn = "arn:aws:scheduler:::aws-sdk:ecs:describeServices")),
    ],
    [
      "secrets.redelivered",
      "nothing starts",
      () => schedules((body) => (body.schedule_expression = "cron(0 3 ? * SUN *)")),
    ],
    [
      "secrets.redelivered",
      "no more often than",
      () => schedules((body) => (body.schedule_expression = "rate(60 days)")),
    ],
  ])("%s: %s", (id, says, broken) => {
    expect(judge(named(rotationControls, id), broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

describe("what is meant to pass passes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "secrets.redelivered",
      "hours",
      () => schedules((body) => (body.schedule_expression = "rate(12 hours)")),
    ],
    [
      "secrets.failed-rotation-rings",
      "a dimension by reference",
      () => {
        const names = new Map(plan.blocks(FUNCTION).map((each) => [each.body.function_name, each.address]));
        return alarms((body) => {
          const { FunctionName: name } = body.dimensions as Body;
          body.dimensions = { FunctionName: `\${${names.get(name) ?? ""}.function_name}` };
        });
      },
    ],
  ])("%s: %s", (id, _says, built) => {
    const findings = judge(named(rotationControls, id), built());
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  });
});

describe("what is of another stack, or known only at deployment, is unknown, never held", () => {
  test.each<[string, () => Plan]>([
    [
      "secrets.seeded-before-tasks",
      () => changed(plan, SERVICE, (body) => (body.task_definition = "${var.task}")),
    ],
    ["secrets.redelivered", () => changed(plan, SERVICE, (body) => (body.task_definition = "${var.task}"))],
    ["secrets.first-value-kept", () => changed(plan, ROTATION, (body) => (body.secret_id = "${var.secret}"))],
    ...["function-closed", "function-one-secret", "failed-rotation-rings"].map((id): [string, () => Plan] => [
      `secrets.${id}`,
      () => changed(plan, ROTATION, (body) => (body.rotation_lambda_arn = "${var.function}")),
    ]),
    ["secrets.function-one-secret", () => functions((body) => (body.role = "${var.role}"))],
  ])("%s", (id, later) => {
    const holds = judge(named(rotationControls, id), later()).map((finding) => finding.holds);
    expect(holds).toContain("unknown");
    expect(holds).not.toContain(true);
  });
});
