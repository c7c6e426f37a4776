import { embedded, type Block, type Plan } from "../../lib/terraform/plan";

/** A statement as IAM reads it. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: unknown;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** One call to AWS, with the condition keys that AWS would send. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** `allowed`, or why not: a statement that denies, a boundary that leaves it out, or nobody who allows it. */
export type Decision = "allowed" | `denied by ${string}` | "outside the boundary" | "not allowed";

/** The policies of one role. A role without a boundary has none to be inside of. */
export interface Identity {
  readonly rights: readonly PolicyStatement[];
  readonly boundary?: readonly PolicyStatement[];
}

/** Decides as IAM does within one account: a denial anywhere wins, then rights and boundary must both allow. */
export function decide({ rights, boundary }: Identity, call: Call): Decision {
  const denial = [...rights, ...(boundary ?? [])].find(
    (each) => each.Effect === "Deny" && covers(each, call),
  );
  if (denial) return `denied by ${denial.Sid ?? "a statement"}`;
  const allowing = (statements: readonly PolicyStatement[]) =>
    statements.some((each) => each.Effect === "Allow" && covers(each, call));
  if (!allowing(rights)) return "not allowed";
  return boundary === undefined || allowing(boundary) ? "allowed" : "outside the boundary";
}

/** The policy of what is asked for, and who asks. */
export interface ResourcePolicy {
  readonly statements: readonly PolicyStatement[];
  /** ARN of the role that asks. */
  readonly principal: string;
  /** KMS lets nobody by his own rights alone: the key's policy must leave it to the account. @default false */
  readonly key?: boolean;
}

/** Decides as IAM does within one account, with the policy of the resource. */
export function decideOn(identity: Identity, call: Call, on: ResourcePolicy): Decision {
  const asked = { ...call, context: { "aws:PrincipalArn": on.principal, ...call.context } };
  const account = on.principal.split(":")[4] ?? "";
  const about = (statement: PolicyStatement, whole: boolean) => {
    if (statement.Principal === "*") return !whole;
    const named = many((statement.Principal as { AWS?: string | readonly string[] } | undefined)?.AWS ?? []);
    return whole
      ? named.some((each) => each === account || each.endsWith(`:iam::${account}:root`))
      : named.includes("*") || named.includes(on.principal);
  };
  const covering = on.statements.filter((each) => covers(each, asked));
  const denial = covering.find((each) => each.Effect === "Deny" && about(each, false));
  if (denial) return `denied by ${denial.Sid ?? "a statement"}`;
  const own = decide(identity, asked);
  if (own.startsWith("denied by")) return own;
  const allowing = covering.filter(({ Effect }) => Effect === "Allow");
  if (allowing.some((each) => about(each, false)))
    // Our boundaries are limits for what a resource gives to a role, too.
    return decide({ ...identity, rights: [{ Effect: "Allow", Action: "*", Resource: "*" }] }, asked);
  if (on.key && !allowing.some((each) => about(each, true))) return "not allowed";
  return own;
}

/** Whether a service, acting for an account and a resource, may take on a role with this trust. */
export function trusts(
  trust: readonly PolicyStatement[],
  service: string,
  context: Readonly<Record<string, string>>,
): boolean {
  const call = { action: "sts:AssumeRole", resource: "*", context };
  const meant = trust.filter(({ Principal }) => {
    if (Principal === "*") return true;
    const services = (Principal as { Service?: string | readonly string[] } | undefined)?.Service ?? [];
    return many(services).includes(service);
  });
  const covering = meant.filter((each) => covers({ ...each, Resource: "*" }, call));
  return covering.length > 0 && covering.every(({ Effect }) => Effect === "Allow");
}

function covers(statement: PolicyStatement, { action, resource, context = {} }: Call): boolean {
  return (
    matches(statement.Action, statement.NotAction, (pattern) => like(pattern, action, true)) &&
    matches(statement.Resource, statement.NotResource, (pattern) =>
      filled(pattern, context).some((each) => like(each, resource)),
    ) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        condition(
          operator,
          many(wanted).flatMap((value) => filled(value, context)),
          valuesOf(context, key),
        ),
      ),
    )
  );
}

function matches(
  yes: string | readonly string[] | undefined,
  no: string | readonly string[] | undefined,
  test: (pattern: string) => boolean,
): boolean {
  if (yes !== undefined) return many(yes).some(test);
  return no !== undefined && !many(no).some(test);
}

/**
 * A text with IAM's variables filled in. None where a variable has no value: then the text matches nothing. What is
 * filled in stands for itself, as IAM reads it: a tag has no wildcards (`*` and `?` are refused in tags anyway).
 */
function filled(text: string, context: NonNullable<Call["context"]>): string[] {
  let missing = false;
  const result = text.replace(/\$\{([^}]+)\}/g, (_all, key: string) => {
    const [value] = valuesOf(context, key) ?? [];
    missing ||= value === undefined;
    return value ?? "";
  });
  return missing ? [] : [result];
}

/** Keys know no capitals. Absent keys have no values. */
function valuesOf(context: NonNullable<Call["context"]>, key: string): readonly string[] | undefined {
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return found && many(found[1]);
}

type Test = (wanted: string, value: string) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, value) => wanted === value,
  StringEqualsIgnoreCase: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  StringLike: (wanted, value) => like(wanted, value),
  ArnEquals: (wanted, value) => likeArn(wanted, value),
  ArnLike: (wanted, value) => likeArn(wanted, value),
  Bool: (wanted, value) => wanted.toLowerCase() === value.toLowerCase(),
  NumericLessThan: (wanted, value) => Number(value) < Number(wanted),
  DateGreaterThanEquals: (wanted, value) => Date.parse(value) >= Date.parse(wanted),
  DateGreaterThan: (wanted, value) => Date.parse(value) > Date.parse(wanted),
  DateLessThan: (wanted, value) => Date.parse(value) < Date.parse(wanted),
};

/** Whether a role may take on another, by that one's trust: `tags` are the session's. */
export function trustsRole(
  trust: readonly PolicyStatement[],
  principal: string,
  tags: Readonly<Record<string, string>>,
): boolean {
  const context: Record<string, string | readonly string[]> = { "aws:TagKeys": Object.keys(tags) };
  for (const [key, value] of Object.entries(tags)) context[`aws:RequestTag/${key}`] = value;
  const actions = Object.keys(tags).length === 0 ? ["sts:AssumeRole"] : ["sts:AssumeRole", "sts:TagSession"];
  const meant = trust.filter(({ Principal }) => {
    if (Principal === "*") return true;
    return many((Principal as { AWS?: string | readonly string[] } | undefined)?.AWS ?? []).includes(
      principal,
    );
  });
  return actions.every((action) => {
    const covering = meant.filter((each) =>
      covers({ ...each, Resource: "*" }, { action, resource: "*", context }),
    );
    return covering.length > 0 && covering.every(({ Effect }) => Effect === "Allow");
  });
}

/** An operator that is not known here throws: a condition must not be passed over. */
function condition(
  operator: string,
  wanted: readonly string[],
  values: readonly string[] | undefined,
): boolean {
  // Holds too where the key is absent: hence the `Null` beside it.
  if (operator.startsWith("ForAllValues:"))
    return (values ?? []).every((value) =>
      condition(operator.slice("ForAllValues:".length), wanted, [value]),
    );
  if (operator === "Null") return wanted.some((each) => (each === "true") === (values === undefined));
  if (operator.endsWith("IfExists"))
    return values === undefined || condition(operator.slice(0, -"IfExists".length), wanted, values);
  const test = TESTS[operator.replace("Not", "")];
  if (test === undefined) throw new Error(`the operator ${operator} is not simulated`);
  const some = (values ?? []).some((value) => wanted.some((each) => test(each, value)));
  // A negated operator also holds where the key is absent.
  return operator.includes("Not") ? !some : some;
}

/** `*` is any text, `?` any one character. */
function like(pattern: string, text: string, anyCase = false): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, anyCase ? "is" : "s").test(text);
}

/** In an ARN `*` does not reach past a colon, but in its last part. */
function likeArn(pattern: string, arn: string): boolean {
  const [wanted, given] = [partsOf(pattern), partsOf(arn)];
  return wanted.length === given.length && wanted.every((part, index) => like(part, given[index] ?? ""));
}

function partsOf(arn: string): string[] {
  const parts = arn.split(":");
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

function many(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

/** The account and place that `deployed()` fills in. */
export const HERE = { partition: "aws", region: "eu-west-1", account: "123456789012" } as const;

/**
 * Text of a plan as it would be after deployment: account, region and partition filled in; every other reference
 * becomes a text of its own that stands for it, an ARN where it is one: `arn:aws:…:ref:ADDRESS`.
 */
export function deployed(text: string): string {
  return text
    .replace(/\$\{data\.aws_caller_identity\.[^.}]+\.account_id\}/g, HERE.account)
    .replace(/\$\{data\.aws_region\.[^.}]+\.id\}/g, HERE.region)
    .replace(/\$\{data\.aws_partition\.[^.}]+\.partition\}/g, HERE.partition)
    .replace(/\$\{([a-z0-9_]+\.[A-Za-z0-9_-]+)\.(\w+)\}/g, (_all, address: string, attribute: string) =>
      attribute === "arn" || attribute === "id" ? arnOf(address) : `${attribute}-of-${address}`,
    );
}

/** The ARN that `deployed()` writes for a resource of the plan. */
export function arnOf(address: string): string {
  return `arn:${HERE.partition}:of:${HERE.region}:${HERE.account}:${address}`;
}

/** A role of a plan, as deployed: what it may do, what bounds it, whom it trusts. */
export interface DeployedRole extends Identity {
  readonly name: string;
  readonly trust: readonly PolicyStatement[];
}

/** Every role of a plan by the end of its name, as `orders-task`. */
export function rolesOf(plan: Plan, prefix: string): ReadonlyMap<string, DeployedRole> {
  return new Map(
    plan.blocks("aws_iam_role").map((role) => {
      const name = String(role.body.name).replace(`${prefix}-`, "");
      const boundary = plan.target(role.body.permissions_boundary);
      const rights = plan
        .blocks("aws_iam_role_policy")
        .filter((policy) => plan.target(policy.body.role)?.address === role.address)
        .flatMap((policy) => statementsOf(policy, "policy"));
      return [
        name,
        {
          name,
          rights,
          trust: statementsOf(role, "assume_role_policy"),
          ...(boundary ? { boundary: statementsOf(boundary, "policy") } : {}),
        },
      ];
    }),
  );
}

function statementsOf(block: Block, attribute: string): PolicyStatement[] {
  const document = embedded(deployed(String(block.body[attribute])));
  if (document === undefined) throw new Error(`${block.address} has a policy that nobody can read`);
  return (document as { Statement: PolicyStatement[] }).Statement;
}
