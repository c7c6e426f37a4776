import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { chosenFor, isChosen } from "../checklist/chosen";
import { isOurs, ofOurs } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { blockAt, blocksOf, texts, type Fields } from "./read";

const GROUP = "aws_cloudwatch_log_group";
const LOCK = "aws_s3_bucket_object_lock_configuration";
const LIFECYCLE = "aws_s3_bucket_lifecycle_configuration";
const LOGGING = "aws_s3_bucket_logging";

/** Days of the first rule that ends something, as they are written. */
function daysOf(body: Fields, name: string, field: string): unknown {
  return blocksOf(body.rule)
    .map((rule) => blockAt(rule, name)[field])
    .find((days) => days !== undefined);
}

/** Of what lies in a bucket: how long who read another one stays, and what was replaced in a locked one. */
function judgeLifecycle(block: Block, plan: Plan, logDays: unknown): Finding {
  const bucket = plan.target(block.body.bucket);
  if (bucket === undefined) return HOLDS;
  if (plan.referring(bucket, LOGGING, "target_bucket").length > 0) {
    const days = daysOf(block.body, "expiration", "days");
    if (!isChosen(days, logDays)) return fails(`who read is known for ${String(days ?? "ever")} days`);
  }
  const [lock] = plan.referring(bucket, LOCK, "bucket");
  const locked = blockAt(lock?.body, "rule", "default_retention").days;
  if (locked === undefined) return HOLDS;
  const days = daysOf(block.body, "noncurrent_version_expiration", "noncurrent_days");
  return isChosen(days, locked) || Number(days) >= Number(locked)
    ? HOLDS
    : fails(`what is replaced in it goes after ${String(days)} days`);
}

const asChosen: Control = {
  id: "audit.kept-as-chosen",
  item: 10,
  says: "Logs, the archive and who read it are kept as long as was chosen for the deployment",
  why: "A number that was changed on the way ends the record before somebody looks: a log of one day looks like any other.",
  on: [GROUP, LOCK, LIFECYCLE],
  judge: (block, plan) => {
    const found = chosenFor(block, plan);
    if (found === undefined) return HOLDS;
    const { chosen, part } = found;
    const logDays = chosen.logDays[part] ?? chosen.logDays["all"];
    if (block.type === LIFECYCLE) return judgeLifecycle(block, plan, chosen.logDays["all"]);
    const [days, wanted] =
      block.type === GROUP
        ? [block.body.retention_in_days, logDays]
        : [blockAt(block.body, "rule", "default_retention").days, chosen.archiveDays];
    return wanted === undefined || isChosen(days, wanted)
      ? HOLDS
      : fails(`it keeps for ${String(days)} days, where ${String(wanted)} were chosen`);
  },
  maps: { owasp: ["MCP08"], checkov: ["CKV_AWS_338"], fsbp: ["CloudWatch.16"] },
};

const writtenDown: Control = ofOurs({
  id: "audit.readers-written-down",
  item: 10,
  says: "S3 may write down who reads a bucket, for that bucket of this account alone",
  why: "What it may not write it drops without a word. A bucket's ARN says no account: whoever takes the name of one that was deleted could write lies.",
  on: [LOGGING],
  judge: ({ body }, plan) => {
    const [from, to] = [plan.target(body.bucket), plan.target(body.target_bucket)];
    if (from === undefined || to === undefined) return HOLDS;
    const [policy] = plan.referring(to, "aws_s3_bucket_policy", "bucket");
    const document = opened(policy?.body.policy);
    if (document === undefined)
      return isExpression(policy?.body.policy)
        ? unknown("what S3 may write there is known only at deployment")
        : fails("S3 may not write there");
    const right = blocksOf(blockAt(document).Statement).find(
      ({ Effect, Principal, Action, Resource }) =>
        Effect === "Allow" &&
        texts(blockAt(Principal).Service).includes("logging.s3.amazonaws.com") &&
        texts(Action).includes("s3:PutObject") &&
        texts(Resource).some((one) => one === `\${${to.address}.arn}/${String(body.target_prefix)}*`),
    );
    if (right === undefined) return fails("S3 may not write there");
    const { Condition } = right;
    if (texts(blockAt(Condition, "StringEquals")["aws:SourceAccount"]).length === 0)
      return fails("any account's bucket of that name may have it written");
    const sources = texts(blockAt(Condition, "ArnLike")["aws:SourceArn"]);
    return sources.length === 1 && plan.target(sources[0])?.address === from.address
      ? HOLDS
      : fails("S3 may write there for other buckets");
  },
});

const whole: Control = {
  id: "audit.subscriptions-whole",
  item: 10,
  says: "Every line of a log group that is subscribed to our archive arrives there",
  why: "A filter is a way around the archive: what it leaves out is in no record that nobody can change.",
  on: ["aws_cloudwatch_log_subscription_filter"],
  judge: ({ body }, plan) => {
    const stream = plan.target(body.destination_arn);
    if (stream?.type !== "aws_kinesis_firehose_delivery_stream" || !isOurs(stream, plan)) return HOLDS;
    if (isExpression(body.filter_pattern)) return unknown("its filter is known only at deployment");
    return body.filter_pattern === "" ? HOLDS : fails("the subscription leaves lines out");
  },
  maps: { owasp: ["MCP08"] },
};

/** Controls of how long records are kept, that they are whole, and of who reads them. */
export const keptControls: readonly Control[] = [asChosen, writtenDown, whole];
