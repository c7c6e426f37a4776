import { MANIFEST_KEY } from "../../lib/checklist/manifest";
import { secretsControls } from "../../lib/secrets/controls";
import { deliveryControls } from "../../lib/secrets/delivery/controls";
import { Plan } from "../../lib/terraform/plan";
import { changed, judge, named, without } from "../audit/judge";
import { synthExample } from "../support/examples";
import { having, policed, type StatementBody } from "../support/policies";

const SECRET = "aws_secretsmanager_secret";
const POLICY = "aws_secretsmanager_secret_policy";
const ROTATION = "aws_secretsmanager_secret_rotation";
const plan = synthExample("complete");
type Body = Record<string, unknown>;

// What the example does not ask for has a test of its own.
const asked = secretsControls.filter((control) => !deliveryControls.slice(1).includes(control));

test.each(asked.map((control) => [control.id, control] as const))("%s holds as built", (_id, control) => {
  const findings = judge(control, plan);
  expect(findings.length).toBeGreaterThan(1);
  expect(findings).toEqual(findings.map(() => ({ holds: true })));
});

const policies = (change: (statement: StatementBody) => void) => policed(plan, POLICY, "policy", change);
const readers = (value: unknown) =>
  policies((each) => (each.Condition = { ArnNotLike: { "aws:PrincipalArn": value } }));
const rules = (value: unknown) => changed(plan, ROTATION, (body) => (body.rotation_rules = value));

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "secrets.no-values",
      "a aws_secretsmanager_secret_version writes",
      () => having(plan, "aws_secretsmanager_secret_version", { secret_id: "x" }),
    ],
    ["secrets.no-values", "a random_password writes", () => having(plan, "random_password", { length: 20 })],
    ["secrets.no-values", "a tls_private_key writes", () => having(plan, "tls_private_key", {})],
    [
      "secrets.no-values",
      "has a secret_string",
      () => changed(plan, SECRET, (body) => (body.secret_string = "x")),
    ],
    ["secrets.customer-key", "no key", () => changed(plan, SECRET, (body) => delete body.kms_key_id)],
    [
      "secrets.customer-key",
      "no key",
      () => changed(plan, SECRET, (body) => (body.kms_key_id = "alias/aws/secretsmanager")),
    ],
    ["secrets.readers-named", "no policy", () => without(plan, POLICY)],
    [
      "secrets.readers-named",
      "may become public",
      () => changed(plan, POLICY, (body) => delete body.block_public_policy),
    ],
    ["secrets.readers-named", "does not deny", () => policies((each) => (each.Effect = "Allow"))],
    [
      "secrets.readers-named",
      "does not deny",
      () => policies((each) => (each.Action = "secretsmanager:PutSecretValue")),
    ],
    [
      "secrets.readers-named",
      "does not deny",
      () => policies((each) => (each.Principal = { AWS: "arn:aws:iam::123456789012:root" })),
    ],
    ["secrets.readers-named", "does not deny", () => readers([])],
    ["secrets.readers-named", "does not deny", () => readers("*")],
    ["secrets.readers-named", "does not deny", () => readers(["arn:aws:iam::123456789012:role/*"])],
    [
      "secrets.readers-named",
      "does not deny",
      // A second condition excuses everybody whom it does not fit.
      () =>
        policies(
          (each) => (each.Condition = { ...each.Condition, Bool: { "aws:SecureTransport": "false" } }),
        ),
    ],
    [
      "secrets.recoverable",
      "for 7 days only",
      () => changed(plan, SECRET, (body) => (body.recovery_window_in_days = 7)),
    ],
    [
      "secrets.recoverable",
      "for 0 days only",
      () => changed(plan, SECRET, (body) => (body.recovery_window_in_days = 0)),
    ],
    ["secrets.rotated", "nothing rotates it", () => without(plan, ROTATION)],
    ["secrets.rotated", "lives 91 days", () => rules({ automatically_after_days: 91 })],
    ["secrets.rotated", "lives 120 days", () => rules({ schedule_expression: "rate(120 days)" })],
    ["secrets.rotated", "lives 0 days", () => rules({ automatically_after_days: 0 })],
  ])("%s: %s", (id, says, broken) => {
    expect(judge(named(secretsControls, id), broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

describe("what is meant to pass passes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "secrets.recoverable",
      "AWS's own default",
      () => changed(plan, SECRET, (body) => delete body.recovery_window_in_days),
    ],
    [
      "secrets.recoverable",
      "a disposable deployment",
      () => disposable(changed(plan, SECRET, (body) => (body.recovery_window_in_days = 0))),
    ],
    ["secrets.rotated", "a schedule in hours", () => rules([{ schedule_expression: "rate(48 hours)" }])],
    ["secrets.rotated", "the longest life", () => rules({ automatically_after_days: 90 })],
  ])("%s: %s", (id, _says, built) => {
    const findings = judge(named(secretsControls, id), built());
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  });
});

/** The plan as a deployment declares itself that may be destroyed. */
function disposable({ source }: Plan): Plan {
  const copy = structuredClone(source) as Body & { "//": Record<string, Record<string, Body>> };
  for (const entry of Object.values(copy["//"][MANIFEST_KEY] ?? {})) entry.lifecycle = "disposable";
  return new Plan(copy);
}

describe("what is known only at deployment is unknown, never held", () => {
  test.each<[string, () => Plan]>([
    ["secrets.readers-named", () => changed(plan, POLICY, (body) => (body.policy = "${var.policy}"))],
    [
      "secrets.recoverable",
      () => changed(plan, SECRET, (body) => (body.recovery_window_in_days = "${var.days}")),
    ],
    ["secrets.rotated", () => rules({ automatically_after_days: "${var.days}" })],
    ["secrets.rotated", () => rules({ schedule_expression: "cron(0 3 1 * ? *)" })],
  ])("%s", (id, later) => {
    const holds = judge(named(secretsControls, id), later()).map((finding) => finding.holds);
    expect(holds).toContain("unknown");
    expect(holds).not.toContain(false);
  });
});
