import type { ManagedGroup, WafStatement } from "./statement";

/** Capacity units (WCU) that are included in the price of a web ACL. */
export const INCLUDED_CAPACITY = 1500;

/** Capacity units that a web ACL can have at all. */
export const MAX_CAPACITY = 5000;

/** Fixed by AWS per managed group. */
const MANAGED: Readonly<Record<ManagedGroup, number>> = {
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesAnonymousIpList: 50,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesCommonRuleSet: 700,
};

const PER_TRANSFORM = 10;

/**
 * What a statement costs in web ACL capacity units, after
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html.
 */
export function capacityOf(statement: WafStatement): number {
  switch (statement.kind) {
    case "longer":
    case "country":
      return 1;
    case "text":
      return 2 + statement.after.length * PER_TRANSFORM;
    case "regex":
      return 3 + statement.after.length * PER_TRANSFORM;
    case "managed":
      return MANAGED[statement.group];
    case "rate":
      return 2;
    case "not":
      return capacityOf(statement.of);
    case "all":
    case "any":
      return statement.of.reduce((sum, inner) => sum + capacityOf(inner), 0);
  }
}
