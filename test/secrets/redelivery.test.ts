import { boundaryStatements } from "../../lib/access/boundary";
import { embedded } from "../../lib/terraform/plan";
import { CHILDREN, KEY, readable, secretsPlan, TOPIC } from "./rotation-fixture";

const plan = secretsPlan();

describe("what fails is heard", () => {
  test("errors of every function, and every message that was given up", () => {
    const alarms = plan.blocks("aws_cloudwatch_metric_alarm");
    expect(alarms).toHaveLength(4);
    for (const { body } of alarms) {
      expect(body).toMatchObject({
        alarm_actions: [TOPIC],
        threshold: 1,
        comparison_operator: "GreaterThanOrEqualToThreshold",
        treat_missing_data: "notBreaching",
      });
    }
    const watched = alarms.map(({ body }) => [body["namespace"], body["metric_name"], body["dimensions"]]);
    const functions = CHILDREN.map((child) => [
      "AWS/Lambda",
      "Errors",
      { FunctionName: `acme-test-orders_${child}_rotation` },
    ]);
    const queue = [
      "AWS/SQS",
      "ApproximateNumberOfMessagesVisible",
      { QueueName: "acme-test-orders-undelivered" },
    ];
    expect(watched).toEqual(expect.arrayContaining([...functions, queue]));
  });
  test("the queue is encrypted and takes TLS only", () => {
    const queues = plan.blocks("aws_sqs_queue");
    expect(queues.map(({ body }) => [body["kms_master_key_id"], body["message_retention_seconds"]])).toEqual([
      [KEY, 1_209_600],
    ]);
    const [policy] = plan.blocks("aws_sqs_queue_policy");
    expect(readable(embedded(policy?.body["policy"]))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "TlsOnly",
          Effect: "Deny",
          Action: ["sqs:*"],
          Resource: ["<arn>"],
          Condition: { Bool: { "aws:SecureTransport": "false" } },
          Principal: "*",
        },
      ],
    });
  });
});

describe("tasks are started anew", () => {
  const [schedule] = plan.blocks("aws_scheduler_schedule");
  const { target, ...rest } = schedule?.body as { target: { input: string; arn: string; role_arn: string } };

  test("once a day, by one call", () => {
    expect(rest).toMatchObject({
      schedule_expression: expect.stringMatching(/^cron\([0-5]?[0-9] 3 \* \* \? \*\)$/) as string,
      schedule_expression_timezone: "UTC",
      flexible_time_window: { mode: "OFF" },
      kms_key_arn: KEY,
    });
    expect(readable(target)).toMatchObject({
      arn: "arn:<partition>:scheduler:::aws-sdk:ecs:updateService",
      dead_letter_config: { arn: "<arn>" },
    });
    expect(embedded(target.input)).toEqual({
      Cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/acme-test",
      Service: "acme-test-orders",
      ForceNewDeployment: true,
    });
  });
  test("by a role that can do nothing else, for this schedule's group", () => {
    const role = plan.target(target.role_arn);
    const rights = plan.blocks("aws_iam_role_policy").find(({ name }) => name.startsWith("redelivery_"));
    const { Statement } = embedded(rights?.body["policy"]) as { Statement: { Sid: string }[] };
    expect(Statement.map(({ Sid }) => Sid)).toEqual([
      ...["StartTasksAnew", "ReadItsSchedule", "KeepWhatFailed", "EncryptWhatFailed"],
    ]);
    expect(readable(Statement[0])).toEqual({
      Sid: "StartTasksAnew",
      Effect: "Allow",
      Action: ["ecs:UpdateService"],
      Resource: ["arn:<partition>:ecs:<id>:<account_id>:service/acme-test/acme-test-orders"],
      Condition: { ArnEquals: { "ecs:cluster": "arn:aws:ecs:eu-west-1:123456789012:cluster/acme-test" } },
    });
    const trust = embedded(role?.body["assume_role_policy"]) as {
      Statement: [{ Condition: { ArnLike: { "aws:SourceArn": string[] } } }];
    };
    const [source] = trust.Statement[0].Condition.ArnLike["aws:SourceArn"];
    expect(plan.target(source)?.type).toBe("aws_scheduler_schedule_group");
  });
});

test("the boundary lets every right through that these roles have", () => {
  const statements = boundaryStatements() as unknown as { Effect: string; Action: string[] }[];
  const matches = (action: string, Effect: string) =>
    statements.some(
      (each) =>
        each.Effect === Effect &&
        each.Action.some((pattern) => new RegExp(`^${pattern.replace(/\*/g, ".*")}$`, "i").test(action)),
    );
  const allowed = plan
    .blocks("aws_iam_role_policy")
    .flatMap(
      ({ body }) =>
        (embedded(body["policy"]) as { Statement: { Effect: string; Action: string[] }[] }).Statement,
    )
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => Action);
  expect(allowed.length).toBeGreaterThan(20);
  for (const action of new Set(allowed)) {
    expect([action, matches(action, "Allow"), matches(action, "Deny")]).toEqual([action, true, false]);
  }
});
