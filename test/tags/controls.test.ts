import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { TerraformStack, TerraformVariable, Testing, type App } from "cdktf";
import { HardenedMcp, Network, type HardenedMcpConfig } from "../../lib";
import { judgePlan } from "../../lib/checklist/engine";
import { MANIFEST_KEY } from "../../lib/checklist/manifest";
import { tagsControls } from "../../lib/tags/controls";
import { Plan, withAddresses, type TerraformJson } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { goodConfig, goodServer, problemsOf } from "../support/config";
import { childOf } from "../support/parts";
import { writtenPlan } from "../support/plan";

const THERE = named(tagsControls, "tags.required-there");
const TASKS = named(tagsControls, "tags.reach-tasks");
const ASKED = {
  requiredTags: { owner: "any", "cost-centre": { pattern: "[0-9]{4}" } },
  tags: { owner: "platform", "cost-centre": "4711" },
} as const satisfies Partial<HardenedMcpConfig>;

const plan = writtenPlan((stack) => void new HardenedMcp(stack, "mcp", goodConfig(ASKED)));
const found = (of: Plan, control = THERE) => judge(control, of);
const said = (of: Plan, control = THERE) => [
  ...new Set(
    found(of, control).flatMap((finding) =>
      finding.holds === true ? [] : [`${String(finding.holds)}: ${finding.says}`],
    ),
  ),
];
const tagsOf = (body: Record<string, unknown>) => body["tags"] as Record<string, unknown>;
const lb = (change: (body: Record<string, unknown>) => void, from = plan) => changed(from, "aws_lb", change);
/** What stands in the file beside resources, changed. */
const file = (change: (source: Record<string, unknown>) => void, from = plan): Plan => {
  const source = structuredClone(from.source);
  change(source as Record<string, unknown>);
  return new Plan(source);
};
const provider = (set: object, from = plan) =>
  file((source) => Object.assign((source["provider"] as { aws: object[] }).aws[0] as object, set), from);

describe("tags that are required", () => {
  test("are there on every resource that can have some, as built", () => {
    expect(found(plan).length).toBeGreaterThan(80);
    expect(said(plan)).toEqual([]);
    expect([found(plan, TASKS).length, said(plan, TASKS)]).toEqual([1, []]);
  });

  test("are no question where nobody asks", () => {
    const none = writtenPlan((stack) => void new HardenedMcp(stack, "mcp", goodConfig()));
    const verdicts = (of: Plan) =>
      judgePlan(of, tagsControls, { asOf: "2026-11-27" }).filter(({ control }) =>
        control.startsWith("tags."),
      );
    expect(verdicts(none).map(({ control, result, detail }) => [control, result, detail])).toEqual([
      ["tags.required-there", "not-applicable", "nothing in the configuration asks for it"],
      ["tags.reach-tasks", "not-applicable", "nothing in the configuration asks for it"],
    ]);
    expect([...new Set(verdicts(plan).map(({ result }) => result))]).toEqual(["pass"]);
  });

  test("are asked of nothing where none are, nor of what somebody else has made", () => {
    const none = writtenPlan((stack) => void new HardenedMcp(stack, "mcp", goodConfig()));
    expect(said(none)).toEqual([]);
    const beside = writtenPlan((stack) => {
      new HardenedMcp(stack, "mcp", goodConfig(ASKED));
      new Lb(stack, "other", { name: "other" });
    });
    expect(found(beside).length).toBe(found(plan).length + 1);
    expect(said(beside)).toEqual([]);
  });

  test.each<[string, (body: Record<string, unknown>) => void, string[]]>([
    ["one that is taken off", (body) => delete tagsOf(body)["owner"], ["false: there is no owner"]],
    ["all of them", (body) => delete body["tags"], ["false: there is no cost-centre, owner"]],
    ["one that is null", (body) => (tagsOf(body)["owner"] = null), ["false: there is no owner"]],
    [
      "one that is empty",
      (body) => (tagsOf(body)["owner"] = ""),
      ["false: owner is empty, expected some text"],
    ],
    [
      "one with another value",
      (body) => (tagsOf(body)["cost-centre"] = "none"),
      ['false: cost-centre is "none", expected [0-9]{4}'],
    ],
    [
      "one lost and one wrong",
      (body) => (body["tags"] = { "cost-centre": "1" }),
      ['false: there is no owner; cost-centre is "1", expected [0-9]{4}'],
    ],
    [
      "one under other capitals",
      (body) => (body["tags"] = { Owner: "x", "cost-centre": "4711" }),
      ["false: there is no owner"],
    ],
    [
      "what the file says was computed",
      (body) => Object.assign(body, { tags: {}, tags_all: ASKED.tags }),
      ["false: there is no cost-centre, owner"],
    ],
    ["a value known later, of any text", (body) => (tagsOf(body)["owner"] = "${var.owner}"), []],
    [
      "a value known later, of a pattern",
      (body) => (tagsOf(body)["cost-centre"] = "${var.centre}"),
      ["unknown: cost-centre is known only at deployment"],
    ],
    [
      "all known later",
      (body) => (body["tags"] = "${merge(var.tags, {})}"),
      ["unknown: some of its tags are known only at deployment"],
    ],
    [
      "a key known later",
      (body) => (body["tags"] = { "${var.key}": "x", "cost-centre": "4711" }),
      ["unknown: some of its tags are known only at deployment"],
    ],
  ])("are seen: %s", (_name, change, expected) => {
    expect(said(lb(change))).toEqual(expected);
  });

  test("are seen at a resource that does not say any more who made it", () => {
    const anonymous = lb((body) => {
      delete body["//"];
      delete tagsOf(body)["owner"];
    });
    expect(said(anonymous)).toEqual(["false: there is no owner"]);
  });

  const bare = lb((body) => delete body["tags"]);
  test.each<[string, object, string[]]>([
    ["as a list", { default_tags: [{ tags: ASKED.tags }] }, []],
    ["as an object", { default_tags: { tags: ASKED.tags } }, []],
    ["in part", { default_tags: [{ tags: { owner: "x" } }] }, ["false: there is no cost-centre"]],
    [
      "with a wrong value",
      { default_tags: [{ tags: { owner: "x", "cost-centre": "x" } }] },
      ['false: cost-centre is "x", expected [0-9]{4}'],
    ],
    [
      "known later",
      { default_tags: [{ tags: "${var.tags}" }] },
      ["unknown: some of its tags are known only at deployment"],
    ],
    [
      "known later as a whole",
      { default_tags: "${var.all}" },
      ["unknown: some of its tags are known only at deployment"],
    ],
    [
      "by a dynamic block",
      { dynamic: { default_tags: { for_each: "${var.all}", content: {} } } },
      ["unknown: some of its tags are known only at deployment"],
    ],
    [
      "of another provider",
      { alias: "edge", default_tags: [{ tags: ASKED.tags }] },
      ["false: there is no cost-centre, owner"],
    ],
  ])("are added by the resource's own provider: %s", (_name, set, expected) => {
    expect(said(provider(set, bare))).toEqual(expected);
  });

  test.each<[string, object, string[]]>([
    ["all there", { tags: {}, tags_all: ASKED.tags }, []],
    ["one lost", { tags: ASKED.tags, tags_all: { owner: "x" } }, ["false: there is no cost-centre"]],
    ["not computed yet", { tags: {} }, ["unknown: some of its tags are known only at deployment"]],
  ])("are those that a printed plan has computed: %s", (_name, set, expected) => {
    const source = lb((body) => Object.assign(body, set)).source;
    const printed = new Plan(withAddresses(structuredClone(source)));
    expect(printed.isPrinted).toBe(true);
    expect(said(printed)).toEqual(expected);
  });

  test("stand before those of the provider", () => {
    const wrong = lb((body) => (tagsOf(body)["owner"] = ""));
    expect(said(provider({ default_tags: [{ tags: ASKED.tags }] }, wrong))).toEqual([
      "false: owner is empty, expected some text",
    ]);
  });

  test.each([{ keys: ["owner"] }, { key_prefixes: ["own"] }])(
    "are nobody's where the provider leaves them as they are: %j",
    (ignored) => {
      expect(said(provider({ ignore_tags: [ignored] }))).toEqual([
        "unknown: its provider leaves owner as it finds it (ignore_tags)",
      ]);
    },
  );

  test("reach tasks", () => {
    const service = (from: unknown) =>
      said(
        changed(plan, "aws_ecs_service", (body) => {
          if (from === undefined) delete body["propagate_tags"];
          else body["propagate_tags"] = from;
        }),
        TASKS,
      );
    expect(service(undefined)).toEqual(["false: its tasks bear none: propagate_tags is not set"]);
    expect(service("NONE")).toEqual(["false: its tasks bear none: propagate_tags is NONE"]);
    expect(service("${var.from}")).toEqual(["unknown: propagate_tags is known only at deployment"]);
    expect(service("TASK_DEFINITION")).toEqual([]);
  });

  test("are not believed by a pattern that only a file can have", () => {
    const edited = file((source) => {
      const entries = (source["//"] as Record<string, Record<string, object>>)[MANIFEST_KEY] ?? {};
      for (const entry of Object.values(entries))
        Object.assign(entry, { requiredTags: { owner: { pattern: "(a+)+b" } } });
    });
    expect(said(edited)).toEqual(["false: owner cannot be compared with a pattern that is not one"]);
  });
});

describe("in a stack", () => {
  const synth = (build: (stack: TerraformStack) => void, defaultTags?: Record<string, string>): string => {
    const stack = new TerraformStack(Testing.app() as App, "test");
    new AwsProvider(stack, "aws", {
      region: "eu-west-1",
      ...(defaultTags && { defaultTags: [{ tags: defaultTags }] }),
    });
    build(stack);
    return Testing.synth(stack, true);
  };
  const { tags, ...asking } = ASKED;

  test("a provider's own tags count", () => {
    const text = synth((stack) => void new HardenedMcp(stack, "mcp", goodConfig(asking)), tags);
    expect((JSON.parse(text) as TerraformJson).resource?.["aws_lb"]).toBeDefined();
  });

  test("what is missing is one problem before anything is made", () => {
    const build = () =>
      synth((stack) => void new HardenedMcp(stack, "mcp", goodConfig(asking)), { owner: "x" });
    expect(problemsOf(build)).toEqual([expect.stringMatching(/^tags lacks cost-centre, which requiredTags/)]);
  });

  test("an override that takes a tag away stops the synth, and names the resource", () => {
    const build = () =>
      synth((stack) => {
        const { nodes } = new HardenedMcp(stack, "mcp", goodConfig(ASKED)).platform;
        nodes.ingress.loadBalancer?.addOverride("tags", null);
      });
    expect(build).toThrow(/aws_lb\.\S+ fails ".*": there is no cost-centre, owner \[tags\.required-there\]/);
    expect(build).not.toThrow(/aws_lb_listener/);
  });

  test("a provider that loses its tags afterwards stops it too", () => {
    const build = () =>
      synth((stack) => {
        new HardenedMcp(stack, "mcp", goodConfig(asking));
        childOf(stack, AwsProvider).defaultTags = [{ tags: { owner: "x" } }];
      }, tags);
    expect(build).toThrow(/there is no cost-centre \[tags\.required-there\]/);
  });

  test("of a provider that the configuration names, its tags count and no other's", () => {
    const build = (own: Record<string, string>) => () =>
      synth((stack) => {
        const named = new AwsProvider(stack, "named", {
          alias: "mcp",
          region: "eu-west-1",
          defaultTags: [{ tags: own }],
        });
        new HardenedMcp(stack, "mcp", goodConfig({ ...asking, providers: { default: named } }));
      }, tags);
    expect(build(tags)).not.toThrow();
    expect(problemsOf(build({ owner: "x" }))).toEqual([
      expect.stringMatching(/^tags lacks cost-centre, which/),
    ]);
  });

  test("no configuration is still told in words", () => {
    const build = () => synth((stack) => void new Network(stack, "net", undefined as never));
    expect(problemsOf(build)).toEqual([expect.stringMatching(/expected an object/)]);
  });

  test("a part on its own is held to them in the file", () => {
    const network = { name: "acme", environment: "test", posture: "production", reach: "internal" } as const;
    const build = () =>
      synth((stack) => {
        const { nodes } = new Network(stack, "net", {
          ...{ ...network, ...ASKED, cidr: "10.60.0.0/20", zones: ["eu-west-1a", "eu-west-1b"] },
        });
        nodes.vpc?.addOverride("tags.owner", "");
      });
    expect(build).toThrow(/aws_vpc\.\S+ fails ".*": owner is empty, expected some text/);
  });

  test("values that are known only at deployment stop nothing", () => {
    const text = synth((stack) => {
      const centre = new TerraformVariable(stack, "centre", { type: "string" }).stringValue;
      const config = goodConfig({ ...ASKED, tags: { owner: "x", "cost-centre": centre } });
      new HardenedMcp(stack, "mcp", { ...config, servers: { notes: goodServer() } });
    });
    expect(text).toContain("${var.centre}");
  });
});
