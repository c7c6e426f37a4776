import type { IsolationConfig } from "../../lib/access/config";
import { resolveIsolation } from "../../lib/access/model";
import { boundaryDenials } from "../../lib/access/denials";
import { boundaryStatements } from "../../lib/access/boundary";
import { isToken } from "../../lib/terraform";
import { Check, formatProblem } from "../../lib/validation";
import { policiesOf, statementsOf } from "../support/deployed-policies";
import { trustsRole } from "../support/iam";
import { resolveMcpServer } from "../../lib/model";
import { McpServer } from "../../lib/server";
import { ATTRIBUTES } from "../support/attributes";
import { goodServer, problemsOf } from "../support/config";
import { synthPlan } from "../support/plan";
import { ARN, grantStack } from "./stack";

const because = "notes of one user";
const FILES = { kind: "s3", bucketArn: ARN.userBucket, access: "read", because };

function resolved(config: unknown, tags: readonly string[] = ["team"]) {
  const check = Check.start(isToken).at("isolation");
  const model = resolveIsolation(config as IsolationConfig, check, tags);
  return { model, problems: check.problems.map(formatProblem) };
}

test("none is none", () => expect(resolved(undefined)).toEqual({ model: undefined, problems: [] }));

test("one user's part of each kind, and the whole denied to the task", () => {
  const user = "${aws:PrincipalTag/who}";
  const { model, problems } = resolved({
    tag: "who",
    may: {
      Files: { ...FILES, list: true },
      Items: { kind: "dynamodb", tableArn: ARN.userTable, access: "read", because },
      Tokens: { kind: "secrets", prefix: "acme/users/", keyArn: ARN.key, because },
    },
  });
  expect(problems).toEqual([]);
  expect(model).toEqual({
    tag: "who",
    rights: [
      {
        sid: "Files",
        actions: ["s3:GetObject"],
        on: { resources: [`${ARN.userBucket}/${user}/*`] },
        because,
      },
      {
        sid: "FilesList",
        actions: ["s3:ListBucket"],
        on: { resources: [ARN.userBucket] },
        when: { StringLike: { "s3:prefix": [`${user}/*`] } },
        because,
      },
      {
        sid: "Items",
        actions: [
          "dynamodb:BatchGetItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:GetItem",
          "dynamodb:Query",
        ],
        on: { resources: [ARN.userTable] },
        when: {
          "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [user] },
          Null: { "dynamodb:LeadingKeys": "false" },
        },
        because,
      },
      {
        sid: "Tokens",
        actions: ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"],
        on: { here: ["secretsmanager", "secret:acme/users/*"] },
        when: { StringEquals: { "secretsmanager:ResourceTag/who": user } },
        because,
      },
      {
        sid: "TokensKey",
        actions: ["kms:Decrypt"],
        on: { resources: [ARN.key] },
        via: "secretsmanager",
        because,
      },
    ],
    denials: [
      { sid: "OnlyFilesOfOneUser", actions: ["s3:*"], on: { resources: [`${ARN.userBucket}/*`] } },
      { sid: "OnlyFilesOfOneUserList", actions: ["s3:ListBucket*"], on: { resources: [ARN.userBucket] } },
      {
        sid: "OnlyItemsOfOneUser",
        actions: ["dynamodb:*"],
        on: { resources: [ARN.userTable, `${ARN.userTable}/*`] },
      },
      {
        sid: "OnlyTokensOfOneUser",
        actions: ["secretsmanager:*"],
        on: { here: ["secretsmanager", "secret:acme/users/*"] },
      },
    ],
  });
});

describe("what cannot be meant is refused", () => {
  const may = { Files: FILES };
  const at = "isolation.may.Files";
  const items = { kind: "dynamodb", tableArn: ARN.userTable, access: "read", because };
  test.each<[string, unknown, string]>([
    [
      "no object",
      "user",
      "isolation is a string, expected an object; see the type's documentation [wrong-type]",
    ],
    [
      "an unknown field",
      { may, tags: "x" },
      "isolation.tags is not a field here; did you mean tag? [unknown-field]",
    ],
    ["nothing", {}, "isolation.may is missing; name at least one thing [required]"],
    [
      "too much",
      { may: Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`Files${index}`, FILES])) },
      "isolation.may has 9 entries, expected 1 to 8; name what each user has a part of [out-of-range]",
    ],
    [
      "a tag of AWS's own",
      { tag: "aws:user", may },
      'isolation.tag is "aws:user", expected letters, digits, _ . -, not beginning with aws; correct it [wrong-form]',
    ],
    [
      "a tag that ends the variable",
      { tag: "user}", may },
      'isolation.tag is "user}", expected letters, digits, _ . -, not beginning with aws; correct it [wrong-form]',
    ],
    [
      "a tag that is known later",
      { tag: "${TfToken[TOKEN.1]}", may },
      "isolation.tag is known only at deployment; write the tag itself: policies are made of it [token-not-allowed]",
    ],
    [
      "a tag of the deployment, in other capitals",
      { tag: "Team", may },
      'isolation.tag is "Team", a tag that every resource here has: it would pass for a user\'s; choose another [conflict]',
    ],
    [
      "an unknown kind",
      { may: { Files: { ...FILES, kind: "sqs" } } },
      `${at}.kind is "sqs", expected one of s3, dynamodb, secrets; choose one of them [unknown-kind]`,
    ],
    [
      "half a folder",
      { may: { Files: { ...FILES, prefix: "users" } } },
      `${at}.prefix is "users", expected a folder such as orders/, ending with /; end it with / [wrong-form]`,
    ],
    [
      "every bucket",
      { may: { Files: { ...FILES, bucketArn: "arn:aws:s3:::*" } } },
      `${at}.bucketArn is "arn:aws:s3:::*", expected the ARN of a bucket; name one [wrong-form]`,
    ],
    [
      "leading keys of somebody",
      { may: { Files: { ...items, leadingKeys: ["a"] } } },
      `${at}.leadingKeys is not a field here; remove it [unknown-field]`,
    ],
    [
      "a scan",
      { may: { Files: { ...items, scan: true } } },
      `${at}.scan is not a field here; remove it [unknown-field]`,
    ],
    [
      "a wrong table",
      { may: { Files: { ...items, tableArn: "notes" } } },
      `${at}.tableArn is "notes", expected the ARN of a table, without an index; name one [wrong-form]`,
    ],
    [
      "every secret",
      { may: { Files: { kind: "secrets", prefix: "", because } } },
      `${at}.prefix is "", expected a folder such as orders/, ending with /; end it with / [wrong-form]`,
    ],
    [
      "an unknown field of secrets",
      { may: { Files: { kind: "secrets", prefix: "a/", arn: 1, because } } },
      `${at}.arn is not a field here; remove it [unknown-field]`,
    ],
    [
      "a key that is all keys",
      { may: { Files: { kind: "secrets", prefix: "a/", keyArn: "*", because } } },
      `${at}.keyArn is "*", expected the ARN of a key itself; IAM knows no aliases; name one [wrong-form]`,
    ],
    [
      "no reason",
      { may: { Files: { ...FILES, because: "" } } },
      `${at}.because has 0 characters, expected at least 8; say why, for the reader of the report [wrong-form]`,
    ],
  ])("%s", (_class, config, message) => expect(resolved(config).problems).toEqual([message]));
});

describe("as it is made", () => {
  const plan = grantStack();
  const task = "arn:aws:iam::123456789012:role/mcp/acme-test-notes-task";
  const trustOf = (name: string) =>
    statementsOf(
      plan,
      plan.blocks("aws_iam_role").find(({ body }) => body.name === name)?.body.assume_role_policy,
    );

  test.each<[string, string, Record<string, string>, boolean]>([
    ["the task, for a user", task, { user: "alice" }, true],
    ["nobody named", task, {}, false],
    ["the empty name", task, { user: "" }, false],
    ["a name in the folder of another", task, { user: "alice/private" }, false],
    ["another tag beside it", task, { user: "alice", team: "platform" }, false],
    ["another tag in its place", task, { name: "alice" }, false],
    ["the execution role", task.replace("task", "execution"), { user: "alice" }, false],
    ["another account's", task.replace("123456789012", "999999999999"), { user: "alice" }, false],
  ])("%s: %s, %j", (_class, principal, tags, allowed) => {
    expect(trustsRole(trustOf("acme-test-notes-user"), principal, tags)).toBe(allowed);
  });
  test("each condition of the trust is needed", () => {
    const [trust] = trustOf("acme-test-notes-user");
    const probes: Record<string, string>[] = [{}, { user: "" }, { user: "a/b" }, { user: "a", team: "x" }];
    for (const operator of Object.keys(trust?.Condition ?? {})) {
      const rest = Object.fromEntries(
        Object.entries(trust?.Condition ?? {}).filter(([each]) => each !== operator),
      );
      const wider = trust ? [{ ...trust, Condition: rest }] : [];
      expect([operator, probes.some((tags) => trustsRole(wider, task, tags))]).toEqual([operator, true]);
    }
  });
  test("the task alone stands in a boundary that lets it take on this one role", () => {
    const user = "arn:aws:iam::123456789012:role/mcp/acme-test-notes-user";
    expect(policiesOf(plan, "acme-test-notes-task").boundary).toEqual(boundaryStatements([user]));
    for (const { body } of plan.blocks("aws_iam_role"))
      if (body.name !== "acme-test-notes-task")
        expect(policiesOf(plan, String(body.name)).boundary).toEqual(boundaryStatements());
  });
  test("under an organisation's boundary ours is in the task's own policy, with the same exception", () => {
    const own = grantStack({ path: "/mcp/", boundaryArn: "arn:aws:iam::123456789012:policy/org" });
    expect(own.blocks("aws_iam_policy")).toEqual([]);
    for (const { body } of own.blocks("aws_iam_role"))
      expect(body.permissions_boundary).toBe("arn:aws:iam::123456789012:policy/org");
    const [task] = own.blocks("aws_iam_role").filter(({ body }) => body.name === "acme-test-notes-task");
    const [rights] = task ? own.referring(task, "aws_iam_role_policy", "role") : [];
    expect(statementsOf(own, rights?.body.policy)).toEqual(
      expect.arrayContaining(boundaryDenials(["arn:aws:iam::123456789012:role/mcp/acme-test-notes-user"])),
    );
    // What IAM takes of all inline policies of a role.
    expect(JSON.stringify(statementsOf(own, rights?.body.policy)).length).toBeLessThan(10_240);
  });
  test("the server is told the role, and waits for it", () => {
    const [definition] = plan.blocks("aws_ecs_task_definition");
    expect(String(definition?.body.container_definitions)).toMatch(
      /HMCP_USER_ROLE_ARN.*role\/mcp\/acme-test-notes-user/,
    );
    const [service] = plan.blocks("aws_ecs_service");
    expect(service?.body.depends_on).toEqual(
      expect.arrayContaining([expect.stringMatching(/aws_iam_role_policy.*isolation_user_rights/)]),
    );
  });
});

describe("on a platform that is described by hand", () => {
  const may = { Files: FILES } as const;
  const server = (ours: boolean | undefined) => ({
    ...goodServer({ isolation: { may } as IsolationConfig }),
    name: "notes",
    platform: { ...ATTRIBUTES, iam: { ...ATTRIBUTES.iam, ...(ours === undefined ? {} : { ours }) } },
  });
  test("it must say whose the boundary is", () => {
    expect(problemsOf(() => resolveMcpServer(server(undefined), isToken))).toEqual([
      "platform.iam.ours is missing; say whether the boundary is the platform's own (true) or your organisation's (false) [required]",
    ]);
  });
  test.each([true, false])("ours: %s, one of the server's own stands in place of it or not", (ours) => {
    const made = synthPlan((stack) => void new McpServer(stack, "server", server(ours)));
    const [task] = made.blocks("aws_iam_role").filter(({ body }) => body["name"] === "acme-test-notes-task");
    const boundary = made.target(task?.body["permissions_boundary"]);
    expect(boundary?.body["name"]).toBe(ours ? "acme-test-notes-task-boundary" : undefined);
    expect(made.blocks("aws_iam_policy")).toHaveLength(ours ? 1 : 0);
  });
});
