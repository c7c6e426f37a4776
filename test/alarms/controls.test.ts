import { alarmsControls } from "../../lib/alarms/controls";
import { ALARMS } from "../../lib/alarms/catalogue";
import { embedded, Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { alarmsPlan } from "./fixture";
import { holdAsBuilt } from "../support/control-tests";

const plan = alarmsPlan();
const ALARM = "aws_cloudwatch_metric_alarm";
type Tags = Record<string, string>;

holdAsBuilt(alarmsControls, plan);

function policyChanged(change: (statements: Record<string, unknown>[]) => Record<string, unknown>[]): Plan {
  return changed(plan, "aws_sns_topic_policy", (body) => {
    const policy = embedded(body.policy) as { Statement: Record<string, unknown>[] };
    body.policy = JSON.stringify({ ...policy, Statement: change(policy.Statement) });
  });
}

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["alarms.heard", "no action", () => changed(plan, ALARM, (body) => (body.alarm_actions = []))],
    ["alarms.heard", "switched off", () => changed(plan, ALARM, (body) => (body.actions_enabled = false))],
    [
      "alarms.missing-data",
      "no data means",
      () => changed(plan, ALARM, (body) => delete body.treat_missing_data),
    ],
    [
      "alarms.missing-data",
      "no data means",
      () => changed(plan, ALARM, (body) => (body.treat_missing_data = "missing")),
    ],
    ["alarms.fed", "no metric filter writes", () => without(plan, "aws_cloudwatch_log_metric_filter")],
    [
      "alarms.fed",
      "no metric filter writes hardened-mcp/acme-test orders-tool-unknown",
      () =>
        changed(
          plan,
          "aws_cloudwatch_log_metric_filter",
          (body) => ((body.metric_transformation as Tags).name = "misspelt"),
          (body) => body.name === "tool-unknown",
        ),
    ],
    [
      "alarms.server-complete",
      "no alarm watches this service",
      () => without(plan, ALARM, (body) => body.namespace === "AWS/ECS"),
    ],
    [
      "alarms.platform-complete",
      "archive-late",
      () => without(plan, ALARM, (body) => (body.tags as Tags)["hardened-mcp:alarm"] === "archive-late"),
    ],
    [
      "alarms.topic-encrypted",
      "no key",
      () => changed(plan, "aws_sns_topic", (body) => delete body.kms_master_key_id),
    ],
    [
      "alarms.topic-encrypted",
      "does not let CloudWatch",
      () => changed(plan, "aws_sns_topic", (body) => (body.kms_master_key_id = "alias/aws/sns")),
    ],
    [
      "alarms.subscribed",
      "no endpoint",
      () => changed(plan, "aws_sns_topic_subscription", (body) => delete body.endpoint),
    ],
    [
      "alarms.subscribed",
      "in clear text",
      () => changed(plan, "aws_sns_topic_subscription", (body) => (body.protocol = "http")),
    ],
    ["alarms.topic-policy", "no policy", () => without(plan, "aws_sns_topic_policy")],
    [
      "alarms.topic-policy",
      "CloudWatch may not",
      () => policyChanged((statements) => statements.filter(({ Effect }) => Effect === "Deny")),
    ],
    [
      "alarms.topic-policy",
      "without TLS",
      () => policyChanged((statements) => statements.filter(({ Effect }) => Effect === "Allow")),
    ],
    [
      "alarms.topic-policy",
      "lets others",
      () => policyChanged((statements) => statements.map(({ Condition: _none, ...rest }) => rest)),
    ],
    [
      "alarms.topic-policy",
      "lets others",
      () =>
        policyChanged((statements) =>
          statements.map((each) => (each.Effect === "Allow" ? { ...each, Principal: "*" } : each)),
        ),
    ],
  ])("%s: %s", (id, says, broken) => {
    const failing = judge(named(alarmsControls, id), broken()).filter(({ holds }) => holds === false);
    expect(failing).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });

  test.each(ALARMS.filter(({ only }) => only === undefined).map(({ id, scope }) => [scope, id] as const))(
    "the %s's %s is missed, at the one that lacks it",
    (scope, id) => {
      const lacks = without(plan, ALARM, (body) => {
        const tags = body.tags as Tags;
        return tags["hardened-mcp:alarm"] === id && tags["hardened-mcp:server"] !== "docs";
      });
      const findings = judge(named(alarmsControls, `alarms.${scope}-complete`), lacks);
      const failing = findings.filter(({ holds }) => holds === false);
      expect(failing).toHaveLength(1);
      expect(findings).toHaveLength(scope === "server" ? 2 : 1);
    },
  );
});

test("a topic policy that nobody can read is unknown", () => {
  const dark = changed(plan, "aws_sns_topic_policy", (body) => (body.policy = "${var.policy}"));
  expect(judge(named(alarmsControls, "alarms.topic-policy"), dark)).toMatchObject([{ holds: "unknown" }]);
});

describe("whose service it is, its task tells", () => {
  const withTask = (containers: string) => {
    const bare = without(plan, ALARM, (body) => body.namespace === "AWS/ECS");
    const service = changed(bare, "aws_ecs_service", (body) => {
      body.task_definition = "${aws_ecs_task_definition.task.arn}";
    });
    const { resource, ...rest } = service.source;
    return new Plan({
      ...rest,
      resource: { ...resource, aws_ecs_task_definition: { task: { container_definitions: containers } } },
    });
  };
  const complete = named(alarmsControls, "alarms.server-complete");
  test("with a gateway it is ours and must have its alarms", () =>
    expect(judge(complete, withTask('[{"name":"gateway"},{"name":"server"}]'))).toMatchObject([
      { holds: false },
      { holds: false },
    ]));
  test("without one it is not", () =>
    expect(judge(complete, withTask('[{"name":"web"}]'))).toEqual([{ holds: true }, { holds: true }]));
});
