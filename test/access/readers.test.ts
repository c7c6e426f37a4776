import { ManagedSecret } from "../../lib/secrets/managed-secret";
import { synthPlan, testDeployment } from "../support/plan";

function secretOf(readers: readonly string[]): unknown {
  const plan = synthPlan((stack) => {
    new ManagedSecret(stack, "secret", {
      on: testDeployment(stack),
      name: "orders/client-ci",
      description: "A client's key",
      keyArn: "arn:aws:kms:eu-west-1:123456789012:key/1",
      recoveryDays: 30,
      ours: [],
      writer: "arn:aws:iam::123456789012:role/rotation",
      readers,
    });
  });
  const text = JSON.stringify(plan.blocks("aws_secretsmanager_secret_policy")[0]?.body["lifecycle"] ?? null);
  return JSON.parse(text.replace(/data\.aws_caller_identity\.\w+\.account_id/g, "THIS_ACCOUNT"));
}

test("every reader must be of this account, or nothing is made", () => {
  const reader = (name: string) => `arn:aws:iam::999999999999:role/${name}`;
  expect(secretOf([reader("a"), reader("b")])).toEqual({
    precondition: ["a", "b"].map((name) => ({
      condition: `\${(element(split(":", "${reader(name)}"), 4) == THIS_ACCOUNT)}`,
      error_message: "A reader of this secret is a role of another account: name one of this account.",
    })),
  });
});

test("none where there are no readers", () => expect(secretOf([])).toBeNull());
