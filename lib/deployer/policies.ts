import { readManifest } from "../checklist/manifest";
import { DeployerError } from "./error";
import { planStatementsOf, statementsOf } from "./statements";
import { isExpression, type Plan } from "../terraform/plan";

/** A statement of a deployer's policy. */
export interface DeployerStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A managed policy, within IAM's 6,144 characters. */
export interface DeployerPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly DeployerStatement[];
}

/** What the file does not say. */
export interface DeployerFacts {
  /** Account, 12 digits. @default any: the policy holds in the account of its role anyway */
  readonly account?: string;
  /** @default any */
  readonly region?: string;
  /** The boundary of every role that may be made. @default the one that the file makes or names */
  readonly boundary?: string;
  /** Only what `terraform plan` asks for, with no secret's value but the stored policies. @default false */
  readonly planOnly?: boolean;
}

export { DeployerError };

/** Characters of a managed policy, blanks not counted, with room for IAM's own way of counting. */
const MOST = 6_000;
/** A role takes ten managed policies, unless the quota is raised. */
const MOST_POLICIES = 10;

/**
 * The rights with which a file of ours is planned, applied, changed and destroyed, and no others: actions of the services
 * that it uses, on what bears the deployment's name, roles only inside their boundary. With `planOnly` those with which it
 * is planned: they change nothing, so that no boundary has to be known.
 * @throws DeployerError where the file has no deployment of ours, or a boundary that is known only later
 */
export function deployerPolicies(plan: Plan, facts: DeployerFacts = {}): readonly DeployerPolicy[] {
  const deployments = [...new Set(readManifest(plan.source).map(({ deployment }) => deployment))].sort();
  if (deployments.length === 0) throw new DeployerError("it declares no deployment of ours");
  const { planOnly = false } = facts;
  const scope = {
    names: deployments.map((deployment) => named(plan, deployment)),
    secrets: deployments,
    account: facts.account ?? "*",
    region: facts.region ?? "*",
  };
  const policies = packed(
    planOnly
      ? planStatementsOf(plan, scope)
      : statementsOf(plan, {
          ...scope,
          boundaries: facts.boundary === undefined ? boundariesOf(plan, scope.account) : [facts.boundary],
        }),
  );
  if (policies.length > MOST_POLICIES)
    throw new DeployerError(`it needs ${policies.length} policies, and a role takes ${MOST_POLICIES}`);
  return policies;
}

/** What the names of a deployment's things look like: its prefix first, or wherever its own pattern puts it. */
function named(plan: Plan, deployment: string): string {
  const names = plan.blocks("aws_iam_role").map(({ body }) => String(body.name));
  return names.every((name) => isExpression(name) || name.startsWith(`${deployment}-`))
    ? `${deployment}-*`
    : `*${deployment}*`;
}

/** The boundaries that roles of the file stand in: the platform's, and those of servers that tell users apart. */
function boundariesOf(plan: Plan, account: string): readonly string[] {
  const limits = plan.blocks("aws_iam_role").map(({ body }) => {
    const own = plan.target(body.permissions_boundary);
    if (own === undefined) return body.permissions_boundary;
    return `arn:*:iam::${account}:policy${String(own.body.path ?? "/")}${String(own.body.name)}`;
  });
  const distinct = [...new Set(limits)];
  if (distinct.length > 0 && distinct.every((limit) => typeof limit === "string" && !isExpression(limit)))
    return (distinct as string[]).sort();
  throw new DeployerError(
    "its roles stand in no boundary, or in one that is known only later: name it with --boundary",
  );
}

/** Statements in as few documents as they fit into, in their order. */
function packed(statements: readonly DeployerStatement[]): DeployerPolicy[] {
  const documents: DeployerStatement[][] = [];
  let room = 0;
  for (const statement of statements) {
    const size = JSON.stringify(statement).length + 1;
    if (size > room) {
      documents.push([]);
      room = MOST - JSON.stringify({ Version: "2012-10-17", Statement: [] }).length;
    }
    documents.at(-1)?.push(statement);
    room -= size;
  }
  return documents.map((Statement) => ({ Version: "2012-10-17", Statement }));
}
