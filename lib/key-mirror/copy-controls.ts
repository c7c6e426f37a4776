import { rings } from "../alarms/rings";
import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { HISTORY_DAYS } from "./model";
import { isOf, minutesOf, ofMirror } from "./read";

/** How Lambda's own metrics tell of copies, as the alarm reckons with them. */
const COPIES = "invocations - errors";
const METRICS: Readonly<Record<string, string>> = { invocations: "Invocations", errors: "Errors" };

/** Minutes without a copy after which somebody must have heard of it. */
const LONGEST_SILENCE = 240;

const ageRings = ofMirror({
  id: "key-mirror.age-rings",
  item: 13,
  says: "Keys that were not copied for hours tell somebody, also when nothing runs at all",
  why: "Everything works until the issuer changes its key, and then nothing does.",
  judge: ({ function: own }, plan) => {
    const alarm = plan
      .blocks("aws_cloudwatch_metric_alarm")
      .find(({ body }) => metricsOf(body).some(({ dimensions }) => isOfFunction(dimensions, own, plan)));
    if (!alarm) return fails("no alarm watches how old they are");
    const { body } = alarm;
    if (body.treat_missing_data !== "breaching") return fails("when nothing runs, nothing rings");
    if (!rings(body)) return fails("nobody hears the alarm");
    const wrong = wrongSum(body) ?? wrongMetric(body, own, plan);
    if (wrong !== undefined) return fails(wrong);
    // A single one may fail, and the next one comes.
    if (!(Number(body.evaluation_periods) >= 2)) return fails("it rings at the first copy that fails");
    const periods = metricsOf(body).map(({ period }) => Number(period ?? 0));
    const minutes = (Math.max(...periods) * Number(body.evaluation_periods)) / 60;
    if (minutes > LONGEST_SILENCE) return fails(`it rings after ${minutes} minutes`);
    return body.datapoints_to_alarm === body.evaluation_periods
      ? HOLDS
      : fails("it asks for other copies than it looks at");
  },
});

/** Metrics that an alarm reckons with. */
function metricsOf(alarm: Block["body"]) {
  return blocksOf(alarm.metric_query)
    .filter(({ metric }) => metric !== undefined)
    .map((query) => ({ id: query.id, shown: query.return_data, ...blockAt(query.metric) }) as Fields);
}

function isOfFunction(dimensions: unknown, own: Block, plan: Plan): boolean {
  const name = blockAt(dimensions).FunctionName;
  return name === own.body.function_name || isOf(name, own, plan);
}

/** What is wrong with how an alarm reckons. */
function wrongSum(alarm: Block["body"]): string | undefined {
  const [sum, more] = blocksOf(alarm.metric_query).filter(({ return_data: shown }) => shown === true);
  if (sum?.expression !== COPIES || more !== undefined) return "it does not count copies that went well";
  const fires = alarm.comparison_operator === "LessThanThreshold" && alarm.threshold === 1;
  return fires ? undefined : "it does not ring when there is none";
}

/** What is wrong with what an alarm reckons with. */
function wrongMetric(alarm: Block["body"], own: Block, plan: Plan): string | undefined {
  const metrics = metricsOf(alarm);
  const wrong = Object.entries(METRICS).find(
    ([id, name]) =>
      !metrics.some(
        (metric) =>
          metric.id === id &&
          metric.shown === false &&
          metric.namespace === "AWS/Lambda" &&
          metric.metric_name === name &&
          metric.stat === "Sum" &&
          isOfFunction(metric.dimensions, own, plan),
      ),
  );
  return wrong && `it does not look at ${wrong[1]} of what copies`;
}

const bounded = ofMirror({
  id: "key-mirror.one-at-a-time",
  item: 14,
  says: "What copies an issuer's keys does so one at a time, soon or not at all, and its variables are under a customer's key",
  why: "Two copies at once each undo the other's overlap: a key that was just withdrawn comes back, or ends at once.",
  judge: ({ function: own }, plan) => {
    if (own.body.reserved_concurrent_executions !== 1) return fails("two copies may run at once");
    if (texts(own.body.kms_key_arn).length === 0)
      return fails("its variables are under no key of a customer");
    const [retries] = plan.referring(own, "aws_lambda_function_event_invoke_config", "function_name");
    const { maximum_retry_attempts: times, maximum_event_age_in_seconds: seconds } = retries?.body ?? {};
    if (times === undefined || Number(times) > 2) return fails("nothing says how often it is tried again");
    const schedules = plan.blocks("aws_scheduler_schedule");
    const schedule = schedules.find(({ body }) => isOf(blockAt(body.target).arn, own, plan));
    const every = schedule && minutesOf(schedule);
    // Without a schedule, or with one that cannot be read, others have said so.
    return every === undefined || Number(seconds) <= every * 60
      ? HOLDS
      : fails("a copy that failed is tried again when the next one has come");
  },
});

const history = ofMirror({
  id: "key-mirror.history",
  item: 10,
  says: "Keys that were replaced are kept for three months",
  why: "Who was trusted on the day of an attack is asked weeks later.",
  judge: ({ bucket }, plan) => {
    const days = plan
      .referring(bucket, "aws_s3_bucket_lifecycle_configuration", "bucket")
      .flatMap(({ body }) => blocksOf(body.rule))
      .map((rule) => blockAt(rule, "noncurrent_version_expiration").noncurrent_days)
      .filter((each) => each !== undefined);
    if (days.some(isExpression)) return unknown("how long they are kept is known only at deployment");
    const short = days.find((each) => Number(each) < HISTORY_DAYS);
    return short === undefined ? HOLDS : fails(`they are gone after ${String(short)} days`);
  },
});

/** Controls of how keys are copied, who hears when they are not, and what is left of old ones. */
export const copyControls: readonly Control[] = [ageRings, bounded, history];
