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
    matches(statement.Resource, statement.NotResource, (pattern) => like(pattern, resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) =>
        condition(operator, many(wanted), valuesOf(context, key)),
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
  DateGreaterThan: (wanted, value) => Date.parse(value) > Date.parse(wanted),
  DateLessThan: (wanted, value) => Date.parse(value) < Date.parse(wanted),
};

/** An operator that is not known here throws: a condition must not be passed over. */
function condition(
  operator: string,
  wanted: readonly string[],
  values: readonly string[] | undefined,
): boolean {
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
