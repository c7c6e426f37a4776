import { blocksOf, blockAt, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { isExpression, opened, type Block, type Plan } from "../terraform/plan";
import { boundaryDenials, GRANTABLE_SERVICES } from "./denials";
import { allowing } from "./read-policy";
import { matchesAction } from "./unscoped-actions";

const POLICY = "aws_iam_policy";

/** Whether roles have a policy as their boundary. */
function isBoundary(policy: Block, plan: Plan): boolean {
  return plan.referring(policy, "aws_iam_role", "permissions_boundary").length > 0;
}

/** Roles that a boundary lets a role take on: those of its users. */
function assumableIn(statements: readonly Fields[]): readonly string[] {
  return allowing(statements)
    .filter(({ Action }) => texts(Action).every((action) => action.startsWith("sts:")))
    .flatMap(({ Resource }) => texts(Resource));
}

/** A denial without a condition, of everything or of everything but the roles of its users. */
function isWhole(
  { Effect, Resource, NotResource, Condition }: Fields,
  assumable: readonly string[],
): boolean {
  if (Effect !== "Deny" || Condition !== undefined) return false;
  if (texts(Resource).includes("*")) return true;
  const spared = texts(NotResource);
  return spared.length > 0 && spared.every((role) => assumable.includes(role));
}

const whole: Control = ofOurs({
  id: "access.boundary-whole",
  item: 5,
  says: "A boundary leaves the services that roles here are made for, and denies tampering with logs, keys, archive, secrets, network, code and identities",
  why: "It is what holds when a policy is added later: one denial less, and a role that was given too much can take away its own record.",
  on: [POLICY],
  judge: (policy, plan) => {
    if (!isBoundary(policy, plan)) return HOLDS;
    const document = opened(policy.body.policy);
    if (document === undefined)
      return isExpression(policy.body.policy)
        ? unknown("it is known only at deployment")
        : fails("it cannot be read");
    const statements = blocksOf(blockAt(document).Statement);
    const assumable = assumableIn(statements);
    const denied = statements
      .filter((each) => isWhole(each, assumable))
      .flatMap(({ Action }) => texts(Action));
    const needed = boundaryDenials(assumable).flatMap(({ Action }) => texts(Action));
    const open = needed.find((action) => !denied.includes(action) && !matchesAction(denied, action));
    if (open !== undefined) return fails(`${open} is not denied`);
    const given = allowing(statements).flatMap(({ Action }) => texts(Action));
    const more = given.find(
      (action) => !isGrantable(action) && !(assumable.length > 0 && /^sts:/.test(action)),
    );
    if (more !== undefined) return fails(`it leaves ${more}`);
    const gone = GRANTABLE_SERVICES.find((service) => !given.includes(`${service}:*`));
    if (gone !== undefined) return fails(`no role inside it may use ${gone}, whatever its policy says`);
    const blunt = denied.find((action) => action === "*" || isGrantable(action));
    return blunt === undefined ? HOLDS : fails(`it denies ${blunt}: every role inside it stands still`);
  },
  maps: { owasp: ["MCP02"] },
});

function isGrantable(action: string): boolean {
  return GRANTABLE_SERVICES.some((service) => action === `${service}:*`);
}

/** Controls of the upper limit of every role. */
export const boundaryControls: readonly Control[] = [whole];
