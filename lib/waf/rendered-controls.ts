import { ALARM_TAGS } from "../alarms/names";
import { blockAt, blocksOf, texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { declaredOf, isBelow, isOurs, ofOurs } from "../checklist/engine";
import { readManifest } from "../checklist/manifest";
import { canonical, type Tree } from "../checklist/review/leaves";
import type { PolicyDocument } from "../policy/document";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { asWritten, renderAnswers, renderRule, visibility } from "./render-rule";
import { chosenControls } from "./chosen-controls";
import { factsOf } from "./facts";
import { wafRules } from "./rules";
import { SECRET_HEADERS } from "./secret-headers";

const ACL = "aws_wafv2_web_acl";

function isAlike(one: unknown, other: unknown): boolean {
  const text = (value: unknown) => (value === undefined ? "" : canonical(value as Tree));
  return text(one) === text(other);
}

const LATER = "the rules are an expression or raw JSON, which nobody can read before deployment";

function isDark({ body }: Block): boolean {
  return isExpression(body.rule) || body.rule_json !== undefined;
}

const asRendered: Control = {
  id: "waf.rules-as-made",
  item: 11,
  says: "Every rule of the firewall asks, acts, answers and is measured as it was made",
  why: "A rule that looks at another header, transforms less, or answers otherwise lets through what nobody sees.",
  on: [ACL],
  judge: (block, plan) => {
    if (isDark(block)) return unknown(LATER);
    if (!isOurs(block, plan)) return HOLDS;
    const { rule, custom_response_body: bodies, visibility_config: measured, name } = block.body;
    const written = blocksOf(rule);
    const facts = factsOf(written);
    const made = wafRules(facts);
    const wrong = made.find(
      (one) =>
        !isAlike(
          written.find((each) => each.name === one.name),
          asWritten(renderRule(one)),
        ),
    );
    if (wrong) return fails(`the rule ${wrong.name} is another one`);
    const names = made.map((one) => one.name);
    const more = written.find((each) => !names.includes(String(each.name)));
    if (more) return fails(`the rule ${String(more.name)} is none of ours`);
    if (!isAlike(bodies, asWritten(renderAnswers(made)))) return fails("its answers are others");
    return isAlike(blockAt(measured), asWritten(visibility(String(name))))
      ? HOLDS
      : fails("the whole is measured otherwise");
  },
};

const protectedData = ofOurs({
  id: "waf.data-protected",
  item: 6,
  says: "What stands in the firewall's samples and logs of credentials, arguments and queries is taken out",
  why: "Samples are shown to whoever may look at the firewall: a key in one is a key that leaked.",
  on: [ACL],
  judge: (block) => {
    const written = blocksOf(blockAt(block.body, "data_protection_config").data_protection)
      .filter(({ action }) => action === "SUBSTITUTION" || action === "HASH")
      .map((each) => blockAt(each, "field"));
    const open = ["SINGLE_HEADER", "QUERY_STRING", "BODY"].filter(
      (kind) => !written.some(({ field_type: type }) => type === kind),
    );
    if (open.length > 0) return fails(`${open.join(", ")} is kept as it was sent`);
    const named = written.flatMap(({ field_keys: keys }) => texts(keys));
    const bare = SECRET_HEADERS.filter((name) => !named.includes(name));
    return bare.length === 0 ? HOLDS : fails(`the headers ${bare.join(", ")} are kept as they were sent`);
  },
  maps: { owasp: ["MCP01"] },
});

/** Ends of requests that a log has to keep. */
const REFUSED = ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"];

const logKeeps: Control = {
  id: "waf.log-keeps-refusals",
  item: 10,
  says: "The firewall's log keeps all that was blocked or counted, without queries and credentials",
  why: "What was refused and is written nowhere cannot be looked into.",
  on: ["aws_wafv2_web_acl_logging_configuration"],
  judge: ({ body }) => {
    if (texts(body.log_destination_configs).length === 0) return fails("it goes nowhere");
    const redacted = blocksOf(body.redacted_fields);
    if (!redacted.some((field) => "query_string" in field)) return fails("queries stand in it");
    const named = redacted.map((field) => blockAt(field, "single_header").name);
    const bare = SECRET_HEADERS.filter((name) => !named.includes(name));
    if (bare.length > 0) return fails(`the headers ${bare.join(", ")} stand in it`);
    const filter = blockAt(body, "logging_filter");
    if (filter.default_behavior !== "DROP") return HOLDS;
    const kept = blocksOf(filter.filter)
      .filter(({ behavior, requirement }) => behavior === "KEEP" && requirement === "MEETS_ANY")
      .flatMap(({ condition }) => blocksOf(condition))
      .map((each) => blockAt(each, "action_condition").action);
    const lost = REFUSED.filter((action) => !kept.includes(action));
    return lost.length === 0 ? HOLDS : fails(`${lost.join(", ")} is not kept`);
  },
  maps: { owasp: ["MCP08"] },
};

const fits: Control = {
  id: "waf.rules-fit-servers",
  item: 11,
  says: "The firewall knows the host, the paths and the origins of the servers behind it, and no others",
  why: "What it knows too little of it refuses, and what it knows too much of reaches the gateway for nothing.",
  on: [ACL],
  judge: (block, plan) => {
    if (isDark(block)) return unknown(LATER);
    const servers = siblings(block, plan);
    if (servers.length === 0) return HOLDS;
    const { hostname, paths, allowedOrigins, expectedCountries } = factsOf(blocksOf(block.body.rule));
    const hosts = servers.map((server) => server.hostname.toLowerCase());
    if (!isExpression(hostname) && hosts.some((host) => !isExpression(host) && host !== hostname))
      return fails(`it serves the host ${hostname}, and servers are at another`);
    if (
      !isSame(
        paths ?? [],
        servers.map(({ path }) => path),
      )
    )
      return fails("its paths are not those of the servers");
    const origins = servers.flatMap((server) => server.allowedOrigins);
    if (!isSame(allowedOrigins, origins)) return fails("its origins are not those of the servers");
    const asked = plan
      .blocks("aws_cloudwatch_metric_alarm")
      .some(({ body }) => blockAt(body, "tags")[ALARM_TAGS.id] === "unexpected-country");
    return asked && expectedCountries.length === 0
      ? fails("an alarm rings for countries that no rule counts")
      : HOLDS;
  },
};

function isSame(a: readonly string[], b: readonly string[]): boolean {
  const [one, other] = [new Set(a), new Set(b)];
  return one.size === other.size && [...one].every((item) => other.has(item));
}

/** Policies of the servers that were declared together with the firewall's platform; it does not know those of others. */
function siblings(block: Block, plan: Plan): PolicyDocument[] {
  const platform = declaredOf(block, plan).find(({ kind }) => kind === "platform");
  const home = platform?.path.split("/").slice(0, -1).join("/");
  if (home === undefined || !platform?.path.endsWith("/platform")) return [];
  return readManifest(plan.source).flatMap(({ path, policy }) =>
    policy !== undefined && isBelow(path, home) ? [policy] : [],
  );
}

/** Controls that hold the written firewall against its rules. */
export const renderedControls: readonly Control[] = [
  asRendered,
  protectedData,
  logKeeps,
  fits,
  ...chosenControls,
];
