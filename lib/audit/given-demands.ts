import { NEVER_DONE } from "./archive-statements";

/** Something that a plan stops at where an archive that is there is not so. */
export interface ArchiveDemand {
  /** What has to be so, as the end of a sentence: "its policy has to …". */
  readonly says: string;
  /** Terraform's condition, without its braces. */
  readonly condition: string;
}

/** What a policy is asked about, as Terraform's expressions: in quotes, or what is known only at deployment. */
export interface ArchiveFacts {
  /** ARN of all objects, `*` at its end. */
  readonly objects: string;
  /** ARN of all that the bucket has. */
  readonly whole: string;
  /** ARN of the one role that writes. */
  readonly writer: string;
}

const EVERYBODY = 'anytrue([try(s.Principal == "*", false), try(s.Principal.AWS == "*", false)])';
const count = (condition: string) =>
  `length([for s in flatten([jsondecode(self.policy).Statement]) : s if ${condition}])`;
const does = (action: string) =>
  `anytrue([for one in try(flatten([s.Action]), []) : contains([${action}, "s3:*", "*"], one)])`;
const alone = (operator: string) =>
  `try(length(s.Condition) == 1 && length(s.Condition.${operator}) == 1, false)`;

/** What must hold of the policy of an archive's bucket, whoever keeps it. */
export function policyDemands({ objects, whole, writer }: ArchiveFacts): readonly ArchiveDemand[] {
  const on = `anytrue([for one in try(flatten([s.Resource]), []) : contains([${objects}, ${whole}, "*"], one)])`;
  const denied = `s.Effect == "Deny" && ${EVERYBODY} && ${on}`;
  return [
    {
      says: `deny ${NEVER_DONE.join(", ")} on its objects to everybody`,
      condition: `alltrue([for action in ${JSON.stringify(NEVER_DONE)} : ${count(`${denied} && ${does("action")} && !can(s.Condition)`)} > 0])`,
    },
    {
      says: "deny s3:PutObject on its objects to everybody but the delivery's role",
      condition: `${count(`${denied} && ${does('"s3:PutObject"')} && ${alone("ArnNotEquals")} && try(jsonencode(flatten([s.Condition.ArnNotEquals["aws:PrincipalArn"]])) == jsonencode([${writer}]), false)`)} > 0`,
    },
    {
      says: "deny s3:* on its objects without TLS",
      condition: `${count(`${denied} && ${does('"s3:*"')} && ${alone("Bool")} && try(jsonencode(flatten([s.Condition.Bool["aws:SecureTransport"]])) == jsonencode(["false"]), false)`)} > 0`,
    },
    {
      says: "let nobody in without a condition who is everybody",
      condition: `${count(`s.Effect == "Allow" && ${EVERYBODY} && !can(s.Condition)`)} == 0`,
    },
  ];
}

/** What must hold of the bucket itself; the region as an expression. */
export function bucketDemands(region: string): readonly ArchiveDemand[] {
  return [
    {
      says: "be in the deployment's region",
      // Not by its region: that is an argument of the data source since version 6 of the provider.
      condition: `strcontains(self.bucket_regional_domain_name, format(".s3.%s.", ${region}))`,
    },
  ];
}
