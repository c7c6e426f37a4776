import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { fails, HOLDS, unknown, type Control, type Finding } from "../checklist/control";
import { isExpression, type Block } from "../terraform/plan";
import { WAIVABLE } from "./model";
import { renderedControls } from "./rendered-controls";
import { GROUPS, type GroupName } from "./rules";
import { SECRET_HEADERS } from "./secret-headers";

const ACL = "aws_wafv2_web_acl";

/** Blocks of rules of the web ACL; a rule list that only Terraform knows cannot be judged. */
function rulesOf(block: Block): readonly Fields[] {
  return blocksOf(block.body.rule);
}

function judgeRules(block: Block, judge: (rules: readonly Fields[]) => Finding): Finding {
  if (isExpression(block.body.rule) || block.body.rule_json !== undefined) {
    return unknown("the rules are an expression or raw JSON, which nobody can read before deployment");
  }
  return judge(rulesOf(block));
}

const associated: Control = {
  id: "waf.load-balancer-associated",
  item: 11,
  says: "Every application load balancer has a web ACL in front of it",
  why: "Without one nothing coarse is refused, and floods reach the gateway.",
  on: ["aws_lb"],
  judge: (block, plan) => {
    if (block.body.load_balancer_type === "network" || block.body.load_balancer_type === "gateway")
      return HOLDS;
    const found = plan
      .referring(block, "aws_wafv2_web_acl_association", "resource_arn")
      .some((association) => texts(association.body.web_acl_arn).length > 0);
    return found ? HOLDS : fails("no web ACL is associated with this load balancer");
  },
  maps: { fsbp: ["ELB.16"], checkov: ["CKV2_AWS_28"], owasp: ["MCP07"] },
};

const everyRuleActs: Control = {
  id: "waf.every-rule-acts",
  item: 11,
  says: "Every rule of the web ACL says what it does and is measured, and so does the ACL itself",
  why: "A misspelt action is written as an empty block: the rule is there and does nothing.",
  on: [ACL],
  needed: true,
  judge: (block) =>
    judgeRules(block, (rules) => {
      if (rules.length === 0) return fails("it has no rules");
      const standing = blockAt(block.body, "default_action");
      if (!("allow" in standing) && !("block" in standing))
        return fails("its default action is neither allow nor block");
      if (!measured(block.body)) return fails("the ACL itself has no metrics");
      const idle = rules.find((rule) => !acts(rule) || !measured(rule));
      return idle ? fails(`the rule ${String(idle.name)} has no action or no metrics`) : HOLDS;
    }),
  maps: { fsbp: ["WAF.12"] },
};

function acts(rule: Fields): boolean {
  const [action, override] = [blockAt(rule, "action"), blockAt(rule, "override_action")];
  const managed = "managed_rule_group_statement" in blockAt(rule, "statement");
  return managed ? "none" in override || "count" in override : "block" in action || "count" in action;
}

function measured(body: Fields): boolean {
  return blockAt(body, "visibility_config").cloudwatch_metrics_enabled === true;
}

const hostOnly: Control = {
  id: "waf.host-only",
  item: 11,
  says: "Requests for other host names are blocked",
  why: "Scanners that know only the address, and rebound names, would reach the gateway.",
  on: [ACL],
  needed: true,
  judge: (block) =>
    judgeRules(block, (rules) => {
      if ("block" in blockAt(block.body, "default_action")) return HOLDS;
      const rule = rules.find((each) => {
        const match = blockAt(each, "statement", "not_statement", "statement", "byte_match_statement");
        const header = blockAt(match, "field_to_match", "single_header").name;
        return (
          header === "host" && match.positional_constraint === "EXACTLY" && "block" in blockAt(each, "action")
        );
      });
      return rule ? HOLDS : fails("no rule blocks requests for other hosts");
    }),
  maps: { owasp: ["MCP09"] },
};

const perIp: Control = {
  id: "waf.per-ip-rate",
  item: 7,
  says: "Each source address is limited, whatever it sends",
  why: "Before authentication nothing else bounds what one caller may cost.",
  on: [ACL],
  needed: true,
  judge: (block) =>
    judgeRules(block, (rules) => {
      const rule = rules.find((each) => {
        const rate = blockAt(each, "statement", "rate_based_statement");
        // Keys other than the address are not counted where a request lacks them.
        return rate.aggregate_key_type === "IP" && !("scope_down_statement" in rate);
      });
      if (!rule) return fails("no rule limits every request by source address");
      return "block" in blockAt(rule, "action") ? HOLDS : fails("the rule per address does not block");
    }),
  maps: { cosai: ["L2"] },
};

const SAYS: Readonly<Record<GroupName, string>> = {
  ipReputation: "Addresses with a bad name are blocked",
  anonymousIps: "Anonymising proxies are blocked",
  knownBadInputs: "Known bad inputs are blocked",
  commonRules: "AWS's common rules block, but for those that refuse ordinary MCP traffic",
};

function managedGroup(name: GroupName): Control {
  const { group, counted } = GROUPS[name];
  return {
    id: WAIVABLE[name],
    waivedBy: `waf.${name}`,
    item: 8,
    says: SAYS[name],
    why: "What is known to be an attack should cost nothing more than a firewall rule.",
    on: [ACL],
    needed: true,
    judge: (block) =>
      judgeRules(block, (rules) => {
        const rule = rules.find((each) => managedOf(each).name === group);
        if (!rule) return fails(`${group} is not among the rules`);
        if (!("none" in blockAt(rule, "override_action"))) return fails(`${group} only counts`);
        if ("scope_down_statement" in managedOf(rule))
          return fails(`${group} judges a part of the requests only`);
        const weakened = blocksOf(managedOf(rule).rule_action_override)
          .filter((override) => !("block" in blockAt(override, "action_to_use")))
          .map((override) => String(override.name))
          .filter((override) => !counted.includes(override));
        return weakened.length === 0 ? HOLDS : fails(`${group} does not block ${weakened.join(", ")}`);
      }),
    maps: {
      fsbp: ["WAF.10"],
      ...(name === "knownBadInputs" ? { checkov: ["CKV_AWS_192", "CKV2_AWS_76"] } : {}),
    },
  };
}

function managedOf(rule: Fields): Fields {
  return blockAt(rule, "statement", "managed_rule_group_statement");
}

const logsRedacted: Control = {
  id: WAIVABLE.logs,
  waivedBy: "waf.logs",
  item: 10,
  says: "The firewall writes a log, in which no credential stands",
  why: "Without it nobody knows who was refused; with raw headers the log is a list of keys.",
  on: [ACL],
  needed: true,
  judge: (block, plan) => {
    const [logging] = plan.referring(block, "aws_wafv2_web_acl_logging_configuration", "resource_arn");
    if (!logging) return fails("the web ACL has no log");
    const redacted = blocksOf(logging.body.redacted_fields).map(
      (field) => blockAt(field, "single_header").name,
    );
    const substituted = blocksOf(blockAt(block.body, "data_protection_config").data_protection)
      .map((each) => blockAt(each, "field"))
      .filter((field) => field.field_type === "SINGLE_HEADER")
      .flatMap((field) => texts(field.field_keys));
    const bare = SECRET_HEADERS.filter((name) => !redacted.includes(name) || !substituted.includes(name));
    return bare.length === 0 ? HOLDS : fails(`the headers ${bare.join(", ")} are not protected`);
  },
  maps: { fsbp: ["WAF.11"], checkov: ["CKV2_AWS_31"], owasp: ["MCP01"] },
};

/** Controls of the firewall. */
export const wafControls: readonly Control[] = [
  associated,
  everyRuleActs,
  hostOnly,
  perIp,
  managedGroup("ipReputation"),
  managedGroup("anonymousIps"),
  managedGroup("knownBadInputs"),
  managedGroup("commonRules"),
  logsRedacted,
  ...renderedControls,
];
