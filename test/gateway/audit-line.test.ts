import Ajv from "ajv/dist/2020";
import {
  AUDIT_LINE_SCHEMA,
  AUDIT_OUTCOMES,
  AUDIT_REASONS,
  type AuditAnswer,
  type AuditCredential,
  type AuditLine,
} from "../../lib";

const fits = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(AUDIT_LINE_SCHEMA);
const credential: AuditCredential = { id: `jti:${"0a".repeat(16)}`, scopes: "mcp:read" };
const answer: AuditAnswer = { outcome: "error", code: -32001, bytes: 70, hidden: 2 };

/** A line with something in every field. */
const LINE: AuditLine = {
  v: 2,
  ts: "2026-11-26T11:30:00.123Z",
  request_id: "0b3c7a52-9d1e-4f7a-8c11-5e2f6a7b8c9d",
  trace: "Root=1-67891233-abcdef012345678912345678",
  traceparent: `00-${"4b".repeat(16)}-${"a3".repeat(8)}-01`,
  client: "ci-bot",
  proof: "jwt",
  credential,
  ip: "203.0.113.7",
  host: "mcp.example.com",
  verb: "POST",
  path: "/orders/mcp",
  method: "tools/call",
  tool: "search",
  args: { query: { value: "a\nb" }, note: { type: "string", length: 9 }, open: { type: "boolean" } },
  status: 200,
  reason: "ok",
  detail: null,
  envoy: "via_upstream",
  answer,
  ms: 12,
  queue_ms: 1,
  upstream_ms: 9,
  bytes_in: 300,
  bytes_out: 120,
};
const NOTHING = Object.fromEntries(
  ["request_id", "trace", "traceparent", "client", "proof", "credential", "ip", "host", "verb", "path"]
    .concat(["method", "tool", "args", "detail", "envoy", "answer", "queue_ms", "upstream_ms"])
    .map((field) => [field, null]),
);

it.each<[string, object]>([
  ["of everything", {}],
  ["of what is no proper request", { ...NOTHING, status: 400, reason: "malformed" }],
  ["of a caller who went away", { status: 0, reason: "client-gone" }],
  ["of an address of IPv6", { ip: "2001:db8::1" }],
  ["of a message that is an answer", { method: "(response)", tool: null }],
])("a line %s fits the published schema", (_what, change) => {
  expect([fits({ ...LINE, ...change }), fits.errors]).toEqual([true, null]);
});

it.each<[string, object]>([
  ["another version", { v: 1 }],
  ["a field that is not published", { extra: 1 }],
  ["a reason that is not published", { reason: "mood" }],
  ["an outcome that is not published", { answer: { ...answer, outcome: "fine" } }],
  ["a time without milliseconds", { ts: "2026-11-26T11:30:00Z" }],
  ["a line feed in a text of the caller", { path: '/x\n{"v":2}' }],
  ["an escape of a terminal", { trace: "\u001b[2J" }],
  ["a path without end", { path: `/${"x".repeat(256)}` }],
  ["a tool's name that is none", { tool: 'search","reason":"ok' }],
  ["a method that is none", { method: "tools/call\u0000" }],
  ["an address that is none", { ip: "evil.example.com" }],
  ["an id of a request that is not ours", { request_id: "42" }],
  ["a token's own id", { credential: { id: "jti:3f2c-my-token" } }],
  ["a whole key", { credential: { id: `hmk_${"a".repeat(43)}` } }],
  ["an argument with value and type", { args: { query: { value: "a", type: "string" } } }],
  ["an argument that is a list", { args: { query: { value: ["a"] } } }],
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
  expect(properties.answer.properties.outcome.enum).toEqual(Object.keys(AUDIT_OUTCOMES));
});
