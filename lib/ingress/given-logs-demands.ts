import { count, does, EVERYBODY, on, recordDemands, type BucketDemand } from "../audit/policy-demands";
import { LOG_WRITER } from "./log-statements";

/** What a policy is asked about, as Terraform's expressions: in quotes, or what is known only at deployment. */
export interface LogsFacts {
  /** ARNs of where AWS writes, `*` at their ends. */
  readonly folders: readonly string[];
  /** ARN of all objects of the deployment, and of all that the bucket has. */
  readonly objects: string;
  readonly whole: string;
}

/** What must hold of the policy of a bucket for logs, whoever keeps it. */
export function logsDemands({ folders, objects, whole }: LogsFacts): readonly BucketDemand[] {
  const writer = `contains(try(flatten([s.Principal.Service]), []), ${JSON.stringify(LOG_WRITER)})`;
  return [
    ...folders.map((folder, index) => ({
      says: `let ${LOG_WRITER} write its ${["access", "connection", "health check"][index] ?? ""} logs`,
      condition: `${count(`s.Effect == "Allow" && ${writer} && ${does('"s3:PutObject"')} && ${on(folder, objects, whole)}`)} > 0`,
    })),
    ...recordDemands(`s.Effect == "Deny" && ${EVERYBODY} && ${on(objects, whole)}`),
  ];
}
