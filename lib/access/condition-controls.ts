import { blockAt, texts, type Fields } from "../audit/read";
import { fails, HOLDS, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { boundaryDenials } from "./denials";
import { allowing, judgeStatements, rightsOfRole, sidOf, tagsAsked } from "./read-policy";
import { matchesAction } from "./unscoped-actions";

const RIGHTS = "aws_iam_role_policy";

/** Operators of a set: one without members fits them all. */
const OF_SETS = "ForAllValues:";

/** Every key that a statement compares, with the operator and the values. */
function comparisons(
  statement: Fields,
): readonly { readonly operator: string; readonly key: string; readonly values: readonly string[] }[] {
  return Object.entries(blockAt(statement, "Condition")).flatMap(([operator, keys]) =>
    Object.entries(blockAt(keys)).map(([key, values]) => ({ operator, key, values: texts(values) })),
  );
}

/** What of a right's conditions narrows nothing. */
function looseCondition(statement: Fields): string | undefined {
  const all = comparisons(statement);
  for (const { operator, key, values } of all) {
    if (values.includes("*")) return `${key} may be anything`;
    const beside = all.filter((one) => one.key === key && one.operator !== operator);
    if (operator.startsWith(OF_SETS) && !beside.some((one) => one.operator === "Null"))
      return `${key} may be missing`;
    if (operator === "Null" && beside.length === 0) return `${key} must be there, and may be anything`;
  }
  return undefined;
}

const narrowing: Control = ofOurs({
  id: "access.conditions-narrow",
  item: 5,
  says: "Every condition of a right leaves something out",
  why: "A right for one folder, table or user is one for all of them when its condition is met by whatever is asked.",
  on: [RIGHTS],
  judge: ({ body }) =>
    judgeStatements(body.policy, (statements) => {
      for (const statement of allowing(statements)) {
        const loose = looseCondition(statement);
        if (loose !== undefined) return fails(`in ${sidOf(statement)} ${loose}`);
      }
      return HOLDS;
    }),
  maps: { owasp: ["MCP02"] },
});

const oneUser: Control = ofOurs({
  id: "access.user-asked",
  item: 5,
  says: "Whoever may act in a user's name must give one, and no name that is another's folder",
  why: "The trust of the other role asks the same: either alone is one edit away from everybody's data.",
  on: [RIGHTS],
  judge: ({ body }) =>
    judgeStatements(body.policy, (statements) => {
      for (const statement of allowing(statements)) {
        if (!texts(statement.Action).some((action) => matchesAction([action], "sts:TagSession"))) continue;
        const tags = Object.entries(tagsAsked(statement));
        const [tag, values = []] = tags[0] ?? [];
        if (tag === undefined || values.length === 0) return fails(`${sidOf(statement)} asks for no name`);
        const refused = texts(blockAt(statement.Condition, "StringNotLike")[`aws:RequestTag/${tag}`]);
        if (!refused.includes("*/*")) return fails(`${sidOf(statement)} takes a name with / in it`);
      }
      return HOLDS;
    }),
  maps: { owasp: ["MCP02"] },
});

const carried: Control = ofOurs({
  id: "access.denials-carried",
  item: 5,
  says: "A role under a boundary that is not in the file carries the denials of ours itself",
  why: "What somebody else's boundary denies nobody here knows: a role that was given too much could take away its own record.",
  on: ["aws_iam_role"],
  judge: (role, plan) => {
    const limit = plan.target(role.body.permissions_boundary);
    if (limit?.type === "aws_iam_policy" && limit.mode === "resource") return HOLDS;
    if (plan.referring(role, RIGHTS, "role").length === 0) return HOLDS;
    return rightsOfRole(role, plan, (statements) => {
      const denials = statements.filter((each) => each.Effect === "Deny" && each.Condition === undefined);
      const denied = denials.flatMap(({ Action }) => texts(Action));
      // Its users' role is the one that a task may take on: the statement about the others names it.
      const assumable = denials.flatMap(({ NotResource }) => texts(NotResource));
      const needed = boundaryDenials(assumable).flatMap(({ Action }) => texts(Action));
      const open = needed.find((action) => !matchesAction(denied, action));
      if (open !== undefined) return fails(`${open} is not denied`);
      const blunt = denials.find(
        ({ Action, Resource }) => texts(Action).includes("*") && texts(Resource).includes("*"),
      );
      return blunt === undefined ? HOLDS : fails(`${sidOf(blunt)} denies everything: it can do nothing`);
    });
  },
  maps: { owasp: ["MCP02"] },
});

/** Controls of how narrow rights are, whatever they are for. */
export const conditionControls: readonly Control[] = [narrowing, oneUser, carried];
