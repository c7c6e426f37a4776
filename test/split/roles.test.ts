import { ACCOUNT, policiesOf, REGION } from "../support/deployed-policies";
import { decide, type Call, type PolicyStatement } from "../support/iam";
import { splitPlan } from "./fixture";

const plan = splitPlan();
const HERE = `${REGION}:${ACCOUNT}`;
const secret = (name: string) => `arn:aws:secretsmanager:${HERE}:secret:acme-test/orders/${name}-AbCdEf`;
const log = (name: string) =>
  `arn:aws:logs:${HERE}:log-group:/hardened-mcp/acme-test-${name}:log-stream:gateway/1`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/acme-test-${name}`;
const receipt = "arn:aws:s3:::acme-receipts/orders/1.pdf";
const refund = "arn:aws:s3:::acme-refunds/orders/1.json";

type Row = readonly [action: string, resource: string, allowed: boolean, context?: Record<string, string>];

/** What each half may do, and what only the other may. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  "acme-test-orders-task": [
    ["s3:GetObject", receipt, true],
    ["s3:PutObject", refund, false],
    ["s3:PutObject", receipt, false],
    ["s3:GetObject", refund, false],
    ["sts:AssumeRole", role("orders_write-task"), false],
  ],
  "acme-test-orders_write-task": [
    ["s3:GetObject", receipt, true],
    ["s3:PutObject", refund, true],
    ["s3:PutObject", receipt, false],
    ["s3:DeleteObject", refund, false],
    ["sts:AssumeRole", role("orders-task"), false],
  ],
  "acme-test-orders-execution": [
    ["secretsmanager:GetSecretValue", secret("own-index"), true],
    ["secretsmanager:GetSecretValue", secret("own-shared"), true],
    ["secretsmanager:GetSecretValue", secret("client-reader"), true],
    ["secretsmanager:GetSecretValue", secret("own-ledger"), false],
    ["logs:PutLogEvents", log("orders-audit"), true],
    ["logs:PutLogEvents", log("orders_write-audit"), false],
  ],
  "acme-test-orders_write-execution": [
    ["secretsmanager:GetSecretValue", secret("own-ledger"), true],
    ["secretsmanager:GetSecretValue", secret("own-shared"), true],
    ["secretsmanager:GetSecretValue", secret("own-index"), false],
    ["secretsmanager:GetSecretValue", secret("client-reader"), false],
    ["secretsmanager:GetSecretValue", secret("client-writer"), true],
    ["logs:PutLogEvents", log("orders_write-audit"), true],
    ["logs:PutLogEvents", log("orders-audit"), false],
  ],
  "acme-test-orders_write-redelivery": [
    [
      "ecs:UpdateService",
      `arn:aws:ecs:${HERE}:service/acme-test-mcp/acme-test-orders_write`,
      true,
      { "ecs:cluster": `arn:aws:ecs:${HERE}:cluster/acme-test-mcp` },
    ],
    [
      "ecs:UpdateService",
      `arn:aws:ecs:${HERE}:service/acme-test-mcp/acme-test-orders`,
      false,
      { "ecs:cluster": `arn:aws:ecs:${HERE}:cluster/acme-test-mcp` },
    ],
  ],
};
const asked = ([action, resource, , context]: Row): Call => ({
  action,
  resource,
  ...(context && { context }),
});

describe.each(Object.entries(ROWS))("%s", (name, rows) => {
  const policies = policiesOf(plan, name);
  test.each(rows.map((row) => [row[0], row[1], row[2] ? "yes" : "no", row] as const))(
    "%s on %s: %s",
    (_action, _resource, _allowed, row) => {
      const decision = decide(policies, asked(row));
      expect([decision === "allowed", decision]).toEqual([row[2], expect.anything()]);
    },
  );
});

test("a right to write that the reading role held would be used: the rows notice it", () => {
  const policies = policiesOf(plan, "acme-test-orders-task");
  const given: PolicyStatement[] = policiesOf(plan, "acme-test-orders_write-task").rights.filter(
    ({ Sid }) => Sid === "WriteRefunds",
  );
  expect(given).toHaveLength(1);
  const wrong = (ROWS["acme-test-orders-task"] ?? []).filter(
    (row) =>
      (decide({ ...policies, rights: [...policies.rights, ...given] }, asked(row)) === "allowed") !== row[2],
  );
  expect(wrong).toEqual([["s3:PutObject", refund, false]]);
});
