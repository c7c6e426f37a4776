import { type Case } from "./exact";
import {
  LEGACY,
  legacy,
  malformed,
  mismatch,
  MODERN,
  modern,
  passes,
  refusal,
  send,
  VERSION_KEY,
} from "./messages";
import { PLAIN, ABOUT, PASSES, LIST, LISTED, ZERO, OLD_LIST, plain, unsupported, header } from "./plain";

const ACCEPT = "accept must list application/json and text/event-stream";
const CONTENT = "content-type must be application/json";
const unaccepted = malformed(ACCEPT, { status: 406, id: null });
const untyped = malformed(CONTENT, { status: 415, id: null });

/** Before a byte of the body is read. */
export const HEADERS: readonly Case[] = [
  ["a call", send(PLAIN), PASSES],
  [
    "another verb",
    plain({ ":method": "PUT" }),
    refusal({
      status: 405,
      code: -31405,
      message: "method not allowed",
      reason: "verb-not-allowed",
      allow: "POST",
      id: null,
    }),
  ],
  [
    "an encoding",
    plain({ "content-encoding": "gzip" }),
    malformed("content-encoding is not accepted", { status: 415, id: null }),
  ],
  ["no content-type", plain({ "content-type": null }), untyped],
  ["another content-type", plain({ "content-type": "text/plain" }), untyped],
  ["another charset", plain({ "content-type": "application/json; charset=latin1" }), untyped],
  ["two content-types", plain({ "content-type": ["application/json", "application/json"] }), untyped],
  ["two content-types, one of them empty", plain({ "content-type": ["application/json", ""] }), untyped],
  ["a charset in capitals", plain({ "content-type": "Application/JSON ; charset=UTF-8" }), PASSES],
  ["a content-type in capitals", plain({ "content-type": "Application/JSON" }), PASSES],
  ["no accept", plain({ accept: null }), unaccepted],
  ["accept without a stream", plain({ accept: "application/json" }), unaccepted],
  ["accept without JSON", plain({ accept: "text/event-stream" }), unaccepted],
  ["accept of longer names", plain({ accept: "application/jsonp, text/event-streams" }), unaccepted],
  ["accept of names that end so", plain({ accept: "xapplication/json, xtext/event-stream" }), unaccepted],
  ["accept of a dash by another sign", plain({ accept: "application/json, text/event+stream" }), unaccepted],
  ["accept in capitals", plain({ accept: "TEXT/EVENT-STREAM , APPLICATION/JSON" }), PASSES],
  ["accept with qualities", plain({ accept: "application/json;q=1,text/event-stream;q=0.9" }), PASSES],
  ["accept of all", plain({ accept: "*/*" }), PASSES],
  ["accept of all, with a quality, behind others", plain({ accept: "text/html, */*;q=0.1" }), PASSES],
  ["accept of all texts", plain({ accept: "text/*" }), unaccepted],
  ...["mcp-protocol-version", "mcp-method", "mcp-name"].map((name): Case => {
    const right =
      { "mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": "plain" }[name] ?? "";
    return [
      `${name} twice`,
      plain({ [name]: [right, right] }),
      mismatch(`${name} is repeated`, { id: null }),
    ];
  }),
  [
    "an empty version twice",
    plain({ "mcp-protocol-version": ["", ""] }),
    mismatch("mcp-protocol-version is repeated", { id: null }),
  ],
  [
    "a name with a comma, once",
    plain({ "mcp-name": "pla,in" }),
    mismatch("Mcp-Method or Mcp-Name does not match the body", { about: ABOUT }),
  ],
];

const raw = (body: string) => send(body, { headers: { "mcp-protocol-version": MODERN } });
const numbered = (id: unknown, text = JSON.stringify(id)): Case => [
  `an id of ${text.slice(0, 20)}, ${text.length} long`,
  send(modern("tools/list", {}, { id })),
  passes({ asked: `lm ${text}`, about: LIST, id }),
];
const unnumbered = (id: unknown): Case => [
  `an id of ${JSON.stringify(id).slice(0, 20)}, ${JSON.stringify(id).length} long`,
  send(modern("tools/list", {}, { id })),
  malformed("invalid id", ZERO),
];

/** The message itself. */
export const MESSAGES: readonly Case[] = [
  ["no body", send(undefined), malformed("empty body", { code: -32700, id: null })],
  ["an empty body", send(""), malformed("empty body", { code: -32700, id: null })],
  ["no JSON", raw("{"), malformed("invalid JSON: key expected", { code: -32700, id: null })],
  ["a batch", raw("[]"), malformed("batches are not accepted", ZERO)],
  ["a number", raw("7"), malformed("not a JSON-RPC message", ZERO)],
  ["null", raw("null"), malformed("not a JSON-RPC message", ZERO)],
  numbered(0),
  numbered(-1),
  numbered(9007199254740991),
  numbered(-9007199254740991),
  numbered("x".repeat(128)),
  numbered('"', '"\\u0022"'),
  unnumbered("x".repeat(129)),
  unnumbered(9007199254740992),
  unnumbered(-9007199254740992),
  unnumbered(1.5),
  unnumbered(null),
  unnumbered([]),
  unnumbered(true),
  [
    "another version of JSON-RPC",
    send(modern("tools/list", {}, { jsonrpc: "1.0" })),
    malformed("jsonrpc must be 2.0"),
  ],
  ["no version of JSON-RPC", send({ id: 7, method: "tools/list" }), malformed("jsonrpc must be 2.0")],
  ["an unknown member", send(modern("tools/list", {}, { more: 1 })), malformed("unknown member")],
  [
    "an answer",
    send({ jsonrpc: "2.0", id: 7, result: {} }),
    passes({ asked: "om 7", about: { method: "(response)" } }),
  ],
  [
    "an error as an answer",
    send({ jsonrpc: "2.0", id: 7, error: {} }),
    passes({ asked: "om 7", about: { method: "(response)" } }),
  ],
  ...[
    { id: 7 },
    { id: 7, result: {}, error: {} },
    { id: 7, result: {}, params: {} },
    { result: {} },
    { error: {} },
  ].map((message: Record<string, unknown>): Case => [
    `an answer of ${Object.keys(message).join()}`,
    send({ jsonrpc: "2.0", ...message }),
    malformed("not a JSON-RPC message", message.id === undefined ? ZERO : {}),
  ]),
  ["a method that is a number", send(legacy(7 as never)), malformed("invalid method")],
  ["an empty method", send(legacy("")), malformed("invalid method")],
  ["a method with a blank", send(legacy("tools call")), malformed("invalid method")],
  ["a method that is too long", send(legacy("m".repeat(129))), malformed("invalid method")],
  [
    "the longest method",
    send(legacy("m/.-_".padEnd(128, "m"))),
    refusal({
      ...{ status: 200, code: -32601, message: "method not found", reason: "method-unknown" },
      about: { method: "m/.-_".padEnd(128, "m") },
    }),
  ],
  [
    "a method and a result",
    send(modern("tools/list", {}, { result: {} })),
    malformed("not a JSON-RPC message"),
  ],
  [
    "a method and an error",
    send(modern("tools/list", {}, { error: {} })),
    malformed("not a JSON-RPC message"),
  ],
  [
    "a request without id",
    send({ jsonrpc: "2.0", method: "tools/list" }),
    malformed("id missing or not allowed", { id: null, about: LIST }),
  ],
  [
    "a notification with id",
    send(legacy("notifications/x")),
    malformed("id missing or not allowed", { about: { method: "notifications/x" } }),
  ],
  [
    "a notification of the legacy era",
    send({ jsonrpc: "2.0", method: "notifications/x" }),
    passes({
      ...{ asked: "ol ", about: { method: "notifications/x" }, judged: { legacy: "yes" }, id: null },
    }),
  ],
  [
    "a notification of the modern era, without its version in the body",
    send(
      { jsonrpc: "2.0", method: "notifications/x" },
      { headers: { "mcp-protocol-version": MODERN, "mcp-method": "notifications/x" } },
    ),
    passes({ asked: "om ", about: { method: "notifications/x" }, id: null }),
  ],
  [
    "the shortest notification",
    send({ jsonrpc: "2.0", method: "notifications/" }),
    passes({ asked: "ol ", about: { method: "notifications/" }, judged: { legacy: "yes" }, id: null }),
  ],
  [
    "what is nearly a notification",
    send(legacy("notifications")),
    refusal({
      ...{ status: 200, code: -32601, message: "method not found", reason: "method-unknown" },
      about: { method: "notifications" },
    }),
  ],
  ...[[], "x", 7, null].map((params): Case => [
    `parameters of ${JSON.stringify(params)}`,
    send({ jsonrpc: "2.0", id: 7, method: "tools/list", params }),
    malformed("params must be an object", { code: -32602, about: LIST }),
  ]),
];

const BOTH = '["2026-07-28","2026-09-01"]';

/** The revision of the protocol. */
export const VERSIONS: readonly Case[] = [
  ["a list, modern", send(modern("tools/list")), LISTED],
  [
    "a list for a token",
    send(modern("tools/list"), { caller: { client: "app", proof: "jwt", scopes: "a b" } }),
    passes({ asked: "lm 7", about: LIST, reader: "app\n a b " }),
  ],
  ["a list, legacy", send(legacy("tools/list"), header(LEGACY)), OLD_LIST],
  ["a list, legacy and without version", send(legacy("tools/list")), OLD_LIST],
  ["a list, legacy, with empty parameters", send(legacy("tools/list", {})), OLD_LIST],
  ["metadata that is a text", send(legacy("tools/list", { _meta: "x" }), header(null)), OLD_LIST],
  ["metadata without version", send(legacy("tools/list", { _meta: {} }), header(LEGACY)), OLD_LIST],
  [
    "a version in the body alone",
    send(modern("tools/list"), header(null)),
    mismatch("MCP-Protocol-Version does not match the body", { about: LIST }),
  ],
  [
    "two versions",
    send(modern("tools/list"), header("2026-09-01")),
    mismatch("MCP-Protocol-Version does not match the body", { about: LIST }),
  ],
  [
    "a version that is null",
    send(legacy("tools/list", { _meta: { [VERSION_KEY]: null } }), header(LEGACY)),
    mismatch("MCP-Protocol-Version does not match the body", { about: LIST }),
  ],
  [
    "a modern version in the header alone",
    send(legacy("tools/list", { _meta: {} }), header(MODERN)),
    malformed("params._meta names no protocol version", { code: -32602, about: LIST }),
  ],
  ["an unknown version", send(legacy("tools/list"), header("1999-01-01")), unsupported(BOTH, "1999-01-01")],
  ["a long version", send(legacy("tools/list"), header("v".repeat(33))), unsupported(BOTH, "v".repeat(32))],
  ["an empty version", send(legacy("tools/list"), header("")), unsupported(BOTH, "")],
];
