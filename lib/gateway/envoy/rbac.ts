import { filter, type Json, type Left } from "./types";

const ANY = [{ any: true }];

/** A rule filter. Policies are tried in the order of their names; the name stands in the answer's details. */
export function rbac(name: string, action: "ALLOW" | "DENY", policies: Readonly<Record<string, Json>>): Json {
  const all = Object.entries(policies).map(([policy, permission]) => [
    policy,
    { principals: ANY, permissions: [permission] },
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

/** A value left by a filter before. */
export function metadata(left: Left, value: Json): Json {
  return { sourced_metadata: { metadata_matcher: { ...left, value } } };
}
