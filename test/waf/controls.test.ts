import type { Plan } from "../../lib/terraform/plan";
import { wafControls } from "../../lib/waf/controls";
import { changed, judge, named, without } from "../audit/judge";
import { wafPlan } from "./fixture";
import { holdAsBuilt } from "../support/control-tests";

const plan = wafPlan();
const ACL = "aws_wafv2_web_acl";
type Rule = Record<string, Record<string, unknown>> & { name: unknown };

/** The plan with one rule changed; the change may give back false to take the rule away. */
function ruleChanged(name: string, change: (rule: Rule) => unknown): Plan {
  return changed(plan, ACL, (body) => {
    const rules = body.rule as Rule[];
    expect(rules.some((rule) => rule.name === name)).toBe(true);
    body.rule = rules.filter((rule) => rule.name !== name || change(rule) !== false);
  });
}
const gone = (name: string) => () => ruleChanged(name, () => false);
const counting = (name: string) => () => ruleChanged(name, (rule) => (rule.override_action = { count: {} }));

holdAsBuilt(wafControls, plan);

const GROUPS = [
  ["waf.ip-reputation-blocks", "ip-reputation"],
  ["waf.anonymous-ips-blocks", "anonymous-ips"],
  ["waf.known-bad-inputs-blocks", "known-bad-inputs"],
  ["waf.common-rules-blocks", "common-rules"],
] as const;

describe("each control fails when its protection goes", () => {
  const override = (name: string, rule: string) => () =>
    ruleChanged(name, ({ statement }) => {
      const group = statement?.managed_rule_group_statement as Record<string, unknown>;
      group.rule_action_override = [{ name: rule, action_to_use: { count: {} } }];
    });
  const cases: [string, string, () => Plan][] = [
    ["waf.load-balancer-associated", "no web ACL", () => without(plan, "aws_wafv2_web_acl_association")],
    ["waf.every-rule-acts", "no rules", () => changed(plan, ACL, (body) => (body.rule = []))],
    ["waf.every-rule-acts", "default action", () => changed(plan, ACL, (body) => (body.default_action = {}))],
    ["waf.every-rule-acts", "no metrics", () => changed(plan, ACL, (body) => delete body.visibility_config)],
    [
      "waf.every-rule-acts",
      "method has no action",
      () => ruleChanged("method", (rule) => delete rule.action),
    ],
    [
      "waf.every-rule-acts",
      "per-ip has no action",
      () => ruleChanged("per-ip", (rule) => (rule.action = {})),
    ],
    [
      "waf.every-rule-acts",
      "host has no",
      () => ruleChanged("host", (rule) => delete rule.visibility_config),
    ],
    [
      "waf.every-rule-acts",
      "common-rules has no action",
      () => ruleChanged("common-rules", (rule) => delete rule.override_action),
    ],
    ["waf.host-only", "no rule blocks", gone("host")],
    ["waf.host-only", "no rule blocks", () => ruleChanged("host", (rule) => (rule.action = { count: {} }))],
    ["waf.per-ip-rate", "no rule limits", gone("per-ip")],
    [
      "waf.per-ip-rate",
      "does not block",
      () => ruleChanged("per-ip", (rule) => (rule.action = { count: {} })),
    ],
    [
      "waf.per-ip-rate",
      "no rule limits",
      () =>
        ruleChanged("per-ip", ({ statement }) => {
          (statement?.rate_based_statement as Record<string, unknown>).scope_down_statement = {};
        }),
    ],
    ...GROUPS.flatMap(([id, rule]): [string, string, () => Plan][] => [
      [id, "not among the rules", gone(rule)],
      [id, "only counts", counting(rule)],
      [id, "does not block SomethingElse", override(rule, "SomethingElse")],
    ]),
    ["waf.logs-redacted", "has no log", () => without(plan, "aws_wafv2_web_acl_logging_configuration")],
    [
      "waf.logs-redacted",
      "x-api-key, cookie, mcp-session-id are not protected",
      () =>
        changed(plan, "aws_wafv2_web_acl_logging_configuration", (body) => {
          body.redacted_fields = [{ single_header: { name: "authorization" } }];
        }),
    ],
    [
      "waf.logs-redacted",
      "authorization, x-api-key",
      () => changed(plan, ACL, (body) => delete body.data_protection_config),
    ],
  ];
  test.each(cases)("%s: %s", (id, says, broken) => {
    expect(judge(named(wafControls, id), broken())).toEqual([
      { holds: false, says: expect.stringContaining(says) },
    ]);
  });
});

test("rules that nobody can read are unknown, never passed", () => {
  const judged = wafControls.filter(
    ({ id, on }) =>
      on.includes(ACL) && !["waf.logs-redacted", "waf.data-protected", "waf.acl-associated"].includes(id),
  );
  const dark = changed(plan, ACL, (body) => (body.rule = "${var.rules}"));
  const raw = changed(plan, ACL, (body) => (body.rule_json = "[]"));
  expect(judged.length).toBeGreaterThan(0);
  for (const control of judged) {
    for (const each of [dark, raw]) expect(judge(control, each)).toMatchObject([{ holds: "unknown" }]);
  }
});

test("a network load balancer takes no web ACL and is not asked for one", () => {
  const network = changed(without(plan, "aws_wafv2_web_acl_association"), "aws_lb", (body) => {
    body.load_balancer_type = "network";
  });
  expect(judge(named(wafControls, "waf.load-balancer-associated"), network)).toEqual([{ holds: true }]);
});
