import { blockAt, blocksOf, texts, type Fields } from "../audit/read";
import { GROUPS, WAF_RULES, type GroupMode, type GroupName, type RuleFacts } from "./rules";

/** Texts of a statement that its byte matches compare with, wherever they stand. */
function compared(statement: unknown, constraint: string): string[] {
  if (typeof statement !== "object" || statement === null) return [];
  if (Array.isArray(statement)) return statement.flatMap((each) => compared(each, constraint));
  const match = blockAt(statement, "byte_match_statement");
  const own = match.positional_constraint === constraint ? texts(match.search_string) : [];
  return [...own, ...Object.values(statement).flatMap((inner) => compared(inner, constraint))];
}

function modeOf(name: GroupName, rules: ReadonlyMap<unknown, Fields>): GroupMode {
  const rule = rules.get(WAF_RULES[name]);
  if (rule === undefined) return "absent";
  return "count" in blockAt(rule, "override_action") ? "count" : "block";
}

/** The facts that a written web ACL was made from, read back from where each of them stands. */
export function factsOf(rules: readonly Fields[]): RuleFacts {
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  const statement = (name: keyof typeof WAF_RULES) => blockAt(byName.get(WAF_RULES[name]), "statement");
  const rate = blockAt(statement("perIp"), "rate_based_statement");
  return {
    hostname: compared(statement("host"), "EXACTLY")[0] ?? "",
    paths: byName.has(WAF_RULES.path) ? compared(statement("path"), "EXACTLY") : undefined,
    allowedOrigins: compared(statement("origin"), "EXACTLY"),
    expectedCountries: texts(
      blocksOf(blockAt(statement("countries"), "not_statement").statement).map(
        (each) => blockAt(each, "geo_match_statement").country_codes,
      )[0],
    ),
    perIp: {
      requests: Number(rate.limit),
      windowSeconds: rate.evaluation_window_sec as RuleFacts["perIp"]["windowSeconds"],
    },
    groups: Object.fromEntries(
      (Object.keys(GROUPS) as GroupName[]).map((name) => [name, modeOf(name, byName)]),
    ) as Record<GroupName, GroupMode>,
  };
}
