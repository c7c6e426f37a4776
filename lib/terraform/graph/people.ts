import { texts } from "../../audit/read";
import type { Block, Plan } from "../plan";
import { HERE, statementsIn, statementsOf, type Principal } from "./policies";

/** Users, groups of users, and roles that the file does not make: where their policies stand, and how they are named there. */
const KINDS = [
  { kind: "user", single: "user", several: "users" },
  { kind: "group", single: "group", several: "groups" },
  { kind: "role", single: "role", several: "roles" },
] as const;

/** Somebody with rights that the file gives, beside the roles that it makes. */
export interface Person extends Principal {
  readonly kind: (typeof KINDS)[number]["kind"];
  readonly name: string;
}

/** Everybody beside the file's own roles to whom it gives a right: users and groups, also those that it only names. */
export function peopleOf(plan: Plan): readonly Person[] {
  return KINDS.flatMap(({ kind, single, several }) => {
    const holders = new Map<string, [policy: unknown, where: string][]>();
    const add = (who: unknown, policy: unknown, where: string): void => {
      const own = plan.target(who);
      // Roles of the file are principals of their own.
      if (typeof who !== "string" || (kind === "role" && isRole(who, own, plan))) return;
      const name = own === undefined ? who : nameOf(own);
      holders.set(name, [...(holders.get(name) ?? []), [policy, where]]);
    };
    for (const { body, address } of plan.blocks(`aws_iam_${kind}_policy`))
      add(body[single], body.policy, address);
    for (const { body } of plan.blocks(`aws_iam_${kind}_policy_attachment`))
      add(body[single], policyAt(body.policy_arn, plan), String(body.policy_arn));
    for (const { body } of plan.blocks("aws_iam_policy_attachment"))
      for (const who of texts(body[several]))
        add(who, policyAt(body.policy_arn, plan), String(body.policy_arn));
    for (const { body } of plan.blocks(`aws_iam_${kind}_policy_attachments_exclusive`))
      for (const arn of texts(body.policy_arns)) add(body[`${kind}_name`], policyAt(arn, plan), arn);
    return [...holders].map(([name, policies]) => person(kind, name, policies, plan));
  });
}

function isRole(who: string, own: Block | undefined, plan: Plan): boolean {
  return own?.type === "aws_iam_role" || plan.blocks("aws_iam_role").some(({ body }) => body.name === who);
}

function policyAt(arn: unknown, plan: Plan): unknown {
  return plan.target(arn)?.body.policy;
}

function nameOf({ body, address }: Block): string {
  return typeof body.name === "string" && !body.name.includes("${") ? body.name : address;
}

function person(
  kind: Person["kind"],
  name: string,
  policies: readonly [policy: unknown, where: string][],
  plan: Plan,
): Person {
  const read = policies.map(([policy, where]) => ({ statements: statementsOf(policy, where, plan), where }));
  const limit = plan.blocks(`aws_iam_${kind}`).find((block) => nameOf(block) === name)
    ?.body.permissions_boundary;
  return {
    ...{ kind, name, id: `${kind} ${name}` },
    arn: `arn:aws:iam::${HERE.account}:${kind}/${name}`,
    rights: read.flatMap(({ statements }) => statements ?? []),
    ...(limit === undefined
      ? {}
      : { boundary: statementsIn(plan.target(limit)?.body.policy, plan) ?? ("unknown" as const) }),
    trust: [],
    unread: read.filter(({ statements }) => statements === undefined).map(({ where }) => where),
  };
}
