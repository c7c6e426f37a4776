import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { escapePattern } from "../policy/pattern";
import type { Block } from "../terraform/plan";
import { bucketDemands, policyDemands, type ArchiveDemand } from "./given-demands";
import { blockAt, blocksOf } from "./read";

/** Stands in a demand where something of the deployment does. */
const OPEN = "\u0000";
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
    const policies = plan.all.filter(
      ({ mode, type, body }) =>
        mode === "data" &&
        type === "aws_s3_bucket_policy" &&
        (plan.target(body.bucket) === bucket || body.bucket === bucket.body.bucket),
    );
    const role = plan.target(to.role_arn)?.body.name;
    const missing = [
      ...lacking(bucket, BUCKET),
      ...(policies.length === 0 ? POLICY : lackingIn(policies, String(role))),
    ];
    return missing.length === 0
      ? HOLDS
      : fails(`no plan stops where its bucket does not ${missing.map(({ says }) => says).join(", or ")}`);
  },
});

/** The archive's writer has to be the role that the stream takes: a policy that names another protects from nobody. */
function lackingIn(policies: readonly Block[], role: string): readonly ArchiveDemand[] {
  return POLICY.filter((demand) => {
    const found = policies.flatMap((policy) => values(policy, demand));
    return !found.some((open) => !demand.condition.includes("PrincipalArn") || open.at(-1)?.includes(role));
  });
}

function lacking(block: Block, demands: readonly ArchiveDemand[]): ArchiveDemand[] {
  return demands.filter((demand) => values(block, demand).length === 0);
}

/** Of each condition that is a demand: what stands in its open places. Compared with itself, anything is as it should be. */
function values(block: Block, { condition }: ArchiveDemand): string[][] {
  const form = new RegExp(`^\\$\\{${condition.split(OPEN).map(escapePattern).join("(.+?)")}\\}$`, "s");
  const [lifecycle] = blocksOf(block.body.lifecycle);
  return blocksOf(lifecycle?.postcondition)
    .map((each) => form.exec(String(each.condition))?.slice(1))
    .filter(
      (open): open is string[] => open !== undefined && open.every((one) => !/\bself\b|\bs\./.test(one)),
    );
}

/** What must hold of an archive that is there already. */
export const givenArchiveControls: readonly Control[] = [readAtPlan];
