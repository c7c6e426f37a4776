import { startControls } from "../../lib/task/start-controls";
import type { Plan } from "../../lib/terraform/plan";
import { embedded } from "../../lib/terraform/plan";
import { changed, judge, without } from "../audit/judge";
import { synthExample } from "../support/examples";

type Body = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const [control] = startControls as [(typeof startControls)[number]];
const TASK = "aws_ecs_task_definition";

/** The statement of this name in every policy, changed or taken away. */
function right(plan: Plan, sid: string, change?: (statement: Body) => void): Plan {
  return changed(plan, "aws_iam_role_policy", (body) => {
    const policy = embedded(body.policy) as Body;
    const found = (policy.Statement as Body[]).filter(({ Sid }) => Sid === sid);
    if (change) found.forEach(change);
    else policy.Statement = (policy.Statement as Body[]).filter(({ Sid }) => Sid !== sid);
    body.policy = JSON.stringify(policy);
  });
}

const complete = synthExample("complete");
const context = "kms:EncryptionContext:SecretARN";
const equals = (fields: Body) => (statement: Body) => {
  statement.Condition = { StringEquals: { ...statement.Condition.StringEquals, ...fields } };
};

test.each(["complete", "minimal", "payments", "existing-network"] as const)("%s may start", (name) => {
  const findings = judge(control, synthExample(name));
  expect(findings.length).toBeGreaterThan(0);
  expect(findings).toEqual(findings.map(() => ({ holds: true })));
});

test.each<[string, () => Plan]>([
  ["log in to the registry", () => right(complete, "LogInToRegistry")],
  ["pull the image envoy", () => right(complete, "PullImages")],
  ["pull the image envoy", () => right(complete, "PullImages", (each) => each.Resource.shift())],
  ["ecr:BatchGetImage is missing", () => right(complete, "PullImages", (each) => each.Action.splice(1, 1))],
  ["write the log of gateway", () => right(complete, "WriteLogs", (each) => each.Resource.shift())],
  ["write the log of server", () => right(complete, "WriteLogs", (each) => each.Resource.pop())],
  ["read the secret aws_secretsmanager_secret.", () => right(complete, "InjectSecrets")],
  ["read the secret arn:aws:", () => right(complete, "InjectSecrets", (each) => each.Resource.splice(3, 1))],
  ["decrypt the secret", () => right(complete, "DecryptSecrets")],
  ["decrypt the secret", () => right(complete, "DecryptSecrets", (each) => each.Resource.shift())],
  [
    "decrypt the secret",
    () => right(complete, "DecryptSecrets", (each) => each.Condition.StringEquals[context].shift()),
  ],
  ["past Secrets Manager", () => right(complete, "DecryptSecrets", (each) => delete each.Condition)],
  [
    "past Secrets Manager",
    () => right(complete, "DecryptSecrets", equals({ "kms:ViaService": "s3.eu-west-1.amazonaws.com" })),
  ],
  ["whatever lies under", () => right(complete, "DecryptSecrets", equals({ [context]: undefined }))],
  ["whatever lies under", () => right(complete, "DecryptSecrets", equals({ [context]: ["*"] }))],
  ["log in to the registry", () => without(complete, "aws_iam_role_policy")],
])("no task starts, or one may too much: %s", (says, build) => {
  expect(judge(control, build())).toContainEqual({ holds: false, says: expect.stringContaining(says) });
});

describe("what is elsewhere, or known only at deployment, is unknown", () => {
  const holds = (plan: Plan) => judge(control, plan).map((finding) => finding.holds);
  test.each<[string, (body: Body) => void]>([
    ["the role", (body) => (body.execution_role_arn = "arn:aws:iam::123456789012:role/ecs")],
    ["the containers", (body) => (body.container_definitions = "${var.containers}")],
  ])("%s", (_what, change) => {
    expect(new Set(holds(changed(complete, TASK, change)))).toEqual(new Set(["unknown"]));
  });
  test("the policy", () => {
    const later = changed(complete, "aws_iam_role_policy", (body) => (body.policy = "${var.policy}"));
    expect(new Set(holds(later))).toEqual(new Set(["unknown"]));
  });
});

test("an image from a registry of somebody else's needs no right", () => {
  const foreign = changed(right(complete, "LogInToRegistry"), TASK, (body) => {
    body.container_definitions = String(body.container_definitions).replace(
      /\d{12}\.dkr\.ecr\.eu-west-1\.amazonaws\.com/g,
      "registry.example.com",
    );
  });
  expect(new Set(judge(control, foreign).map(({ holds }) => holds))).toEqual(new Set([true]));
});
