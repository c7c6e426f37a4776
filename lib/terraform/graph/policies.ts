import { blocksOf, texts, type Fields } from "../../audit/read";
import { opened, type Block, type Plan } from "../plan";

/** A statement of a policy as it would be after deployment: references replaced by ARNs that stand for them. */
export interface PolicyStatement extends Fields {
  readonly Sid?: string;
  readonly Effect?: string;
}

/** The account and the region that a plan is read as deployed in; whatever they are, they are the same everywhere in it. */
export const HERE = { partition: "aws", region: "REGION", account: "ACCOUNT" } as const;

const at = (service: string, rest: string) => `arn:aws:${service}:${HERE.region}:${HERE.account}:${rest}`;
const global = (rest: string) => `arn:aws:iam::${HERE.account}:${rest}`;

/** ARNs that policies name by a pattern, so that a reference and a pattern meet. */
const ARNS: Readonly<Record<string, (block: Block) => string>> = {
  aws_cloudwatch_log_group: (block) => at("logs", `log-group:${nameOf(block)}`),
  aws_cloudwatch_metric_alarm: ({ body, address }) =>
    at("cloudwatch", `alarm:${text(body.alarm_name, address)}`),
  aws_ecs_cluster: (block) => at("ecs", `cluster/${nameOf(block)}`),
  aws_iam_policy: ({ body, address }) => global(`policy${text(body.path, "/")}${text(body.name, address)}`),
  aws_iam_role: ({ body, address }) => global(`role${text(body.path, "/")}${text(body.name, address)}`),
  aws_kinesis_firehose_delivery_stream: (block) => at("firehose", `deliverystream/${nameOf(block)}`),
  aws_kms_key: ({ address }) => at("kms", `key/${address}`),
  aws_lambda_function: ({ body, address }) => at("lambda", `function:${text(body.function_name, address)}`),
  aws_s3_bucket: ({ body, address }) =>
    `arn:aws:s3:::${text(body.bucket, text(body.bucket_prefix, address))}`,
  aws_secretsmanager_secret: (block) => at("secretsmanager", `secret:${nameOf(block)}-AbCdEf`),
  aws_sns_topic: (block) => at("sns", nameOf(block)),
  aws_sqs_queue: (block) => at("sqs", nameOf(block)),
  aws_wafv2_web_acl: (block) => at("wafv2", `regional/webacl/${nameOf(block)}/ID`),
};

function nameOf({ body, address }: Block): string {
  return text(body.name, address);
}

/** A text of the file, or another where it is known only at deployment. */
function text(value: unknown, other: string): string {
  return typeof value === "string" && !value.includes("${") ? value : other;
}

/** The ARN that stands for a block: its own where the plan knows it. */
export function arnOf(block: Block): string {
  if (typeof block.body.arn === "string" && block.body.arn.startsWith("arn:")) return block.body.arn;
  return ARNS[block.type]?.(block) ?? `arn:aws:of:${HERE.region}:${HERE.account}:${block.address}`;
}

/** A text with every reference replaced by what it will be, or by a text that stands for it. */
export function deployedText(written: string, plan: Plan): string {
  return written.replace(/\$\{(?!aws:|[a-z]+:)[^}]+\}/g, (reference) => {
    const block = plan.target(reference);
    if (block?.type === "aws_caller_identity") return HERE.account;
    if (block?.type === "aws_region") return HERE.region;
    if (block?.type === "aws_partition") return HERE.partition;
    if (block === undefined) return `unknown-${reference.slice(2, -1)}`;
    return reference.endsWith(".arn}") || reference.endsWith(".id}") ? arnOf(block) : `of-${block.address}`;
  });
}

/** The statements of a policy that is written as JSON in a text; nothing when it cannot be read before deployment. */
export function statementsIn(policy: unknown, plan: Plan): readonly PolicyStatement[] | undefined {
  if (typeof policy !== "string") return undefined;
  const direct = opened(policy);
  if (direct === undefined) return undefined;
  const deployed: unknown = JSON.parse(deployedText(JSON.stringify(direct), plan));
  return blocksOf((deployed as Fields).Statement);
}

/** One principal of a plan: what it may do, what bounds it, whom it trusts. */
export interface Principal {
  /** Address of its role. */
  readonly id: string;
  readonly arn: string;
  readonly rights: readonly PolicyStatement[];
  /** Nothing: it has none. `unknown`: it is written elsewhere. */
  readonly boundary?: readonly PolicyStatement[] | "unknown";
  readonly trust: readonly PolicyStatement[];
  /** Policies whose text is not in the file: it may have more rights than are known. */
  readonly unread: readonly string[];
}

/** What the widest policies of AWS itself say: everybody knows it, and no file has their text. */
const BY_AWS: Readonly<Record<string, readonly PolicyStatement[]>> = {
  AdministratorAccess: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  IAMFullAccess: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }],
  PowerUserAccess: [{ Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: "*" }],
};

/** The statements of a policy that is attached, or written at somebody. @param where the ARN or the address of it */
export function statementsOf(
  policy: unknown,
  where: string,
  plan: Plan,
): readonly PolicyStatement[] | undefined {
  const name = /^arn:[^:]*:iam::aws:policy\/(\w+)$/.exec(where)?.[1];
  return statementsIn(policy, plan) ?? (name === undefined ? undefined : BY_AWS[name]);
}

const principals = new WeakMap<Block, Principal>();

/** The role of a block as a principal, with all its policies. Read once: chains of roles come by again and again. */
export function principalOf(role: Block, plan: Plan): Principal {
  const known = principals.get(role) ?? readPrincipal(role, plan);
  principals.set(role, known);
  return known;
}

function readPrincipal(role: Block, plan: Plan): Principal {
  const name = role.body.name;
  // A plan of what exists names roles, where the written file points to them.
  const isIts = (value: unknown) =>
    plan.target(value)?.address === role.address || (typeof value === "string" && value === name);
  const attached = plan
    .blocks("aws_iam_role_policy_attachment", "aws_iam_policy_attachment")
    .filter(({ body }) => isIts(body.role) || texts(body.roles).some(isIts))
    .map(({ body }) => body.policy_arn);
  const alone = plan
    .blocks("aws_iam_role_policy_attachments_exclusive")
    .filter(({ body }) => isIts(body.role_name))
    .flatMap(({ body }) => texts(body.policy_arns));
  const managed = [...attached, ...alone, ...texts(role.body.managed_policy_arns)];
  const written: readonly [unknown, string][] = [
    ...plan
      .blocks("aws_iam_role_policy")
      .filter(({ body }) => isIts(body.role))
      .map(({ body, address }): [unknown, string] => [body.policy, address]),
    ...blocksOf(role.body.inline_policy).map(({ policy }): [unknown, string] => [policy, role.address]),
    ...managed.map((arn): [unknown, string] => [plan.target(arn)?.body.policy, String(arn)]),
  ];
  const read = written.map(([policy, where]) => ({ statements: statementsOf(policy, where, plan), where }));
  const limit = role.body.permissions_boundary;
  const hasLimit = limit !== undefined && limit !== null && limit !== "";
  return {
    id: role.address,
    arn: arnOf(role),
    rights: read.flatMap(({ statements }) => statements ?? []),
    ...(hasLimit
      ? { boundary: statementsIn(plan.target(limit)?.body.policy, plan) ?? ("unknown" as const) }
      : {}),
    trust: statementsIn(role.body.assume_role_policy, plan) ?? [],
    unread: read.filter(({ statements }) => statements === undefined).map(({ where }) => where),
  };
}
