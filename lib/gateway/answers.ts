import type { AuditReason } from "./audit-line";

/** One way in which a request ends without the server's answer, or with one that was changed. */
export interface GatewayAnswer {
  /** Who or what was at fault. */
  readonly cause: string;
  /** HTTP status; several where Envoy chooses by what was wrong. 0: nobody was there to answer. */
  readonly status: number | readonly number[];
  /** 200 to callers of the legacy era, whose official clients read no JSON-RPC error under another status. */
  readonly soft?: true;
  /** JSON-RPC error code; without one the body is not an error. */
  readonly code?: number;
  /** The error's words. `…` stands for a declared name, or for what was wrong. */
  readonly messages: readonly string[];
  readonly reason: AuditReason;
  /** Our words in the audit line's `detail`, where they say more than the message. */
  readonly details?: readonly string[];
  /** Headers that tell the caller what to do. */
  readonly headers?: Readonly<Partial<Record<AnswerHeader, string>>>;
  /** How it looks to a caller whose stream has begun, under its status 200. */
  readonly begun?: "last event" | "cut";
}

/** Headers of an answer that a caller acts on. */
export type AnswerHeader = "WWW-Authenticate" | "Retry-After" | "Allow";

const METADATA = 'Bearer resource_metadata="…", scope="…"';
const stream = { begun: "last event" } as const;

/** What the Lua program answers, in the order of `runtime/gateway`. A test holds every refusal there against it. */
export const LUA_ANSWERS: readonly GatewayAnswer[] = [
  {
    cause: "the program failed",
    ...{ status: 500, code: -32603, messages: ["internal error"], reason: "internal" },
    ...stream,
  },
  {
    cause: "no credential",
    ...{ status: 401, code: -31401, messages: ["credential missing"], reason: "credential-missing" },
    headers: { "WWW-Authenticate": METADATA },
  },
  {
    cause: "a key or token that is not valid, or two of them",
    ...{ status: 401, code: -31401, messages: ["invalid credential"], reason: "credential-invalid" },
    details: [
      ...[
        "two credentials",
        "form of the header",
        "the token cannot be read",
        "unknown key",
        "no token that can be verified",
        "algorithm",
        "crit",
      ],
      ...["iat or exp is missing", "lifetime", "iat is in the future", "expired", "nbf", "two certificates"],
      ...["issuer of the certificate", "serial number of the certificate"],
    ],
    headers: { "WWW-Authenticate": 'Bearer error="invalid_token", resource_metadata="…", scope="…"' },
  },
  {
    cause: "a valid token of no client, or of two",
    ...{ status: 403, code: -31403, messages: ["no client has this token"], reason: "client-unknown" },
  },
  {
    cause: "arguments that are not as declared",
    ...{ status: 400, soft: true, code: -32602, reason: "argument-invalid" },
    messages: [
      ...["missing", "unknown argument", "length", "pattern", "repeated item", "type", "value not allowed"],
      ...["range", "items", "fields"],
    ].map((what) => `…: ${what}`),
  },
  {
    cause: "not a POST; where sessions are kept, neither a GET nor a DELETE of the legacy era",
    ...{ status: 405, code: -31405, messages: ["method not allowed"], reason: "verb-not-allowed" },
    headers: { Allow: "POST" },
  },
  {
    cause: "a body in another form",
    ...{ status: 415, code: -32600, reason: "malformed" },
    messages: ["content-encoding is not accepted", "content-type must be application/json"],
  },
  {
    cause: "a caller who takes no answer of the protocol's",
    ...{ status: 406, code: -32600, reason: "malformed" },
    messages: [
      "accept must list application/json and text/event-stream",
      "accept must list text/event-stream",
    ],
  },
  {
    cause: "no JSON, or JSON that two readers could read in two ways",
    ...{ status: 400, code: -32700, messages: ["empty body", "invalid JSON: …"], reason: "malformed" },
  },
  {
    cause: "not one JSON-RPC message",
    ...{ status: 400, code: -32600, reason: "malformed" },
    messages: [
      ...["batches are not accepted", "not a JSON-RPC message", "invalid id", "jsonrpc must be 2.0"],
      ...["unknown member", "invalid method", "id missing or not allowed"],
    ],
  },
  {
    cause: "a stream or an end of a session, asked for otherwise than the protocol says",
    ...{ status: 400, code: -32600, reason: "malformed" },
    messages: ["a body is not accepted", "mcp-session-id is missing"],
  },
  {
    cause:
      "a session that another caller opened, that nobody opened, or whose id was altered; clients begin a new one",
    ...{ status: 404, code: -31404, messages: ["session not found"], reason: "session-unknown" },
  },
  {
    cause: "parameters that the protocol does not have so",
    ...{ status: 400, code: -32602, reason: "malformed" },
    messages: [
      ...["params must be an object", "params._meta names no protocol version", "name is missing"],
      ...["unknown parameter"],
    ],
  },
  {
    cause: "headers that contradict the body, or are missing",
    ...{ status: 400, code: -32020, reason: "header-mismatch" },
    messages: [
      ...["… is repeated", "MCP-Protocol-Version does not match the body", "MCP-Protocol-Version is missing"],
      ...["Mcp-Name is encoded", "Mcp-Method or Mcp-Name is missing"],
      ...["Mcp-Method or Mcp-Name does not match the body"],
    ],
  },
  {
    cause: "a revision of the protocol that is not spoken; `data` lists those that are",
    ...{
      status: 400,
      code: -32022,
      messages: ["unsupported protocol version"],
      reason: "version-unsupported",
    },
  },
  {
    cause: "a method that is not let through",
    ...{ status: 404, soft: true, code: -32601, messages: ["method not found"], reason: "method-unknown" },
  },
  {
    cause: "a method that is not this client's: the same words",
    ...{ status: 404, soft: true, code: -32601, messages: ["method not found"], reason: "method-denied" },
  },
  {
    cause: "a prompt or resource that the method may not name",
    ...{ status: 400, soft: true, code: -32602, reason: "object-denied" },
    messages: ["unknown name, or not allowed to this client"],
  },
  ...(["tool-unknown", "tool-denied"] as const).map((reason): GatewayAnswer => ({
    cause:
      reason === "tool-unknown"
        ? "a tool that does not exist"
        : "a tool that is not this client's: the same words, so that nobody learns which tools there are",
    ...{ status: 400, soft: true, code: -32602, reason },
    messages: ["unknown tool, or not allowed to this client"],
  })),
  {
    cause: "a token without a scope of the tool",
    ...{ status: 403, code: -31403, messages: ["insufficient scope"], reason: "scope-missing" },
    headers: { "WWW-Authenticate": 'Bearer error="insufficient_scope", resource_metadata="…", scope="…"' },
  },
  {
    cause: "a tool outside its window",
    ...{ status: 400, soft: true, code: -31423, messages: ["the tool is not open at this time"] },
    reason: "outside-window",
  },
  {
    cause: "an answer that is longer than the tool's may be",
    ...{ status: 400, soft: true, code: -31502, messages: ["the answer is too long"] },
    reason: "response-too-large",
    ...stream,
  },
  {
    cause: "an answer that holds what must not get out",
    ...{ status: 400, soft: true, code: -31502, messages: ["the answer is refused"] },
    reason: "response-refused",
    ...stream,
  },
  {
    cause:
      "an answer that is compressed, of another type, or no JSON; that sends elsewhere, or changes the protocol",
    ...{ status: 502, code: -31502, messages: ["the answer cannot be read"], reason: "response-unreadable" },
    ...stream,
  },
  {
    cause: "a stream that ended before its answer",
    ...{ status: 200, code: -32603, messages: ["the server broke off"], reason: "server-unavailable" },
    ...stream,
  },
];
