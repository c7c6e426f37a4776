import { NEVER_DONE } from "./archive-statements";
import { count, does, EVERYBODY, on, onlyWhere, recordDemands, type BucketDemand } from "./policy-demands";

/** What a policy is asked about, as Terraform's expressions: in quotes, or what is known only at deployment. */
export interface ArchiveFacts {
  /** ARN of all objects, `*` at its end. */
  readonly objects: string;
  /** ARN of all that the bucket has. */
  readonly whole: string;
  /** ARN of the one role that writes. */
  readonly writer: string;
}

/** What must hold of the policy of an archive's bucket, whoever keeps it. */
export function policyDemands({ objects, whole, writer }: ArchiveFacts): readonly BucketDemand[] {
  const denied = `s.Effect == "Deny" && ${EVERYBODY} && ${on(objects, whole)}`;
  return [
    {
      says: `deny ${NEVER_DONE.join(", ")} on its objects to everybody`,
      condition: `alltrue([for action in ${JSON.stringify(NEVER_DONE)} : ${count(`${denied} && ${does("action")} && !can(s.Condition)`)} > 0])`,
    },
    {
      says: "deny s3:PutObject on its objects to everybody but the delivery's role",
      condition: `${count(`${denied} && ${does('"s3:PutObject"')} && ${onlyWhere("ArnNotEquals", "aws:PrincipalArn", writer)}`)} > 0`,
    },
    ...recordDemands(denied),
  ];
}
