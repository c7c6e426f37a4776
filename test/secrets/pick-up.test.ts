import { boundaryStatements } from "../../lib/access/boundary";
import { deliveryControls } from "../../lib/secrets/delivery/controls";
import { rotationControls } from "../../lib/secrets/rotation-controls";
import { embedded, type Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed } from "../support/policies";
import { CLUSTER, deliveredPlan, EXISTING } from "./pick-up-fixture";
import { KEY, readable, TOPIC } from "./rotation-fixture";
import { holdAsBuilt } from "../support/control-tests";

type Body = Record<string, unknown>;
const NIGHT = { days: ["TUE"], fromHour: 2, hours: 3 } as const;
const fast = deliveredPlan({ pickUp: "fast", at: NIGHT }, true);
const machines = (plan: Plan) =>
  plan.blocks("aws_sfn_state_machine").map(({ body }) => [body["name"], body] as const);
const rights = (plan: Plan, begins: string) => {
  const found = plan.blocks("aws_iam_role_policy").find(({ name }) => name.startsWith(begins));
  return (embedded(found?.body["policy"]) as { Statement: Body[] }).Statement;
};

describe("what is asked for is made, and nothing else", () => {
  test.each([
    ["nothing", deliveredPlan(undefined), [], []],
    ["a watch", deliveredPlan({}), ["acme-test-orders-secret-age"], []],
    [
      "a watch over what somebody promised",
      deliveredPlan(undefined, true),
      ["acme-test-orders-secret-age"],
      [],
    ],
    ["all", fast, ["acme-test-orders-secret-age", "acme-test-orders-pick-up"], ["acme-test-orders-pick-up"]],
  ])("%s", (_what, plan, names, rules) => {
    expect(
      machines(plan)
        .map(([name]) => name)
        .sort(),
    ).toEqual([...names].sort());
    expect(plan.blocks("aws_cloudwatch_event_rule").map(({ body }) => body["name"])).toEqual(rules);
  });
});

describe("pick-up", () => {
  test("hears of the server's own secrets, from CloudTrail, and hands on the time alone", () => {
    const [rule] = fast.blocks("aws_cloudwatch_event_rule");
    const pattern = embedded(rule?.body["event_pattern"]) as {
      detail: { additionalEventData: { SecretId: unknown[] } };
    };
    expect(readable(pattern)).toEqual({
      source: ["aws.secretsmanager"],
      "detail-type": ["AWS Service Event via CloudTrail"],
      detail: {
        eventSource: ["secretsmanager.amazonaws.com"],
        eventName: ["RotationSucceeded"],
        additionalEventData: {
          SecretId: [
            { prefix: "arn:<partition>:secretsmanager:<id>:<account_id>:secret:acme-test/orders/" },
            EXISTING,
          ],
        },
      },
    });
    const [target] = fast.blocks("aws_cloudwatch_event_target");
    expect(target?.body["input_transformer"]).toEqual({
      input_paths: { time: "$.time" },
      input_template: '{"time":<time>}',
    });
  });
  test("may look at one service and start it anew; its events' role starts it alone", () => {
    expect(readable(rights(fast, "pick-up_machine"))).toEqual([
      {
        Sid: "StartTasksAnew",
        Effect: "Allow",
        Action: ["ecs:DescribeServices", "ecs:UpdateService"],
        Resource: ["arn:<partition>:ecs:<id>:<account_id>:service/acme-test/acme-test-orders"],
        Condition: { ArnEquals: { "ecs:cluster": CLUSTER } },
      },
      {
        Sid: "EncryptItsHistory",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [KEY],
        Condition: {
          StringEquals: {
            "kms:EncryptionContext:aws:states:stateMachineArn":
              "arn:<partition>:states:<id>:<account_id>:stateMachine:acme-test-orders-pick-up",
          },
        },
      },
    ]);
    expect(rights(fast, "pick-up_role").map(({ Action }) => Action)).toEqual([["states:StartExecution"]]);
  });
  test("every machine's history lies under the customer's key", () => {
    for (const [, body] of machines(fast))
      expect(body["encryption_configuration"]).toMatchObject({
        type: "CUSTOMER_MANAGED_KMS_KEY",
        kms_key_id: KEY,
      });
  });
  test("the queue takes events of its rule, by TLS, encrypted", () => {
    const queue = fast.blocks("aws_sqs_queue").find(({ name }) => name.startsWith("pick-up_"));
    expect(queue?.body["sqs_managed_sse_enabled"]).toBe(true);
    const policy = fast.blocks("aws_sqs_queue_policy").find(({ name }) => name.startsWith("pick-up_"));
    expect(readable(embedded(policy?.body["policy"]))).toMatchObject({
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: ["sqs:SendMessage"],
          Condition: { ArnEquals: { "aws:SourceArn": "<arn>" } },
        },
        { Effect: "Deny", Principal: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
      ],
    });
  });
});

test("the watch knows every secret's own time, a promise to the day", () => {
  const [, body] = machines(fast).find(([name]) => String(name).endsWith("secret-age")) ?? [];
  const { States } = embedded(body?.["definition"]) as {
    States: { Each: { Items: { name: string; days: number }[] } };
  };
  expect(States.Each.Items.map(({ name, days }) => [name, days])).toEqual([
    ["orders/tls", 37],
    ["orders/client-ci-bot", 9],
    ["ledger", 45],
  ]);
});

test("schedules follow the window", () => {
  const rules = fast.blocks("aws_secretsmanager_secret_rotation").map(({ body }) => body["rotation_rules"]);
  expect(rules).toEqual([
    { schedule_expression: "cron(0 2 ? * TUE *)", duration: "3h" },
    { schedule_expression: "cron(0 2 ? * TUE#1 *)", duration: "3h" },
  ]);
});

test("the boundary lets every right through", () => {
  const statements = boundaryStatements() as unknown as { Effect: string; Action: string[] }[];
  const says = (Effect: string, action: string) =>
    statements.some(
      (each) =>
        each.Effect === Effect &&
        each.Action.some((pattern) => new RegExp(`^${pattern.replace(/\*/g, ".*")}$`, "i").test(action)),
    );
  for (const { Action } of [...rights(fast, "pick-up_"), ...rights(fast, "secrets_age_")])
    for (const action of [Action].flat() as string[])
      expect([action, says("Allow", action), says("Deny", action)]).toEqual([action, true, false]);
});

const alarms = (metric: string, change: (body: Body) => void) =>
  changed(fast, "aws_cloudwatch_metric_alarm", change, ({ metric_name }) => metric_name === metric);
const policy = (sid: string, change: (statement: Body) => void) =>
  policed(
    fast,
    "aws_iam_role_policy",
    "policy",
    (each) => {
      if (each.Sid === sid) change(each as unknown as Body);
    },
    ({ policy: text }) => String(text).includes(sid) && /EncryptItsHistory/.test(String(text)),
  );
const pattern = (change: (pattern: { detail: Body }) => void) =>
  changed(fast, "aws_cloudwatch_event_rule", (body) => {
    const wanted = JSON.parse(String(body.event_pattern)) as { detail: Body };
    change(wanted);
    body.event_pattern = JSON.stringify(wanted);
  });
const rotations = (change: (rules: Body) => void) =>
  changed(fast, "aws_secretsmanager_secret_rotation", (body) => change(body.rotation_rules as Body));
const minAge = (seconds: string) =>
  changed(fast, "aws_lambda_function", (body) => {
    (body.environment as { variables: Body }).variables.MIN_AGE_SECONDS = seconds;
  });

describe("controls", () => {
  holdAsBuilt(deliveryControls, fast);

  test.each<[string, string, () => Plan]>([
    ["secrets.window-closes", "is open for 23 hours", () => rotations((rules) => (rules.duration = "23h"))],
    ["secrets.window-closes", "is open for 24 hours", () => rotations((rules) => delete rules.duration)],
    ["secrets.window-closes", "is 72000 seconds old", () => minAge("72000")],
    ["secrets.window-closes", "is 0 seconds old", () => minAge("0")],
    [
      "secrets.watch-reads-nothing",
      "secretsmanager:GetSecretValue",
      () => policy("SeeWhenVersionsCame", (each) => (each.Action = ["secretsmanager:GetSecretValue"])),
    ],
    ["secrets.late-rings", "nothing starts it", () => without(fast, "aws_scheduler_schedule")],
    [
      "secrets.late-rings",
      "no alarm",
      () => alarms("ExecutionsSucceeded", (body) => (body.alarm_actions = [])),
    ],
    ["secrets.late-rings", "no alarm", () => alarms("ExecutionsSucceeded", (body) => (body.threshold = 0))],
    [
      "secrets.late-rings",
      "no alarm",
      () => alarms("ExecutionsSucceeded", (body) => (body.period = 172_800)),
    ],
    [
      "secrets.late-rings",
      "no alarm",
      () => alarms("ExecutionsSucceeded", (body) => (body.treat_missing_data = "notBreaching")),
    ],
    [
      "secrets.late-rings",
      "no alarm",
      () => alarms("ExecutionsSucceeded", (body) => (body.comparison_operator = "GreaterThanThreshold")),
    ],
    [
      "secrets.pick-up-bound",
      "its role reaches",
      () =>
        policy("StartTasksAnew", (each) => (each.Resource = ["arn:aws:ecs:eu-west-1:1:service/acme-test/*"])),
    ],
    [
      "secrets.pick-up-bound",
      "its role reaches *",
      () => policy("StartTasksAnew", (each) => (each.Resource = "*")),
    ],
    [
      "secrets.pick-up-bound",
      "may also ecs:RunTask",
      () => policy("StartTasksAnew", (each) => (each.Action = ["ecs:RunTask"])),
    ],
    [
      "secrets.pick-up-bound",
      "cluster is not named",
      () => policy("StartTasksAnew", (each) => delete each.Condition),
    ],
    [
      "secrets.failed-pick-up-rings",
      "watches ExecutionsFailed",
      () => alarms("ExecutionsFailed", (body) => (body.actions_enabled = false)),
    ],
    [
      "secrets.failed-pick-up-rings",
      "watches ExecutionsTimedOut",
      () =>
        without(
          fast,
          "aws_cloudwatch_metric_alarm",
          ({ metric_name }) => metric_name === "ExecutionsTimedOut",
        ),
    ],
    [
      "secrets.failed-pick-up-rings",
      "did not start it",
      () => alarms("FailedInvocations", (body) => (body.dimensions = { RuleName: "another" })),
    ],
    [
      "secrets.failed-pick-up-rings",
      "are lost",
      () => changed(fast, "aws_cloudwatch_event_target", (body) => delete body.dead_letter_config),
    ],
    ["secrets.failed-pick-up-rings", "no event", () => without(fast, "aws_cloudwatch_event_target")],
    [
      "secrets.pick-up-hears",
      "does not tell",
      () => pattern(({ detail }) => (detail.eventName = ["RotateSecret"])),
    ],
    [
      "secrets.pick-up-hears",
      "names no secret",
      () => pattern(({ detail }) => delete detail.additionalEventData),
    ],
    [
      "secrets.pick-up-hears",
      "hears of all that begins with",
      () =>
        pattern(({ detail }) => {
          const all = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme-test/";
          detail.additionalEventData = { SecretId: [{ prefix: all }] };
        }),
    ],
    [
      "secrets.pick-up-hears",
      "is disabled",
      () => changed(fast, "aws_cloudwatch_event_rule", (body) => (body.state = "DISABLED")),
    ],
  ])("%s: %s", (id, says, broken) => {
    expect(judge(named(deliveryControls, id), broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says) as string,
    });
  });

  const example = synthExample("complete");
  const rules = (wanted: Body, restart = "cron(7 3 * * ? *)") =>
    changed(
      changed(example, "aws_secretsmanager_secret_rotation", (body) => (body.rotation_rules = wanted)),
      "aws_scheduler_schedule",
      (body) => (body.schedule_expression = restart),
      ({ target }) => JSON.stringify(target).includes("ecs:updateService"),
    );
  test.each<[string, Plan, boolean]>([
    ["every week", rules({ schedule_expression: "cron(0 2 ? * TUE *)", duration: "3h" }), true],
    ["every day, before the restart", rules({ schedule_expression: "rate(1 day)", duration: "3h" }), true],
    ["twice a day", rules({ schedule_expression: "rate(12 hours)" }), false],
    ["on neighbours", rules({ schedule_expression: "cron(0 2 ? * TUE,WED *)", duration: "3h" }), false],
    [
      "every day, restarted every other",
      rules({ schedule_expression: "rate(1 day)" }, "rate(2 days)"),
      false,
    ],
    ["nobody knows when", rules({ schedule_expression: "cron(0 2 1 * ? *)" }), false],
  ])("secrets.redelivered judges expressions: %s", (_what, plan, holds) => {
    const findings = judge(named(rotationControls, "secrets.redelivered"), plan);
    expect(findings.length).toBeGreaterThan(0);
    for (const finding of findings) expect(finding.holds).toBe(holds);
  });
});

test("alarms of every part reach somebody", () => {
  for (const { body } of fast.blocks("aws_cloudwatch_metric_alarm"))
    expect(body["alarm_actions"]).toEqual([TOPIC]);
});
