import { allow, deny, trustService } from "../../lib/terraform/allow";
import { fit, Naming } from "../../lib/terraform/naming";

describe("rights are narrow unless a sentence says why", () => {
  test("named actions on named resources", () => {
    expect(allow("Read", { actions: ["s3:GetObject"], on: { resources: ["arn:aws:s3:::b/*"] } })).toEqual({
      Sid: "Read",
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: ["arn:aws:s3:::b/*"],
    });
  });
  test("breadth with its reason", () => {
    const right = allow("Login", {
      actions: ["ecr:GetAuthorizationToken"],
      on: { everythingBecause: "has no resources" },
    });
    expect(right.Resource).toBe("*");
  });
  test("a wildcard action is refused, in a denial it is welcome", () => {
    expect(() => allow("All", { actions: ["s3:*"], on: { resources: ["arn:aws:s3:::b"] } })).toThrow(
      /All allows a wildcard action/,
    );
    expect(deny("None", { actions: ["iam:*"], on: { everythingBecause: "nobody" } }).Action).toEqual([
      "iam:*",
    ]);
  });
  test("a wildcard resource is refused", () => {
    expect(() => allow("All", { actions: ["s3:GetObject"], on: { resources: ["*"] } })).toThrow(
      /say why in everythingBecause/,
    );
  });
  test("a service is trusted for this account and source alone", () => {
    expect(trustService("ecs-tasks.amazonaws.com", { accountId: "1", sourceArns: ["arn:x"] })).toEqual({
      Sid: "TrustService",
      Effect: "Allow",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": "1" }, ArnLike: { "aws:SourceArn": ["arn:x"] } },
    });
  });
});

describe("names fit and stay apart", () => {
  test("short names are whole", () =>
    expect(new Naming("acme-prod").name("orders")).toBe("acme-prod-orders"));
  test("long ones are cut, with a hash of the whole", () => {
    const [a, b] = [fit(`${"x".repeat(40)}a`, 32), fit(`${"x".repeat(40)}b`, 32)];
    expect([a.length, b.length]).toEqual([32, 32]);
    expect(a).not.toBe(b);
  });
  test("no dash before the hash", () =>
    expect(fit("abcdefghi-jklmnopqrst", 17)).toMatch(/^abcdefghi-[0-9a-f]{6}$/));
});
