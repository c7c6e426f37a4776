import { Lb } from "@cdktf/provider-aws/lib/lb";
import { isToken } from "../../lib/terraform";
import type { Plan } from "../../lib/terraform/plan";
import { Check, formatProblem } from "../../lib/validation";
import type { WafConfig } from "../../lib/waf/config";
import { resolveWaf, type WafFacts, type WafModel } from "../../lib/waf/model";
import { WebAcl } from "../../lib/waf/web-acl";
import { synthPlan, testDeployment } from "../support/plan";

export const FACTS: WafFacts = {
  hostname: "mcp.example.com",
  paths: ["/orders/mcp", "/docs/mcp"],
  allowedOrigins: ["https://app.example.com", "https://desk.example.com"],
  expectedCountries: ["IE", "GB"],
  logRetainDays: 400,
};

/** The model and its problems as people read them. */
export function resolve(config?: unknown, facts: Partial<WafFacts> = {}) {
  const check = Check.start(isToken).at("waf");
  const model = resolveWaf(config as WafConfig | undefined, check, { ...FACTS, ...facts });
  if (model.kind !== "new") throw new Error("it is not made here");
  return { model, problems: check.problems.map(formatProblem) };
}

/** A load balancer and its firewall. */
export function wafPlan(model: WafModel = resolve().model): Plan {
  return synthPlan((stack) => {
    const on = testDeployment(stack);
    const lb = new Lb(stack, "lb", { name: "front", loadBalancerType: "application" });
    new WebAcl(stack, "waf", {
      on,
      slice: model,
      loadBalancerArn: lb.arn,
      logsKeyArn: "arn:aws:kms:eu-west-1:1:key/k",
    });
  });
}
