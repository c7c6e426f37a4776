import { HardenedMcp, McpPlatform, McpServer, PlatformParameter, platformFromParameter } from "../lib";
import type { KnownPlatform } from "../lib/platform-parameter";
import { embedded } from "../lib/terraform/plan";
import { goodConfig, goodServer } from "./support/config";
import { synthPlan } from "./support/plan";

const { servers: _servers, ...config } = goodConfig();
const KNOWN: KnownPlatform = {
  name: "acme",
  environment: "test",
  posture: "production",
  lifecycle: "protected",
  hostname: "mcp.example.com",
  gateway: config.gateway,
  auditRetainDays: 400,
  ownsEndpoints: true,
  iam: { ours: true },
};

const platform = synthPlan((stack) => {
  new PlatformParameter(stack, "where", new McpPlatform(stack, "mcp", config));
});
const [parameter] = platform.blocks("aws_ssm_parameter");
const written = embedded(parameter?.body.insecure_value) as Record<"agreed" | "ids", Record<string, unknown>>;

const server = (known: KnownPlatform) =>
  synthPlan((stack) => {
    const found = platformFromParameter(stack, "platform", known);
    new McpServer(stack, "notes", { ...goodServer(), name: "notes", platform: found });
  });

test("a platform writes down where it is, and no secret", () => {
  expect(parameter?.body).toMatchObject({ name: "/hardened-mcp/acme-test/platform", type: "String" });
  const references = Object.values(written.ids).filter((value) =>
    /^\$\{|\$\{aws_/.test(JSON.stringify(value)),
  );
  expect(references.length).toBeGreaterThan(12);
  expect(JSON.stringify(written)).not.toMatch(/BEGIN|hmk_/);
});

test("a server finds there everything that it uses, and passes the checklist", () => {
  const plan = server(KNOWN);
  const used = new Set(
    [...JSON.stringify(plan.source).matchAll(/insecure_value\)\.ids\.(\w+)/g)].map(([, key = ""]) => key),
  );
  expect(used.size).toBeGreaterThan(12);
  for (const key of used) expect(Object.keys(written.ids)).toContain(key);
  expect(JSON.stringify(plan.blocks("aws_lb_listener_rule"))).toContain("listenerArn");
  expect(JSON.stringify(plan.blocks("aws_ecs_service"))).toContain("taskSubnetIds");
});

test("both sides agree word by word when both were written for the same platform", () => {
  const data = server(KNOWN).all.find(({ address }) => address.startsWith("data.aws_ssm_parameter."));
  const conditions = JSON.stringify(data?.body.lifecycle);
  for (const [field, value] of Object.entries(written.agreed))
    expect(conditions).toContain(`[\\"agreed\\"][\\"${field}\\"]) == \\"${String(value)}\\"`);
});

test("what is required of tags goes with it, and is required of the server", () => {
  const asking = { requiredTags: { owner: "any", "data-class": { oneOf: ["public", "internal"] } } } as const;
  const plan = synthPlan((stack) => {
    const tags = { owner: "x", "data-class": "public" };
    new PlatformParameter(stack, "where", new McpPlatform(stack, "mcp", { ...config, ...asking, tags }));
  });
  const [body] = plan.blocks("aws_ssm_parameter").map((block) => block.body);
  const text = "data-class = internal|public, owner";
  expect(embedded(body?.insecure_value)).toMatchObject({ agreed: { requiredTags: text } });
  expect(() => server({ ...KNOWN, ...asking, tags: { owner: "x" } })).toThrow(
    /tags lacks data-class, which requiredTags/,
  );
  const found = server({ ...KNOWN, ...asking, tags: { owner: "x", "data-class": "public" } });
  const data = found.all.find(({ address }) => address.startsWith("data.aws_ssm_parameter."));
  expect(JSON.stringify(data?.body.lifecycle)).toContain(`[\\"requiredTags\\"]) == \\"${text}\\"}`);
});

test("a parameter that was written before anything was required of tags has none", () => {
  const data = server(KNOWN).all.find(({ address }) => address.startsWith("data.aws_ssm_parameter."));
  expect(JSON.stringify(data?.body.lifecycle)).toMatch(
    /try\(tostring\([^)]*\)\[\\"agreed\\"\]\[\\"requiredTags\\"\]\) == \\"\\", true\)/,
  );
});

test("with egress and mirrored keys, too", () => {
  const wide = synthPlan((stack) => {
    const mcp = new HardenedMcp(
      stack,
      "mcp",
      goodConfig({
        network: {
          kind: "new",
          cidr: "10.40.0.0/20",
          zones: ["eu-west-1a", "eu-west-1b"],
          egress: {},
          mirroredKeysOf: ["orders", "docs"],
        },
      }),
    );
    new PlatformParameter(stack, "where", mcp.platform);
  });
  const [body] = wide.blocks("aws_ssm_parameter").map((block) => block.body);
  expect(embedded(body?.insecure_value)).toMatchObject({
    agreed: { egress: "true", mirroredKeysOf: "docs orders" },
  });
});
