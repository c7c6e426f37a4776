import { decide, type PolicyStatement } from "./iam";

const allow = (change: Partial<PolicyStatement> = {}): PolicyStatement => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::a/*",
  ...change,
});
const deny = (change: Partial<PolicyStatement> = {}): PolicyStatement => ({
  ...allow(change),
  Effect: "Deny",
});
const read = { action: "s3:GetObject", resource: "arn:aws:s3:::a/b" };

describe("evaluation", () => {
  test.each([
    ["nothing said is denied", { identity: [] }, "denied"],
    ["what is allowed is allowed", { identity: [allow()] }, "allowed"],
    ["a denial wins", { identity: [allow(), deny()] }, "forbidden"],
    ["a boundary gives nothing", { identity: [], boundary: [allow()] }, "denied"],
    ["a boundary limits", { identity: [allow()], boundary: [allow({ Action: "s3:PutObject" })] }, "denied"],
    ["a boundary lets through", { identity: [allow()], boundary: [allow({ Action: "s3:*" })] }, "allowed"],
    ["a boundary's denial wins", { identity: [allow()], boundary: [allow(), deny()] }, "forbidden"],
    ["the resource's denial wins", { identity: [allow()], resource: [deny()] }, "forbidden"],
    ["actions know no capitals", { identity: [allow({ Action: "S3:getobject" })] }, "allowed"],
    ["? is one character", { identity: [allow({ Resource: "arn:aws:s3:::a/??" })] }, "denied"],
    [
      "everything but an action",
      { identity: [allow({ Action: undefined, NotAction: "s3:Put*" })] },
      "allowed",
    ],
    [
      "everything but a resource",
      { identity: [allow({ Resource: undefined, NotResource: "arn:aws:s3:::a/*" })] },
      "denied",
    ],
  ] as const)("%s", (_class, policies, decision) => {
    expect(decide(read, policies as Parameters<typeof decide>[1])).toBe(decision);
  });
});

describe("conditions", () => {
  const role = "arn:aws:iam::123456789012:role/mcp/x";
  test.each<[string, string, string | undefined, boolean]>([
    ["StringEquals", role, role, true],
    ["StringEquals", role, undefined, false],
    ["StringEquals", "arn:*", role, false],
    ["StringLike", "arn:*:role/mcp/?", role, true],
    ["StringNotEquals", role, role, false],
    ["StringNotEquals", role, undefined, true],
    ["StringNotLike", "arn:*", role, false],
    ["ArnLike", "arn:aws:iam::*:role/mcp/*", role, true],
    ["ArnLike", "arn:*:role/mcp/*", role, false],
    ["ArnEquals", "arn:aws:iam::123456789012:role/*", role, true],
    ["ArnNotLike", "arn:aws:iam::123456789012:role/mcp/*", role, false],
    ["ArnNotLike", "arn:aws:iam::123456789012:role/other", role, true],
    ["ArnNotLike", "arn:aws:iam::123456789012:role/other", undefined, true],
    ["ArnNotEquals", role, role, false],
    ["BoolIfExists", "false", undefined, true],
    ["Bool", "false", undefined, false],
    ["NumericLessThan", "1.2", "1.1", true],
    ["NumericLessThan", "1.2", "1.2", false],
  ])("%s %s of %s: %s", (operator, pattern, value, allowed) => {
    const identity = [allow({ Condition: { [operator]: { "aws:PrincipalArn": pattern } } })];
    const context: Record<string, string> = value === undefined ? {} : { "aws:principalarn": value };
    expect(decide({ ...read, context }, { identity })).toBe(allowed ? "allowed" : "denied");
  });
  test("all of several must hold", () => {
    const identity = [allow({ Condition: { StringEquals: { a: "1", b: "2" } } })];
    expect(decide({ ...read, context: { a: "1" } }, { identity })).toBe("denied");
    expect(decide({ ...read, context: { a: "1", b: "2" } }, { identity })).toBe("allowed");
  });
  test("an operator that is not known is an error, not a guess", () => {
    const identity = [allow({ Condition: { DateLessThan: { "aws:CurrentTime": "x" } } })];
    expect(() => decide(read, { identity })).toThrow("DateLessThan");
  });
});
