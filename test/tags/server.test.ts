import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing, type App } from "cdktf";
import { HardenedMcp, McpServer, type McpServerConfig } from "../../lib";
import { resolveHardenedMcp, resolveMcpServer } from "../../lib/model";
import type { PlatformAttributes } from "../../lib/platform-attributes";
import { TAGGABLE } from "../../lib/tags/taggable";
import type { Plan, TerraformJson } from "../../lib/terraform/plan";
import { ATTRIBUTES } from "../support/attributes";
import { goodConfig, goodServer, isTestToken, problemsOf, TOKEN } from "../support/config";
import { writtenPlan } from "../support/plan";

const requiredTags = { owner: "any", "cost-centre": { pattern: "[0-9]{4}" } } as const;
const tags = { owner: "platform", "cost-centre": "4711" };
const OURS = { "hardened-mcp:name": "acme", "hardened-mcp:environment": "test" };

/** Every set of a key's values below a construct. */
const values = (plan: Plan, below: string, key: string) => [
  ...new Set(
    plan
      .blocks(...TAGGABLE)
      .filter(({ path }) => path.startsWith(below))
      .map(({ body }) => (body.tags as Record<string, unknown> | undefined)?.[key]),
  ),
];

describe("a server of a deployment", () => {
  const problems = (own: unknown, change = {}) =>
    problemsOf(() =>
      resolveHardenedMcp(
        goodConfig({ tags, requiredTags, servers: { notes: goodServer({ tags: own as never, ...change }) } }),
        isTestToken,
      ),
    );

  test("has its own tags on everything that is made for it, and the platform's beside them", () => {
    const servers = {
      notes: goodServer({ tags: { "cost-centre": "0815", team: "notes" } }),
      orders: goodServer({ path: "/orders/mcp" }),
    };
    const plan = writtenPlan(
      (stack) => void new HardenedMcp(stack, "mcp", goodConfig({ tags, requiredTags, servers })),
    );
    expect(values(plan, "test/mcp/server-notes/", "cost-centre")).toEqual(["0815"]);
    expect(values(plan, "test/mcp/server-notes/", "team")).toEqual(["notes"]);
    expect(values(plan, "test/mcp/server-notes/", "owner")).toEqual(["platform"]);
    expect(values(plan, "test/mcp/server-notes/", "hardened-mcp:name")).toEqual(["acme"]);
    for (const other of ["server-orders", "platform"]) {
      expect(values(plan, `test/mcp/${other}/`, "cost-centre")).toEqual(["4711"]);
      expect(values(plan, `test/mcp/${other}/`, "team")).toEqual([undefined]);
    }
  });

  test.each<[string, unknown, string[]]>([
    ["a right value", { "cost-centre": "0815" }, []],
    ["a value known later", { "cost-centre": TOKEN }, []],
    [
      "a wrong value",
      { "cost-centre": "x" },
      [
        'servers.notes.tags["cost-centre"] is "x", expected [0-9]{4}; set it as requiredTags asks for [wrong-form]',
      ],
    ],
    [
      "a key that IAM takes for the platform's",
      { Owner: "x" },
      [
        "servers.notes.tags.Owner differs from owner in capitals alone, and IAM takes the two for one; keep one of them [duplicate]",
      ],
    ],
  ])("is held to what its platform requires: %s", (_name, own, expected) => {
    expect(problems(own)).toEqual(expected);
  });

  test("cannot say that it is another one, nor have too many", () => {
    expect(problems({ "hardened-mcp:name": "x" })).toEqual([
      expect.stringMatching(/^servers\.notes\.tags\["hardened-mcp:name"\] is a name, expected/),
    ]);
    const many = Object.fromEntries(Array.from({ length: 39 }, (_, i) => [`t${i}`, "x"]));
    expect(problems(many)).toEqual([
      "servers.notes.tags has 41 tags with those that come from elsewhere, expected at most 40; remove some [over-budget]",
    ]);
    const { t0: _one, ...fewer } = many;
    expect(problems(fewer)).toEqual([]);
  });

  test("is told once of what its platform lacks", () => {
    const config = goodConfig({ requiredTags, servers: { notes: goodServer({ tags: { team: "x" } }) } });
    expect(problemsOf(() => resolveHardenedMcp(config, isTestToken))).toEqual([
      expect.stringMatching(/^tags lacks cost-centre, owner, which requiredTags/),
    ]);
  });

  test("has no role's own tag that would pass for a session's", () => {
    const isolation = {
      tag: "person",
      may: {
        Files: {
          ...{ kind: "s3", bucketArn: "arn:aws:s3:::notes-users", prefix: "users/", access: "read" },
          because: "each user sees files of their own",
        },
      },
    };
    const change = { isolation, auth: { jwt: undefined } };
    const found = problems({ Person: "x" }, change).filter((line) => line.includes("isolation.tag"));
    expect(found).toEqual([expect.stringMatching(/^servers\.notes\.isolation\.tag is "person"/)]);
    expect(problems({ team: "x" }, change).filter((line) => line.includes("isolation.tag"))).toEqual([]);
  });
});

describe("a server on a platform of somebody else", () => {
  const on = (
    own: Record<string, string> | undefined,
    platform: Partial<PlatformAttributes>,
  ): McpServerConfig => ({
    ...{ ...goodServer(), name: "notes", platform: { ...ATTRIBUTES, ...platform } },
    ...(own && { tags: own }),
  });
  const problems = (
    own: Record<string, string> | undefined,
    platform: Partial<PlatformAttributes>,
    inherited?: Record<string, string>,
  ) => problemsOf(() => resolveMcpServer(on(own, platform), isTestToken, inherited));

  test("needs what that requires of the platform's tags and its own together", () => {
    expect(problems(undefined, { requiredTags })).toEqual([
      expect.stringMatching(
        /^tags lacks (owner, cost-centre|cost-centre, owner), which requiredTags asks for/,
      ),
    ]);
    expect(problems({ "cost-centre": "0815" }, { requiredTags, tags: { ...OURS, owner: "x" } })).toEqual([]);
    expect(problems({ owner: "x" }, { requiredTags }, { "cost-centre": "0815" })).toEqual([]);
    expect(problems(undefined, { requiredTags, tags: { ...OURS, ...tags } })).toEqual([]);
  });

  test("is told of a wrong value wherever it comes from", () => {
    const wrong = [expect.stringMatching(/^tags\["cost-centre"\] is "x", expected \[0-9\]\{4\}/)];
    expect(problems(undefined, { requiredTags, tags: { ...tags, "cost-centre": "x" } })).toEqual(wrong);
    expect(problems({ "cost-centre": "x" }, { requiredTags, tags })).toEqual(wrong);
    expect(
      problems({ "cost-centre": "0815" }, { requiredTags, tags: { ...tags, "cost-centre": "x" } }),
    ).toEqual([]);
  });

  test("is told where the platform's description is wrong", () => {
    expect(problems(undefined, { tags: { "aws:x": "y" }, requiredTags: { owner: "all" } as never })).toEqual([
      expect.stringMatching(/^platform\.tags\["aws:x"\] is a name, expected/),
      expect.stringMatching(/^platform\.requiredTags\.owner is "all", expected one of any/),
    ]);
  });

  test("is judged in its own file, overrides included", () => {
    const stack = new TerraformStack(Testing.app() as App, "test");
    new AwsProvider(stack, "aws", { region: "eu-west-1" });
    const server = new McpServer(
      stack,
      "notes",
      on({ "cost-centre": "0815" }, { requiredTags, tags: { owner: "x" } }),
    );
    const plan = JSON.parse(Testing.synth(stack, true)) as TerraformJson;
    const [service] = Object.values(plan.resource?.["aws_ecs_service"] ?? {}) as { tags: unknown }[];
    expect(service?.tags).toEqual({ owner: "x", "cost-centre": "0815" });
    server.nodes.service.addOverride("propagate_tags", "NONE");
    expect(() => Testing.synth(stack, true)).toThrow(/propagate_tags is NONE \[tags\.reach-tasks\]/);
  });
});
