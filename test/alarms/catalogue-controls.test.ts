import { catalogueControls } from "../../lib/alarms/catalogue-controls";
import { alarmsControls } from "../../lib/alarms/controls";
import { ALARM_TAGS } from "../../lib/alarms/names";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mutation reaches wherever it wants
type Any = any;

const plan = synthExample("complete");
const ALARM = "aws_cloudwatch_metric_alarm";
const FILTER = "aws_cloudwatch_log_metric_filter";

test.each(catalogueControls.map((control) => [control.id, control] as const))(
  "%s holds as built, and is judged with the others",
  (id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings.filter(({ holds }) => holds !== true)).toEqual([]);
    expect(alarmsControls.map((each) => each.id)).toContain(id);
  },
);

const alarm = (id: string, change: (body: Any) => void) =>
  changed(plan, ALARM, change, (body) => (body.tags as Any)?.[ALARM_TAGS.id] === id);
const filter = (name: string, change: (body: Any) => void) =>
  changed(plan, FILTER, change, (body) => body.name === name);

/** The same part of the other server. */
const otherServers = (text: unknown) => {
  const own = plan.target(text);
  const [other] = plan
    .blocks(own?.type ?? "")
    .filter(({ path }) => path.replace("docs", "orders") === own?.path);
  if (own === undefined || other === undefined) throw new Error(`there is no other ${String(text)}`);
  return String(text).replace(own.address, other.address);
};
const ofOrders = (id: string, change: (body: Any) => void) =>
  changed(
    plan,
    ALARM,
    change,
    (body) =>
      (body.tags as Any)?.[ALARM_TAGS.id] === id && String(body.alarm_name).startsWith("acme-prod-orders"),
  );

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "alarms.as-catalogued",
      "TargetGroup",
      () =>
        ofOrders("no-healthy-task", ({ dimensions }) => {
          dimensions.TargetGroup = otherServers(dimensions.TargetGroup);
        }),
    ],
    [
      "alarms.as-catalogued",
      "ServiceName",
      () => ofOrders("cpu-high", ({ dimensions }) => (dimensions.ServiceName = "acme-prod-docs")),
    ],
    [
      "alarms.as-catalogued",
      "metric filter",
      () =>
        changed(
          plan,
          FILTER,
          (body) => (body.log_group_name = otherServers(body.log_group_name)),
          ({ log_group_name: group }) => plan.target(group)?.path.includes("server-orders") === true,
        ),
    ],
    [
      "alarms.as-catalogued",
      "dimensions",
      () => ofOrders("tool-denied", (body) => (body.dimensions = { Any: "thing" })),
    ],
    ["alarms.as-catalogued", "threshold", () => alarm("tool-unknown", (body) => delete body.threshold)],
    [
      "alarms.as-catalogued",
      "comparison_operator",
      () => alarm("tool-unknown", (body) => (body.comparison_operator = "LessThanThreshold")),
    ],
    [
      "alarms.as-catalogued",
      "evaluation_periods",
      () => alarm("tool-unknown", (body) => (body.evaluation_periods = 60)),
    ],
    [
      "alarms.as-catalogued",
      "treat_missing_data",
      () => alarm("audit-silent", (body) => (body.treat_missing_data = "ignore")),
    ],
    ["alarms.as-catalogued", "period", () => alarm("tool-unknown", (body) => (body.period = 86_400))],
    ["alarms.as-catalogued", "period", () => alarm("unexpected-country", (body) => delete body.period)],
    [
      "alarms.as-catalogued",
      "statistic",
      () => alarm("tool-unknown", (body) => (body.statistic = "Minimum")),
    ],
    [
      "alarms.as-catalogued",
      "metric_name",
      () => alarm("unexpected-country", (body) => (body.metric_name = "CountedRequest")),
    ],
    [
      "alarms.as-catalogued",
      "dimensions",
      () => alarm("unexpected-country", (body) => delete body.dimensions.Region),
    ],
    [
      "alarms.as-catalogued",
      "Rule",
      () => alarm("unexpected-country", (body) => (body.dimensions.Rule = "country")),
    ],
    [
      "alarms.as-catalogued",
      "metric filter",
      () => filter("tool-unknown", (body) => (body.pattern = '{ $.reason = "x" }')),
    ],
    [
      "alarms.as-catalogued",
      "metric filter",
      () => filter("response-refused", (body) => (body.pattern = '{ ($.reason = "response-unreadable") }')),
    ],
    [
      "alarms.as-catalogued",
      "metric filter",
      () => filter("tool-unknown", (body) => (body.metric_transformation.value = "0")),
    ],
    [
      "alarms.as-catalogued",
      "expression",
      () => alarm("audit-silent", (body) => (body.metric_query[0].expression = "0")),
    ],
    [
      "alarms.as-catalogued",
      "query lines",
      () => alarm("audit-silent", (body) => (body.metric_query[2].metric.stat = "Average")),
    ],
    [
      "alarms.as-catalogued",
      "LoadBalancer of requests",
      () =>
        alarm("audit-silent", (body) => {
          const { dimensions } = body.metric_query[1].metric;
          dimensions.LoadBalancer = dimensions.TargetGroup;
        }),
    ],
    ["alarms.say-when", "nobody hears", () => alarm("tool-unknown", (body) => (body.ok_actions = []))],
    [
      "alarms.say-when",
      "no datapoints_to_alarm",
      () => changed(plan, ALARM, (body) => delete body.datapoints_to_alarm),
    ],
    ["alarms.say-when", "no period", () => changed(plan, ALARM, (body) => delete body.period)],
    ["alarms.say-when", "no threshold", () => changed(plan, ALARM, (body) => delete body.threshold)],
    ["alarms.say-when", "no statistic", () => changed(plan, ALARM, (body) => delete body.statistic)],
    [
      "alarms.say-when",
      "no dimensions",
      () =>
        changed(
          plan,
          ALARM,
          (body) => delete body.dimensions,
          (body) => body.namespace === "AWS/Lambda",
        ),
    ],
    [
      "alarms.filters-count",
      "nothing in particular",
      () => filter("tool-calls", (body) => (body.pattern = "")),
    ],
    [
      "alarms.filters-count",
      "no log group",
      () => filter("tool-calls", (body) => delete body.log_group_name),
    ],
    [
      "alarms.filters-count",
      "writes no metric",
      () => filter("tool-calls", (body) => delete body.metric_transformation.name),
    ],
    [
      "alarms.filters-count",
      "does not say of what",
      () => filter("tool-calls", (body) => delete body.metric_transformation.dimensions),
    ],
    [
      "alarms.filters-count",
      "does not say that it counts",
      () => filter("tool-calls", (body) => delete body.metric_transformation.unit),
    ],
  ])("%s: %s", (id, says, mutate) => {
    const findings = judge(named(catalogueControls, id), mutate());
    expect(findings).toContainEqual({ holds: false, says: expect.stringContaining(says) });
  });
});

test("so do those of proxies and limits, which only some servers have", () => {
  const payments = synthExample("payments");
  const found = (id: string, change: (body: Any) => void) =>
    judge(
      named(catalogueControls, "alarms.as-catalogued"),
      changed(payments, ALARM, change, (body) => (body.tags as Any)?.[ALARM_TAGS.id] === id),
    ).filter(({ holds }) => holds !== true);
  expect(found("egress-down", () => undefined)).toEqual([]);
  expect(found("egress-down", (body) => delete body.dimensions.ClusterName)).toEqual([
    { holds: false, says: "dimensions is not that of egress-down" },
  ]);
  expect(found("egress-denied", (body) => (body.period = 3600))).toEqual([
    { holds: false, says: "period is not that of egress-denied" },
  ]);
});

test("a threshold is a user's to choose, and alarms of somebody else are none of the catalogue", () => {
  const control = named(catalogueControls, "alarms.as-catalogued");
  const chosen = alarm("tool-unknown", (body) => (body.threshold = 50));
  const theirs = alarm("tool-unknown", (body) => Object.assign(body, { tags: {}, period: 60 }));
  for (const each of [chosen, theirs])
    expect(judge(control, each).filter(({ holds }) => holds !== true)).toEqual([]);
});
