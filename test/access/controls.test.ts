import { accessControls } from "../../lib/access/controls";
import { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";
import { having, policed, type StatementBody } from "../support/policies";
import { holdAsBuilt } from "../support/control-tests";

const ROLE = "aws_iam_role";
const RIGHTS = "aws_iam_role_policy";
const KEY = "aws_kms_key";
const plan = synthExample("complete");

holdAsBuilt(accessControls, plan);

const rights = (change: (statement: StatementBody) => void) => policed(plan, RIGHTS, "policy", change);
const trust = (change: (statement: StatementBody) => void) =>
  policed(plan, ROLE, "assume_role_policy", change);
const keys = (change: (statement: StatementBody) => void) => policed(plan, KEY, "policy", change);
const byAccount = (statement: StatementBody, accounts: string) => {
  statement.Condition = { StringEquals: { "kms:CallerAccount": accounts } };
};

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["access.boundary", "no boundary", () => changed(plan, ROLE, (body) => delete body.permissions_boundary)],
    ["access.boundary", "no boundary", () => changed(plan, ROLE, (body) => (body.permissions_boundary = ""))],
    [
      "access.actions-named",
      "ReadReceipts allows s3:Get*",
      () => rights((each) => (each.Action = "s3:Get*")),
    ],
    ["access.actions-named", "allows *", () => rights((each) => (each.Action = ["*"]))],
    ["access.actions-named", "allows s3:GetObjec?", () => rights((each) => (each.Action = ["s3:GetObjec?"]))],
    [
      "access.actions-named",
      "everything but some actions",
      () =>
        rights((each) => {
          delete each.Action;
          each.NotAction = "iam:*";
        }),
    ],
    [
      "access.actions-named",
      "AtMostTheseServices allows athena:*",
      // As soon as it is attached, an upper limit gives what it names.
      () => having(plan, "aws_iam_role_policy_attachment", { policy_arn: limit(), role: "x" }),
    ],
    [
      "access.actions-named",
      "AtMostTheseServices allows athena:*",
      () =>
        changed(plan, ROLE, (body) => (body.permissions_boundary = "arn:aws:iam::123456789012:policy/other")),
    ],
    [
      "access.resources-named",
      "ReadReceipts allows s3:GetObject on every resource",
      () => rights((each) => (each.Resource = "*")),
    ],
    [
      "access.resources-named",
      "ReadReceipts allows s3:GetObject on every resource",
      () => rights((each) => (each.Resource = ["arn:aws:s3:::*"])),
    ],
    [
      "access.resources-named",
      "everything but some resources",
      () =>
        rights((each) => {
          delete each.Resource;
          each.NotResource = "arn:aws:s3:::x";
        }),
    ],
    [
      "access.rights-in-sight",
      "rights of its own",
      () => changed(plan, ROLE, (body) => (body.inline_policy = [{ name: "x", policy: "{}" }])),
    ],
    [
      "access.rights-in-sight",
      "rights of its own",
      () =>
        changed(
          plan,
          ROLE,
          (body) => (body.managed_policy_arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        ),
    ],
    [
      "access.rights-in-sight",
      "AdministratorAccess is written elsewhere",
      () =>
        having(plan, "aws_iam_role_policy_attachment", {
          policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
        }),
    ],
    ["access.trust-bounded", "trusts everybody", () => trust((each) => (each.Principal = "*"))],
    ["access.trust-bounded", "trusts everybody", () => trust((each) => (each.Principal = { AWS: ["*"] }))],
    [
      "access.trust-bounded",
      "trusts everybody",
      () =>
        trust((each) => {
          delete each.Principal;
          each.NotPrincipal = { AWS: "arn:aws:iam::123456789012:user/eve" };
        }),
    ],
    ["access.trust-bounded", "trusts nobody", () => trust((each) => (each.Effect = "Deny"))],
    [
      "access.trust-bounded",
      "ecs-tasks.amazonaws.com whoever asks",
      () => trust((each) => delete each.Condition),
    ],
    [
      "access.trust-bounded",
      "ecs-tasks.amazonaws.com whoever asks",
      () => trust((each) => delete each.Condition?.StringEquals),
    ],
    [
      "access.trust-bounded",
      "firehose.amazonaws.com whoever asks",
      () => trust((each) => delete each.Condition?.ArnLike),
    ],
    [
      "access.trust-bounded",
      "ecs-tasks.amazonaws.com whoever asks",
      () => trust((each) => (each.Condition = { ...each.Condition, ArnLike: { "aws:SourceArn": "*" } })),
    ],
    [
      "access.keys-rotate",
      "does not rotate",
      () => changed(plan, KEY, (body) => delete body.enable_key_rotation),
    ],
    [
      "access.keys-rotate",
      "does not rotate",
      () => changed(plan, KEY, (body) => (body.enable_key_rotation = false)),
    ],
    [
      "access.keys-closed",
      "ReadersOfSecretsThroughSecretsManager is for everybody",
      () => keys((each) => delete each.Condition),
    ],
    [
      "access.keys-closed",
      "ReadersOfSecretsThroughSecretsManager is for everybody",
      () => keys((each) => delete each.Condition?.StringEquals?.["kms:CallerAccount"]),
    ],
    [
      "access.keys-closed",
      "ReadersOfSecretsThroughSecretsManager is for everybody",
      () => keys((each) => byAccount(each, "*")),
    ],
    [
      "access.keys-closed",
      "AccountDecidesByIam is for everybody",
      () => keys((each) => (each.Principal = "*")),
    ],
  ])("%s: %s", (id, says, broken) => {
    expect(judge(named(accessControls, id), broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

/** Reference to the boundary. */
function limit(): string {
  return "${" + `${plan.blocks("aws_iam_policy")[0]?.address}.arn` + "}";
}

describe("what is meant to pass passes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "access.trust-bounded",
      "an instance, which names no source",
      () =>
        trust((each) => {
          each.Principal = { Service: "ec2.amazonaws.com" };
          delete each.Condition;
        }),
    ],
    [
      "access.trust-bounded",
      "keys of conditions in small letters",
      () =>
        trust((each) => {
          each.Condition = {
            StringEquals: { "aws:sourceaccount": "1", "aws:sourcearn": "arn:aws:ecs:eu-west-1:1:x" },
          };
        }),
    ],
    [
      "access.keys-rotate",
      "an asymmetric key, which KMS does not rotate",
      () =>
        changed(plan, KEY, (body) => {
          body.customer_master_key_spec = "RSA_4096";
          delete body.enable_key_rotation;
        }),
    ],
    ["access.keys-closed", "AWS's default policy", () => changed(plan, KEY, (body) => delete body.policy)],
    [
      "access.rights-in-sight",
      "a policy of this file",
      () => having(plan, "aws_iam_role_policy_attachment", { policy_arn: limit() }),
    ],
  ])("%s: %s", (id, _says, built) => {
    const findings = judge(named(accessControls, id), built());
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  });
});

describe("what is known only at deployment is unknown, never held", () => {
  test.each<[string, () => Plan]>([
    ["access.actions-named", () => changed(plan, RIGHTS, (body) => (body.policy = "${var.policy}"))],
    ["access.resources-named", () => changed(plan, RIGHTS, (body) => (body.policy = "${var.policy}"))],
    [
      "access.rights-in-sight",
      () => having(plan, "aws_iam_role_policy_attachment", { policy_arn: "${var.policy}" }),
    ],
    ["access.trust-bounded", () => changed(plan, ROLE, (body) => (body.assume_role_policy = "${var.trust}"))],
    ["access.keys-rotate", () => changed(plan, KEY, (body) => (body.enable_key_rotation = "${var.rotate}"))],
    ["access.keys-closed", () => changed(plan, KEY, (body) => (body.policy = "${var.policy}"))],
  ])("%s", (id, later) => {
    const holds = judge(named(accessControls, id), later()).map((finding) => finding.holds);
    expect(holds).toContain("unknown");
    expect(holds).not.toContain(false);
  });
});

test("a policy that is only looked up stands in no file", () => {
  const data = { ...plan.source.data, aws_iam_policy: { admin: { name: "AdministratorAccess" } } };
  const attached = having(new Plan({ ...plan.source, data }), "aws_iam_role_policy_attachment", {
    policy_arn: "${data.aws_iam_policy.admin.arn}",
  });
  expect(judge(named(accessControls, "access.rights-in-sight"), attached)).toContainEqual({
    holds: "unknown",
    says: "the attached policy is known only at deployment",
  });
});
