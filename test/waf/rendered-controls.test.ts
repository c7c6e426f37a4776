import { wafControls } from "../../lib/waf/controls";
import { renderedControls } from "../../lib/waf/rendered-controls";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { changed, judge, named } from "../audit/judge";
import { synthExample } from "../support/examples";

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mutation reaches wherever it wants
type Any = any;

const plan = synthExample("complete");
const ACL = "aws_wafv2_web_acl";
const ASSOCIATION = "aws_wafv2_web_acl_association";
const LOG = "aws_wafv2_web_acl_logging_configuration";

test.each(renderedControls.map((control) => [control.id, control] as const))(
  "%s holds as built, and is judged with the others",
  (id, control) => {
    expect(judge(control, plan)).toEqual([{ holds: true }]);
    expect(wafControls.map((each) => each.id)).toContain(id);
  },
);

const acl = (change: (body: Any) => void) => changed(plan, ACL, change);
const rule = (name: string, change: (one: Any) => void) =>
  acl((body) => change(body.rule.find((one: Any) => one.name === name)));
const first = (one: Any) => one.statement.not_statement.statement[0];
const policy = (change: (policy: Any) => void) => {
  const source = structuredClone(plan.source) as Any;
  for (const entry of Object.values<Any>(source["//"]["hardened-mcp"]))
    if (entry.policy) change(entry.policy);
  return new Plan(source as TerraformJson);
};

describe("each control fails when its protection goes", () => {
  test.each<[string, string, () => Plan]>([
    [
      "waf.acl-associated",
      "with nothing",
      () => changed(plan, ASSOCIATION, (body) => (body.web_acl_arn = "arn:aws:wafv2:another")),
    ],
    [
      "waf.acl-associated",
      "with nothing",
      () => changed(plan, ASSOCIATION, (body) => delete body.resource_arn),
    ],
    ["waf.rules-as-made", "the rule host", () => rule("host", (one) => (one.priority = 999))],
    [
      "waf.rules-as-made",
      "the rule host",
      () => rule("host", (one) => (first(one).byte_match_statement.text_transformation = [])),
    ],
    [
      "waf.rules-as-made",
      "the rule method",
      () => rule("method", (one) => first(one).or_statement.statement.push({ method: {} })),
    ],
    [
      "waf.rules-as-made",
      "the rule per-ip",
      () => rule("per-ip", (one) => delete one.action.block.custom_response),
    ],
    [
      "waf.rules-as-made",
      "the rule oversize-body",
      () =>
        rule("oversize-body", (one) => {
          one.statement.size_constraint_statement.field_to_match.body.oversize_handling = "CONTINUE";
        }),
    ],
    [
      "waf.rules-as-made",
      "the rule common-rules",
      () => rule("common-rules", (one) => delete one.visibility_config.sampled_requests_enabled),
    ],
    [
      "waf.rules-as-made",
      "the rule method",
      () => acl((body) => (body.rule = body.rule.filter((one: Any) => one.name !== "method"))),
    ],
    [
      "waf.rules-as-made",
      "the rule let-in is none of ours",
      () => acl((body) => body.rule.unshift({ name: "let-in", priority: 0, action: { allow: {} } })),
    ],
    ["waf.rules-as-made", "its answers", () => acl((body) => body.custom_response_body.pop())],
    ["waf.rules-as-made", "the whole is measured", () => acl((body) => delete body.visibility_config)],
    [
      "waf.data-protected",
      "BODY is kept",
      () => acl((body) => body.data_protection_config.data_protection.pop()),
    ],
    [
      "waf.data-protected",
      "the headers authorization",
      () => acl((body) => body.data_protection_config.data_protection[0].field.field_keys.shift()),
    ],
    [
      "waf.log-keeps-refusals",
      "it goes nowhere",
      () => changed(plan, LOG, (body) => (body.log_destination_configs = [])),
    ],
    [
      "waf.log-keeps-refusals",
      "queries stand in it",
      () => changed(plan, LOG, (body) => (body.redacted_fields as Any).pop()),
    ],
    [
      "waf.log-keeps-refusals",
      "the headers authorization",
      () => changed(plan, LOG, (body) => (body.redacted_fields as Any).shift()),
    ],
    [
      "waf.log-keeps-refusals",
      "COUNT is not kept",
      () =>
        changed(plan, LOG, (body) => {
          const [filter] = (body.logging_filter as Any).filter;
          filter.condition = filter.condition.filter((one: Any) => one.action_condition.action !== "COUNT");
        }),
    ],
    [
      "waf.rules-fit-servers",
      "servers are at another",
      () => policy((one) => (one.hostname = "other.example.com")),
    ],
    ["waf.rules-fit-servers", "its paths", () => policy((one) => (one.path = "/other"))],
    [
      "waf.rules-fit-servers",
      "its paths",
      () => acl((body) => (body.rule = body.rule.filter((one: Any) => one.name !== "path"))),
    ],
    [
      "waf.rules-fit-servers",
      "its origins",
      () => policy((one) => (one.allowedOrigins = ["https://evil.example"])),
    ],
    [
      "waf.rules-fit-servers",
      "an alarm rings for countries",
      () => acl((body) => (body.rule = body.rule.filter((one: Any) => one.name !== "countries"))),
    ],
  ])("%s: %s", (id, says, mutate) => {
    expect(judge(named(renderedControls, id), mutate())).toEqual([
      { holds: false, says: expect.stringContaining(says) },
    ]);
  });
});

test("rules that only Terraform knows are unknown, and a firewall of somebody else is not ours to compare", () => {
  const [asMade] = renderedControls;
  const tokens = acl((body) => (body.rule = "${var.rules}"));
  expect(asMade && judge(asMade, tokens)).toEqual([
    {
      holds: "unknown",
      says: "the rules are an expression or raw JSON, which nobody can read before deployment",
    },
  ]);
  const theirs = new Plan({ resource: { [ACL]: { theirs: { rule: [] } } } });
  expect(renderedControls.flatMap((control) => judge(control, theirs))).toEqual(
    renderedControls.filter(({ on }) => on.includes(ACL)).map(() => ({ holds: true })),
  );
});
