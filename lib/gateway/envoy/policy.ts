import { GATEWAY } from "../contract";
import { lua } from "./lua";
import { header, note, rbac } from "./rbac";
import { FILTERS, filter, type Json, type Parts } from "./types";
import { patterns as patternsOf } from "./wire-arguments";

/** Ends a body that is too long, chunked or not, without keeping it. */
export function size({ policy }: Parts): Json {
  return filter(FILTERS.size, "body_size_limit.v3.BodySizeLimit", { max_request_bytes: policy.maxBodyBytes });
}

/** Judges the message: see `runtime/gateway/policy.lua`. */
export function judge({ policy }: Parts): Json {
  return lua(FILTERS.policy, "policy", policy);
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

/** What the last line of the program leaves: see `mark_of` in `runtime/gateway/common.lua`. */
export const MARK = { name: "asked", begins: "ok" } as const;

/** Default deny: only a request with a client and with the mark that the last line of `judge` sets goes on. */
export function authorize(): Json {
  return rbac(
    FILTERS.authorize,
    "ALLOW",
    {
      judged: {
        and_ids: {
          ids: [
            header(GATEWAY.clientHeader, { present_match: true }),
            note(MARK.name, { prefix: MARK.begins }),
          ],
        },
      },
    },
    "principals",
  );
}
