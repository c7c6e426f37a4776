import type { Block, Plan } from "../../lib/terraform/plan";
import type { Identity, PolicyStatement } from "./iam";

/** The account and the region that a plan is read as deployed in. */
export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";

const ARNS: Readonly<Record<string, (block: Block) => string>> = {
  aws_cloudwatch_log_group: ({ body }) => `logs:${REGION}:${ACCOUNT}:log-group:${String(body.name)}`,
  aws_ecs_cluster: ({ body }) => `ecs:${REGION}:${ACCOUNT}:cluster/${String(body.name)}`,
  aws_kinesis_firehose_delivery_stream: ({ body }) =>
    `firehose:${REGION}:${ACCOUNT}:deliverystream/${String(body.name)}`,
  // Called by its place, as `audit-key`: AWS would make up an id.
  aws_kms_key: ({ path }) => `kms:${REGION}:${ACCOUNT}:key/${path.split("/").slice(-3, -1).join("-")}`,
  aws_iam_role: ({ body }) => `iam::${ACCOUNT}:role${String(body.path ?? "/")}${String(body.name)}`,
  aws_s3_bucket: ({ body }) => `s3:::${String(body.bucket_prefix)}0001`,
  aws_secretsmanager_secret: ({ body }) =>
    `secretsmanager:${REGION}:${ACCOUNT}:secret:${String(body.name)}-AbCdEf`,
  aws_sqs_queue: ({ body }) => `sqs:${REGION}:${ACCOUNT}:${String(body.name)}`,
};

/** The ARN that a block would get. */
export function arnOf(block: Block): string {
  const rest = ARNS[block.type]?.(block);
  if (rest === undefined) throw new Error(`no ARN is known for ${block.type}`);
  return `arn:aws:${rest}`;
}

/** A policy of the plan with every reference replaced as a deployment would. */
export function statementsOf(plan: Plan, policy: unknown): PolicyStatement[] {
  const text = String(policy).replace(/(?<!\$)\$\{[^}]+\}/g, (reference) => {
    if (reference.includes("data.aws_caller_identity")) return ACCOUNT;
    if (reference.includes("data.aws_region")) return REGION;
    if (reference.includes("data.aws_partition")) return "aws";
    const block = plan.target(reference);
    if (!block || !reference.endsWith(".arn}")) throw new Error(`${reference} cannot be read`);
    return arnOf(block);
  });
  // IAM's own variables are written so that Terraform passes them on.
  return (JSON.parse(text.replaceAll("$${", "${")) as { Statement: PolicyStatement[] }).Statement;
}

/** What a role of the plan may do: its inline policies inside its boundary. */
export function policiesOf(plan: Plan, roleName: string): Required<Identity> {
  const role = plan.blocks("aws_iam_role").find(({ body }) => body.name === roleName);
  const boundary = role && plan.target(role.body.permissions_boundary);
  if (!role || !boundary) throw new Error(`there is no role ${roleName} with a boundary in the plan`);
  return {
    rights: plan
      .referring(role, "aws_iam_role_policy", "role")
      .flatMap(({ body }) => statementsOf(plan, body.policy)),
    boundary: statementsOf(plan, boundary.body.policy),
  };
}
