import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { fromShownPlan } from "../../lib/terraform/plan-shown";

const beyond = (source: object) => new Plan(source as TerraformJson).beyond;
const AWS = { region: "eu-west-1" };

describe("what no block shows is told", () => {
  test.each<[string, object, string[]]>([
    [
      "modules, commands, programs",
      {
        module: { net: { source: "./net" } },
        resource: { terraform_data: { x: { provisioner: { "local-exec": { command: "aws …" } } } } },
        data: { external: { e: {} } },
      },
      [
        "the module net makes what only a plan shows",
        "terraform_data.x runs commands at deployment",
        "data.external.e runs a program",
      ],
    ],
    [
      "a function that is called to be read",
      { data: { aws_lambda_invocation: { f: {} } } },
      ["data.aws_lambda_invocation.f calls a function at each plan"],
    ],
    [
      "one that leaves no trace in the state",
      { ephemeral: { aws_lambda_invocation: { f: {} }, random_password: { p: {} } } },
      ["ephemeral.aws_lambda_invocation.f calls a function at each plan"],
    ],
    [
      "a program in a check",
      { check: { c: { data: { external: { e: {} } }, assert: {} } } },
      ["data.external.e runs a program"],
    ],
    [
      "an action",
      { action: { aws_lambda_invoke: { a: { config: {} } } } },
      ["the action aws_lambda_invoke.a is done at deployment"],
    ],
    [
      "a template of another language",
      { resource: { aws_cloudformation_stack: { s: {} }, aws_cloudformation_stack_set: { t: {} } } },
      [
        "aws_cloudformation_stack.s makes what its template says",
        "aws_cloudformation_stack_set.t makes what its template says",
      ],
    ],
    [
      "another way to the same services",
      { resource: { awscc_ecs_service: { s: {} }, aws_cloudcontrolapi_resource: { r: {} } } },
      [
        "awscc_ecs_service.s is made by a way that is not judged: its type is another here",
        "aws_cloudcontrolapi_resource.r is made by a way that is not judged: its type is another here",
      ],
    ],
    [
      "what is let go and stays",
      { removed: [{ from: "aws_security_group.old", lifecycle: { destroy: false } }] },
      ["aws_security_group.old stays as it is, and is in the file no longer"],
    ],
    [
      "commands at the end",
      { removed: { from: "${aws_lb.old}", provisioner: { "local-exec": { command: "x" } } } },
      ["aws_lb.old runs commands when it is removed"],
    ],
    [
      "what is taken over",
      { import: [{ to: "aws_kms_key.k", id: "1" }] },
      ["aws_kms_key.k is taken over as it is found, with whatever was joined to it there"],
    ],
    [
      "another provider of the same name",
      { terraform: { required_providers: { aws: { source: "example.net/x/aws" } } } },
      ["the provider aws comes from example.net/x/aws: what it does with these blocks is not known"],
    ],
    [
      "a provider of somebody else",
      { terraform: [{ required_providers: [{ aws: { source: "other/aws" } }] }] },
      ["the provider aws comes from other/aws: what it does with these blocks is not known"],
    ],
    [
      "other addresses",
      { provider: { aws: [AWS, { ...AWS, alias: "x", endpoints: [{ sts: "https://example.net" }] }] } },
      ["the provider aws calls other addresses than its service's own"],
    ],
    [
      "no look at certificates",
      { provider: { aws: { ...AWS, insecure: true } } },
      ["the provider aws takes any certificate for its service's"],
    ],
  ])("%s", (_what, source, says) => expect(beyond(source)).toEqual(says));
});

describe("nothing is said of", () => {
  test.each<[string, object]>([
    ["a provider by its short name", { terraform: { required_providers: { aws: { source: "aws" } } } }],
    ["by its name", { terraform: { required_providers: { aws: { source: "hashicorp/aws" } } } }],
    [
      "by its whole name",
      { terraform: { required_providers: { aws: { source: "registry.opentofu.org/hashicorp/aws" } } } },
    ],
    ["one that is not judged", { terraform: { required_providers: { other: { source: "a/b" } } } }],
    [
      "switches that are off",
      { provider: { aws: { ...AWS, insecure: "false", endpoints: [{ sts: null }] } } },
    ],
    ["what is destroyed", { removed: { from: "aws_lb.old", lifecycle: { destroy: true } } }],
    ["what is read", { data: { aws_region: { r: {} } }, ephemeral: { random_password: { p: {} } } }],
  ])("%s", (_what, source) => expect(beyond(source)).toEqual([]));
});

test("a printed plan tells the same of its configuration, in modules too", () => {
  const bucket = { mode: "managed", type: "aws_s3_bucket", values: {} } as const;
  const command = { provisioners: [{ type: "local-exec" }] };
  const module = {
    resources: [{ address: "aws_s3_bucket.b", ...command }],
  };
  const source = fromShownPlan({
    planned_values: {
      root_module: {
        resources: [{ ...bucket, address: "aws_s3_bucket.a[0]", name: "a", index: 0 }],
        child_modules: [{ resources: [{ ...bucket, address: "module.m.aws_s3_bucket.b", name: "b" }] }],
      },
    },
    configuration: {
      provider_config: {
        aws: {
          name: "aws",
          full_name: "registry.terraform.io/hashicorp/aws",
          expressions: { region: { constant_value: "eu-west-1" }, insecure: { references: ["var.i"] } },
        },
        random: { name: "random", full_name: "example.net/hashicorp/random" },
        terraform: { name: "terraform", full_name: "terraform.io/builtin/terraform" },
      },
      root_module: {
        resources: [
          { address: "aws_s3_bucket.a", ...command },
          { address: "data.external.e", mode: "data", type: "external", name: "e" },
        ],
        module_calls: { m: { module } },
      },
    },
  });
  expect(beyond(source)).toEqual([
    "aws_s3_bucket.a-0 runs commands at deployment",
    "aws_s3_bucket.module-m-b runs commands at deployment",
    "data.external.e runs a program",
    "the provider random comes from example.net/hashicorp/random: what it does with these blocks is not known",
    "the provider aws takes any certificate for its service's",
  ]);
});
