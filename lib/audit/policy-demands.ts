import type { Block } from "../terraform/plan";
import { escapePattern } from "../policy/pattern";
import { blocksOf } from "./read";

/** Something of a bucket that is there, which a plan stops at where it is not so. */
export interface BucketDemand {
  /** What has to be so, as the end of a sentence: "its policy has to …". */
  readonly says: string;
  /** Terraform's condition, without its braces. */
  readonly condition: string;
}

/** A statement, `s`, is about everybody. */
export const EVERYBODY = 'anytrue([try(s.Principal == "*", false), try(s.Principal.AWS == "*", false)])';

/** How many statements of the policy that was read are so. */
export const count = (condition: string): string =>
  `length([for s in flatten([jsondecode(self.policy).Statement]) : s if ${condition}])`;

/** A statement names an action, or all of them. */
export const does = (action: string): string =>
  `anytrue([for one in try(flatten([s.Action]), []) : contains([${action}, "s3:*", "*"], one)])`;

/** A statement is on one of these, each an expression, or on everything. */
export const on = (...resources: readonly string[]): string =>
  `anytrue([for one in try(flatten([s.Resource]), []) : contains([${resources.join(", ")}, "*"], one)])`;

/** A statement's one condition is this key in this operator, with just this value, an expression. */
export const onlyWhere = (operator: string, key: string, value: string): string =>
  `try(length(s.Condition) == 1 && length(s.Condition.${operator}) == 1, false) && try(jsonencode(flatten([s.Condition.${operator}["${key}"]])) == jsonencode([${value}]), false)`;

/** What must hold of the policy of any bucket with records: nothing in clear, and nobody who is everybody. */
export function recordDemands(denied: string): readonly BucketDemand[] {
  return [
    {
      says: "deny s3:* on its objects without TLS",
      condition: `${count(`${denied} && ${does('"s3:*"')} && ${onlyWhere("Bool", "aws:SecureTransport", '"false"')}`)} > 0`,
    },
    {
      says: "let nobody in without a condition who is everybody",
      condition: `${count(`s.Effect == "Allow" && ${EVERYBODY} && !can(s.Condition)`)} == 0`,
    },
  ];
}

/** What must hold of the bucket itself; the region as an expression. */
export function bucketDemands(region: string): readonly BucketDemand[] {
  return [
    {
      says: "be in the deployment's region",
      // Not by its region: that is an argument of the data source since version 6 of the provider.
      condition: `strcontains(self.bucket_regional_domain_name, format(".s3.%s.", ${region}))`,
    },
  ];
}

/** Stands in a demand where something of the deployment does. */
export const OPEN = "\u0000";

/** Of each condition of a block that is a demand: what stands in its open places. Compared with itself, anything is as it should be. */
export function asDemanded({ body }: Block, { condition }: BucketDemand): string[][] {
  const form = new RegExp(`^\\$\\{${condition.split(OPEN).map(escapePattern).join("(.+?)")}\\}$`, "s");
  const [lifecycle] = blocksOf(body.lifecycle);
  return blocksOf(lifecycle?.postcondition)
    .map((each) => form.exec(String(each.condition))?.slice(1))
    .filter(
      (open): open is string[] => open !== undefined && open.every((one) => !/\bself\b|\bs\./.test(one)),
    );
}

/** Demands that no condition of these blocks makes. */
export function undemanded(blocks: readonly Block[], demands: readonly BucketDemand[]): BucketDemand[] {
  return demands.filter((demand) => !blocks.some((block) => asDemanded(block, demand).length > 0));
}
