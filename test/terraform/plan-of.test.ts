import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { differenceFromFile } from "../../lib/terraform/plan-of";
import type { ShownPlan } from "../../lib/terraform/plan-shown";

const body = {
  name: "a",
  port: 443,
  enabled: false,
  role: "${aws_iam_role.r.arn}",
  zones: ["x", "y"],
  rule: { action: "block", key: "${aws_kms_key.k.arn}" },
  policy: '{"a":[1, 2]}',
  tags: { team: "t" },
  "//": { metadata: { path: "s/a" } },
  lifecycle: { create_before_destroy: true },
};
const file = new Plan({
  resource: { aws_lb: { a: body }, aws_iam_role: { r: {} }, aws_kms_key: { k: {} } },
} as TerraformJson);

const values = {
  name: "a",
  port: 443,
  enabled: false,
  zones: ["y", "x"],
  rule: [{ action: "block", more: null }],
  policy: '{"a":[1,2]}',
  tags: { team: "t" },
  arn: "made by the provider",
};
const expressions = {
  name: { constant_value: "a" },
  port: { constant_value: 443 },
  enabled: { constant_value: false },
  role: { references: ["aws_iam_role.r.arn", "aws_iam_role.r"] },
  zones: { constant_value: ["x", "y"] },
  rule: [
    { action: { constant_value: "block" }, key: { references: ["aws_kms_key.k.arn", "aws_kms_key.k"] } },
  ],
  policy: { constant_value: '{"a":[1, 2]}' },
  tags: { constant_value: { team: "t" } },
};
const block = (address: string, of: object) => ({ address, mode: "managed", values: of });
interface Change {
  readonly values?: object;
  readonly expressions?: object;
  readonly more?: object[];
  readonly fewer?: true;
  readonly modules?: object[];
}
const shown = ({ values: other, expressions: set, more = [], fewer, modules }: Change = {}) =>
  ({
    planned_values: {
      root_module: {
        resources: [
          ...(fewer ? [] : [block("aws_lb.a", { ...values, ...other })]),
          block("aws_iam_role.r", {}),
          block("aws_kms_key.k", {}),
          ...more,
        ],
        ...(modules && { child_modules: [{ resources: modules }] }),
      },
    },
    configuration: {
      root_module: { resources: [{ address: "aws_lb.a", expressions: { ...expressions, ...set } }] },
    },
  }) as unknown as ShownPlan;

test("a plan of the file is one, however the provider writes its values", () =>
  expect(differenceFromFile(shown(), file)).toBeUndefined());
test("numbers and flags as texts are the same", () =>
  expect(differenceFromFile(shown({ values: { port: "443", enabled: "false" } }), file)).toBeUndefined());

describe("a plan of something else is not, in each way in which it can be", () => {
  test.each<[string, ShownPlan, string]>([
    ["another value", shown({ values: { name: "b" } }), "has another name of aws_lb.a than the file"],
    ["a flag turned", shown({ values: { enabled: true } }), "has another enabled of aws_lb.a than the file"],
    ["a value gone", shown({ values: { port: null } }), "has another port of aws_lb.a than the file"],
    [
      "a list longer",
      shown({ values: { zones: ["x", "y", "z"] } }),
      "has another zones of aws_lb.a than the file",
    ],
    [
      "a block's value",
      shown({ values: { rule: [{ action: "allow" }] } }),
      "has another rule of aws_lb.a than the file",
    ],
    [
      "a value in JSON",
      shown({ values: { policy: '{"a":[1,3]}' } }),
      "has another policy of aws_lb.a than the file",
    ],
    [
      "JSON with more",
      shown({ values: { policy: '{"a":[1,2],"b":1}' } }),
      "has another policy of aws_lb.a than the file",
    ],
    [
      "a field more",
      shown({ expressions: { ingress: {} } }),
      "sets ingress of aws_lb.a, which the file does not",
    ],
    [
      "a reference to something else",
      shown({ expressions: { role: { references: ["aws_kms_key.k.arn", "aws_kms_key.k"] } } }),
      "refers to something else in role of aws_lb.a than the file",
    ],
    [
      "a constant in place of a reference",
      shown({ expressions: { role: { constant_value: "arn:x" } } }),
      "refers to something else in role of aws_lb.a than the file",
    ],
    [
      "a reference in a block",
      shown({ expressions: { rule: [{ action: {}, key: { constant_value: "x" } }] } }),
      "refers to something else in rule of aws_lb.a than the file",
    ],
    ["a resource less", shown({ fewer: true }), "has no aws_lb.a, which is in the file"],
    ["a resource more", shown({ more: [block("aws_lb.b", {})] }), "has aws_lb.b, which is not in the file"],
    [
      "a module",
      shown({ modules: [block("module.m.aws_lb.b", {})] }),
      "has module.m.aws_lb.b, which is not in the file",
    ],
    ["no word of where it is from", { planned_values: {} }, "does not say what it was made of"],
  ])("%s", (_what, plan, says) => expect(differenceFromFile(plan, file)).toBe(says));
});

describe("a plan by other providers, or with commands, is another deployment", () => {
  const provided = new Plan({
    provider: { aws: [{ region: "eu-west-1" }, { alias: "log", region: "eu-west-1", profile: "${var.p}" }] },
    resource: { aws_lb: { a: { name: "a" }, b: { name: "b", provider: "${aws.log}" } } },
  } as TerraformJson);
  const one = (name: string, key: string, more: object = {}) => ({
    ...{ address: `aws_lb.${name}`, mode: "managed", provider_config_key: key, ...more },
    expressions: { name: { constant_value: name } },
  });
  const usual = { region: { constant_value: "eu-west-1" } };
  const planned = (
    resources: object[],
    first: object = usual,
    second: object = { ...usual, profile: { references: ["var.p"] } },
  ) =>
    ({
      planned_values: {
        root_module: { resources: ["a", "b"].map((name) => block(`aws_lb.${name}`, { name })) },
      },
      configuration: {
        provider_config: {
          aws: { name: "aws", expressions: first },
          "aws.log": { name: "aws", alias: "log", expressions: second },
          terraform: { name: "terraform" },
        },
        root_module: { resources },
      },
    }) as unknown as ShownPlan;
  const same = [one("a", "aws"), one("b", "aws.log")];
  test("but for one that is of the same", () =>
    expect(differenceFromFile(planned(same), provided)).toBeUndefined());
  test.each<[string, ShownPlan, string]>([
    [
      "one put on another provider",
      planned([one("a", "aws.log"), one("b", "aws.log")]),
      "makes aws_lb.a by aws.log instead of aws",
    ],
    [
      "one put on the usual one",
      planned([one("a", "aws"), one("b", "aws")]),
      "makes aws_lb.b by aws instead of aws.log",
    ],
    [
      "commands",
      planned([one("a", "aws", { provisioners: [{ type: "local-exec" }] }), one("b", "aws.log")]),
      "runs commands for aws_lb.a, which the file does not",
    ],
    [
      "another region",
      planned(same, { region: { constant_value: "us-east-1" } }),
      "has another region of the provider aws than the file",
    ],
    [
      "another account",
      planned(same, { ...usual, assume_role: [{ role_arn: { constant_value: "arn:x" } }] }),
      "has another assume_role of the provider aws than the file",
    ],
    [
      "a field less",
      planned(same, usual, usual),
      "has another profile of the provider aws.log than the file",
    ],
    [
      "an expression for a value",
      planned(same, { region: { references: ["var.r"] } }),
      "has another region of the provider aws than the file",
    ],
  ])("%s", (_what, plan, says) => expect(differenceFromFile(plan, provided)).toBe(says));
});
