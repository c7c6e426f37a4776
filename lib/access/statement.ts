import { allow, type Conditions, type On, type Statement } from "../terraform/allow";
import type { GrantModel } from "./grants/resolve";
import type { RightTarget } from "./grants/right";

/** What a policy needs to know of the account. */
export interface AccountNames {
  readonly region: string;
  arn(service: string, rest: string): string;
}

/** The statement of a right in a role's policy. */
export function grantStatement(
  { sid, actions, on, when, via }: Pick<GrantModel, "sid" | "actions" | "on" | "when" | "via">,
  account: AccountNames,
): Statement {
  const through: Conditions = via
    ? {
        ...when,
        StringEquals: {
          ...when?.["StringEquals"],
          "kms:ViaService": `${via}.${account.region}.amazonaws.com`,
        },
      }
    : { ...when };
  return allow(sid, {
    actions,
    on: targetOf(on, account),
    ...(Object.keys(through).length > 0 ? { when: through } : {}),
  });
}

/** Resources of a right, with the account's own names filled in. */
export function targetOf(on: RightTarget, account: AccountNames): On {
  return "here" in on ? { resources: [account.arn(...on.here)] } : on;
}
