import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Wafv2WebAcl, type Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Testing, TerraformStack, type App } from "cdktf";
import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { WebAcl, type WebAclConfig } from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { markdown } from "../../lib/checklist/formats/markdown";
import { table } from "../../lib/checklist/formats/table";
import { page } from "../../lib/checklist/html/page";
import { report } from "../../lib/checklist/report";
import { REPORT_SCHEMA } from "../../lib/checklist/report-schema";
import { judgeReview, signReview } from "../../lib/checklist/review/review";
import { resolveWebAcl } from "../../lib/parts/web-acl-model";
import { isTestToken, problemsOf, TOKEN } from "../support/config";
import { childOf, failing, partPlan, withoutType } from "../support/parts";
import { writtenPlan } from "../support/plan";

const asOf = "2026-11-26";
const KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555";
const good: WebAclConfig = {
  name: "acme",
  environment: "test",
  posture: "production",
  loadBalancerArn:
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef",
  hostname: "mcp.example.com",
};
const planOf = (change: Partial<WebAclConfig> = {}, attack: (acl: WebAcl) => void = () => undefined) =>
  writtenPlan((stack) => attack(new WebAcl(stack, "firewall", { ...good, ...change })));

const example = partPlan("web-acl");

describe("a firewall on its own", () => {
  test("stands before the load balancer that it was given, and makes nothing else of a deployment", () => {
    expect([
      ...new Set(example.all.filter(({ mode }) => mode === "resource").map(({ type }) => type)),
    ]).toEqual([
      "aws_cloudwatch_log_group",
      "aws_cloudwatch_log_resource_policy",
      "aws_kms_alias",
      "aws_kms_key",
      "aws_wafv2_web_acl",
      "aws_wafv2_web_acl_association",
      "aws_wafv2_web_acl_logging_configuration",
    ]);
    const [association] = example.blocks("aws_wafv2_web_acl_association");
    expect(association?.body["resource_arn"]).toBe(good.loadBalancerArn);
    expect(example.target(association?.body["web_acl_arn"])?.type).toBe("aws_wafv2_web_acl");
  });
  test("uses a key that it is given and makes none; where the log is waived neither is there", () => {
    const given = planOf({ key: { kind: "existing", arn: KEY } });
    expect(given.blocks("aws_kms_key")).toEqual([]);
    expect(given.blocks("aws_cloudwatch_log_group").map(({ body }) => body["kms_key_id"])).toEqual([KEY]);
    const waived = planOf({ waf: { logs: { waive: "logged by somebody else", until: "2027-01-31" } } });
    expect(waived.blocks("aws_kms_key", "aws_cloudwatch_log_group")).toEqual([]);
    const verdict = judgePlan(waived, CONTROLS, { asOf }).find(
      ({ control }) => control === "waf.logs-redacted",
    );
    expect(verdict).toMatchObject({ result: "waived", waiver: { field: "waf.logs" } });
    expect(failing(waived)).toEqual([]);
  });
  test("is tagged and named as a deployment's own", () => {
    const named = planOf({
      naming: { prefix: "corp", pattern: "{prefix}-{what}-x" },
      tags: { team: "edge" },
    });
    expect(named.blocks("aws_wafv2_web_acl").map(({ body }) => [body["name"], body["tags"]])).toEqual([
      ["corp-web-acl-x", { team: "edge", "hardened-mcp:name": "acme", "hardened-mcp:environment": "test" }],
    ]);
  });
});

describe("in a stack whose providers all have an alias", () => {
  const home = (build: (provider: AwsProvider) => Partial<WebAclConfig>) => {
    const stack = new TerraformStack(Testing.app() as App, "aliased");
    const provider = new AwsProvider(stack, "logs", { region: "eu-west-1", alias: "logs" });
    new WebAcl(stack, "firewall", { ...good, ...build(provider) });
    return JSON.parse(Testing.synth(stack, true)) as {
      resource: Record<string, Record<string, { provider?: string }>>;
    };
  };
  test("everything is on the one that was named", () => {
    const { resource } = home((provider) => ({ providers: { default: provider } }));
    const all = Object.values(resource).flatMap((blocks) => Object.values(blocks));
    expect(all.length).toBeGreaterThan(5);
    for (const { provider } of all) expect(provider).toBe("aws.logs");
  });
  test("a part that names none is refused before Terraform asks for a region", () =>
    expect(() => home(() => ({}))).toThrow(/have no provider/));
});

describe("the checklist judges a part by what it makes", () => {
  const verdicts = judgePlan(example, CONTROLS, { asOf });
  test("nothing fails, every control of the firewall holds, and what is elsewhere is not applicable", () => {
    expect(failing(example)).toEqual([]);
    const passed = verdicts.filter(({ result }) => result === "pass").map(({ control }) => control);
    expect(passed).toEqual(
      expect.arrayContaining(["waf.host-only", "waf.acl-associated", "audit.log-groups-encrypted"]),
    );
    expect(verdicts.filter(({ result }) => result === "unknown" || result === "not-built")).toEqual([]);
    for (const id of [
      "ingress.listener-https",
      "gateway.headers-stripped",
      "secrets.rotated",
      "access.boundary",
    ])
      expect(verdicts.filter(({ control }) => control === id).map(({ result }) => result)).toEqual([
        "not-applicable",
      ]);
  });
  test("and asks for what the part makes, although no platform is there", () => {
    expect(failing(withoutType(example, "aws_wafv2_web_acl"))).toEqual(
      expect.arrayContaining(["waf.every-rule-acts", "waf.host-only", "waf.logs-redacted"]),
    );
  });
  test("a review is not asked for; one that was signed for it has to be as it is", () => {
    const source = { stack: "web-acl", file: "f", plan: example };
    expect(judgeReview("there is none", source, CONTROLS, asOf)).toEqual([]);
    const signature = { signedBy: "A. Reviewer", signedOn: asOf, until: "2027-01-31", record: "minutes 7" };
    const review = signReview([source], CONTROLS, signature);
    expect(judgeReview(review, source, CONTROLS, asOf).map(({ result }) => result)).toEqual(["pass"]);
    const changed = { ...source, plan: planOf({ hostname: "other.example.com" }) };
    expect(judgeReview(review, changed, CONTROLS, asOf).map(({ result }) => result)).toEqual(["fail"]);
  });
  test("every format says that the rest was not judged", () => {
    const whole = report([{ stack: "web-acl", file: "f", plan: example }], CONTROLS, asOf);
    const says = "web-acl holds web-acl alone";
    for (const format of [table, markdown, page]) expect(String(format(whole))).toContain(says);
    const items = whole.items.filter(({ result }) => result === "pass").map(({ item }) => item);
    expect(items).toEqual([5, 6, 7, 8, 10, 11, 14]);
    const ajv = new Ajv2020({ strict: true });
    addFormats(ajv);
    expect(ajv.validate(REPORT_SCHEMA, JSON.parse(JSON.stringify(whole)))).toBe(true);
  });
});

describe("a protection that an override takes away stops the synth", () => {
  type Rate = { rate_based_statement: { limit: number } };
  test.each<[string, (acl: WebAcl) => void, RegExp]>([
    [
      "a firewall that lets everything on",
      (acl) => childOf(acl, Wafv2WebAcl).putRule([]),
      /it has no rules \[waf\.every-rule-acts\]/,
    ],
    [
      "credentials in samples",
      (acl) => childOf(acl, Wafv2WebAcl).addOverride("data_protection_config", undefined),
      /are not protected \[waf\.logs-redacted\]/,
    ],
    [
      "a firewall before nothing",
      (acl) => childOf(acl, Wafv2WebAclAssociation).addOverride("web_acl_arn", "arn:aws:wafv2:another"),
      /associated with nothing \[waf\.acl-associated\]/,
    ],
    [
      "ten times the requests",
      (acl) => {
        const resource = childOf(acl, Wafv2WebAcl);
        const rules = structuredClone(resource.ruleInput) as (Wafv2WebAclRule & { statement: Rate })[];
        const perIp = rules.find(({ name }) => name === "per-ip");
        if (perIp) perIp.statement.rate_based_statement.limit = 6000;
        resource.putRule(rules);
      },
      /\[waf\.limits-as-chosen\]/,
    ],
  ])("%s", (_what, attack, says) => expect(() => planOf({}, attack)).toThrow(says));
});

describe("what is wrong is said at once", () => {
  const problems = (change: object) =>
    problemsOf(() => resolveWebAcl({ ...good, ...change } as WebAclConfig, isTestToken));
  test("nothing is, as it stands", () => expect(problems({})).toEqual([]));
  test.each<[string, object, string[]]>([
    [
      "every field",
      {
        name: "Acme",
        posture: "prod",
        loadBalancerArn: "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/net/x",
        hostname: "https://mcp.example.com",
        paths: ["/a/mcp", "/a/mcp", "b"],
        allowedOrigins: ["http://a.example"],
        expectedCountries: ["UK"],
        key: { kind: "existing", arn: "alias/x" },
        waf: { perIp: { requests: 1, windowSeconds: 60 } },
        tags: { "aws:x": "y" },
        edge: {},
      },
      [
        "edge is not a field here",
        'name is "Acme"',
        'posture is "prod"',
        'tags["aws:x"]',
        "loadBalancerArn is",
        "hostname is",
        'paths[1] is "/a/mcp" again',
        'paths[2] is "b"',
        'expectedCountries[0] is "UK"',
        'key.arn is "alias/x"',
        "allowedOrigins[0] is",
        "waf.perIp.requests is 1",
      ],
    ],
    [
      "a web ACL that is there",
      { waf: { webAcl: { kind: "existing" } } },
      ["waf.webAcl is not a field here"],
    ],
    ["no path at all", { paths: [] }, ["paths has 0 entries"]],
    ["a host known later", { hostname: TOKEN }, ["hostname is known only at deployment"]],
    ["a kind of key", { key: { kind: "mine" } }, ['key.kind is "mine"']],
    ["a provider of another kind", { providers: { default: {} } }, ["providers.default is no aws provider"]],
    [
      "a provider for what a part has not",
      { providers: { dns: { terraformResourceType: "aws" } } },
      ["providers.dns is not a field"],
    ],
    [
      "a key for a log that is waived",
      {
        key: { kind: "existing", arn: KEY },
        waf: { logs: { waive: "logged by somebody else", until: "2027-01-31" } },
      },
      ["key is the key of a log that is waived"],
    ],
  ])("%s", (_what, change, said) => {
    const found = problems(change);
    expect(found).toEqual(said.map((each) => expect.stringContaining(each)));
  });
  test("a load balancer known later is taken", () =>
    expect(problems({ loadBalancerArn: TOKEN })).toEqual([]));
});
