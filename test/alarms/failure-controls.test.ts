import { failureControls } from "../../lib/alarms/failure-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";
import { holdAsBuilt } from "../support/control-tests";

const plan = synthExample("complete");
const ALARM = "aws_cloudwatch_metric_alarm";
const ofFailures = (body: Record<string, unknown>) => body.metric_name === "Errors";
const alarm = (set: object) => changed(plan, ALARM, (body) => Object.assign(body, set), ofFailures);

holdAsBuilt(failureControls, plan);

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["alarms.failures-at-once", "it rings at 11 of them", () => alarm({ threshold: 11 })],
    ["alarms.failures-at-once", "it rings at undefined", () => alarm({ threshold: undefined })],
    [
      "alarms.failures-at-once",
      "it rings at 1 of them",
      () => alarm({ comparison_operator: "LessThanThreshold" }),
    ],
    [
      "alarms.failures-at-once",
      "it rings at 1 of them",
      () => alarm({ comparison_operator: "GreaterThanThreshold" }),
    ],
    ["alarms.failures-at-once", "not enough", () => alarm({ datapoints_to_alarm: 3 })],
    ["alarms.failures-at-once", "not enough", () => alarm({ evaluation_periods: 3 })],
    ["alarms.failures-at-once", "after 3001 seconds", () => alarm({ period: 3001 })],
    [
      "alarms.same-ears",
      "and the others do not",
      () => alarm({ alarm_actions: ["arn:aws:sns:eu-west-1:444455556666:other"] }),
    ],
    ["alarms.same-ears", "tells nobody", () => alarm({ alarm_actions: [] })],
    [
      "alarms.same-ears",
      "which is no topic",
      () => alarm({ alarm_actions: ["arn:aws:automate:eu-west-1:ec2:stop"] }),
    ],
    ["alarms.addressed", "it tells *", () => alarm({ alarm_actions: ["*"] })],
    ["alarms.addressed", "it tells oncall", () => alarm({ ok_actions: ["oncall"] })],
  ])("%s: %s", (id, says, mutate) => {
    expect(judge(named(failureControls, id), mutate())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

test("what is known only at deployment is unknown; what the catalogue has is the catalogue's", () => {
  const control = named(failureControls, "alarms.failures-at-once");
  expect(judge(control, alarm({ threshold: "${var.n}" }))).toContainEqual({
    holds: "unknown",
    says: "when it rings is known only at deployment",
  });
  const catalogued = changed(
    plan,
    ALARM,
    (body) => Object.assign(body, { metric_name: "Errors", threshold: 50 }),
    ({ tags }) => JSON.stringify(tags).includes("hardened-mcp:alarm"),
  );
  expect(judge(control, catalogued).filter(({ holds }) => holds !== true)).toEqual([]);
});
