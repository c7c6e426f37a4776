import { decide, type Identity, type PolicyStatement } from "./iam";

const allow = (change: object = {}): PolicyStatement => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::a/*",
  ...change,
});
const deny = (change: object = {}): PolicyStatement => ({
  ...allow(change),
  Effect: "Deny",
});
const read = { action: "s3:GetObject", resource: "arn:aws:s3:::a/b" };

describe("evaluation", () => {
  test.each([
    ["nothing said is not allowed", { rights: [] }, "not allowed"],
    ["what is allowed is allowed", { rights: [allow()] }, "allowed"],
    ["a denial wins", { rights: [allow(), deny()] }, "denied by a statement"],
    ["a boundary gives nothing", { rights: [], boundary: [allow()] }, "not allowed"],
    [
      "a boundary limits",
      { rights: [allow()], boundary: [allow({ Action: "s3:PutObject" })] },
      "outside the boundary",
    ],
    ["a boundary lets through", { rights: [allow()], boundary: [allow({ Action: "s3:*" })] }, "allowed"],
    ["a boundary's denial wins", { rights: [allow()], boundary: [allow(), deny()] }, "denied by a statement"],
    ["actions know no capitals", { rights: [allow({ Action: "S3:getobject" })] }, "allowed"],
    ["? is one character", { rights: [allow({ Resource: "arn:aws:s3:::a/??" })] }, "not allowed"],
    ["everything but an action", { rights: [allow({ Action: undefined, NotAction: "s3:Put*" })] }, "allowed"],
    [
      "everything but a resource",
      { rights: [allow({ Resource: undefined, NotResource: "arn:aws:s3:::a/*" })] },
      "not allowed",
    ],
  ] as const)("%s", (_class, policies, decision) => {
    expect(decide(policies as Identity, read)).toBe(decision);
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
    const rights = [allow({ Condition: { [operator]: { "aws:PrincipalArn": pattern } } })];
    const context: Record<string, string> = value === undefined ? {} : { "aws:principalarn": value };
    expect(decide({ rights }, { ...read, context })).toBe(allowed ? "allowed" : "not allowed");
  });
  test("all of several must hold", () => {
    const rights = [allow({ Condition: { StringEquals: { a: "1", b: "2" } } })];
    expect(decide({ rights }, { ...read, context: { a: "1" } })).toBe("not allowed");
    expect(decide({ rights }, { ...read, context: { a: "1", b: "2" } })).toBe("allowed");
  });
  test("an operator that is not known is an error, not a guess", () => {
    const rights = [allow({ Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } })];
    expect(() => decide({ rights }, { ...read, context: { "aws:SourceIp": "10.0.0.1" } })).toThrow(
      "IpAddress",
    );
  });
});
