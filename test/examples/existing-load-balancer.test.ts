import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan, type Verdict } from "../../lib/checklist/engine";
import { deployerPolicies } from "../../lib/deployer/policies";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changed } from "../audit/judge";
import { synthExample } from "../support/examples";

const plan = synthExample("existing-load-balancer");
const judged = (of: Plan): Verdict[] => judgePlan(of, CONTROLS, { asOf: "2026-11-26" });
const named = (verdicts: readonly Verdict[], result: Verdict["result"]) => [
  ...new Set(verdicts.filter((one) => one.result === result).map(({ control }) => control)),
];

/** The file with every text `from` in it written as `to`. */
function edited(from: string, to: string): Plan {
  const text = JSON.stringify(plan.source);
  const quoted = (value: string) => JSON.stringify(value).slice(1, -1);
  expect(text).toContain(quoted(from));
  return new Plan(JSON.parse(text.replaceAll(quoted(from), quoted(to))) as TerraformJson);
}

describe("two servers behind a load balancer that is there", () => {
  test("make nothing of what is given", () => {
    const types = new Set(plan.all.filter(({ mode }) => mode === "resource").map(({ type }) => type));
    for (const type of ["aws_lb", "aws_lb_listener", "aws_lb_listener_certificate", "aws_acm_certificate"])
      expect([...types]).not.toContain(type);
    for (const type of ["aws_vpc", "aws_subnet", "aws_vpc_endpoint", "aws_iam_policy", "aws_sns_topic"])
      expect([...types]).not.toContain(type);
    expect([...types].filter((type) => type.startsWith("aws_wafv2"))).toEqual([]);
    expect(plan.blocks("aws_lb_listener_rule").length).toBeGreaterThan(1);
  });
  test("put every role below the path and into the boundary", () => {
    const roles = plan.blocks("aws_iam_role");
    expect(roles.length).toBeGreaterThan(4);
    for (const { body } of roles)
      expect(body).toMatchObject({
        path: "/corp/mcp/",
        permissions_boundary: "arn:aws:iam::123456789012:policy/corp/workload-boundary",
      });
  });
  test("bear the tags wherever a resource has any", () => {
    const tagged = plan.all.filter(({ mode, body }) => mode === "resource" && body["tags"] !== undefined);
    expect(tagged.length).toBeGreaterThan(30);
    for (const { body } of tagged)
      expect(body["tags"]).toMatchObject({ "cost-centre": "4711", "data-class": "internal" });
  });
  test("are deployed by rights that name the listener, and no other", () => {
    const statements = deployerPolicies(plan, { account: "123456789012", region: "eu-west-1" }).flatMap(
      ({ Statement }) => Statement,
    );
    const listeners = statements
      .filter(({ Action }) => Action.includes("elasticloadbalancing:CreateRule"))
      .flatMap(({ Resource }) => Resource)
      .filter((resource) => resource.includes(":listener/") && !resource.includes("acme-prod"));
    expect(listeners).toEqual([
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/shared/0123456789abcdef/fedcba9876543210",
    ]);
  });
});

test("a resource that has lost a tag that the organisation requires is seen, and no other", () => {
  const there = named(judged(plan), "fail");
  expect(there).not.toContain("tags.required-there");
  const lost = changed(plan, "aws_ecs_service", (body) => {
    delete (body["tags"] as Record<string, unknown>)["owner"];
  });
  const failed = judged(lost).filter(({ result, control }) => result === "fail" && !there.includes(control));
  expect(failed.map(({ control, detail }) => [control, detail])).toEqual(
    plan.blocks("aws_ecs_service").map(() => ["tags.required-there", "there is no owner"]),
  );
});

describe("the checklist", () => {
  const verdicts = judged(plan);
  test("fails nothing", () => expect(named(verdicts, "fail")).toEqual([]));
  test("says of what is given that it is not known, and of nothing else", () => {
    const unknown = verdicts.filter(({ result }) => result === "unknown");
    const elsewhere = unknown.filter(
      ({ detail }) => !/is given, and kept by somebody else$/.test(detail ?? ""),
    );
    expect(named(elsewhere, "unknown").sort()).toEqual([
      "network.one-path-in",
      "network.tasks-no-internet-route",
    ]);
    const given = named(
      unknown.filter((one) => !elsewhere.includes(one)),
      "unknown",
    );
    // Whether the network that is given records its connections is its owner's to show.
    expect(given.filter((id) => !/^(waf|ingress)\./.test(id))).toEqual(["network.flow-logs"]);
    expect(given).toEqual(
      expect.arrayContaining(["waf.host-only", "ingress.listener-tls-policy", "ingress.lb-waf-fails-closed"]),
    );
  });
  test.each([
    ["the load balancer's idle time", "${self.idle_timeout == 120}", "ingress.given-judged-at-plan"],
    ["the group for every task", "${self.is_egress}", "network.mandated-groups-judged-at-plan"],
  ])("fails where no plan asks for %s any longer", (_what, condition, control) => {
    expect(named(verdicts, "pass")).toContain(control);
    expect(named(judged(edited(condition, "${true}")), "fail")).toContain(control);
  });
  test("fails where a role leaves the boundary", () => {
    const without = edited("arn:aws:iam::123456789012:policy/corp/workload-boundary", "");
    expect(named(judged(without), "fail")).toContain("access.boundary");
  });
});
