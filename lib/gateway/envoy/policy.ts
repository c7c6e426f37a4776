import { GATEWAY } from "../contract";
import { stage } from "./program";
import { and, header, metadata, note, rbac } from "./rbac";
import { FILTERS, filter, judged, type Json, type Parts } from "./types";
import { patterns as patternsOf } from "./wire-arguments";

/** Ends a body that is too long, chunked or not, without keeping it. */
export function size({ policy }: Parts): Json {
  return filter(FILTERS.size, "body_size_limit.v3.BodySizeLimit", { max_request_bytes: policy.maxBodyBytes });
}

/** Judges the message: see `runtime/gateway/policy.lua`. */
export function judge(): Json {
  return filter(FILTERS.policy, "lua.v3.Lua", { default_source_code: { inline_string: stage("policy") } });
}

/** Prefix of the policies' names; the reason of the audit record. */
export const PATTERN_POLICY = "argument-invalid";

/** Lets RE2 judge the values that `judge` gathered, each behind a line feed, one rule for each distinct pattern. */
export function patterns({ policy }: Parts): Json[] {
  const rules = [...patternsOf(policy).values()].map((re2, index): [string, Json] => {
    const key = `${index + 1}`;
    const values = (match: Json) => note(`pattern.${key}`, match);
    const all = values({ safe_regex: { regex: `(?:\\n(?:${re2}))+` } });
    return [`${PATTERN_POLICY}:${key}`, { and_ids: { ids: [values({ prefix: "\n" }), { not_id: all }] } }];
  });
  return rules.length === 0 ? [] : [rbac(FILTERS.patterns, "DENY", Object.fromEntries(rules), "principals")];
}

/** Default deny: only a request with a client and with the mark that the last line of `judge` sets goes on. */
export function authorize(): Json {
  return rbac(FILTERS.authorize, "ALLOW", {
    judged: and(
      header(GATEWAY.clientHeader, { present_match: true }),
      metadata(judged("ok"), { string_match: { exact: "yes" } }),
    ),
  });
}
