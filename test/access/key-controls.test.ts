import { boundaryControls } from "../../lib/access/boundary-controls";
import { keyControls } from "../../lib/access/key-controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";
import { holdAsBuilt } from "../support/control-tests";

const all = [...boundaryControls, ...keyControls];
const plan = synthExample("complete");

const key = (set: object) => changed(plan, "aws_kms_key", (body) => Object.assign(body, set));
const each = (type: string, change: (statement: StatementBody) => void) =>
  policed(plan, type, "policy", change);
const boundary = (change: (statement: StatementBody) => void) => each("aws_iam_policy", change);
const listed = (of: StatementBody, change: (actions: string[]) => string[]) =>
  (of.Action = change(of.Action as string[]));
const forEverybody = (change: (statement: StatementBody) => void) =>
  each("aws_kms_key", (one) => {
    if ((one.Principal as { AWS?: string }).AWS === "*") change(one);
  });

holdAsBuilt(all, plan);

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    ["access.keys-recoverable", "gone after 7 days", () => key({ deletion_window_in_days: 7 })],
    [
      "access.keys-through-service",
      "not through a named service",
      () => forEverybody((one) => delete one.Condition?.StringEquals?.["kms:ViaService"]),
    ],
    [
      "access.keys-through-service",
      "not through a named service",
      () => forEverybody((one) => (one.Condition = { StringEquals: { "kms:ViaService": "*" } })),
    ],
    [
      "access.keys-through-service",
      "does not let anybody kms:Decrypt",
      () => forEverybody((one) => (one.Action = ["kms:DescribeKey", "kms:GenerateDataKey*"])),
    ],
    [
      "access.boundary-whole",
      "logs:Delete* is not denied",
      () => boundary((one) => void (one.Sid === "NoLogTampering" && (one.Effect = "Allow"))),
    ],
    [
      "access.boundary-whole",
      "kms:PutKeyPolicy is not denied",
      () =>
        boundary((one) => {
          if (one.Effect === "Deny")
            listed(one, (actions) => actions.filter((action) => action !== "kms:PutKeyPolicy"));
        }),
    ],
    [
      "access.boundary-whole",
      "logs:Delete* is not denied",
      () =>
        boundary((one) => void (one.Effect === "Deny" && (one.Condition = { Bool: { "aws:x": "true" } }))),
    ],
    [
      "access.boundary-whole",
      "is not denied",
      () => boundary((one) => void (one.Effect === "Deny" && (one.Resource = "arn:aws:s3:::one"))),
    ],
    [
      "access.boundary-whole",
      "it leaves iam:*",
      () =>
        boundary((one) => void (one.Effect === "Allow" && listed(one, (actions) => [...actions, "iam:*"]))),
    ],
    [
      "access.boundary-whole",
      "may use athena",
      () => boundary((one) => void (one.Effect === "Allow" && listed(one, (actions) => actions.slice(1)))),
    ],
    [
      "access.boundary-whole",
      "stands still",
      () => boundary((one) => void (one.Effect === "Deny" && listed(one, (actions) => [...actions, "s3:*"]))),
    ],
    [
      "access.boundary-whole",
      "cannot be read",
      () => changed(plan, "aws_iam_policy", (body) => (body.policy = "{")),
    ],
  ])("%s: %s", (id, says, mutate) => {
    expect(judge(named(all, id), mutate())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

test("what is known only at deployment is unknown", () => {
  expect(
    judge(named(all, "access.keys-recoverable"), key({ deletion_window_in_days: "${var.days}" })),
  ).toContainEqual({
    holds: "unknown",
    says: "how long it can be kept is known only at deployment",
  });
});

test("a sandbox's key may go after a week, and no sooner", () => {
  const sandbox = synthExample("minimal");
  const control = named(all, "access.keys-recoverable");
  expect(judge(control, sandbox).filter(({ holds }) => holds !== true)).toEqual([]);
  const sooner = changed(sandbox, "aws_kms_key", (body) => (body.deletion_window_in_days = 3));
  expect(judge(control, sooner)).toContainEqual({ holds: false, says: "it is gone after 3 days" });
});

test("the boundary of a role that takes on its users' roles spares those alone", () => {
  const control = named(all, "access.boundary-whole");
  const role = "arn:aws:iam::1:role/users";
  const spared = (resource: string) =>
    changed(plan, "aws_iam_policy", (body) => {
      const policy = JSON.parse(String(body.policy)) as { Statement: StatementBody[] };
      for (const one of policy.Statement)
        if (one.Effect === "Deny")
          listed(one, (actions) => actions.filter((action) => action !== "sts:AssumeRole*"));
      policy.Statement.push(
        {
          Sid: "RolesOfItsUsers",
          Effect: "Allow",
          Action: ["sts:AssumeRole", "sts:TagSession"],
          Resource: [role],
        },
        { Sid: "NoOtherRole", Effect: "Deny", Action: ["sts:AssumeRole*"], NotResource: [resource] },
      );
      body.policy = JSON.stringify(policy);
    });
  expect(judge(control, spared(role)).filter(({ holds }) => holds !== true)).toEqual([]);
  expect(judge(control, spared("arn:aws:iam::1:role/*"))).toContainEqual({
    holds: false,
    says: "sts:AssumeRole* is not denied",
  });
});
