import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rolesDocument, rolesTable } from "../../lib/access/roles-table";
import { synthExample } from "../support/examples";
import { policed, type StatementBody } from "../support/policies";
import { grantStack } from "./stack";

const complete = synthExample("complete");
const granted = grantStack();

test("docs/ROLES.md is what the example comes to: `node scripts/roles.mjs --write` after a build makes it anew", () => {
  const page = readFileSync(join(__dirname, "..", "..", "docs", "ROLES.md"), "utf8");
  expect(page).toBe(rolesDocument(complete));
});

test.each([
  ["complete", complete],
  ["every grant", granted],
])("%s: every role and every statement of it has its line", (_name, plan) => {
  const table = rolesTable(plan);
  const roles = plan.blocks("aws_iam_role");
  expect(table.match(/^## (Boundary )?`/gm)).toHaveLength(
    roles.length + plan.blocks("aws_iam_policy").length,
  );
  const sids = plan
    .blocks("aws_iam_role_policy", "aws_iam_policy")
    .flatMap(({ body }) => [...String(body.policy).matchAll(/"Sid":"(\w+)"/g)].map(([, sid]) => sid));
  expect(table.match(/^\| (may|\*\*never\*\*) \|/gm)).toHaveLength(sids.length);
  expect(table).not.toContain("${data");
});

describe("whatever widens a right changes the page", () => {
  const changes: [string, (statement: StatementBody) => void][] = [
    ["another action", (each) => (each["Action"] = ["s3:GetObject", "s3:GetObjectAcl"])],
    ["another resource", (each) => (each["Resource"] = "arn:aws:s3:::other/*")],
    ["no condition", (each) => (each.Condition = {})],
    [
      "a right in place of a denial",
      (each) => (each["Effect"] = each["Effect"] === "Deny" ? "Allow" : "Deny"),
    ],
  ];
  test.each(changes)("%s", (_class, change) => {
    expect(rolesTable(policed(granted, "aws_iam_role_policy", "policy", change))).not.toBe(
      rolesTable(granted),
    );
  });
  test("another who may take it on", () => {
    const other = policed(
      granted,
      "aws_iam_role",
      "assume_role_policy",
      (each) => (each["Principal"] = { AWS: "eve" }),
    );
    expect(rolesTable(other)).not.toBe(rolesTable(granted));
  });
});

test("lines read as a person would say them", () => {
  const table = rolesTable(granted);
  for (const line of [
    "| may | Receipts | `s3:GetObject` | `arn:aws:s3:::acme-orders/receipts/*` |  |",
    "| may | PostingWindow1 | `rds-db:connect` | `arn:aws:rds-db:REGION:ACCOUNT:dbuser:db-LEDGER/writer` | DateGreaterThanEquals `aws:CurrentTime`: `2026-12-31T20:00:00Z`; DateLessThan `aws:CurrentTime`: `2026-12-31T23:00:00Z` |",
    "| may | Files | `s3:GetObject` | `arn:aws:s3:::acme-users/users/${aws:PrincipalTag/user}/*` |  |",
    "| **never** | OnlyTokensOfOneUser | `secretsmanager:*` | `arn:aws:secretsmanager:REGION:ACCOUNT:secret:acme/users/*` |  |",
    "| **never** | NoOtherRole | `sts:AssumeRole*` | everything but `arn:aws:iam::ACCOUNT:role/mcp/acme-test-notes-user` |  |",
  ])
    expect(table.split("\n")).toContain(line);
});
