import { HardenedMcp, type HardenedMcpConfig } from "../../lib";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { resolveHardenedMcp } from "../../lib/model";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { goodConfig, isTestToken, problemsOf, TOKEN } from "../support/config";
import { writtenPlan } from "../support/plan";
import { behind } from "../tokens/corpus-given";

const ARN =
  "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shared/11111111-2222-3333-4444-555555555555";
const ACL = { kind: "existing", arn: ARN, metricName: "shared" } as const;
const asOf = "2026-11-26";

const planOf = (config: HardenedMcpConfig) =>
  writtenPlan((stack) => void new HardenedMcp(stack, "mcp", config));
const plan = planOf(goodConfig({ waf: { webAcl: ACL } }));
const results = (of: Plan, id: string) =>
  judgePlan(of, CONTROLS, { asOf })
    .filter(({ control }) => control === id)
    .map(({ result, detail }) => `${result} ${detail ?? ""}`.trim());

/** The same file without every block of a type that `gone` names. */
function without(of: Plan, type: string, gone: (body: unknown) => boolean): Plan {
  const file = JSON.parse(JSON.stringify(of.source)) as { resource: Record<string, Record<string, unknown>> };
  const blocks = Object.entries(file.resource[type] ?? {});
  const kept = blocks.filter(([, body]) => !gone(body));
  expect(kept.length).toBeLessThan(blocks.length);
  if (kept.length === 0) delete file.resource[type];
  else file.resource[type] = Object.fromEntries(kept);
  return new Plan(file as unknown as TerraformJson);
}

describe("a web ACL that is there", () => {
  test("stands before the load balancer that is made here, and none is made", () => {
    expect(plan.blocks("aws_wafv2_web_acl")).toEqual([]);
    expect(plan.blocks("aws_wafv2_web_acl_logging_configuration")).toEqual([]);
    const [balancer] = plan.blocks("aws_lb");
    const found = plan
      .blocks("aws_wafv2_web_acl_association")
      .map(({ body }) => [plan.target(body["resource_arn"])?.address, body["web_acl_arn"]]);
    expect(found).toEqual([[balancer?.address, ARN]]);
  });
  test("is left where it is in front of a load balancer that is there too", () => {
    const both = planOf({ ...behind, servers: goodConfig().servers });
    for (const type of ["aws_lb", "aws_wafv2_web_acl", "aws_wafv2_web_acl_association"])
      expect(both.blocks(type)).toEqual([]);
  });
  test("is watched by what every web ACL counts, and not by rules of ours that it does not have", () => {
    const ids = plan
      .blocks("aws_cloudwatch_metric_alarm")
      .filter(({ body }) => body["namespace"] === "AWS/WAFV2")
      .map(({ body }) => body["dimensions"]);
    expect(ids).toEqual([{ WebACL: "shared", Rule: "ALL", Region: expect.any(String) as string }]);
  });
});

describe("the checklist", () => {
  test("does not pass rules that it cannot see", () => {
    for (const id of ["waf.host-only", "waf.per-ip-rate", "waf.common-rules-blocks", "waf.logs-redacted"])
      expect(results(plan, id)).toEqual([
        "unknown there is no aws_wafv2_web_acl: the web ACL is given, and kept by somebody else",
      ]);
  });
  test("fails where the load balancer is no longer put behind it", () => {
    expect(results(plan, "waf.load-balancer-associated")).toEqual(["pass"]);
    const bare = without(plan, "aws_wafv2_web_acl_association", () => true);
    expect(results(bare, "waf.load-balancer-associated")).toEqual([expect.stringMatching(/^fail/)]);
  });
  test("still asks for the load balancer, and for every other alarm", () => {
    const id = "alarms.platform-complete";
    expect(new Set(results(plan, id))).toEqual(new Set(["pass"]));
    const deaf = without(plan, "aws_cloudwatch_metric_alarm", (body) =>
      JSON.stringify(body).includes('"ALL"'),
    );
    expect(new Set(results(deaf, id))).toEqual(new Set(["fail it lacks firewall-blocks"]));
    const none = without(plan, "aws_lb", () => true);
    expect(results(none, "ingress.lb-desync-strictest")).toEqual(["fail there is no aws_lb"]);
  });
  test("asks for alarms about our rules where the web ACL is ours", () => {
    const own = planOf(goodConfig());
    const deaf = without(own, "aws_cloudwatch_metric_alarm", (body) =>
      JSON.stringify(body).includes('"per-ip"'),
    );
    expect(new Set(results(deaf, "alarms.platform-complete"))).toEqual(
      new Set(["fail it lacks address-rate-limited"]),
    );
  });
});

describe("what cannot be is refused, all of it at once", () => {
  const asks = (webAcl: object, change: Partial<HardenedMcpConfig> = {}, waf: object = {}) =>
    problemsOf(() =>
      resolveHardenedMcp(
        goodConfig({ ...change, waf: { webAcl: { ...ACL, ...webAcl }, ...waf } as never }),
        isTestToken,
      ),
    );
  test.each<[string, string[], string[]]>([
    ["a web ACL", asks({}), []],
    ["one that is known only at deployment", asks({ arn: TOKEN, metricName: TOKEN }), []],
    ["one of CloudFront", asks({ arn: ARN.replace("regional", "global") }), ["waf.webAcl.arn is"]],
    [
      "one of another region",
      asks({ arn: ARN.replace("eu-west-1", "us-east-1") }),
      ["waf.webAcl.arn is in us-east-1"],
    ],
    ["its name", asks({ arn: "shared" }), ["waf.webAcl.arn is"]],
    ["no name of its metrics", asks({ metricName: undefined }), ["waf.webAcl.metricName is missing"]],
    ["a field that is none", asks({ id: "x" }), ["waf.webAcl.id is not a field here"]],
    [
      "what its owner decides",
      asks(
        {},
        {},
        { perIp: { requests: 10, windowSeconds: 60 }, commonRules: "count", logs: { retainDays: 5 } },
      ),
      ["perIp", "commonRules", "logs"].map(
        (field) => `waf.${field} is set for a web ACL that is there already`,
      ),
    ],
    [
      "countries, which a rule of ours counts",
      asks({}, { alarms: { ...goodConfig().alarms, expectedCountries: ["IE"] } }),
      ["alarms.expectedCountries is counted by a rule of ours"],
    ],
    [
      "a cluster of another account",
      asks({}, { cluster: { kind: "existing", arn: "arn:aws:ecs:eu-west-1:210987654321:cluster/shared" } }),
      ["cluster.arn is of account 210987654321, waf.webAcl.arn of 123456789012"],
    ],
  ])("%s", (_name, found, begins) =>
    expect(found).toEqual(begins.map((begin) => expect.stringContaining(begin))),
  );
});
