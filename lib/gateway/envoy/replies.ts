import { ENVOY_ANSWERS, choose, details } from "./answers";
import { judged, looked, typed, type Json } from "./types";

/** Those that are JSON-RPC errors. */
const REPLIES = ENVOY_ANSWERS.filter(({ code }) => code !== undefined);

/**
 * See `ENVOY_ANSWERS`. One body for all of them, its code and message looked up; a mapper only where the status changes, and
 * one that leaves alone what is complete already: what Lua has answered, and the public document.
 */
export function replies(): Json {
  const changed = REPLIES.flatMap(({ when, status, asIs, soft, retryAfter }) => {
    const changedTo = asIs ? undefined : status;
    return [
      ...(soft
        ? [{ status: 200, filter: { and_filter: { filters: [cel(when), fromLegacy] } }, retryAfter }]
        : []),
      ...(changedTo === undefined && retryAfter === undefined
        ? []
        : [{ status: changedTo, filter: cel(when), retryAfter }]),
    ];
  });
  return {
    mappers: [
      {
        filter: cel(`${details("lua_response")} || response.code < 400`),
        body_format_override: {
          content_type: "application/json",
          text_format_source: { inline_string: "%LOCAL_REPLY_BODY%" },
        },
      },
      ...changed.map(({ filter, status, retryAfter }) => ({
        filter,
        ...(status !== undefined && { status_code: status }),
        ...(retryAfter !== undefined && {
          headers_to_add: [{ header: { key: "retry-after", value: `${retryAfter}` } }],
        }),
      })),
    ],
    body_format: {
      content_type: "application/json",
      // Without an id until the body has been read.
      omit_empty_values: true,
      json_format: {
        jsonrpc: "2.0",
        // Of the type that the caller used.
        id: looked(judged("id")),
        error: {
          code: `%TYPED_CEL(${choose(REPLIES, ({ code }) => `${code}`)})%`,
          message: `%CEL(${choose(REPLIES, ({ messages }) => `'${messages[0]}'`)})%`,
        },
      },
    },
  };
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
    matcher: { ...judged("legacy"), value: { present_match: true } },
    match_if_key_not_found: false,
  },
};
