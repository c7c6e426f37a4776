import { escapePattern } from "../../policy/pattern";
import { resourceMetadataPath } from "../contract";
import { and, header, not, rbac } from "./rbac";
import { FILTERS, filter, type Json, type Parts } from "./types";

/**
 * What is refused before anybody is asked who they are: another host or path, a query (credentials end up there, and
 * the protocol has none), a browser on a page that is not listed. The policies' names are the reasons of the audit record.
 */
export function edge({ policy }: Parts): Json {
  const paths = [policy.path, ...(policy.issuers.length > 0 ? [resourceMetadataPath(policy.path)] : [])];
  const elsewhere = [
    not(header(":authority", { string_match: { exact: policy.hostname, ignore_case: true } })),
    not(onPath(paths)),
  ];
  return rbac(FILTERS.edge, "DENY", {
    "not-found": { or_rules: { rules: elsewhere } },
    "origin-denied": and(
      header("origin", { present_match: true }),
      onPath([policy.path]),
      not(header("origin", { string_match: { safe_regex: { regex: oneOf(policy.allowedOrigins) } } })),
    ),
    "query-denied": header(":path", { string_match: { contains: "?" } }),
  });
}

/** Preflights and headers for browsers of the allowed origins; nothing where there are none. */
export function cors({ policy }: Parts): Json[] {
  return policy.allowedOrigins.length === 0 ? [] : [filter(FILTERS.cors, "cors.v3.Cors", {})];
}

/** One of these paths, with or without a query. */
function onPath(paths: readonly string[]): Json {
  const matches = paths.flatMap((path) => [{ exact: path }, { prefix: `${path}?` }]);
  return { or_rules: { rules: matches.map((match) => header(":path", { string_match: match })) } };
}

/** One of these texts and nothing else; of none, no text. */
export function oneOf(texts: readonly string[]): string {
  return texts.length === 0 ? "[^\\s\\S]" : texts.map(escapePattern).join("|");
}
