import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changed } from "../audit/judge";

type Body = Record<string, unknown>;

/** A statement of a policy, to be changed. */
export type StatementBody = Body & { Sid?: string; Condition?: Record<string, Body> };

/** The plan with the policies of a type changed statement by statement, in the attribute that holds them. */
export function policed(
  plan: Plan,
  type: string,
  attribute: string,
  change: (statement: StatementBody) => void,
  only?: (body: Body) => boolean,
): Plan {
  return changed(
    plan,
    type,
    (body) => {
      const policy = JSON.parse(String(body[attribute])) as { Statement: StatementBody[] };
      policy.Statement.forEach(change);
      body[attribute] = JSON.stringify(policy);
    },
    only,
  );
}

/** The plan with another resource, under the name `added`. */
export function having({ source }: Plan, type: string, body: Body): Plan {
  const resource = { ...source.resource, [type]: { ...source.resource?.[type], added: body } };
  return new Plan({ ...source, resource } as TerraformJson);
}
