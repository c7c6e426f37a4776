/**
 * Why a request ended as it did. Stable: alarms, dashboards and tests match on them.
 * `ok` means that the server answered, whatever it said: `answer.outcome` tells.
 */
export const AUDIT_REASONS = {
  ok: "the server answered, or the public metadata document was read",
  "credential-missing": "no credential was sent",
  "credential-invalid": "the key or token is not valid; `detail` says why",
  "client-unknown": "the token is valid and belongs to no client",
  "scope-missing": "the token lacks a scope of the tool, named in `detail`",
  "tool-unknown": "there is no such tool",
  "tool-denied": "the client may not call the tool",
  "outside-window": "the tool is not open at this time",
  "argument-invalid": "an argument is not as declared; `detail` says which",
  "rate-limited": "a limit of the address, of the client, of the tool or of the task is used up",
  busy: "the client or the tool runs as many calls at the same time as it may",
  overloaded:
    "the server runs as many calls as it may, or the gateway keeps as much as it may: no limit of the caller's",
  "limits-unavailable": "the store that exact limits are counted in did not answer",
  timeout: "the call took longer than the tool may",
  malformed: "not one JSON-RPC message over HTTP as the protocol asks; `detail` says why",
  "too-large": "the body is longer than allowed",
  "method-unknown": "there is no such JSON-RPC method",
  "method-denied": "the client may not call the method",
  "object-denied": "the method may not name this prompt or resource",
  "session-unknown": "the session is none that this caller has opened; `detail` says why",
  "header-mismatch": "headers and body contradict each other",
  "version-unsupported": "a revision of the protocol that is not spoken",
  "verb-not-allowed": "not a POST",
  "origin-denied": "a browser on a page that is not allowed",
  "query-denied": "the URL has a query, where credentials would be logged",
  "not-found": "another host or path",
  "server-unavailable": "the server is not reachable, or broke off",
  "client-gone": "the client went away before the answer",
  "gateway-stopped": "the gateway was stopped before the answer, or before its end",
  "response-too-large": "the server's answer is longer than the tool's may be",
  "response-refused": "the server's answer holds what must not get out; `detail` names what it looked like",
  "response-unreadable":
    "the server's answer is compressed, sends elsewhere, or is neither JSON nor a stream of events",
  internal: "the gateway failed and refused for safety",
} as const;

/** See `AUDIT_REASONS`. */
export type AuditReason = keyof typeof AUDIT_REASONS;

/** An argument as the record shows it: its value where the configuration says `log: true`, else its type and length. */
export type AuditArgument =
  | { readonly value: string | number | boolean }
  | {
      readonly type: "string" | "number" | "boolean" | "null" | "array" | "object";
      /** Code points, items or properties. */
      readonly length?: number;
    };

/** How a call ended, in the server's own words. */
export const AUDIT_OUTCOMES = {
  ok: "a result",
  "tool-error": "a result that says `isError`",
  error: "a JSON-RPC error",
  none: "no answer: the message wanted none, or the stream ended before it",
} as const;

/** What the server answered. */
export interface AuditAnswer {
  readonly outcome: keyof typeof AUDIT_OUTCOMES;
  /** Of a JSON-RPC error. */
  readonly code?: number;
  /** Length of the answer's body as far as it was read, before anything was cut out. */
  readonly bytes: number;
  /** Tools that were cut out of a list because the client may not call them. */
  readonly hidden?: number;
}

/** Which credential it was; of no use to whoever reads it. */
export interface AuditCredential {
  /**
   * `jti:` and half of the SHA-256 of a token's `jti`; `sig:` and half of that of its signature where it has none; `key:`
   * and the beginning of the key's digest, which tells a client's keys apart while they change.
   */
  readonly id: string;
  /** Of a token, with blanks between them. */
  readonly scopes?: string;
}

/** Who calls. Known once it is proven. */
export interface AuditCaller {
  /** Name of the client in the configuration. */
  readonly client: string;
  readonly proof: "key" | "jwt" | "mtls";
  /** Missing of those who are known by a certificate. */
  readonly credential?: AuditCredential;
  /** The trace that the caller says it is part of (W3C Trace Context), if it has the form of one. */
  readonly traceparent?: string;
}

/** What is asked for, as far as it could be read. */
export interface AuditMessage {
  /** JSON-RPC method; `(response)` of an answer that the server had asked for. */
  readonly method: string;
  /** Name of the tool; `(invalid)` if it has not the form of one. */
  readonly tool?: string;
  readonly args?: Readonly<Record<string, AuditArgument>>;
}

/** What the gateway's program tells of a call. What it did not get to know is missing. */
export interface AuditCall {
  readonly caller?: AuditCaller;
  readonly message?: AuditMessage;
  /** Missing where nothing was passed on to the server, or it did not answer. */
  readonly answer?: AuditAnswer;
}

/**
 * One line of the audit record: what the gateway writes for every request, refused or not, as JSON on its output. Version 2
 * added `credential`, `answer`, `traceparent` and `queue_ms`, and three reasons for answers that are refused; version 3 has
 * `client`, `proof`, `credential` and `traceparent` in `call.caller`, `method`, `tool` and `args` in `call.message`, and
 * `answer` in `call`: in one piece they cost a tenth of a call less.
 */
export interface AuditLine {
  readonly v: 3;
  /** Beginning of the request, UTC, in milliseconds. */
  readonly ts: string;
  /** Made by the gateway, also in the answer's `x-request-id`; null for what is no proper HTTP request. */
  readonly request_id: string | null;
  /** The load balancer's `X-Amzn-Trace-Id`. The part before `Root=` or `Self=` may be the caller's own. */
  readonly trace: string | null;
  /** Null until it is proven who calls. */
  readonly call: AuditCall | null;
  /**
   * The address that the load balancer saw: the last of `X-Forwarded-For`, which it writes itself. Behind a content
   * network that is one of the network's own; what stands before it is the caller's text and not taken. One with a zone
   * (`fe80::1%2`) comes from no load balancer: somebody stands in its place.
   */
  readonly ip: string | null;
  readonly host: string | null;
  readonly verb: string | null;
  /** Without the query. */
  readonly path: string | null;
  /** HTTP status that the client got; 0 if it got none. */
  readonly status: number;
  readonly reason: AuditReason;
  /** More about the reason, in our own words or those of the token library. Never the caller's text. */
  readonly detail: string | null;
  /** Envoy's own words about the answer. */
  readonly envoy: string | null;
  /** From the first byte of the request to the last of the answer. */
  readonly ms: number;
  /** Between the last byte of the request and the first that was passed on: judging, limits, waiting for a connection. */
  readonly queue_ms: number | null;
  /** Between the first byte to and the last byte from the server. */
  readonly upstream_ms: number | null;
  readonly bytes_in: number;
  readonly bytes_out: number;
}

/** A tab is the one control character that HTTP lets into a header; what else there is came from us. */
const PRINTABLE = "^[^\\u0000-\\u0008\\u000a-\\u001f\\u007f]*$";
/** A text of at most so many characters, without a control character, or null. */
const text = (maxLength: number) => ({ type: ["string", "null"], maxLength, pattern: PRINTABLE });
const matching = (pattern: string) => ({ type: ["string", "null"], pattern });
const count = { type: "integer", minimum: 0 };

/** What is missing where it is not known. */
const some = (required: readonly string[], properties: Readonly<Record<string, object>>) => ({
  type: "object",
  additionalProperties: false,
  required,
  properties,
});

const CALLER = some(["client", "proof"], {
  client: { type: "string", maxLength: 64, pattern: PRINTABLE },
  proof: { enum: ["key", "jwt", "mtls"] },
  credential: some(["id"], {
    id: { type: "string", pattern: "^((jti|sig):[0-9a-f]{32}|key:[0-9a-f]{16})$" },
    scopes: { type: "string" },
  }),
  traceparent: { type: "string", pattern: "^[0-9A-Fa-f]{2}-[0-9A-Fa-f]{32}-[0-9A-Fa-f]{16}-[0-9A-Fa-f]{2}$" },
});

const MESSAGE = some(["method"], {
  method: { type: "string", pattern: "^([A-Za-z0-9_/.-]{1,128}|\\(response\\))$" },
  tool: { type: "string", pattern: "^([A-Za-z0-9_.-]{1,128}|\\(invalid\\))$" },
  args: {
    type: "object",
    additionalProperties: {
      oneOf: [
        some(["value"], { value: { type: ["string", "number", "boolean"] } }),
        some(["type"], {
          type: { enum: ["string", "number", "boolean", "null", "array", "object"] },
          length: count,
        }),
      ],
    },
  },
});

const ANSWER = some(["outcome", "bytes"], {
  outcome: { enum: Object.keys(AUDIT_OUTCOMES) },
  code: { type: "number" },
  bytes: count,
  hidden: count,
});

/**
 * JSON Schema (2020-12) of `AuditLine`. Says of callers' texts how long they can be and which characters they can hold: what
 * fits is one line, whatever was sent. `hardened-mcp policy --audit-schema` prints it.
 */
export const AUDIT_LINE_SCHEMA = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: "urn:hardened-mcp:audit-line:3",
  title: "Audit line of the hardened-mcp gateway",
  type: "object",
  additionalProperties: false,
  properties: {
    v: { const: 3 },
    ts: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$" },
    request_id: matching("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"),
    trace: text(256),
    call: {
      type: ["object", "null"],
      additionalProperties: false,
      properties: { caller: CALLER, message: MESSAGE, answer: ANSWER },
    },
    ip: matching("^([0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*(%[0-9]{1,10})?)$"),
    host: text(128),
    verb: text(16),
    path: text(256),
    status: { type: "integer", minimum: 0, maximum: 599 },
    reason: { enum: Object.keys(AUDIT_REASONS) },
    detail: text(512),
    envoy: text(512),
    ms: count,
    queue_ms: { type: ["integer", "null"], minimum: 0 },
    upstream_ms: { type: ["integer", "null"], minimum: 0 },
    bytes_in: count,
    bytes_out: count,
  },
  required: [
    ...["v", "ts", "request_id", "trace", "call", "ip", "host", "verb", "path"],
    ...["status", "reason", "detail", "envoy", "ms", "queue_ms", "upstream_ms", "bytes_in", "bytes_out"],
  ],
} as const;
