import type { Plan } from "../../lib/terraform/plan";
import { arnOf, policiesOf, REGION, ACCOUNT, statementsOf } from "../support/deployed-policies";
import { decideOn, type Call, type Identity, type PolicyStatement } from "../support/iam";

/** `forbidden` by a statement that denies, `denied` because nothing allows it. */
export type Outcome = "allowed" | "denied" | "forbidden";

/** A call and what must come of it. */
export type Row = readonly [
  action: string,
  resource: string,
  outcome: Outcome,
  context?: Readonly<Record<string, string | readonly string[]>>,
];

/** Who asks, and the policies of what the plan itself makes. */
export interface Asking {
  readonly identity: Identity;
  readonly arn: string;
  readonly plan: Plan;
}

/** A role of the plan as one who asks. */
export function asking(plan: Plan, name: string, path = "/mcp/"): Asking {
  return { identity: policiesOf(plan, name), arn: `arn:aws:iam::${ACCOUNT}:role${path}${name}`, plan };
}

/** What comes of a call: rights, boundary, and the policy of the resource where the plan has one. */
export function outcome([action, resource, , context]: Row, { identity, arn, plan }: Asking): Outcome {
  const call: Call = { action, resource, ...(context && { context }) };
  const key = action.startsWith("kms:");
  const decision = decideOn(identity, call, { statements: resourcePolicy(plan, call), principal: arn, key });
  if (decision === "allowed") return decision;
  return decision.startsWith("denied by") ? "forbidden" : "denied";
}

/** Whether a row comes out as it says. */
export const right = (row: Row, who: Asking): boolean => outcome(row, who) === row[2];

/** A row in words. */
export const named = ([action, resource, decision, context]: Row): string =>
  `${action} on ${resource.split(":").slice(5).join(":") || resource}${
    context ? ` with ${JSON.stringify(context)}` : ""
  } is ${decision}`;

const POLICIES = [
  ["aws_kms_key", "arn"],
  ["aws_secretsmanager_secret_policy", "secret_arn"],
  ["aws_s3_bucket_policy", "bucket"],
] as const;

/** Somebody else's key leaves it to the account, as AWS's own policy of a key does. */
const DELEGATED: PolicyStatement[] = [
  { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
];

function resourcePolicy(plan: Plan, { action, resource }: Call): readonly PolicyStatement[] {
  for (const [type, attribute] of POLICIES) {
    const found = plan.blocks(type).find((block) => {
      const target = type === "aws_kms_key" ? block : plan.target(block.body[attribute]);
      const arn = target && arnOf(target);
      return arn !== undefined && (resource === arn || resource.startsWith(`${arn}/`));
    });
    if (found) return statementsOf(plan, found.body.policy);
  }
  return action.startsWith("kms:") && resource.split(":")[4] === ACCOUNT ? DELEGATED : [];
}

/** A statement taken away, and wider in each of its parts. */
export function mutantsOf(statement: PolicyStatement): [string, PolicyStatement[]][] {
  const { Effect, Action, Resource, Condition } = statement;
  const taken: [string, PolicyStatement[]] = ["taken away", []];
  if (Effect === "Deny") return [taken];
  const services = [...new Set([Action ?? []].flat().map((action) => action.split(":")[0] ?? ""))];
  return [
    taken,
    ["every action", [{ ...statement, Action: services.map((each) => `${each}:*`) }]],
    ...(Resource === "*"
      ? []
      : [["every resource", [{ ...statement, Resource: "*" }]] satisfies [string, PolicyStatement[]]]),
    ...Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
      Object.keys(keys).map((key): [string, PolicyStatement[]] => {
        const { [key]: _dropped, ...others } = keys;
        const rest = { ...Condition, [operator]: others };
        return [`without its ${operator} of ${key}`, [{ ...statement, Condition: rest }]];
      }),
    ),
  ];
}

/**
 * Every mutant of a role's rights that no row notices. What only the boundary holds back counts as noticed: the rows
 * are asked without it, too.
 */
export function survivors(rows: readonly Row[], who: Asking): string[] {
  const { rights, boundary } = who.identity;
  const differ = (mutant: readonly PolicyStatement[], limit: object) =>
    rows.some(
      (row) =>
        outcome(row, { ...who, identity: { rights: mutant, ...limit } }) !==
        outcome(row, { ...who, identity: { rights, ...limit } }),
    );
  return rights.flatMap((statement) =>
    mutantsOf(statement).flatMap(([what, mutant]) => {
      const changed = rights.flatMap((each) => (each === statement ? mutant : [each]));
      return differ(changed, { boundary }) || differ(changed, {}) ? [] : [`${statement.Sid}: ${what}`];
    }),
  );
}

/** The condition that a service sends when it uses a key for somebody. */
export const by = (service: string): Record<string, string> => ({
  "kms:ViaService": `${service}.${REGION}.amazonaws.com`,
});
