import { resourceMetadataPath } from "../gateway/contract";
import { is, noneOf, type ManagedGroup, type WafStatement } from "./statement";

/** Names of the rules, which are also their metrics' names, in the order in which they are asked. */
export const WAF_RULES = {
  oversizeBody: "oversize-body",
  host: "host",
  path: "path",
  method: "method",
  ipReputation: "ip-reputation",
  anonymousIps: "anonymous-ips",
  perIp: "per-ip",
  queryCredential: "query-credential",
  origin: "origin",
  countries: "countries",
  knownBadInputs: "known-bad-inputs",
  commonRules: "common-rules",
} as const;

/** What a rule does with a request that it matches. */
export type RuleAction =
  /** Lets it on, counts it, and marks it in the log. */
  | { readonly kind: "count"; readonly label: string }
  | { readonly kind: "block"; readonly answer: Answer }
  /** As the managed group says; `count` makes all of its rules count. */
  | { readonly kind: "managed"; readonly mode: "block" | "count" };

/** The response to a refused request. The body is a JSON-RPC error, made from `says`. */
export interface Answer {
  readonly status: 400 | 403 | 404 | 405 | 421 | 429;
  readonly says: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** One rule of the web ACL. */
export interface WafRule {
  readonly name: string;
  /** Fixed per name, so that a rule that comes or goes moves no other (a changed rule loses its counters). */
  readonly priority: number;
  readonly statement: WafStatement;
  readonly action: RuleAction;
}

/** A managed group's mode; `absent` where it is waived. */
export type GroupMode = "block" | "count" | "absent";

/** All that the rules depend on. */
export interface RuleFacts {
  /** In lower case. */
  readonly hostname: string;
  /** Paths of the servers; absent where servers are added from other stacks. */
  readonly paths: readonly string[] | undefined;
  readonly allowedOrigins: readonly string[];
  readonly expectedCountries: readonly string[];
  readonly perIp: { readonly requests: number; readonly windowSeconds: 60 | 120 | 300 | 600 };
  readonly groups: Readonly<Record<GroupName, GroupMode>>;
}

/** The managed groups, by the field that configures each. */
export type GroupName = "ipReputation" | "anonymousIps" | "knownBadInputs" | "commonRules";

/** What each field stands for, and the rules in it that refuse ordinary MCP traffic and therefore only count. */
export const GROUPS: Readonly<
  Record<GroupName, { readonly group: ManagedGroup; readonly counted: readonly string[] }>
> = {
  ipReputation: { group: "AWSManagedRulesAmazonIpReputationList", counted: [] },
  // Agents run in clouds: a hosting provider's address is the normal case.
  anonymousIps: { group: "AWSManagedRulesAnonymousIpList", counted: ["HostingProviderIPList"] },
  knownBadInputs: { group: "AWSManagedRulesKnownBadInputsRuleSet", counted: [] },
  // Tool arguments hold code, SQL, HTML and URLs, bodies exceed 8 KB, SDK clients send no User-Agent.
  commonRules: {
    group: "AWSManagedRulesCommonRuleSet",
    counted: [
      "NoUserAgent_HEADER",
      "SizeRestrictions_BODY",
      "CrossSiteScripting_BODY",
      "GenericLFI_BODY",
      "GenericRFI_BODY",
      "EC2MetaDataSSRF_BODY",
    ],
  },
};

const METHODS = ["POST", "GET", "DELETE", "OPTIONS"] as const;

/** Bytes of a body that AWS WAF sees behind a load balancer. */
const INSPECTED_BYTES = 8192;

/** Where RFC 9728 documents begin, for the host and for each server. */
const METADATA = resourceMetadataPath("");

const QUERY_CREDENTIAL =
  "(^|&)((access|id|refresh|bearer|auth)?[-_]?token|(x[-_])?api[-_]?key|key|secret|client[-_]secret|password|authorization)=";

/** The rules that these facts ask for, in order. */
export function wafRules(facts: RuleFacts): WafRule[] {
  const { hostname, paths, allowedOrigins, expectedCountries, perIp } = facts;
  const header = (name: string) => ({ kind: "header", name }) as const;
  return [
    count("oversizeBody", { kind: "longer", part: { kind: "body" }, bytes: INSPECTED_BYTES }),
    block("host", noneOf([is(header("host"), hostname, "LOWERCASE")]), {
      status: 421,
      says: "this host is not served here",
    }),
    ...(paths === undefined
      ? []
      : [block("path", noneOf(served(paths)), { status: 404, says: "there is nothing at this path" })]),
    block("method", noneOf(METHODS.map((method) => is({ kind: "method" }, method))), {
      status: 405,
      says: "this method is not allowed",
      headers: { Allow: METHODS.join(", ") },
    }),
    ...managed("ipReputation", facts),
    ...managed("anonymousIps", facts),
    block(
      "perIp",
      { kind: "rate", ...perIp },
      {
        status: 429,
        says: "too many requests from this address",
        headers: { "Retry-After": String(perIp.windowSeconds) },
      },
    ),
    block(
      "queryCredential",
      {
        kind: "regex",
        part: { kind: "query" },
        pattern: QUERY_CREDENTIAL,
        after: ["URL_DECODE", "LOWERCASE"],
      },
      { status: 400, says: "credentials belong in a header and this one must be changed now" },
    ),
    ...(allowedOrigins.length === 0
      ? []
      : [
          block(
            "origin",
            {
              kind: "all",
              of: [
                { kind: "longer", part: header("origin"), bytes: 0 },
                noneOf(allowedOrigins.map((origin) => is(header("origin"), origin))),
              ],
            },
            { status: 403, says: "this origin is not allowed" },
          ),
        ]),
    ...(expectedCountries.length === 0
      ? []
      : [count("countries", noneOf([{ kind: "country", codes: expectedCountries }]))]),
    ...managed("knownBadInputs", facts),
    ...managed("commonRules", facts),
  ];
}

function served(paths: readonly string[]): WafStatement[] {
  // One prefix for all metadata documents: 2 units instead of 2 per server. The listener knows each path exactly.
  return [
    ...paths.map((path) => is({ kind: "path" }, path)),
    { kind: "text", part: { kind: "path" }, how: "STARTS_WITH", text: METADATA, after: [] },
  ];
}

type RuleKey = keyof typeof WAF_RULES;

function rule(key: RuleKey, statement: WafStatement, action: RuleAction): WafRule {
  const priority = (Object.keys(WAF_RULES).indexOf(key) + 1) * 10;
  return { name: WAF_RULES[key], priority, statement, action };
}

function count(key: RuleKey, statement: WafStatement): WafRule {
  return rule(key, statement, { kind: "count", label: `mcp:${WAF_RULES[key]}` });
}

function block(
  key: RuleKey,
  statement: WafStatement,
  answer: Omit<Answer, "headers"> & Partial<Pick<Answer, "headers">>,
): WafRule {
  return rule(key, statement, { kind: "block", answer: { headers: {}, ...answer } });
}

function managed(key: GroupName, facts: RuleFacts): WafRule[] {
  const mode = facts.groups[key];
  if (mode === "absent") return [];
  return [rule(key, { kind: "managed", ...GROUPS[key] }, { kind: "managed", mode })];
}

/** The response body of a rule: a JSON-RPC error without an id, as nothing of the message was read, and with the
 * gateway's code for that status. */
export function answerBody(answer: Answer): string {
  return JSON.stringify({ jsonrpc: "2.0", error: { code: -31000 - answer.status, message: answer.says } });
}
