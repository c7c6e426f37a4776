import { filter, noteOf, type Json } from "./types";

const ANY = [{ any: true }];

/**
 * A rule filter. Policies are tried in the order of their names; the name stands in the answer's details.
 * @param of what the rules are of: only some of Envoy's matchers know notes, only the others what lies in metadata
 */
export function rbac(
  name: string,
  action: "ALLOW" | "DENY",
  policies: Readonly<Record<string, Json>>,
  of: "permissions" | "principals" = "permissions",
): Json {
  const all = Object.entries(policies).map(([policy, rule]) => [
    policy,
    { principals: ANY, permissions: ANY, [of]: [rule] },
  ]);
  return filter(name, "rbac.v3.RBAC", { rules: { action, policies: Object.fromEntries(all) } });
}

/** All of these. */
export function and(...rules: Json[]): Json {
  return { and_rules: { rules } };
}

/** Not this. */
export function not(rule: Json): Json {
  return { not_rule: rule };
}

/** A request header and what it must be. */
export function header(name: string, match: Json): Json {
  return { header: { name, ...match } };
}

/** A text that the program has left. Where there is none, it does not match. */
export function note(name: string, match: Json): Json {
  return { filter_state: { key: noteOf(name), string_match: match } };
}
