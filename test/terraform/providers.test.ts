import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { TerraformStack, Testing } from "cdktf";
import { HardenedMcp, McpServer } from "../../lib";
import { embedded, Plan, type Block, type TerraformJson } from "../../lib/terraform/plan";
import { ATTRIBUTES } from "../support/attributes";
import { goodConfig, goodServer } from "../support/config";

const provider = (stack: TerraformStack, alias: string) =>
  new AwsProvider(stack, alias, { region: "eu-west-1", alias });

function synth(build: (stack: TerraformStack) => void): Plan {
  const stack = new TerraformStack(Testing.app(), "test");
  build(stack);
  return new Plan(JSON.parse(Testing.synth(stack, true)) as TerraformJson);
}

/** Resources and data of AWS by the provider that makes them. */
function byProvider(plan: Plan): Record<string, Block[]> {
  const found: Record<string, Block[]> = {};
  for (const block of plan.all.filter(({ address }) => /^(data\.)?aws_/.test(address)))
    (found[String(block.body.provider)] ??= []).push(block);
  return found;
}

describe("a stack that holds only aliased providers", () => {
  const plan = synth((stack) => {
    const [main, dns, archive] = ["main", "dns", "archive"].map((alias) => provider(stack, alias));
    new HardenedMcp(
      stack,
      "mcp",
      goodConfig({ providers: { default: main!, dns: dns!, archive: archive! } }),
    );
  });
  const made = byProvider(plan);
  const addresses = (alias: string) => made[`aws.${alias}`]?.map(({ address }) => address) ?? [];

  test("names one for each resource", () =>
    expect(Object.keys(made).sort()).toEqual(["aws.archive", "aws.dns", "aws.main"]));

  test("writes records, and nothing else, in the zone's account", () =>
    expect(made["aws.dns"]?.map(({ type }) => type)).toEqual(["aws_route53_record", "aws_route53_record"]));

  test("keeps the whole archive, and nothing else, in the archive's account", () => {
    expect(addresses("archive").length).toBeGreaterThan(15);
    expect(addresses("archive").filter((address) => !address.includes("_archive_"))).toEqual([]);
    expect(addresses("main").filter((address) => address.includes("delivery_archive_"))).toEqual([]);
  });

  const archive = (type: string, is: (body: Block["body"]) => boolean = () => true) =>
    made["aws.archive"]?.filter((block) => block.type === type && is(block.body))[0]?.body;
  const statements = (policy: unknown) =>
    (embedded(policy) as { Statement: Record<string, unknown>[] }).Statement;

  test("lets the one role of ours write there, under a key of that account, and nobody else", () => {
    const [account, lets] = statements(archive("aws_kms_key")?.policy);
    expect(JSON.stringify(account?.Principal)).toMatch(/data\.aws_caller_identity\.\w*_archive_account/);
    expect(JSON.stringify(lets?.Principal)).not.toContain("archive");
    expect(JSON.stringify(lets?.Condition)).toMatch(/aws:PrincipalArn.*acme-test-audit-delivery/);
    const policy = archive("aws_s3_bucket_policy", (body) => String(body.policy).includes("DeliveryWrites"));
    const allows = statements(policy?.policy).filter(({ Effect }) => Effect === "Allow");
    expect(allows.map(({ Sid }) => Sid)).toEqual(["DeliveryWrites", "DeliveryFindsTheBucket"]);
    for (const allow of allows)
      expect(JSON.stringify(allow.Condition)).toMatch(
        /ArnEquals.*aws:PrincipalArn.*acme-test-audit-delivery/,
      );
    const stream = plan.blocks("aws_kinesis_firehose_delivery_stream")[0]?.body;
    expect(JSON.stringify(stream?.extended_s3_configuration)).toContain("_archive_key_");
  });
});

test("a provider that a resource names itself stays, and so does everything that is not ours", () => {
  const plan = synth((stack) => {
    const [main, other] = ["main", "other"].map((alias) => provider(stack, alias));
    const mcp = new HardenedMcp(stack, "mcp", goodConfig({ providers: { default: main! } }));
    new SsmParameter(mcp, "theirs", { name: "theirs", type: "String", provider: other! });
    new SsmParameter(stack, "outside", { name: "outside", type: "String", provider: other! });
  });
  const theirs = byProvider(plan)["aws.other"]?.map(({ type }) => type);
  expect(theirs).toEqual(["aws_ssm_parameter", "aws_ssm_parameter"]);
});

test("a server alone takes one, too", () => {
  const plan = synth((stack) => {
    const providers = { default: provider(stack, "main") };
    new McpServer(stack, "notes", { ...goodServer(), name: "notes", platform: ATTRIBUTES, providers });
  });
  expect(Object.keys(byProvider(plan))).toEqual(["aws.main"]);
});

test("without one, a stack whose providers all have an alias is refused with the way out", () => {
  expect(() =>
    synth((stack) => {
      provider(stack, "main");
      new HardenedMcp(stack, "mcp", goodConfig());
    }),
  ).toThrow(/AWS resources have no provider, .* give one as providers\.default/);
});

test("what is no aws provider is refused by name", () => {
  const wrong = { default: "aws.main", dsn: undefined } as never;
  expect(() =>
    synth((stack) => void new HardenedMcp(stack, "mcp", goodConfig({ providers: wrong }))),
  ).toThrow(/providers\.dsn is not a field here[\s\S]*providers\.default is no aws provider/);
});
