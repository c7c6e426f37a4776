import type { Plan } from "../terraform/plan";
import { givenStatements } from "./given";
import type { DeployerStatement } from "./policies";
import type { ServiceRights } from "./rights";
import { SERVICES } from "./services";

/** What somebody who plans may look at. */
export interface PlanScope {
  /** What the deployments' things are called, with `*` where anything may stand. */
  readonly names: readonly string[];
  /** Beginnings of their secrets' names. */
  readonly secrets: readonly string[];
  readonly account: string;
  readonly region: string;
}

/** What a deployer may touch. */
export interface DeployerScope extends PlanScope {
  /** Of roles: one of these. */
  readonly boundaries: readonly string[];
}

/** Services of AWS that our roles are made for; a role can be handed to no other. */
const PASSED_TO = [
  "ecs-tasks.amazonaws.com",
  "events.amazonaws.com",
  "firehose.amazonaws.com",
  "lambda.amazonaws.com",
  "logs.amazonaws.com",
  "scheduler.amazonaws.com",
  "states.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
];
/** Roles that AWS makes for its own services at their first use in an account. */
const SERVICE_LINKED = [
  "ecs.amazonaws.com",
  "ecs.application-autoscaling.amazonaws.com",
  "elasticache.amazonaws.com",
  "elasticloadbalancing.amazonaws.com",
  "wafv2.amazonaws.com",
];

/** IAM's own actions, by what guards them. */
export const IAM = {
  /** Only for roles that stand in the boundary, before and after. */
  bounded: [
    "AttachRolePolicy",
    "CreateRole",
    "DeleteRolePolicy",
    "DetachRolePolicy",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
  ],
  roles: [
    "DeleteRole",
    "GetRole",
    "GetRolePolicy",
    "ListAttachedRolePolicies",
    "ListInstanceProfilesForRole",
    "ListRolePolicies",
    "ListRoleTags",
    "TagRole",
    "UntagRole",
    "UpdateAssumeRolePolicy",
    "UpdateRole",
    "UpdateRoleDescription",
  ],
  policies: [
    "CreatePolicy",
    "CreatePolicyVersion",
    "DeletePolicy",
    "DeletePolicyVersion",
    "GetPolicy",
    "GetPolicyVersion",
    "ListPolicyTags",
    "ListPolicyVersions",
    "TagPolicy",
    "UntagPolicy",
  ],
} as const;

/** Statements for everything that the file has of AWS. */
export function statementsOf(plan: Plan, scope: DeployerScope): DeployerStatement[] {
  return [
    ...servicesOf(plan).flatMap((service) => ofService(service, scope)),
    ...givenStatements(plan, () => true),
    ...(plan.blocks("aws_iam_role").length > 0 ? ofIam(scope, plan.blocks("aws_iam_policy").length > 0) : []),
  ];
}

/** Actions that tell and change nothing, by IAM's way of naming them. */
const TELLS = /^(Get|List|Describe)/;
/** Those of them that tell what is kept: archived lines, and secrets, of which the stored policies alone are read. */
const TELLS_CONTENTS = /^Get(Object|SecretValue)/;

/** Statements for looking at all of it, as `terraform plan` does. */
export function planStatementsOf(plan: Plan, scope: PlanScope): DeployerStatement[] {
  const tells = (action: string): boolean => TELLS.test(action) && !TELLS_CONTENTS.test(action);
  const roles = plan.blocks("aws_iam_role").length > 0;
  const policies = plan.blocks("aws_iam_policy").length > 0;
  return [
    ...servicesOf(plan).flatMap((service) => ofService(service, scope, tells)),
    ...givenStatements(plan, tells),
    ...(roles ? [statement("Roles", "iam", IAM.roles.filter(tells), iamArns("role", scope))] : []),
    ...(policies
      ? [statement("TheBoundary", "iam", IAM.policies.filter(tells), iamArns("policy", scope))]
      : []),
    ...(plan.blocks("aws_secretsmanager_secret_version").length > 0 ? storedPolicies(scope) : []),
  ];
}

/** Reading the policies that have no room in a task definition, and the key that they are encrypted under. */
function storedPolicies(scope: PlanScope): DeployerStatement[] {
  const secrets = { ...scope, secrets: scope.secrets.map((prefix) => `${prefix}/_gateway`) };
  const resources = arns("secretsmanager:secret:SECRET", secrets);
  const through = `secretsmanager.${scope.region}.amazonaws.com`;
  return [
    statement("StoredPolicies", "secretsmanager", ["GetSecretValue"], resources),
    statement("KeyOfStoredPolicies", "kms", ["Decrypt"], ["*"], {
      StringLike: { "kms:ViaService": [through], "kms:EncryptionContext:SecretARN": resources },
    }),
  ];
}

const servicesOf = (plan: Plan): readonly ServiceRights[] =>
  SERVICES.filter(({ types, part }) =>
    plan.all.some(({ type, mode }) => types.test(type) && (part === undefined || mode === "resource")),
  );

function ofService(
  rights: ServiceRights,
  scope: PlanScope,
  wanted: (action: string) => boolean = () => true,
): DeployerStatement[] {
  const { service, part = "", documented = {} } = rights;
  const named = sorted([...rights.named, ...(documented.named ?? [])]).filter(wanted);
  const anywhere = sorted([...rights.anywhere, ...(documented.anywhere ?? [])]).filter(wanted);
  const sid = service.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase());
  const allow = (end: string, actions: readonly string[], resources: readonly string[]) =>
    actions.length === 0 ? [] : [statement(`${sid}${part}${end}`, service, actions, resources)];
  return [
    ...allow(
      "Named",
      named,
      rights.on.flatMap((pattern) => arns(pattern, scope)),
    ),
    ...allow("Any", anywhere, ["*"]).map((any) => regional(any, scope)),
  ];
}

/** Services that have no names of ours are held to the region at least. */
function regional(any: DeployerStatement, { region }: PlanScope): DeployerStatement {
  const global = any.Action[0]?.startsWith("route53:") === true;
  return region === "*" || global
    ? any
    : { ...any, Condition: { StringEquals: { "aws:RequestedRegion": region } } };
}

function arns(pattern: string, { names, secrets, account, region }: PlanScope): string[] {
  const [service = "", ...rest] = pattern.split(":");
  const end = rest.join(":");
  const begin = `arn:*:${service}:`;
  // Some have neither region nor account.
  const written = end.startsWith("::") ? begin + end : `${begin}${region}:${account}:${end}`;
  const ours = written.includes("SECRET") ? secrets.map((prefix) => `${prefix}/*`) : names;
  const all = ours.flatMap((name) => {
    const arn = written.replace(/NAME|SECRET/, name);
    // Objects lie below their bucket.
    return service === "s3" ? [arn, `${arn}/*`] : [arn];
  });
  return sorted(all);
}

function ofIam(scope: DeployerScope, ownPolicies: boolean): DeployerStatement[] {
  const { account, boundaries } = scope;
  const roles = iamArns("role", scope);
  // A partition is not known here: `arn:*:` in a condition is a pattern.
  const bounded = { ArnLike: { "iam:PermissionsBoundary": boundaries } };
  return [
    statement("RolesInTheirBoundary", "iam", IAM.bounded, roles, bounded),
    statement("Roles", "iam", IAM.roles, roles),
    statement("HandRolesToTheirServices", "iam", ["PassRole"], roles, {
      StringEquals: { "iam:PassedToService": PASSED_TO },
    }),
    statement(
      "RolesOfAwsItself",
      "iam",
      ["CreateServiceLinkedRole"],
      [`arn:*:iam::${account}:role/aws-service-role/*`],
      { StringEquals: { "iam:AWSServiceName": SERVICE_LINKED } },
    ),
    ...(ownPolicies ? [statement("TheBoundary", "iam", IAM.policies, iamArns("policy", scope))] : []),
  ];
}

const iamArns = (kind: "role" | "policy", { names, account }: PlanScope): string[] =>
  sorted(
    names.flatMap((name) => [
      `arn:*:iam::${account}:${kind}/${name}`,
      `arn:*:iam::${account}:${kind}/*/${name}`,
    ]),
  );

function statement(
  Sid: string,
  service: string,
  actions: readonly string[],
  Resource: readonly string[],
  Condition?: DeployerStatement["Condition"],
): DeployerStatement {
  const Action = sorted(actions.map((action) => `${service}:${action}`));
  return { Sid, Effect: "Allow", Action, Resource, ...(Condition && { Condition }) };
}

const sorted = (texts: readonly string[]): string[] => [...new Set(texts)].sort();
