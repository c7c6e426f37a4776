import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import type { Block, Plan } from "../terraform/plan";
import { policyDemands } from "./given-demands";
import { asDemanded, bucketDemands, OPEN, undemanded, type BucketDemand } from "./policy-demands";
import { blockAt } from "./read";

const BUCKET = bucketDemands(OPEN);
const POLICY = policyDemands({ objects: OPEN, whole: OPEN, writer: OPEN });

const readAtPlan = ofOurs({
  id: "audit.given-archive-judged-at-plan",
  item: 10,
  says: "An archive that is not made here is read at every plan, which stops where its region or policy are not fit",
  why: "Somebody else may change its policy: whoever may delete what is archived would show nowhere here.",
  on: ["aws_kinesis_firehose_delivery_stream"],
  judge: (stream, plan) => {
    const to = blockAt(stream.body, "extended_s3_configuration");
    const bucket = plan.target(to.bucket_arn);
    if (bucket?.mode === "resource") return HOLDS;
    if (bucket?.type !== "aws_s3_bucket")
      return unknown("nobody reads the archive's bucket here, so that no plan stops when it changes");
    const policies = policiesRead(bucket, plan);
    const role = String(plan.target(to.role_arn)?.body.name);
    const missing = [
      ...undemanded([bucket], BUCKET),
      ...POLICY.filter((demand) => !policies.some((policy) => namesWriter(policy, demand, role))),
    ];
    return missing.length === 0 ? HOLDS : fails(`no plan stops where its bucket does not ${listed(missing)}`);
  },
});

/** The archive's writer has to be the role that the stream takes: a policy that names another protects from nobody. */
function namesWriter(policy: Block, demand: BucketDemand, role: string): boolean {
  const ofWriter = demand.condition.includes("PrincipalArn");
  return asDemanded(policy, demand).some((open) => !ofWriter || open.at(-1)?.includes(role) === true);
}

/** What is read of a bucket's policy. */
export function policiesRead(bucket: Block, plan: Plan): Block[] {
  return plan.all.filter(
    ({ mode, type, body }) =>
      mode === "data" && type === "aws_s3_bucket_policy" && body.bucket === bucket.body.bucket,
  );
}

/** Demands in one sentence. */
export const listed = (demands: readonly BucketDemand[]): string =>
  demands.map(({ says }) => says).join(", or ");

/** What must hold of an archive that is there already. */
export const givenArchiveControls: readonly Control[] = [readAtPlan];
