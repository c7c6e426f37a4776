import { checkLogRetention } from "../audit/retention";
import { checkWaiver, isWaiver, type Check, type Fields, type Waiver } from "../validation";
import { isExisting } from "../validation/existing";
import { capacityOf, INCLUDED_CAPACITY, MAX_CAPACITY } from "./capacity";
import type { ExistingWebAclConfig, PerIpConfig, WafConfig } from "./config";
import { wafRules, type GroupMode, type GroupName, type WafRule } from "./rules";
import { MAX_TEXT, type WafStatement } from "./statement";

/** The firewall with every default resolved, or one that is there already. */
export type WafModel = NewWafModel | GivenWafModel;

/** A web ACL that is there already. */
export interface GivenWafModel {
  readonly kind: "existing";
  readonly arn: string;
  readonly metricName: string;
  readonly waivers: readonly never[];
}

/** A web ACL to be made. */
export interface NewWafModel {
  readonly kind: "new";
  readonly rules: readonly WafRule[];
  /** Capacity units of all rules. */
  readonly capacity: number;
  /** Absent where waived. */
  readonly logs: { readonly retainDays: number } | undefined;
  /** What was turned off in the open: the field, and the control that it concerns. */
  readonly waivers: readonly { readonly field: string; readonly control: string; readonly waiver: Waiver }[];
}

/** What the firewall must know of other slices. */
export interface WafFacts {
  readonly hostname: string;
  /** Paths of the servers. Absent where they are not all known: the firewall then lets every path on. */
  readonly paths?: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly expectedCountries: readonly string[];
  readonly logRetainDays: number;
}

/** Ids of the controls that the fields of this slice can waive. */
export const WAIVABLE = {
  ipReputation: "waf.ip-reputation-blocks",
  anonymousIps: "waf.anonymous-ips-blocks",
  knownBadInputs: "waf.known-bad-inputs-blocks",
  commonRules: "waf.common-rules-blocks",
  logs: "waf.logs-redacted",
} as const;

const FIELDS = {
  webAcl: true,
  perIp: true,
  ipReputation: true,
  anonymousIps: true,
  knownBadInputs: true,
  commonRules: true,
  acceptExtraCapacity: true,
  logs: true,
} satisfies Fields<WafConfig>;

const PER_IP: PerIpConfig = { requests: 600, windowSeconds: 60 };
const WINDOWS: readonly number[] = [60, 120, 300, 600];

/** Resolves the firewall. */
export function resolveWaf(config: WafConfig | undefined, check: Check, facts: WafFacts): WafModel {
  const given: WafConfig = config !== undefined && check.object(config, FIELDS) ? config : {};
  const { webAcl = { kind: "new" } } = given;
  if (isExisting(webAcl, check.at("webAcl"))) return resolveGiven(given, webAcl, check);
  const groups = {
    ipReputation: group(given.ipReputation, check.at("ipReputation")),
    anonymousIps: group(given.anonymousIps, check.at("anonymousIps")),
    knownBadInputs: group(given.knownBadInputs, check.at("knownBadInputs")),
    commonRules: group(given.commonRules, check.at("commonRules")),
  } satisfies Record<GroupName, GroupMode>;
  const rules = wafRules({
    ...facts,
    // A token must not be touched: changing its text writes garbage.
    hostname: check.isToken(facts.hostname) ? facts.hostname : facts.hostname.toLowerCase(),
    paths: facts.paths,
    perIp: perIp(given.perIp, check.at("perIp")),
    groups,
  });
  for (const { name, statement } of rules) checkTexts(statement, name, check);
  const waived = Object.entries(WAIVABLE) as [keyof typeof WAIVABLE, string][];
  return {
    kind: "new",
    rules,
    capacity: capacity(rules, given.acceptExtraCapacity, check),
    logs: logs(given.logs, facts.logRetainDays, check.at("logs")),
    waivers: waived.flatMap(([field, control]) => {
      const waiver = given[field];
      return isWaiver(waiver) ? [{ field: `waf.${field}`, control, waiver }] : [];
    }),
  };
}

const ARN = {
  pattern:
    /^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional\/webacl\/[A-Za-z0-9_-]{1,128}\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  form: "the ARN of a regional web ACL, as arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shared/11111111-2222-3333-4444-555555555555",
};

/** `WebACL` of a web ACL's metrics. */
export const METRIC_NAME = {
  pattern: /^[A-Za-z0-9_-]{1,128}$/,
  form: "the name of its metrics: letters, digits, _ and -, 128 at most",
};

function resolveGiven(config: WafConfig, webAcl: ExistingWebAclConfig, check: Check): GivenWafModel {
  const at = check.at("webAcl");
  at.object(webAcl, { kind: true, arn: true, metricName: true } satisfies Fields<ExistingWebAclConfig>);
  const { arn, metricName } = webAcl;
  at.at("arn").text(arn, ARN);
  at.at("metricName").text(metricName, METRIC_NAME);
  for (const field of Object.keys(config)) {
    if (field !== "webAcl" && config[field as keyof WafConfig] !== undefined && Object.hasOwn(FIELDS, field))
      check
        .at(field)
        .problem("conflict", "is set for a web ACL that is there already", "leave it out: its owner decides");
  }
  return { kind: "existing", arn, metricName, waivers: [] };
}

function group(value: "block" | "count" | Waiver | undefined, check: Check): GroupMode {
  if (value === undefined) return "block";
  if (isWaiver(value)) {
    checkWaiver(value, check);
    return "absent";
  }
  return check.oneOf(value, ["block", "count"], "or waive it: { waive: why, until: day }") ? value : "block";
}

function perIp(value: PerIpConfig | undefined, check: Check): PerIpConfig {
  const fields = { requests: true, windowSeconds: true } satisfies Fields<PerIpConfig>;
  if (value === undefined || !check.object(value, fields)) return PER_IP;
  const requests = check
    .at("requests")
    .integer(value.requests, { min: 10, max: 2_000_000, unit: "requests", known: true });
  const at = check.at("windowSeconds");
  const window =
    at.integer(value.windowSeconds, { min: 60, max: 600, unit: "seconds", known: true }) &&
    (at.isToken(value.windowSeconds) ||
      WINDOWS.includes(value.windowSeconds) ||
      at.problem(
        "out-of-range",
        `is ${at.show(value.windowSeconds)}, expected one of ${WINDOWS.join(", ")} seconds`,
        "choose one of them",
      ));
  return {
    requests: requests ? value.requests : PER_IP.requests,
    windowSeconds: window ? value.windowSeconds : PER_IP.windowSeconds,
  };
}

function logs(value: WafConfig["logs"], fallback: number, check: Check): NewWafModel["logs"] {
  if (isWaiver(value)) {
    checkWaiver(value, check);
    return undefined;
  }
  if (value === undefined || !check.object(value, { retainDays: true })) return { retainDays: fallback };
  const days = value.retainDays ?? fallback;
  return { retainDays: checkLogRetention(days, check.at("retainDays")) ? days : fallback };
}

function capacity(rules: readonly WafRule[], accepted: boolean | undefined, check: Check): number {
  const at = check.at("acceptExtraCapacity");
  if (accepted !== undefined) at.boolean(accepted);
  const sum = rules.reduce((total, { statement }) => total + capacityOf(statement), 0);
  const dear = [...rules].sort((a, b) => capacityOf(b.statement) - capacityOf(a.statement)).slice(0, 3);
  const named = dear.map(({ name, statement }) => `${name} ${capacityOf(statement)}`).join(", ");
  if (sum > MAX_CAPACITY) {
    check.problem(
      "over-budget",
      `needs ${sum} capacity units (most by ${named}), expected at most ${MAX_CAPACITY}`,
      "serve fewer paths or origins",
    );
  } else if (sum > INCLUDED_CAPACITY && accepted !== true) {
    check.problem(
      "over-budget",
      `needs ${sum} capacity units (most by ${named}), expected at most ${INCLUDED_CAPACITY}`,
      "serve fewer paths or origins, or set acceptExtraCapacity: true and pay for them",
    );
  }
  return sum;
}

/** AWS refuses longer texts only when they are applied. */
function checkTexts(statement: WafStatement, rule: string, check: Check): void {
  switch (statement.kind) {
    case "text":
      return checkText(statement.text, rule, check);
    case "regex":
      return checkText(statement.pattern, rule, check);
    case "not":
      return checkTexts(statement.of, rule, check);
    case "all":
    case "any":
      return statement.of.forEach((inner) => checkTexts(inner, rule, check));
    case "longer":
    case "country":
    case "managed":
    case "rate":
  }
}

function checkText(text: string, rule: string, check: Check): void {
  if (check.isToken(text) || text.length <= MAX_TEXT) return;
  check.problem(
    "too-long",
    `compares with ${check.show(text)} in the rule ${rule}, which has ${text.length} characters, expected at most ${MAX_TEXT}`,
    "shorten the path, origin or host name",
  );
}

/** The limit per address that a firewall is made with, for what is written down of it; nothing of one that is there. */
export function perIpOf(waf: WafModel): { readonly perIp?: PerIpConfig } {
  const rates = (waf.kind === "new" ? waf.rules : []).flatMap(({ statement }) =>
    statement.kind === "rate"
      ? [{ requests: statement.requests, windowSeconds: statement.windowSeconds }]
      : [],
  );
  return rates[0] ? { perIp: rates[0] } : {};
}
