import type { Plan } from "../terraform/plan";
import type { DeployerStatement } from "./policies";
import { SERVICES, type ServiceRights } from "./services";

/** What a deployer may touch. */
export interface DeployerScope {
  /** What the deployments' things are called, with `*` where anything may stand. */
  readonly names: readonly string[];
  /** Beginnings of their secrets' names. */
  readonly secrets: readonly string[];
  readonly account: string;
  readonly region: string;
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
  const types = new Set(plan.all.map(({ type }) => type));
  const needed = SERVICES.filter((service) => [...types].some((type) => service.types.test(type)));
  return [
    ...needed.flatMap((service) => ofService(service, scope)),
    ...(types.has("aws_iam_role") ? ofIam(scope, types.has("aws_iam_policy")) : []),
  ];
}

function ofService(rights: ServiceRights, scope: DeployerScope): DeployerStatement[] {
  const { service, documented = {} } = rights;
  const named = sorted([...rights.named, ...(documented.named ?? [])]);
  const anywhere = sorted([...rights.anywhere, ...(documented.anywhere ?? [])]);
  const sid = service.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase());
  const allow = (end: string, actions: readonly string[], resources: readonly string[]) =>
    actions.length === 0 ? [] : [statement(`${sid}${end}`, service, actions, resources)];
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
function regional(any: DeployerStatement, { region }: DeployerScope): DeployerStatement {
  const global = any.Action[0]?.startsWith("route53:") === true;
  return region === "*" || global
    ? any
    : { ...any, Condition: { StringEquals: { "aws:RequestedRegion": region } } };
}

function arns(pattern: string, { names, secrets, account, region }: DeployerScope): string[] {
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
  const { names, account, boundaries } = scope;
  const of = (kind: "role" | "policy") =>
    sorted(
      names.flatMap((name) => [
        `arn:*:iam::${account}:${kind}/${name}`,
        `arn:*:iam::${account}:${kind}/*/${name}`,
      ]),
    );
  const roles = of("role");
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
    ...(ownPolicies ? [statement("TheBoundary", "iam", IAM.policies, of("policy"))] : []),
  ];
}

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
