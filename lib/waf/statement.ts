/** Part of a request that a statement looks at. */
export type Component =
  | { readonly kind: "path" }
  | { readonly kind: "method" }
  | { readonly kind: "query" }
  /** `name` in lower case: AWS WAF finds no other. */
  | { readonly kind: "header"; readonly name: string }
  /** The first 8,192 bytes behind a load balancer; a longer body counts as a match of the statement. */
  | { readonly kind: "body" };

/** What is done to the part before it is compared, in this order. Each costs 10 capacity units. */
export type Transform = "LOWERCASE" | "URL_DECODE";

/** Groups of rules that AWS keeps up to date. */
export type ManagedGroup =
  | "AWSManagedRulesAmazonIpReputationList"
  | "AWSManagedRulesAnonymousIpList"
  | "AWSManagedRulesKnownBadInputsRuleSet"
  | "AWSManagedRulesCommonRuleSet";

/** What a firewall rule matches. Plain data, rendered for Terraform by `renderStatement` alone. */
export type WafStatement =
  /** The part is longer than `bytes`. A header that is absent is not. */
  | { readonly kind: "longer"; readonly part: Component; readonly bytes: number }
  | {
      readonly kind: "text";
      readonly part: Component;
      readonly how: "EXACTLY" | "STARTS_WITH";
      /** At most 200 characters. */
      readonly text: string;
      readonly after: readonly Transform[];
    }
  | {
      readonly kind: "regex";
      readonly part: Component;
      /** At most 200 characters. */
      readonly pattern: string;
      readonly after: readonly Transform[];
    }
  /** Country of the source address, by two-letter codes. */
  | { readonly kind: "country"; readonly codes: readonly string[] }
  /** A managed group, of which the rules in `counted` only count. */
  | { readonly kind: "managed"; readonly group: ManagedGroup; readonly counted: readonly string[] }
  /** More requests from one source address than this within the window. */
  | { readonly kind: "rate"; readonly requests: number; readonly windowSeconds: 60 | 120 | 300 | 600 }
  | { readonly kind: "all"; readonly of: readonly WafStatement[] }
  | { readonly kind: "any"; readonly of: readonly WafStatement[] }
  | { readonly kind: "not"; readonly of: WafStatement };

/** AWS's limit for a text or a pattern that a statement compares with, in characters. */
export const MAX_TEXT = 200;

/** The part is exactly this text, as it was sent unless transforms are named. */
export function is(part: Component, text: string, ...after: readonly Transform[]): WafStatement {
  return { kind: "text", part, how: "EXACTLY", text, after };
}

/** None of these holds. */
export function noneOf(statements: readonly WafStatement[]): WafStatement {
  return { kind: "not", of: anyOf(statements) };
}

/** At least one of these holds. AWS refuses a disjunction of one, so that one stands for itself. */
export function anyOf(statements: readonly WafStatement[]): WafStatement {
  const [only, ...more] = statements;
  return only !== undefined && more.length === 0 ? only : { kind: "any", of: statements };
}
