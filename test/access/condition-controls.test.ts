import { conditionControls } from "../../lib/access/condition-controls";
import { personControls } from "../../lib/access/person-controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { judge, named } from "../audit/judge";
import { holdAsBuilt } from "../support/control-tests";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";
import { CORPUS } from "../tokens/corpus";
import { written } from "../tokens/rendered";

const RIGHTS = "aws_iam_role_policy";
/** Every grant, under a boundary that is given. */
const given = new Plan(written(CORPUS["given"] as never, []) as unknown as TerraformJson);
/** A server that speaks for users. */
const payments = synthExample("payments");

const right = (plan: Plan, sid: string, change: (statement: StatementBody) => void) =>
  policed(plan, RIGHTS, "policy", (one) => void (one.Sid === sid && change(one)));
const conditions = (
  plan: Plan,
  sid: string,
  change: (condition: Record<string, Record<string, unknown>>) => void,
) => right(plan, sid, ({ Condition }) => change(Condition ?? {}));
const sidWith = (plan: Plan, key: string): string => {
  for (const { body } of plan.blocks(RIGHTS)) {
    const { Statement } = JSON.parse(String(body["policy"])) as { Statement: StatementBody[] };
    const found = Statement.find(
      ({ Effect, Condition }) => Effect === "Allow" && JSON.stringify(Condition ?? {}).includes(key),
    );
    if (found?.Sid !== undefined) return found.Sid;
  }
  throw new Error(`no right has a condition on ${key}`);
};
const LEADING = sidWith(given, "dynamodb:LeadingKeys");
const PREFIX = sidWith(given, "s3:prefix");

describe("of every grant, under a given boundary", () => holdAsBuilt(conditionControls, given));
describe("of a server that speaks for users", () => holdAsBuilt(conditionControls, payments));

test.each<[string, string, () => Plan]>([
  [
    "conditions-narrow",
    "s3:prefix may be anything",
    () => conditions(given, PREFIX, (all) => (all["StringLike"] = { "s3:prefix": ["*"] })),
  ],
  [
    "conditions-narrow",
    "dynamodb:LeadingKeys may be anything",
    () =>
      conditions(
        given,
        LEADING,
        (all) => (all["ForAllValues:StringEquals"] = { "dynamodb:LeadingKeys": ["*"] }),
      ),
  ],
  ["conditions-narrow", "may be missing", () => conditions(given, LEADING, (all) => delete all["Null"])],
  [
    "conditions-narrow",
    "must be there, and may be anything",
    () => conditions(given, LEADING, (all) => delete all["ForAllValues:StringEquals"]),
  ],
  [
    "user-asked",
    "asks for no name",
    () => conditions(payments, "ActForOneUser", (all) => delete all["StringLike"]),
  ],
  [
    "user-asked",
    "takes a name with /",
    () => conditions(payments, "ActForOneUser", (all) => delete all["StringNotLike"]),
  ],
  ["user-asked", "asks for no name", () => right(payments, "ActForOneUser", (one) => delete one.Condition)],
  [
    "denials-carried",
    "logs:Delete* is not denied",
    () => right(given, "NoLogTampering", (one) => (one.Effect = "Allow")),
  ],
  [
    "denials-carried",
    "iam:* is not denied",
    () =>
      right(
        given,
        "NoIdentityChange",
        (one) => (one["Action"] = (one["Action"] as string[]).filter((action) => action !== "iam:*")),
      ),
  ],
  [
    "denials-carried",
    "logs:Delete* is not denied",
    () =>
      right(given, "NoLogTampering", (one) => (one.Condition = { Bool: { "aws:ViaAWSService": "true" } })),
  ],
  [
    "denials-carried",
    "denies everything",
    () => right(given, "NoCodeChange", (one) => (one["Action"] = ["*"])),
  ],
])("%s: %s", (id, says, broken) => {
  expect(judge(named(conditionControls, `access.${id}`), broken())).toContainEqual({
    holds: false,
    says: expect.stringContaining(says) as string,
  });
});

test("a role of users that nobody may take on is found", () => {
  const broken = policed(payments, "aws_iam_role", "assume_role_policy", (one) => {
    const actions = one["Action"] as string[];
    if (actions.includes("sts:TagSession")) one["Action"] = ["sts:TagSession"];
  });
  expect(judge(named(personControls, "access.user-named"), broken)).toContainEqual({
    holds: false,
    says: expect.stringContaining("lets nobody in") as string,
  });
});
