import { fails, HOLDS, type Control } from "../../lib/checklist/control";
import { judgePlan } from "../../lib/checklist/engine";
import { Plan } from "../../lib/terraform/plan";
import { fromShownPlan, type ShownPlan } from "../../lib/terraform/plan-shown";

const TOPIC = "${aws_sns_topic.t.arn}";
const of = (text: string, ...references: string[]) => ({ constant_value: text, references });

/** What a plan of a file in JSON says of an alarm and a topic. */
function shown(over: { values?: object; unknown?: object; expressions?: object } = {}): ShownPlan {
  const resource = (type: string, name: string, values: object) => ({
    address: `${type}.${name}`,
    mode: "managed" as const,
    type,
    name,
    values: values as Record<string, unknown>,
  });
  const values = { alarm_actions: [null], metric_query: [], actions: [], note: null, ...over.values };
  const unknown = { alarm_actions: [true], metric_query: [], id: true, ...over.unknown };
  const expressions = {
    alarm_actions: { constant_value: [TOPIC], references: ["aws_sns_topic.t.arn", "aws_sns_topic.t"] },
    metric_query: [{ id: { constant_value: "lines" } }],
    note: of("${aws_sns_topic.t.tracing_config}", "aws_sns_topic.t.tracing_config", "aws_sns_topic.t"),
    topic: of("${aws_sns_topic.t.name}", "aws_sns_topic.t.name", "aws_sns_topic.t"),
    ...over.expressions,
  };
  const alarm = "aws_cloudwatch_metric_alarm";
  return {
    planned_values: {
      root_module: {
        resources: [
          resource(alarm, "a", { topic: "acme", ...values }),
          resource("aws_sns_topic", "t", { name: "acme" }),
        ],
      },
    },
    configuration: {
      root_module: {
        resources: [
          { address: `${alarm}.a`, expressions, depends_on: ["aws_sns_topic.t"] },
          { address: "aws_sns_topic.t", expressions: { name: { constant_value: "acme" } } },
        ],
      },
    },
    resource_changes: [{ address: `${alarm}.a`, mode: "managed", change: { after_unknown: unknown } }],
  };
}
const alarmOf = (plan: ShownPlan) =>
  new Plan(fromShownPlan(plan)).blocks("aws_cloudwatch_metric_alarm")[0]?.body ?? {};

test("what is written stands where nothing is known, and what is known to be absent is absent", () => {
  const { "//": _, ...body } = alarmOf(shown());
  expect(body).toEqual({
    alarm_actions: [TOPIC],
    metric_query: [],
    topic: "${aws_sns_topic.t.name}",
    depends_on: ["aws_sns_topic.t"],
  });
});

test("a value that is not that of what is written beside it stays: it is the one that will be deployed", () => {
  expect(alarmOf(shown({ values: { topic: "evil", alarm_actions: ["arn:evil"] } }))).toMatchObject({
    topic: "evil",
    alarm_actions: ["arn:evil"],
  });
});

test("a block that is planned not to be there does not come to be by what is written", () => {
  expect(alarmOf(shown()).metric_query).toEqual([]);
  expect(alarmOf(shown({ unknown: { metric_query: true } })).metric_query).toEqual([{}]);
});

describe("what a plan does not show", () => {
  const control: Control = {
    id: "x.lives",
    item: 6,
    says: "It is made anew before the old one goes",
    why: "Else it is away.",
    on: ["aws_sns_topic"],
    judge: ({ body }) => {
      const { create_before_destroy: before } = (body.lifecycle ?? {}) as { create_before_destroy?: unknown };
      return before === true ? HOLDS : fails("the old one goes first");
    },
  };
  const judge = (plan: Plan, one: Control) =>
    judgePlan(plan, [one], { asOf: "2026-11-26" }).map(({ result, detail }) => [result, detail]);
  test("of a lifecycle is unknown, never a failure and never a pass", () => {
    expect(judge(new Plan(fromShownPlan(shown())), control)).toEqual([
      [
        "unknown",
        "a plan does not show the lifecycle that may see to it; without one: the old one goes first",
      ],
    ]);
  });
  test("a failure of something else stays one", () => {
    const other = { ...control, judge: () => fails("it is open") };
    expect(judge(new Plan(fromShownPlan(shown())), other)).toEqual([["fail", "it is open"]]);
  });
  test("a file shows it: there it fails", () => {
    expect(judge(new Plan({ resource: { aws_sns_topic: { t: {} } } }), control)).toEqual([
      ["fail", "the old one goes first"],
    ]);
  });
});
