import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { opened, type Block, type Plan } from "../terraform/plan";
import { allowing, conditionOf, rightsOfRole } from "./read-policy";
import { ACTORS, isNamed, type Need } from "./role-needs";

function meets({ effect, actions, on, when }: Need, statement: Fields): boolean {
  if ((statement.Effect === "Deny") !== (effect === "Deny")) return false;
  const given = texts(statement.Action);
  if (actions.some((action) => !given.includes(action))) return false;
  const resources = texts(statement.Resource);
  return on.every((wanted) => isNamed(wanted, resources)) && isAsNarrow(statement, when);
}

/** The same condition keys and no others, compared with what was meant. */
function isAsNarrow({ Condition }: Fields, when: Need["when"]): boolean {
  const compared = Object.values(blockAt(Condition)).flatMap((operator) => Object.entries(blockAt(operator)));
  return (
    compared.length === Object.keys(when).length &&
    compared.every(([key, values]) => when[key]?.(texts(values)) === true)
  );
}

const fitted: Control = ofOurs({
  id: "access.roles-fit",
  item: 5,
  says: "What delivers, rotates and starts things anew has every right that it needs in its role, each on that thing and through that service alone",
  why: "With a right less it fails where nobody looks: lines are lost, secrets age. With a condition less its role opens with one key what belongs to others.",
  on: Object.keys(ACTORS),
  judge: (block, plan) => {
    const actor = ACTORS[block.type];
    const role = actor?.role(block, plan);
    if (actor === undefined || role?.mode !== "resource") return unknown("its role is not in this stack");
    return rightsOfRole(role, plan, (statements) => {
      const missing = actor.needs(block, plan).find((need) => !statements.some((each) => meets(need, each)));
      return missing === undefined ? HOLDS : fails(saysOf(missing));
    });
  },
  maps: { owasp: ["MCP02"] },
});

function saysOf({ effect, actions, when }: Need): string {
  const keys = Object.keys(when).join(" and ");
  const narrowly = keys === "" ? "" : ` by ${keys} alone`;
  return effect === "Deny"
    ? `its code is not denied ${actions.join(", ")}${narrowly}`
    : `its role lacks ${actions.join(", ")} on what it is for${narrowly}`;
}

const ownTrust: Control = ofOurs({
  id: "access.function-trust",
  item: 5,
  says: "The role of a function trusts that function and its versions, and no other",
  why: "Another function's code would act by rights that were meant for this one; a function that is left out never starts.",
  on: ["aws_lambda_function"],
  judge: ({ body }: Block, plan: Plan) => {
    const role = plan.target(body.role);
    if (role?.mode !== "resource") return unknown("its role is not in this stack");
    const document = opened(role.body.assume_role_policy);
    if (document === undefined) return unknown("its role's trust is known only at deployment");
    const trusts = allowing(blocksOf(blockAt(document).Statement));
    const sources = trusts.flatMap((trust) => conditionOf(trust, ["ArnLike", "ArnEquals"], "aws:SourceArn"));
    const ends = [`:function:${String(body.function_name)}`, `:function:${String(body.function_name)}:*`];
    const missing = ends.find((end) => !sources.some((source) => source.endsWith(end)));
    if (missing !== undefined) return fails(`its role does not trust ${missing.slice(1)}`);
    const other = sources.find((source) => !ends.some((end) => source.endsWith(end)));
    return other === undefined ? HOLDS : fails(`its role also trusts ${other}`);
  },
});

/** Controls of what AWS's services do in our name. */
export const roleRightsControls: readonly Control[] = [fitted, ownTrust];
