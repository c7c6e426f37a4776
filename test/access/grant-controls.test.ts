import { accessControls } from "../../lib/access/controls";
import type { Plan } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { policed, type StatementBody } from "../support/policies";
import { grantStack } from "./stack";

const plan = grantStack();
const ROLE = "aws_iam_role";
const RIGHTS = "aws_iam_role_policy";

test.each(accessControls.map((control) => [control.id, control] as const))(
  "%s holds over every kind of grant",
  (_id, control) => {
    const findings = judge(control, plan);
    expect(findings.length).toBeGreaterThan(0);
    expect(findings).toEqual(findings.map(() => ({ holds: true })));
  },
);

type Change = (statement: StatementBody) => void;
const isUser = (body: Record<string, unknown>) => String(body["name"]).endsWith("notes-user");
const trust = (change: Change) => policed(plan, ROLE, "assume_role_policy", change, isUser);
const rights = (sid: RegExp, change: Change) =>
  policed(plan, RIGHTS, "policy", (each) => {
    if (sid.test(each.Sid ?? "")) change(each);
  });
const drop = (operator: string) => (each: StatementBody) => delete each.Condition?.[operator];
const set = (operator: string, keys: Record<string, unknown>) => (each: StatementBody) => {
  each.Condition = { ...each.Condition, [operator]: keys };
};

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "access.windows-hold",
      "PostingWindow1 is not limited to month-end",
      () => rights(/Window1$/, (each) => delete each.Condition),
    ],
    [
      "access.windows-hold",
      "PostingWindow2 is not limited to month-end",
      () => rights(/Window2$/, drop("DateLessThan")),
    ],
    [
      "access.windows-hold",
      "PostingWindow2 is not limited to month-end",
      () => rights(/Window2$/, drop("DateGreaterThanEquals")),
    ],
    [
      "access.windows-hold",
      "PostingWindow1 is not limited to month-end",
      () => rights(/Window1$/, set("DateLessThan", { "aws:CurrentTime": "2026-12-31T23:30:00Z" })),
    ],
    [
      "access.windows-hold",
      "PostingWindow1 is not limited to month-end",
      // From the begin of one interval to the end of the next.
      () => rights(/Window1$/, set("DateLessThan", { "aws:CurrentTime": "2027-01-31T23:00:30Z" })),
    ],
    ["access.user-named", "asks for no name", () => trust(drop("StringLike"))],
    [
      "access.user-named",
      "takes an empty name",
      () => trust(set("StringLike", { "aws:RequestTag/user": "*" })),
    ],
    ["access.user-named", "takes a name with / in it", () => trust(drop("StringNotLike"))],
    ["access.user-named", "takes other tags too", () => trust(drop("ForAllValues:StringEquals"))],
    [
      "access.user-named",
      "is for whole accounts",
      () => trust((each) => (each["Principal"] = { AWS: "arn:aws:iam::123456789012:root" })),
    ],
    [
      "access.user-named",
      "is for whole accounts",
      () => trust((each) => (each["Principal"] = { AWS: "123456789012" })),
    ],
    [
      "access.user-named",
      "is for whole accounts",
      () => trust((each) => (each["Principal"] = { Service: "ec2.amazonaws.com" })),
    ],
    [
      "access.trust-bounded",
      "trusts the whole account arn:aws:iam::123456789012:root",
      () => trust((each) => (each["Principal"] = { AWS: "arn:aws:iam::123456789012:root" })),
    ],
    [
      "access.user-parts",
      "Files is the same for everybody",
      () => rights(/^Files$/, (each) => (each["Resource"] = ["arn:aws:s3:::acme-users/users/*"])),
    ],
    [
      "access.user-parts",
      "FilesList is the same for everybody",
      () => rights(/^FilesList$/, (each) => delete each.Condition),
    ],
    [
      "access.user-parts",
      "FilesKey is the same for everybody",
      () => rights(/^FilesKey$/, (each) => delete each.Condition),
    ],
    [
      "access.user-parts",
      "Items is the same for everybody",
      () => rights(/^Items$/, drop("ForAllValues:StringEquals")),
    ],
    ["access.user-parts", "Items is the same for everybody", () => rights(/^Items$/, drop("Null"))],
    [
      "access.user-parts",
      "Items is the same for everybody",
      () =>
        rights(
          /^Items$/,
          set("ForAllValues:StringEquals", {
            "dynamodb:LeadingKeys": ["${aws:PrincipalTag/user}", "shared"],
          }),
        ),
    ],
    [
      "access.user-parts",
      "Tokens is the same for everybody",
      () => rights(/^Tokens$/, (each) => delete each.Condition),
    ],
    ...["OnlyFilesOfOneUser", "OnlyFilesOfOneUserList", "OnlyItemsOfOneUser", "OnlyTokensOfOneUser"].map(
      (sid): [string, string, () => Plan] => [
        "access.user-alone",
        "without a name",
        () => rights(new RegExp(`^${sid}$`), (each) => (each["Effect"] = "Allow")),
      ],
    ),
    [
      "access.user-alone",
      "dynamodb:BatchWriteItem without a name",
      () =>
        rights(
          /^OnlyItemsOfOneUser$/,
          (each) => (each["Action"] = ["dynamodb:PutItem", "dynamodb:UpdateItem"]),
        ),
    ],
    [
      "access.user-alone",
      "without a name",
      () =>
        rights(/^OnlyItemsOfOneUser$/, set("DateLessThan", { "aws:CurrentTime": "2027-01-01T00:00:00Z" })),
    ],
    [
      "access.user-alone",
      "is a role of another file",
      () => trust((each) => (each["Principal"] = { AWS: "arn:aws:iam::123456789012:role/other" })),
    ],
    [
      "access.pass-scoped",
      "PostingWindow1 passes roles to anybody",
      () => rights(/Window1$/, (each) => (each["Action"] = "iam:PassRole")),
    ],
    [
      "access.pass-scoped",
      "PostingWindow1 passes roles to anybody",
      () => rights(/Window1$/, (each) => (each["Action"] = "iam:*")),
    ],
    [
      "access.pass-scoped",
      "PostingWindow1 passes roles to anybody",
      () =>
        rights(/Window1$/, (each) => {
          each["Action"] = "iam:PassRole";
          each["Resource"] = "arn:aws:iam::123456789012:role/*";
          each.Condition = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
        }),
    ],
    [
      "access.boundary",
      "no boundary",
      () => changed(plan, ROLE, (body) => delete body["permissions_boundary"], isUser),
    ],
    ["access.resources-named", "Posting", () => rights(/Window1$/, (each) => (each["Resource"] = "*"))],
  ])("%s: %s", (id, says, broken) => {
    expect(judge(named(accessControls, id), broken())).toContainEqual({
      holds: false,
      says: expect.stringContaining(says),
    });
  });
});

test("a role that is passed to one service, by name, is", () => {
  const scoped = rights(/Window1$/, (each) => {
    each["Action"] = "iam:PassRole";
    each["Resource"] = "arn:aws:iam::123456789012:role/x";
    each.Condition = { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } };
  });
  const findings = judge(named(accessControls, "access.pass-scoped"), scoped);
  expect(findings).toEqual(findings.map(() => ({ holds: true })));
});

test.each<[string, () => Plan]>([
  ["access.windows-hold", () => changed(plan, RIGHTS, (body) => (body["policy"] = "${var.policy}"))],
  ["access.user-named", () => changed(plan, ROLE, (body) => (body["assume_role_policy"] = "${var.trust}"))],
  ["access.user-parts", () => changed(plan, RIGHTS, (body) => (body["policy"] = "${var.policy}"))],
  ["access.user-alone", () => changed(plan, ROLE, (body) => (body["assume_role_policy"] = "${var.trust}"))],
  ["access.pass-scoped", () => changed(plan, RIGHTS, (body) => (body["policy"] = "${var.policy}"))],
])("%s: what is known only at deployment is unknown, never held", (id, later) => {
  const holds = judge(named(accessControls, id), later()).map((finding) => finding.holds);
  expect(holds).toContain("unknown");
});
