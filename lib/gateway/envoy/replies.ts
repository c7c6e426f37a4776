import { NO_ROOM } from "./at-once";
import { EXACT_DETAILS } from "./exact";
import { PATTERN_POLICY } from "./policy";
import { METADATA, recorded, typed, type Json } from "./types";

interface Reply {
  /** CEL over the answer as the filter made it. */
  readonly when: string;
  /** Status of the answer; absent = as it was. */
  readonly status?: number;
  /** 200 for callers of the legacy era. */
  readonly soft?: true;
  readonly code: number;
  readonly message: string;
  /** Seconds after which to try again, where nothing else says it. */
  readonly retryAfter?: number | string;
}

const details = (text: string) => `response.code_details == '${text}'`;
const rule = (name: string) =>
  `response.code_details.startsWith('rbac_access_denied_matched_policy[${name}')`;

/**
 * Answers of Envoy's own filters as JSON-RPC errors. The first that fits wins. Refused arguments and timeouts are 200 in
 * the legacy era, 400 in the modern one: so the clients of each era see a clean error with their id. Codes of our own lie
 * outside the range that JSON-RPC and MCP reserve, see `common.lua`.
 */
const REPLIES: readonly Reply[] = [
  { when: rule("not-found"), status: 404, code: -31404, message: "not found" },
  { when: rule("origin-denied"), code: -31403, message: "origin not allowed" },
  { when: rule("query-denied"), status: 400, code: -32600, message: "a query string is not accepted" },
  { when: rule(PATTERN_POLICY), status: 400, soft: true, code: -32602, message: "arguments: pattern" },
  {
    when: details("response_timeout"),
    status: 400,
    soft: true,
    code: -31408,
    message: "the call took too long",
  },
  {
    when: `response.code_details.startsWith('${NO_ROOM}')`,
    status: 429,
    code: -31429,
    message: "busy",
    retryAfter: 1,
  },
  {
    when: details(EXACT_DETAILS.used),
    code: -31429,
    message: "rate limited",
    retryAfter: "%RESP(X-RATELIMIT-RESET)%",
  },
  {
    when: details(EXACT_DETAILS.failed),
    status: 503,
    code: -32603,
    message: "limits unavailable",
    retryAfter: 1,
  },
  { when: details("local_rate_limited"), code: -31429, message: "rate limited" },
  { when: details("request_payload_too_large"), code: -32600, message: "body too large" },
  // Longer than Envoy keeps for the program, which answers the same.
  {
    when: details("response_payload_too_large"),
    status: 400,
    soft: true,
    code: -31502,
    message: "the answer is too long",
  },
  // What is left of the rules is the final one: without the policy's mark, the fault is ours.
  { when: rule("none"), status: 500, code: -32603, message: "internal error" },
  { when: details("route_not_found"), code: -31404, message: "not found" },
  { when: "response.code >= 500", code: -32603, message: "server unavailable" },
];
/** What fits none: Envoy's own refusals of malformed HTTP. */
const OTHER = { code: "-32600", message: "'bad request'" };

/**
 * See `REPLIES`. One body for all of them, its code and message looked up; a mapper only where the status changes, and
 * one that leaves alone what is complete already: what Lua has answered, and the public document.
 */
export function replies(): Json {
  const changed = REPLIES.flatMap(({ when, status, soft, retryAfter }) => [
    ...(soft
      ? [{ status: 200, filter: { and_filter: { filters: [cel(when), fromLegacy] } }, retryAfter }]
      : []),
    ...(status === undefined && retryAfter === undefined ? [] : [{ status, filter: cel(when), retryAfter }]),
  ]);
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
        id: recorded("id"),
        error: {
          code: `%TYPED_CEL(${choose((reply) => `${reply.code}`, OTHER.code)})%`,
          message: `%CEL(${choose((reply) => `'${reply.message}'`, OTHER.message)})%`,
        },
      },
    },
  };
}

/** A chain of conditions over all replies, as one CEL expression. */
function choose(of: (reply: Reply) => string, other: string): string {
  return REPLIES.reduceRight((rest, reply) => `${reply.when} ? ${of(reply)} : ${rest}`, other);
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
    matcher: { filter: METADATA.record, path: [{ key: "legacy" }], value: { present_match: true } },
    match_if_key_not_found: false,
  },
};
