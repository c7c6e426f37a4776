import type { GrantConfig, IamConfig } from "../../lib/access/config";
import { resolveGrants, resolveIam } from "../../lib/access/model";
import { Check, formatProblem } from "../../lib/validation";
import { isTestToken } from "../support/config";

function iam(config: unknown) {
  const check = Check.start(isTestToken).at("iam");
  const model = resolveIam(config as IamConfig, check);
  return { model, problems: check.problems.map(formatProblem) };
}

function grants(config: unknown) {
  const check = Check.start(isTestToken).at("grants");
  const model = resolveGrants(config as Record<string, GrantConfig>, check);
  return { model, problems: check.problems.map(formatProblem) };
}

const RECEIPTS: GrantConfig = {
  actions: ["s3:GetObject"],
  on: { resources: ["arn:aws:s3:::receipts/*"] },
  because: "search shows receipts",
};
const grant = (change: object) => grants({ ReadReceipts: { ...RECEIPTS, ...change } });

describe("boundary and path", () => {
  test("by default our own boundary, at the root", () => {
    expect(iam(undefined)).toEqual({ model: { path: "/", boundaryArn: undefined }, problems: [] });
  });
  test.each([
    ["a path and an organisation's boundary", "/team/mcp/", "arn:aws:iam::123456789012:policy/org/limit"],
    ["a boundary of AWS's own, in another partition", "/", "arn:aws-cn:iam::aws:policy/Limit"],
    ["a boundary known at deployment", "/", "${TOKEN[2]}"],
  ])("%s is taken", (_class, path, boundaryArn) => {
    expect(iam({ path, boundaryArn })).toEqual({ model: { path, boundaryArn }, problems: [] });
  });
  test.each<[string, unknown, string]>([
    ["no object", "/team/", "iam is a string, expected an object; see the type's documentation [wrong-type]"],
    [
      "an unknown field",
      { boundaryARN: "x" },
      "iam.boundaryARN is not a field here; did you mean boundaryArn? [unknown-field]",
    ],
    [
      "a path known at deployment",
      { path: "${TOKEN[1]}" },
      "iam.path is known only at deployment; write the value itself; what is built depends on it [token-not-allowed]",
    ],
    [
      "a path without its end",
      { path: "/team" },
      'iam.path is "/team", expected / or /team/; write "/team/" [wrong-form]',
    ],
    [
      "a path without slashes",
      { path: "corp\\\\mcp" },
      'iam.path is "corp\\\\\\\\mcp", expected / or /team/; write "/corp/mcp/" [wrong-form]',
    ],
    ["no path", { path: "" }, 'iam.path is "", expected / or /team/; write "/" [wrong-form]'],
    [
      "a path that no slash mends",
      { path: "/our team/" },
      'iam.path is "/our team/", expected / or /team/; begin and end it with a slash, with letters, digits and _ + = , . @ - between [wrong-form]',
    ],
    [
      "a path that is no text",
      { path: ["team"] },
      'iam.path is a list, expected text; write "/" [wrong-type]',
    ],
    [
      "a path that is too long",
      { path: `/${"a".repeat(511)}/` },
      "iam.path has 513 characters, expected at most 512; shorten it [too-long]",
    ],
    [
      "a role as boundary",
      { boundaryArn: "arn:aws:iam::123456789012:role/limit" },
      'iam.boundaryArn is "arn:aws:iam::123456789012:role/limit", expected the ARN of a managed policy; correct it [wrong-form]',
    ],
  ])("%s", (_class, config, message) => {
    expect(iam(config).problems).toEqual([message]);
  });
});

describe("grants", () => {
  test("none is none", () => expect(grants(undefined)).toEqual({ model: [], problems: [] }));
  test.each<[string, GrantConfig]>([
    ["named resources", RECEIPTS],
    ["resources known at deployment", { ...RECEIPTS, on: { resources: ["${TOKEN[1]}"] } }],
    [
      "what AWS cannot limit, on everything",
      {
        actions: ["cloudwatch:PutMetricData", "ec2:DescribeSubnets"],
        on: { everythingBecause: "these have no resources" },
        because: "it counts what it finds",
      },
    ],
  ])("%s are taken as they are", (_class, config) => {
    expect(grants({ Some: config })).toEqual({
      model: [{ sid: "Some", access: "write", ...config }],
      problems: [],
    });
  });

  const at = "grants.ReadReceipts";
  const denied = (action: string) =>
    `${at}.actions[0] is "${action}", which the boundary denies to every role; do it with a role of your own [unsafe]`;
  test.each<[string, object, string[]]>([
    [
      "an unknown field",
      { action: "x" },
      [`${at}.action is not a field here; did you mean actions? [unknown-field]`],
    ],
    [
      "no action",
      { actions: [] },
      [`${at}.actions has 0 entries, expected at least 1; name at least one action [too-few]`],
    ],
    [
      "an action known only later",
      { actions: ["${TOKEN[1]}"] },
      [
        `${at}.actions[0] is known only at deployment; write the action itself; a right is reviewed by its name [token-not-allowed]`,
      ],
    ],
    [
      "a wildcard action",
      { actions: ["s3:Get*"] },
      [
        `${at}.actions[0] is "s3:Get*", expected an action such as s3:GetObject, without *; name each action [wrong-form]`,
      ],
    ],
    ["a service outside the boundary", { actions: ["iam:PassRole"] }, [denied("iam:PassRole")]],
    ["a denied action", { actions: ["ecs:ExecuteCommand"] }, [denied("ecs:ExecuteCommand")]],
    [
      "an action denied by its beginning",
      { actions: ["logs:DeleteLogGroup"] },
      [denied("logs:DeleteLogGroup")],
    ],
    [
      "an action denied by its end",
      { actions: ["s3:PutReplicationConfiguration"] },
      [denied("s3:PutReplicationConfiguration")],
    ],
    [
      "a right on logs",
      { actions: ["logs:PutLogEvents"] },
      [
        `${at}.actions[0] is "logs:PutLogEvents": a server's role cannot touch logs at all, so that nothing it writes can pass for the record; do it with a role of your own [unsafe]`,
      ],
    ],
    [
      "a right on what runs",
      { actions: ["ecs:UpdateService", "ecr:CompleteLayerUpload"] },
      [
        `${at}.actions[0] is "ecs:UpdateService": a server does not change what runs; do it with a role of your own [unsafe]`,
        `${at}.actions[1] is "ecr:CompleteLayerUpload": a server does not change the images that run; do it with a role of your own [unsafe]`,
      ],
    ],
    ...["sns:SetTopicAttributes", "secretsmanager:UpdateSecret", "secretsmanager:RotateSecret"].map(
      (action): [string, object, string[]] => [
        `the denied ${action}`,
        { actions: [action] },
        [denied(action)],
      ],
    ),
    ["a denied action in other capitals", { actions: ["kms:PUTKEYPOLICY"] }, [denied("kms:PUTKEYPOLICY")]],
    [
      "no reason",
      { because: "needed" },
      [
        `${at}.because has 6 characters, expected at least 8; say why, for the reader of the report [wrong-form]`,
      ],
    ],
    [
      "no resources",
      { on: undefined },
      [`${at}.on is missing; name the resources: { resources: [arn] } [required]`],
    ],
    [
      "an ARN in place of resources",
      { on: "arn:aws:s3:::receipts/*" },
      [`${at}.on is a string, expected an object; see the type's documentation [wrong-type]`],
    ],
    [
      "an empty list",
      { on: { resources: [] } },
      [`${at}.on.resources has 0 entries, expected at least 1; name at least one ARN [too-few]`],
    ],
    [
      "a resource that is everything",
      { on: { resources: ["*"] } },
      [
        `${at}.on.resources[0] is every resource; name them, or say why not: { everythingBecause: … } [unsafe]`,
      ],
    ],
    ...["arn:aws:s3:::*", "arn:aws:dynamodb:eu-west-1:123456789012:table/*"].map(
      (resource): [string, object, string[]] => [
        `everything, written as a name: ${resource}`,
        { on: { resources: [resource] } },
        [`${at}.on.resources[0] is "${resource}", all there are; name them [unsafe]`],
      ],
    ),
    ...["secretsmanager:eu-west-1:123456789012:secret:acme-*", "kms:eu-west-1:123456789012:key/*"].map(
      (name): [string, object, string[]] => [
        `more than one of ${name}`,
        { actions: ["secretsmanager:GetSecretValue"], on: { resources: [`arn:aws:${name}`] } },
        [
          `${at}.on.resources[0] is "arn:aws:${name}", more than one secret or key; name each by itself [unsafe]`,
        ],
      ],
    ),
    [
      "no ARN",
      { on: { resources: ["receipts/*"] } },
      [`${at}.on.resources[0] is "receipts/*", expected an ARN; give the whole ARN [wrong-form]`],
    ],
    [
      "both ways to say which",
      { actions: ["s3:ListAllMyBuckets"], on: { resources: ["*"], everythingBecause: "it lists them all" } },
      [`${at}.on.resources is not a field here; remove it [unknown-field]`],
    ],
    [
      "everything without a sentence",
      { actions: ["s3:ListAllMyBuckets"], on: { everythingBecause: "" } },
      [
        `${at}.on.everythingBecause has 0 characters, expected at least 8; say why, for the reader of the report [wrong-form]`,
      ],
    ],
    [
      "everything for what has resources",
      { actions: ["s3:GetObject", "s3:ListAllMyBuckets"], on: { everythingBecause: "easier to write" } },
      [
        `${at}.on is every resource, and AWS can limit s3:GetObject to some; name the resources: { resources: [arn] }; put actions that have none into a grant of their own [unsafe]`,
      ],
    ],
  ])("%s", (_class, change, messages) => {
    expect(grant(change).problems).toEqual(messages);
  });
  test("a name that cannot be a statement's", () => {
    expect(grants({ "read-receipts": RECEIPTS }).problems).toEqual([
      'grants["read-receipts"] is a name, expected letters and digits, as ReadReceipts; rename it [wrong-form]',
    ]);
  });
  test("no grant under a name", () => {
    expect(grants({ Some: undefined }).problems).toContain(
      "grants.Some is missing, expected an object; see the type's documentation [wrong-type]",
    );
  });
});
