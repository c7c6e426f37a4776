import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { serverOf } from "../checklist/engine";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { COMPARISON, type Alarm, type AwsMetric, type DimensionSource } from "./alarm";
import { EVERY_ALARM } from "./every-alarm";
import { ALARM_TAGS } from "./names";

const ALARM = "aws_cloudwatch_metric_alarm";
const FILTER = "aws_cloudwatch_log_metric_filter";

/** What a dimension's value has to point to, where it points to something of the file. */
const POINTS_TO: Readonly<Partial<Record<Extract<DimensionSource, string>, string>>> = {
  "load-balancer": "aws_lb",
  "target-group": "aws_lb_target_group",
  "delivery-stream": "aws_kinesis_firehose_delivery_stream",
  cluster: "aws_ecs_cluster",
  service: "aws_ecs_service",
  "audit-log-group": "aws_cloudwatch_log_group",
};

const catalogued: Control = {
  id: "alarms.as-catalogued",
  item: 13,
  says: "Every alarm of the catalogue watches what the catalogue says, and rings when it says",
  why: "An alarm over another metric, a longer time or nothing at all looks like the others, and never rings.",
  on: [ALARM],
  judge: (block, plan) => {
    const id = blockAt(block.body, "tags")[ALARM_TAGS.id];
    const alarm = EVERY_ALARM.find((one) => one.id === id);
    if (alarm === undefined) return HOLDS;
    const wrong = wrongTime(alarm, block.body) ?? wrongSignal(alarm, block, plan);
    return wrong === undefined ? HOLDS : fails(`${wrong} is not that of ${alarm.id}`);
  },
};

function wrongTime(alarm: Alarm, body: Fields): string | undefined {
  const { fires, periods, missing } = alarm;
  const made = {
    comparison_operator: COMPARISON[fires],
    evaluation_periods: periods.of,
    datapoints_to_alarm: periods.bad,
    treat_missing_data: missing,
  };
  // The threshold is a user's to choose; that there is one is not.
  if (typeof body.threshold !== "number" && !isExpression(body.threshold)) return "threshold";
  return Object.entries(made).find(([name, value]) => body[name] !== value)?.[0];
}

function wrongSignal({ signal, periodSeconds }: Alarm, block: Block, plan: Plan): string | undefined {
  const { body } = block;
  switch (signal.kind) {
    case "metric": {
      const { period, statistic, extended_statistic: extended } = body;
      if (period !== periodSeconds) return "period";
      if ((statistic ?? extended) !== signal.stat) return "statistic";
      // A percentile of a handful of requests is noise.
      if (extended !== undefined && body.evaluate_low_sample_count_percentiles !== "ignore")
        return "evaluate_low_sample_count_percentiles";
      return wrongMetric(signal, body, block, plan);
    }
    case "audit-lines": {
      if (body.period !== periodSeconds) return "period";
      if (body.statistic !== "Sum") return "statistic";
      // A filter's metric has none: with one, the alarm is over nothing.
      if (Object.keys(blockAt(body, "dimensions")).length > 0) return "dimensions";
      const filters = plan.blocks(FILTER).filter(({ body: filter }) => {
        const metric = blockAt(filter, "metric_transformation");
        return metric.namespace === body.namespace && metric.name === body.metric_name;
      });
      return filters.some(
        ({ body: filter }) => filter.pattern === signal.pattern && counts(filter, block, plan),
      )
        ? undefined
        : "metric filter";
    }
    case "calculation": {
      const queries = blocksOf(body.metric_query);
      const result = queries.find((query) => query.expression !== undefined);
      if (result?.expression !== signal.expression || result.return_data !== true) return "expression";
      for (const [name, metric] of Object.entries(signal.of)) {
        const query = queries.find((each) => each.id === name);
        const written = blockAt(query, "metric");
        if (query?.return_data !== false) return `query ${name}`;
        if (written.period !== periodSeconds || written.stat !== metric.stat) return `query ${name}`;
        const wrong = wrongMetric(metric, written, block, plan);
        if (wrong !== undefined) return `${wrong} of ${name}`;
      }
      return undefined;
    }
  }
}

function wrongMetric(metric: AwsMetric, body: Fields, of: Block, plan: Plan): string | undefined {
  if (body.namespace !== metric.namespace) return "namespace";
  if (body.metric_name !== metric.name) return "metric_name";
  const written = blockAt(body, "dimensions");
  if (!sameNames(written, metric.dimensions)) return "dimensions";
  return Object.entries(metric.dimensions).find(
    ([name, source]) => !isValueOf(source, written[name], of, plan),
  )?.[0];
}

function sameNames(one: object, other: object): boolean {
  const names = (of: object) => Object.keys(of).sort().join("\n");
  return names(one) === names(other);
}

/** @param of the alarm: what it watches is of the same server, where both are of one */
function isValueOf(source: DimensionSource, value: unknown, of: Block, plan: Plan): boolean {
  if (typeof source !== "string") return value === source.is;
  const type = POINTS_TO[source];
  const target = plan.target(value) ?? named(type, value, plan);
  const [own, other] = [serverOf(of, plan), target && serverOf(target, plan)];
  if (own !== undefined && other !== undefined && own.path !== other.path) return false;
  // What another stack or a parameter says is not in this file.
  if (target?.mode === "resource" && type !== undefined) return target.type === type;
  return typeof value === "string" && value !== "";
}

/** The block of a type that bears a name: services and clusters are told by it. */
function named(type: string | undefined, value: unknown, plan: Plan): Block | undefined {
  if (type === undefined || typeof value !== "string") return undefined;
  return plan.blocks(type).find(({ body }) => body.name === value);
}

/** Whether a filter counts each line that it finds as one, and says 0 where there is none. */
function counts(
  { log_group_name: group, metric_transformation: metric }: Fields,
  of: Block,
  plan: Plan,
): boolean {
  const { value, default_value: none, unit } = blockAt(metric);
  if (value !== "1" || none !== "0" || unit !== "Count") return false;
  return isValueOf("audit-log-group", group, of, plan);
}

const complete: Control = {
  id: "alarms.say-when",
  item: 13,
  says: "Every alarm says of what, how often and how much, and when it is over",
  why: "Half an alarm is taken by AWS, and rings for something else or never; one without an end is not believed.",
  on: [ALARM],
  needed: true,
  judge: ({ body }) => {
    if (texts(body.ok_actions).length === 0) return fails("nobody hears that it is over");
    const missing = lacks(body);
    return missing === undefined ? HOLDS : fails(`it has no ${missing}`);
  },
};

function lacks(body: Fields): string | undefined {
  const always = ["comparison_operator", "evaluation_periods", "datapoints_to_alarm"];
  const single = ["namespace", "metric_name", "period"];
  const queries = blocksOf(body.metric_query);
  const gone = [...always, ...(queries.length > 0 ? [] : single)].find((name) => body[name] === undefined);
  if (gone !== undefined) return gone;
  if (queries.length > 0) return undefined;
  if (body.threshold === undefined && body.threshold_metric_id === undefined) return "threshold";
  if (body.statistic === undefined && body.extended_statistic === undefined) return "statistic";
  // A service's metric without a dimension is of nothing: AWS writes none.
  const isOfAws = String(body.namespace).startsWith("AWS/");
  return isOfAws && Object.keys(blockAt(body, "dimensions")).length === 0 ? "dimensions" : undefined;
}

const filtersCount: Control = {
  id: "alarms.filters-count",
  item: 13,
  says: "Every metric filter looks for something, in a log group, and counts it as one",
  why: "A filter without a pattern counts everything, and one without a value nothing.",
  on: [FILTER],
  judge: (block: Block, plan) => {
    const { body } = block;
    const {
      value,
      namespace,
      name,
      default_value: none,
      dimensions,
      unit,
    } = blockAt(body, "metric_transformation");
    // Fields of JSON, or a phrase: what Envoy itself says is no JSON.
    const looks = typeof body.pattern === "string" && /^(?:\{.*\}|"[^"]{8,}")$/s.test(body.pattern);
    if (!looks) return fails("it looks for nothing in particular");
    if (!isValueOf("audit-log-group", body.log_group_name, block, plan))
      return fails("it is of no log group");
    if (value === undefined || namespace === undefined || name === undefined)
      return fails("it writes no metric");
    const tells = none === "0" || Object.keys(blockAt(dimensions)).length > 0;
    if (!tells) return fails("it writes nothing where it finds nothing, and does not say of what it writes");
    return unit === "Count" ? HOLDS : fails("it does not say that it counts");
  },
};

/** Controls that hold the written alarms against the catalogue. */
export const catalogueControls: readonly Control[] = [catalogued, complete, filtersCount];
