import { isDisposable } from "../audit/controls";
import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { isForAll } from "../audit/store-controls";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { LOG_KINDS, logBucketOf, ofLogBucket, logBucketShown } from "./bucket-controls";
import { NONCURRENT_DAYS } from "./log-days";
import { LOG_WRITER } from "./log-statements";

const STATEMENTS = [
  "the statements of platform.ingress.logsOwner in its policy",
  "get-bucket-policy",
] as const;

/** Account of a folder of logs below a prefix of a bucket, as a policy names it; nothing where it is another folder. */
function accountOf(resource: string, prefix: string, bucket: Block, plan: Plan): string | undefined {
  const [, root = "", rest = ""] = /^([^/]*)\/(.*)$/.exec(resource) ?? [];
  if (plan.target(root) !== bucket) return undefined;
  const start = prefix === "" ? "AWSLogs/" : `${prefix}/AWSLogs/`;
  const account = rest.startsWith(start) ? /^([^/*?]+)\/\*$/.exec(rest.slice(start.length))?.[1] : undefined;
  return account;
}

const delivered = ofOurs({
  id: "ingress.log-bucket-delivery",
  item: 10,
  says: "AWS may write the load balancer's logs where it is told to, only there, and only that",
  why: "A folder that may not be written stays empty, and AWS tells nobody; a wider right writes over other records.",
  on: ["aws_lb"],
  judge: (lb, plan) => {
    const { body } = lb;
    for (const kind of LOG_KINDS) {
      const { bucket: name, prefix = "" } = blockAt(body, kind);
      if (name === undefined) continue;
      const bucket = logBucketOf(lb, kind, plan);
      if (bucket === undefined) return logBucketShown(lb, kind, plan, STATEMENTS);
      const [attached] = plan.referring(bucket, "aws_s3_bucket_policy", "bucket");
      const document = opened(attached?.body.policy);
      if (document === undefined)
        return isExpression(attached?.body.policy)
          ? unknown("the bucket's policy is known only at deployment")
          : fails("nobody may write to the bucket");
      const statements = blocksOf(blockAt(document).Statement);
      const rights = statements.filter(({ Effect }) => Effect === "Allow");
      if (!rights.some((right) => isDelivery(right) && folders(right, prefix, bucket, plan).length > 0))
        return fails(`AWS may not write ${kind} below ${String(prefix)}/`);
      const wide = rights.find((right) => !isDelivery(right) || !isNarrow(right, body, bucket, plan));
      if (wide) return fails(`statement ${String(wide.Sid)} lets more be written than the logs`);
      if (!statements.some((each) => deniesAll(each, bucket, plan)))
        return fails("requests in clear text are not denied for all of the bucket");
    }
    return HOLDS;
  },
  maps: { owasp: ["MCP08"] },
});

function isDelivery({ Principal, Action }: Fields): boolean {
  return texts(blockAt(Principal).Service).join() === LOG_WRITER && texts(Action).join() === "s3:PutObject";
}

function folders({ Resource }: Fields, prefix: unknown, bucket: Block, plan: Plan): readonly string[] {
  return texts(Resource).filter((one) => accountOf(one, String(prefix), bucket, plan) !== undefined);
}

/** Whether each of a statement's resources is a folder of one of the logs. */
function isNarrow({ Resource }: Fields, lb: Fields, bucket: Block, plan: Plan): boolean {
  const prefixes = LOG_KINDS.map((kind) => String(blockAt(lb, kind).prefix ?? ""));
  return texts(Resource).every((one) =>
    prefixes.some((prefix) => accountOf(one, prefix, bucket, plan) !== undefined),
  );
}

function deniesAll({ Effect, Resource }: Fields, bucket: Block, plan: Plan): boolean {
  const resources = texts(Resource);
  const isWhole = (end: string) =>
    resources.some(
      (one) => one.endsWith(end) && plan.target(one.slice(0, one.length - end.length)) === bucket,
    );
  return Effect === "Deny" && isWhole("/*") && isWhole("");
}

const kept = ofOurs(
  ofLogBucket(
    {
      id: "ingress.log-bucket-kept",
      item: 10,
      says: "Logs of the load balancer stay when the deployment goes, unless it is declared disposable, and old versions for a month",
      why: "Who wants to hide what was called would otherwise destroy the deployment, or write each log twice.",
      shown: ["how long it keeps old versions", "get-bucket-lifecycle-configuration"],
      maps: { owasp: ["MCP08"] },
    },
    (bucket, plan) => {
      const { force_destroy: emptied } = bucket.body;
      if (emptied !== undefined && emptied !== false && !isDisposable(bucket, plan))
        return fails("Terraform would empty it");
      for (const { body } of plan.referring(bucket, "aws_s3_bucket_lifecycle_configuration", "bucket")) {
        const days = blocksOf(body.rule).map((rule) => blockAt(rule, "noncurrent_version_expiration"));
        if (days.some(({ noncurrent_days: one }) => Number(one) < NONCURRENT_DAYS))
          return fails(`old versions go before ${NONCURRENT_DAYS} days`);
        // Without a filter, or with an empty one, a rule is for all.
        if (!blocksOf(body.rule).every(({ filter }) => blocksOf(filter).every(isForAll)))
          return fails("its expiry is for some of the logs alone");
      }
      return HOLDS;
    },
  ),
);

/** Controls of how the load balancer's logs get into their bucket, and stay there. */
export const logDeliveryControls: readonly Control[] = [delivered, kept];
