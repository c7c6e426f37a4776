import { oursIn } from "../../lib/beside/ours";
import { valuesUnread } from "../../lib/beside/values";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { File, IN } from "../addition/added";
import { synthExampleText } from "../support/examples";

const file = new File(JSON.parse(synthExampleText("complete")) as TerraformJson);
const secret = file.at(IN.secret);

/** What is said of one block that reads, in a file with more sections. */
function judged(type: string, body: object, more: object = {}, source: TerraformJson = file.source): unknown {
  const plan = new Plan({ ...source, data: { [type]: { x: body } }, ...more } as TerraformJson);
  const [block] = plan.blocks(`data.${type}`);
  if (block === undefined) throw new Error("there is none");
  return valuesUnread.judge(block, plan).holds;
}

/** The complete example whose tasks of one server take a value of somebody else, too. */
function taking(valueFrom: string): TerraformJson {
  const source = structuredClone(file.source) as Record<string, Record<string, Record<string, object>>>;
  const [type = "", name = ""] = file.at(IN.definition).split(".");
  const body = source.resource?.[type]?.[name] as { container_definitions: string };
  const containers = JSON.parse(body.container_definitions) as { secrets?: object[] }[];
  containers[0]?.secrets?.push({ name: "GIVEN", valueFrom });
  body.container_definitions = JSON.stringify(containers);
  return source;
}

describe("however a secret of ours is named, reading it is said", () => {
  const version = (secretId: string, more?: object) =>
    judged("aws_secretsmanager_secret_version", { secret_id: secretId }, more);
  test.each<[string, string, object]>([
    ["through a local", "${local.s}", { locals: { s: `\${${secret}.arn}` } }],
    [
      "through a local of a local",
      "${local.a}",
      { locals: [{ a: "${local.s}" }, { s: `\${${secret}.arn}` }] },
    ],
    ["by a condition", `\${var.x ? ${secret}.arn : "none"}`, {}],
    ["in a text", `\${replace(${secret}.arn, "x", "x")}`, {}],
  ])("%s", (_how, id, more) => expect(version(id, more)).toBe(false));
  test.each<[string, string, object]>([
    ["a local that nobody writes", "${local.none}", {}],
    ["a local that is itself", "${local.a}", { locals: { a: "${local.a}" } }],
    ["a module's output", "${module.m.secret}", {}],
  ])("and %s may be it", (_how, id, more) => expect(version(id, more)).toBe("unknown"));
  test("one that is made beside it is not", () =>
    expect(
      version("${aws_secretsmanager_secret.other.id}", {
        resource: { ...file.source.resource, aws_secretsmanager_secret: { other: { name: "other" } } },
      }),
    ).toBe(true));
  test("nor is anything, where nothing of ours is", () =>
    expect(judged("aws_secretsmanager_secret_version", { secret_id: "${var.x}" }, { "//": {} })).toBe(true));
  test("a check that reads is seen, too", () => {
    const read = { aws_secretsmanager_secret_version: { x: { secret_id: `\${${secret}.arn}` } } };
    const plan = new Plan({ ...file.source, check: { c: { data: read, assert: {} } } });
    const blocks = plan.blocks(...valuesUnread.on);
    expect(blocks.map((block) => valuesUnread.judge(block, plan))).toEqual([
      {
        holds: false,
        says: expect.stringMatching(/^it reads .*stands in Terraform's state; let the task/) as string,
      },
    ]);
  });
});

describe("what our tasks take and somebody else keeps is theirs to read", () => {
  const SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:billing/key-AbCdEf";
  const PARAMETER = "arn:aws:ssm:eu-west-1:111122223333:parameter/billing/key";
  test.each<[string, string, object, unknown]>([
    [`${SECRET}:password::`, "aws_secretsmanager_secret_version", { secret_id: SECRET }, false],
    [`${SECRET}:password::`, "aws_secretsmanager_secret_version", { secret_id: "billing/key" }, false],
    [`${SECRET}:password::`, "aws_secretsmanager_secret_version", { secret_id: "billing/other" }, true],
    [PARAMETER, "aws_ssm_parameter", { name: "/billing/key" }, false],
    [PARAMETER, "aws_ssm_parameter", { name: "/billing/key", with_decryption: false }, true],
    [PARAMETER, "aws_ssm_parameter", { name: "/billing/other" }, true],
    [PARAMETER, "aws_ssm_parameters_by_path", { path: "/billing/" }, false],
    [PARAMETER, "aws_ssm_parameters_by_path", { path: "/bill" }, true],
    [PARAMETER, "aws_ssm_parameters_by_path", { path: "/base" }, true],
  ])("%s: %s %j", (from, type, body, holds) => expect(judged(type, body, {}, taking(from))).toBe(holds));
  test("its look-up by name leads there, too", () =>
    expect(
      judged(
        "aws_secretsmanager_secret_version",
        { secret_id: "${data.aws_secretsmanager_secret.s.id}" },
        {
          data: {
            aws_secretsmanager_secret: { s: { name: "billing/key" } },
            aws_secretsmanager_secret_version: { x: { secret_id: "${data.aws_secretsmanager_secret.s.id}" } },
          },
        },
        taking(SECRET),
      ),
    ).toBe(false));
});

test("a key of the secrets' that is given is one of ours", () => {
  const source = structuredClone(file.source) as Record<string, Record<string, Record<string, object>>>;
  const key = "arn:aws:kms:eu-west-1:111122223333:key/0123";
  for (const body of Object.values(source.resource?.aws_secretsmanager_secret ?? {}))
    Object.assign(body, { kms_key_id: key });
  const secrets = [{ name: "x", payload: "AQIC", key_id: key }];
  expect(judged("aws_kms_secrets", { secret: secrets }, {}, source)).toBe(false);
  expect(judged("aws_kms_secrets", { secret: [{ ...secrets[0], key_id: "${var.k}" }] }, {}, source)).toBe(
    "unknown",
  );
});

describe("what points to something of ours is seen wherever it stands in an expression", () => {
  const balancer = file.at(IN.balancer);
  const name = file.value(IN.balancer, "name");
  test.each<[string, string, object]>([
    ["a function around it", `\${join("", [${balancer}.arn])}`, {}],
    ["a choice", `\${var.x ? ${balancer}.arn : ""}`, {}],
    ["one of several", `\${${balancer}[0].arn}`, {}],
    ["a local", "${local.lb}", { locals: { lb: `\${${balancer}.arn}` } }],
    ["a look-up of its name", "${data.aws_lb.it.arn}", { data: { aws_lb: { it: { name } } } }],
    [
      "a look-up of its ARN",
      "${data.aws_lb.it.id}",
      { data: { aws_lb: { it: { arn: `\${${balancer}.arn}` } } } },
    ],
  ])("%s", (_how, value, more) => {
    const found = oursIn([value], new Plan({ ...file.source, ...more }), "aws_lb");
    expect(found.map(({ address }) => address)).toContain(balancer);
  });
  test("and of somebody else's nothing is said", () =>
    expect(oursIn("${aws_lb.other.arn} ${local.none}", new Plan(file.source))).toEqual([]));
});
