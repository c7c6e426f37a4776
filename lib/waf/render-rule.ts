import type { Wafv2WebAclCustomResponseBody, Wafv2WebAclRule } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { renderStatement } from "./render-statement";
import { answerBody, type RuleAction, type WafRule } from "./rules";

/** A rule as the bindings take it. Texts are as they are meant: whoever writes them has to escape them for Terraform. */
export function renderRule({ name, priority, statement, action }: WafRule): Wafv2WebAclRule {
  return {
    name,
    priority,
    statement: renderStatement(statement),
    ...renderAction(name, action),
    visibilityConfig: visibility(name),
  };
}

function renderAction(
  name: string,
  action: RuleAction,
): Pick<Wafv2WebAclRule, "action" | "overrideAction" | "ruleLabel"> {
  switch (action.kind) {
    case "count":
      return { action: { count: {} }, ruleLabel: [{ name: action.label }] };
    case "managed":
      return { overrideAction: action.mode === "count" ? { count: {} } : { none: {} } };
    case "block": {
      const headers = Object.entries(action.answer.headers);
      const responseHeader = headers.map(([header, value]) => ({ name: header, value }));
      const customResponse = { responseCode: action.answer.status, customResponseBodyKey: name };
      return {
        action: {
          block: {
            customResponse: headers.length > 0 ? { ...customResponse, responseHeader } : customResponse,
          },
        },
      };
    }
  }
}

/** Metrics and samples, of a rule or of the whole. */
export function visibility(metricName: string): Wafv2WebAclRule["visibilityConfig"] {
  return { cloudwatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true };
}

/** The answers of all rules that refuse. */
export function renderAnswers(rules: readonly WafRule[]): Wafv2WebAclCustomResponseBody[] {
  return rules.flatMap(({ name, action }) =>
    action.kind === "block"
      ? [{ key: name, contentType: "APPLICATION_JSON", content: answerBody(action.answer) }]
      : [],
  );
}

/** What the bindings make of it: the same, in the names of the written file. */
export function asWritten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asWritten);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      asWritten(inner),
    ]),
  );
}
