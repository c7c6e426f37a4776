import { answersOf, choose, details, type EnvoyAnswer } from "./answers";
import { found, left, typed, type Json, type Parts } from "./types";

/**
 * See `ENVOY_ANSWERS`. One body for all of them, its code and message looked up; a mapper only where the status changes, one
 * for all that change alike, and one that leaves alone what is complete already: what Lua has answered, and the public document.
 */
export function replies(parts: Parts): Json {
  const errors = answersOf(parts).filter(({ code }) => code !== undefined);
  const soft = errors.filter(({ soft }) => soft).map(({ when }) => when);
  // One look for both: what it finds is the rest of the error, but for its end.
  const error = choose(errors, ({ code, messages }) => `'${code},"message":"${messages[0]}'`);
  return {
    mappers: [
      {
        filter: cel(`${details("lua_response")} || response.code < 400`),
        body_format_override: {
          content_type: "application/json",
          text_format_source: { inline_string: "%LOCAL_REPLY_BODY%" },
        },
      },
      { filter: { and_filter: { filters: [cel(soft.join(" || ")), fromLegacy] } }, status_code: 200 },
      ...changes(errors),
    ],
    body_format: {
      content_type: "application/json",
      // Without an id until the body has been read. The program has left it as JSON, with its name.
      omit_empty_values: true,
      text_format_source: {
        inline_string: `{"jsonrpc":"2.0",${left("id")}"error":{"code":%CEL(${error})%"}}`,
      },
    },
  };
}

/** What is changed of answers beside their body, once for all that change alike. */
function changes(errors: readonly EnvoyAnswer[]): Json[] {
  const alike = new Map<string, { change: Json; when: string[] }>();
  for (const { when, status, asIs, retryAfter } of errors) {
    const change = {
      ...(!asIs && { status_code: status }),
      ...(retryAfter !== undefined && {
        headers_to_add: [{ header: { key: "retry-after", value: `${retryAfter}` } }],
      }),
    };
    if (Object.keys(change).length === 0) continue;
    const key = JSON.stringify(change);
    alike.set(key, { change, when: [...(alike.get(key)?.when ?? []), when] });
  }
  return [...alike.values()].map(({ change, when }) => ({ filter: cel(when.join(" || ")), ...change }));
}

function cel(expression: string): Json {
  return {
    extension_filter: {
      name: "cel",
      typed_config: typed("extensions.access_loggers.filters.cel.v3.ExpressionFilter", { expression }),
    },
  };
}

const fromLegacy = {
  metadata_filter: {
    matcher: { ...found("legacy"), value: { present_match: true } },
    match_if_key_not_found: false,
  },
};
