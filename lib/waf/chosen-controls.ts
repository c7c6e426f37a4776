import { blockAt, blocksOf, texts } from "../audit/read";
import { chosenFor, isChosen } from "../checklist/chosen";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { ofOurs } from "../checklist/engine";
import { isExpression, opened } from "../terraform/plan";
import { factsOf } from "./facts";

const ACL = "aws_wafv2_web_acl";
const LOGGING = "aws_wafv2_web_acl_logging_configuration";

const asChosen: Control = {
  id: "waf.limits-as-chosen",
  item: 7,
  says: "The firewall takes as many requests from one address, and from the countries, that were chosen for the deployment",
  why: "Ten times as many are a flood, one in a minute locks every client out; a country more or less is an alarm that is not believed.",
  on: [ACL],
  judge: (block, plan) => {
    if (isExpression(block.body.rule) || block.body.rule_json !== undefined)
      return unknown("the rules are an expression or raw JSON, which nobody can read before deployment");
    const chosen = chosenFor(block, plan)?.chosen;
    if (chosen === undefined) return HOLDS;
    const { perIp, expectedCountries } = factsOf(blocksOf(block.body.rule));
    const { requests, windowSeconds } = chosen.perIp ?? perIp;
    if (!isChosen(perIp.requests, requests) || !isChosen(perIp.windowSeconds, windowSeconds))
      return fails(
        `it takes ${perIp.requests} requests in ${perIp.windowSeconds} seconds, where ${requests} in ${windowSeconds} were chosen`,
      );
    const countries = chosen.countries ?? expectedCountries;
    return [...countries].sort().join() === [...expectedCountries].sort().join()
      ? HOLDS
      : fails(`it expects ${expectedCountries.join(", ") || "every country"}`);
  },
};

/** What AWS's log delivery does with a group. */
const WRITES = ["logs:CreateLogStream", "logs:PutLogEvents"];

const logArrives: Control = ofOurs({
  id: "waf.log-arrives",
  item: 10,
  says: "The firewall's log goes to a log group of this file that AWS's log delivery may write to",
  why: "WAF takes groups by the beginning of their names, and writes nothing where it may not: no refused request is found later.",
  on: [LOGGING],
  judge: ({ body }, plan) => {
    const [to, more] = texts(body.log_destination_configs);
    if (more !== undefined) return fails("it goes to several places");
    const group = plan.target(to);
    if (group === undefined)
      return isExpression(to)
        ? unknown("where it goes is known only at deployment")
        : fails(`it goes to ${String(to)}`);
    if (group.type !== "aws_cloudwatch_log_group") return fails(`it goes to ${group.address}`);
    const { name } = group.body;
    if (!isExpression(name) && !String(name).startsWith("aws-waf-logs-"))
      return fails("WAF does not take a group of that name");
    const right = plan
      .blocks("aws_cloudwatch_log_resource_policy")
      .flatMap(({ body: policy }) => blocksOf(blockAt(opened(policy.policy_document)).Statement))
      .find(
        ({ Effect, Principal, Resource }) =>
          Effect === "Allow" &&
          texts(blockAt(Principal).Service).includes("delivery.logs.amazonaws.com") &&
          texts(Resource).some((one) => one === `${String(to)}:*`),
      );
    const missing = WRITES.find((action) => !texts(right?.Action).includes(action));
    return missing === undefined ? HOLDS : fails(`log delivery may not ${missing} there`);
  },
});

const standsBefore: Control = ofOurs({
  id: "waf.acl-associated",
  item: 11,
  says: "The web ACL stands before a load balancer",
  why: "Rules that stand before nothing refuse nothing, and look in the console like those that do.",
  on: [ACL],
  judge: (block, plan) => {
    const found = plan
      .referring(block, "aws_wafv2_web_acl_association", "web_acl_arn")
      .some(({ body }) => texts(body.resource_arn).length > 0);
    return found ? HOLDS : fails("it is associated with nothing");
  },
  maps: { fsbp: ["ELB.16"], checkov: ["CKV2_AWS_28"], owasp: ["MCP07"] },
});

/** Controls of what was chosen for the firewall, of where its log goes, and of what it stands before. */
export const chosenControls: readonly Control[] = [asChosen, logArrives, standsBefore];
