import { listed, policiesRead } from "../audit/given-controls";
import { asDemanded, bucketDemands, OPEN, undemanded, type BucketDemand } from "../audit/policy-demands";
import { blockAt } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import type { Block } from "../terraform/plan";
import { LOG_KINDS } from "./bucket-controls";
import { logsDemands } from "./given-logs-demands";
import { LOG_PREFIXES } from "./log-statements";

const BUCKET = bucketDemands(OPEN);
const FOLDERS = Object.values(LOG_PREFIXES);
const POLICY = logsDemands({ folders: FOLDERS.map(() => OPEN), objects: OPEN, whole: OPEN });

/** Demands that no policy that is read is asked for; the first ones each of a folder of its own. */
function unasked(policies: readonly Block[]): readonly BucketDemand[] {
  return POLICY.filter((demand, index) => {
    const folder = FOLDERS[index];
    const asked = policies.flatMap((policy) => asDemanded(policy, demand));
    return !asked.some(
      (open) => folder === undefined || new RegExp(`[/}]${folder}/AWSLogs/`).test(open.join()),
    );
  });
}

const readAtPlan = ofOurs({
  id: "ingress.given-logs-judged-at-plan",
  item: 10,
  says: "A bucket of logs that is not made here is read at every plan, which stops where its region or policy are not fit",
  why: "Somebody else may change its policy: AWS writes no log where it may not, and tells nobody.",
  on: ["aws_lb"],
  judge: ({ body }, plan) => {
    for (const kind of LOG_KINDS) {
      const { bucket: name } = blockAt(body, kind);
      const bucket = plan.target(name);
      if (name === undefined || bucket?.mode === "resource") continue;
      if (bucket?.type !== "aws_s3_bucket")
        return unknown(`nobody reads the bucket of ${kind} here, so that no plan stops when it changes`);
      const missing = [...undemanded([bucket], BUCKET), ...unasked(policiesRead(bucket, plan))];
      if (missing.length > 0) return fails(`no plan stops where its bucket does not ${listed(missing)}`);
    }
    return HOLDS;
  },
});

/** What must hold of a bucket of logs that is there already. */
export const givenLogsControls: readonly Control[] = [readAtPlan];
