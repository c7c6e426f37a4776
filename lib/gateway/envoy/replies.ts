import { PATTERN_POLICY } from "./policy";
import { METADATA, recorded, typed, type Json } from "./types";

interface Reply {
  /** CEL over the answer as the filter made it. */
  readonly when: string;
  /** Status of the answer; absent = as it was. */
  readonly status?: number;
  /** Only for callers of the legacy era. */
  readonly legacy?: true;
  readonly code: number;
  readonly message: string;
}

const details = (text: string) => `response.code_details == '${text}'`;
const rule = (name: string) =>
  `response.code_details.startsWith('rbac_access_denied_matched_policy[${name}')`;

/**
 * Answers of Envoy's own filters as JSON-RPC errors; what Lua answers is complete already. The first that fits wins.
 * Tool and argument refusals and timeouts are 200 in the legacy era, 400 in the modern one: so the clients of each era
 * see a clean error with their id.
 */
const REPLIES: readonly Reply[] = [
  { when: rule("not-found"), status: 404, code: -32000, message: "not found" },
  { when: rule("origin-denied"), code: -32000, message: "origin not allowed" },
  { when: rule("query-denied"), status: 400, code: -32000, message: "a query string is not accepted" },
  { when: rule(PATTERN_POLICY), status: 200, legacy: true, code: -32602, message: "arguments: pattern" },
  { when: rule(PATTERN_POLICY), status: 400, code: -32602, message: "arguments: pattern" },
  {
    when: details("response_timeout"),
    status: 200,
    legacy: true,
    code: -32001,
    message: "the call took too long",
  },
  { when: details("response_timeout"), status: 400, code: -32001, message: "the call took too long" },
  { when: "response.code == 429", code: -32029, message: "rate limited" },
  { when: "response.code == 413", code: -32600, message: "body too large" },
  { when: "response.code == 403", status: 500, code: -32603, message: "internal error" },
  { when: "response.code == 404", code: -32000, message: "not found" },
  { when: "response.code >= 500", code: -32603, message: "server unavailable" },
  { when: "response.code >= 400", code: -32600, message: "bad request" },
];

/** See `REPLIES`. */
export function replies(): Json {
  return { mappers: REPLIES.map(mapper) };
}

function mapper(reply: Reply): Json {
  // Lua's own answers have the details `lua_response` and are left alone.
  const expression = `response.code_details != 'lua_response' && ${reply.when}`;
  const cel = {
    extension_filter: {
      name: "cel",
      typed_config: typed("extensions.access_loggers.filters.cel.v3.ExpressionFilter", { expression }),
    },
  };
  const legacy = {
    metadata_filter: {
      matcher: { filter: METADATA.record, path: [{ key: "legacy" }], value: { present_match: true } },
      match_if_key_not_found: false,
    },
  };
  return {
    filter: reply.legacy ? { and_filter: { filters: [cel, legacy] } } : cel,
    ...(reply.status === undefined ? {} : { status_code: reply.status }),
    body_format_override: {
      content_type: "application/json",
      json_format: {
        jsonrpc: "2.0",
        // Null until the body has been read, and then of the type that the caller used.
        id: recorded("id"),
        error: { code: reply.code, message: reply.message },
      },
    },
  };
}
