import { ref, type Resources } from "./fixture";

/** A statement of a policy. */
export type Statement = Record<string, unknown>;
export const policy = (...Statement: Statement[]) => JSON.stringify({ Version: "2012-10-17", Statement });
export const allow = (more: Statement): Statement => ({ Effect: "Allow", Resource: "*", ...more });
export const deny = (more: Statement): Statement => ({ Effect: "Deny", Resource: "*", ...more });

/** A role `a` with these rights, and whatever else; `on` are blocks with policies that may be about it. */
export function role(rights: Statement[], more: Resources = {}): Resources {
  return {
    "aws_iam_role.a": { name: "a", assume_role_policy: policy() },
    "aws_iam_role_policy.a": { role: ref("aws_iam_role.a"), policy: policy(...rights) },
    ...more,
  };
}
export const bounded = (...statements: Statement[]): Resources => ({
  "aws_iam_role.a": {
    name: "a",
    assume_role_policy: policy(),
    permissions_boundary: ref("aws_iam_policy.limit", "arn"),
  },
  "aws_iam_policy.limit": { name: "limit", policy: policy(...statements) },
});
export const bucket = (statement: Statement): Resources => ({
  "aws_s3_bucket.b": { bucket: "b" },
  "aws_s3_bucket_policy.b": { bucket: ref("aws_s3_bucket.b"), policy: policy(statement) },
});
