import Ajv from "ajv/dist/2020";
import {
  AUDIT_LINE_SCHEMA,
  AUDIT_OUTCOMES,
  AUDIT_REASONS,
  type AuditAnswer,
  type AuditCall,
  type AuditCredential,
  type AuditLine,
} from "../../lib";

const fits = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(AUDIT_LINE_SCHEMA);
const credential: AuditCredential = { id: `jti:${"0a".repeat(16)}`, scopes: "mcp:read" };
const answer: AuditAnswer = { outcome: "error", code: -32001, bytes: 70, hidden: 2 };

/** A call with something in every field. */
const CALL: Required<AuditCall> = {
  caller: {
    client: "ci-bot",
    proof: "jwt",
    credential,
    traceparent: `00-${"4b".repeat(16)}-${"a3".repeat(8)}-01`,
  },
  message: {
    method: "tools/call",
    tool: "search",
    args: { query: { value: "a\nb" }, note: { type: "string", length: 9 }, open: { type: "boolean" } },
  },
  answer,
};

/** The same line with something else told of the call. */
const caller = (change: object) => ({ call: { ...CALL, caller: { ...CALL.caller, ...change } } });
const message = (change: object) => ({ call: { ...CALL, message: { ...CALL.message, ...change } } });

/** A line with something in every field. */
const LINE: AuditLine = {
  v: 3,
  ts: "2026-11-26T11:30:00.123Z",
  request_id: "0b3c7a52-9d1e-4f7a-8c11-5e2f6a7b8c9d",
  trace: "Root=1-67891233-abcdef012345678912345678",
  call: CALL,
  ip: "203.0.113.7",
  host: "mcp.example.com",
  verb: "POST",
  path: "/orders/mcp",
  status: 200,
  reason: "ok",
  detail: null,
  envoy: "via_upstream",
  ms: 12,
  queue_ms: 1,
  upstream_ms: 9,
  bytes_in: 300,
  bytes_out: 120,
};
const NOTHING = Object.fromEntries(
  [
    "request_id",
    "trace",
    "call",
    "ip",
    "host",
    "verb",
    "path",
    "detail",
    "envoy",
    "queue_ms",
    "upstream_ms",
  ].map((field) => [field, null]),
);

it.each<[string, object]>([
  ["of everything", {}],
  ["of what is no proper request", { ...NOTHING, status: 400, reason: "malformed" }],
  ["of a caller who went away", { status: 0, reason: "client-gone" }],
  ["of an address of IPv6", { ip: "2001:db8::1" }],
  ["of an address with a zone", { ip: "fe80::1%4294967295" }],
  ["of a message that is an answer", { call: { caller: CALL.caller, message: { method: "(response)" } } }],
  ["of a caller who is known by a certificate", { call: { caller: { client: "bot", proof: "mtls" } } }],
  ["of a message that could not be read", { call: { caller: CALL.caller } }],
])("a line %s fits the published schema", (_what, change) => {
  expect([fits({ ...LINE, ...change }), fits.errors]).toEqual([true, null]);
});

it.each<[string, object]>([
  ["another version", { v: 2 }],
  ["something that is not published of the call", { call: { ...CALL, extra: 1 } }],
  ["something that is not published of the caller", caller({ bearer: "x" })],
  ["a client that is none", caller({ client: "x".repeat(65) })],
  ["a call by nobody", { call: { ...CALL, caller: {} } }],
  ["a field that is not published", { extra: 1 }],
  ["a reason that is not published", { reason: "mood" }],
  ["an outcome that is not published", { call: { ...CALL, answer: { ...answer, outcome: "fine" } } }],
  ["a time without milliseconds", { ts: "2026-11-26T11:30:00Z" }],
  ["a line feed in a text of the caller", { path: '/x\n{"v":3}' }],
  ["an escape of a terminal", { trace: "\u001b[2J" }],
  ["a path without end", { path: `/${"x".repeat(256)}` }],
  ["a tool's name that is none", message({ tool: 'search","reason":"ok' })],
  ["a method that is none", message({ method: "tools/call\u0000" })],
  ["an address that is none", { ip: "evil.example.com" }],
  ["a zone that is no number", { ip: "fe80::1%eth0" }],
  ["a zone of IPv4", { ip: "192.0.2.1%1" }],
  ["an id of a request that is not ours", { request_id: "42" }],
  ["a token's own id", caller({ credential: { id: "jti:3f2c-my-token" } })],
  ["a whole key", caller({ credential: { id: `hmk_${"a".repeat(43)}` } })],
  ["an argument with value and type", message({ args: { query: { value: "a", type: "string" } } })],
  ["an argument that is a list", message({ args: { query: { value: ["a"] } } })],
  ["a share of a millisecond", { ms: 1.5 }],
  ["a status that HTTP has not", { status: 600 }],
])("a line with %s does not fit", (_what, change) => {
  expect(fits({ ...LINE, ...change })).toBe(false);
});

it.each(AUDIT_LINE_SCHEMA.required)("a line without %s does not fit", (field) => {
  const { [field as keyof AuditLine]: _gone, ...rest } = LINE;
  expect(fits(rest)).toBe(false);
});

it("the schema names what the types name", () => {
  const { properties } = AUDIT_LINE_SCHEMA;
  expect(Object.keys(properties).sort()).toEqual(Object.keys(LINE).sort());
  expect([...AUDIT_LINE_SCHEMA.required].sort()).toEqual(Object.keys(LINE).sort());
  expect(properties.reason.enum).toEqual(Object.keys(AUDIT_REASONS));
  const { caller, message, answer: answered } = properties.call.properties;
  expect(Object.keys(properties.call.properties).sort()).toEqual(Object.keys(CALL).sort());
  expect(Object.keys(caller.properties).sort()).toEqual(Object.keys(CALL.caller).sort());
  expect(Object.keys(message.properties).sort()).toEqual(Object.keys(CALL.message).sort());
  expect(answered.properties).toMatchObject({ outcome: { enum: Object.keys(AUDIT_OUTCOMES) } });
});
