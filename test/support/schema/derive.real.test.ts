import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readStack, TerraformRun } from "../terraform";
import { scratch } from "../scratch";
import { describeWith } from "../toolchain";
import { deriveSchema } from "./derive";
import { derivedProviders } from "./derived-provider";
import { realSchema } from "./real";
import type { Block, ProviderSchema } from "./schema";

const RECORD = { zone_id: "z", name: "mcp", type: "CNAME", ttl: 1, content: "x", proxied: false };
const FIRST_SCHEMA_S = 120;
/** Types of every shape of block and attribute that the library writes. */
const TYPES = [
  "aws_lb",
  "aws_lb_listener",
  "aws_ecs_service",
  "aws_s3_bucket",
  "aws_iam_role",
  "aws_kms_key",
];

/** What version 6 did change, by its upgrade guide. */
const CHANGED_IN_6 = [
  "aws_ecs_service.availability_zone_rebalancing computed",
  "aws_s3_bucket.region optional",
];

describeWith(["terraform"], "the derived schema", () => {
  let real: ProviderSchema;
  beforeAll(async () => void (real = await realSchema()), FIRST_SCHEMA_S * 1000);

  it("agrees with the real one of another version wherever both have an attribute", () => {
    const derived = deriveSchema("@cdktf/provider-aws", "aws", {
      resources: TYPES,
      dataSources: ["aws_region"],
    });
    const compared = TYPES.map((type) => compare(derived, real, type));
    expect(compared.flatMap(({ differences }) => differences)).toEqual(CHANGED_IN_6);
    expect(compared.every(({ attributes }) => attributes > 5)).toBe(true);
  });

  const vpc = { cidr_block: "10.0.0.0/16" };
  it.each([
    [
      "an attribute that does not exist",
      { aws_vpc: { v: { ...vpc, cidr: "x" } } },
      "Extraneous JSON object property",
    ],
    [
      "a required attribute that is missing",
      { aws_subnet: { s: { cidr_block: "x" } } },
      "Missing required argument",
    ],
    [
      "a value of a wrong type",
      { aws_vpc: { v: { ...vpc, enable_dns_support: ["x"] } } },
      "Incorrect attribute value type",
    ],
    ["a type that does not exist", { aws_vpcc: { v: vpc } }, "Invalid resource type"],
    [
      "a reference to nothing",
      { aws_vpc: { v: { cidr_block: "${aws_vpc.w.id}" } } },
      "Reference to undeclared resource",
    ],
    [
      "a second block where one is allowed",
      { aws_lb: { l: { access_logs: [{ bucket: "a" }, { bucket: "b" }] } } },
      "Too many access_logs blocks",
    ],
    [
      "a statement in camel case",
      { aws_wafv2_web_acl: { w: acl({ geoMatchStatement: { countryCodes: ["IE"] } }) } },
      "Extraneous JSON object property",
    ],
    [
      "a wrong name inside a statement",
      { aws_wafv2_web_acl: { w: acl({ geo_match_statement: { countries: ["IE"] } }) } },
      ["Missing required argument", "Extraneous JSON object property"],
    ],
    [
      "a wrong name in a record of Cloudflare",
      { cloudflare_dns_record: { r: { ...RECORD, target: "x" } } },
      "Extraneous JSON object property",
    ],
  ])("refuses %s", async (_, resource, summary) => {
    const file = join(scratch("schema-faults-written"), "cdk.tf.json");
    const required_providers = {
      aws: { source: "hashicorp/aws", version: "6.25.0" },
      ...("cloudflare_dns_record" in resource && {
        cloudflare: { source: "cloudflare/cloudflare", version: "5.14.0" },
      }),
    };
    writeFileSync(
      file,
      JSON.stringify({ terraform: { required_providers, backend: { local: {} } }, resource }),
    );
    const providers = await derivedProviders(readStack(file));
    try {
      const run = await TerraformRun.start(file, {
        name: "schema-faults",
        env: { TF_REATTACH_PROVIDERS: providers.reattach },
      });
      expect((await run.validate()).map((diagnostic) => diagnostic.summary)).toEqual([summary].flat());
    } finally {
      providers.stop();
    }
  });
});

function acl(statement: object): object {
  const visibility_config = {
    cloudwatch_metrics_enabled: true,
    metric_name: "m",
    sampled_requests_enabled: true,
  };
  const rule = [{ name: "r", priority: 1, action: { block: {} }, statement, visibility_config }];
  return { name: "w", scope: "REGIONAL", default_action: { block: {} }, visibility_config, rule };
}

function compare(derived: ProviderSchema, real: ProviderSchema, type: string) {
  const differences: string[] = [];
  let attributes = 0;
  const walk = (a: Block | undefined, b: Block | undefined, path: string) => {
    for (const [name, own] of Object.entries(a?.attributes ?? {})) {
      const other = b?.attributes?.[name];
      if (other === undefined) continue;
      attributes++;
      for (const flag of ["required", "optional", "computed"] as const)
        if ((own[flag] ?? false) !== (other[flag] ?? false)) differences.push(`${path}.${name} ${flag}`);
      if (JSON.stringify(own.type) !== JSON.stringify(other.type)) differences.push(`${path}.${name} type`);
    }
    for (const [name, own] of Object.entries(a?.block_types ?? {})) {
      const other = b?.block_types?.[name];
      if (other === undefined) continue;
      if (own.nesting_mode !== other.nesting_mode) differences.push(`${path}.${name} nesting`);
      walk(own.block, other.block, `${path}.${name}`);
    }
  };
  walk(derived.resource_schemas[type]?.block, real.resource_schemas[type]?.block, type);
  return { differences, attributes };
}
