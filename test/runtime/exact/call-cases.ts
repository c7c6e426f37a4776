import { NOW, type Case } from "./exact";
import {
  call,
  invalid,
  legacy,
  malformed,
  mismatch,
  modern,
  passes,
  refusal,
  send,
  type Json,
  type Refusal,
} from "./messages";
import { PLAIN, ABOUT, LIMIT, PLAIN_LIMIT, TIMEOUT, PASSES, LIST, plain, header } from "./plain";

const said = (headers: Readonly<Record<string, string | null>>) => ({ headers });
const missing = (about: Json) => mismatch("Mcp-Method or Mcp-Name is missing", { about });
const other = (about: Json) => mismatch("Mcp-Method or Mcp-Name does not match the body", { about });
const OLD_CALL = legacy("tools/call", { name: "plain" });
const OLD_PASSES = passes({
  ...{ asked: "clplain 7", about: ABOUT, judged: { ...PLAIN_LIMIT, legacy: "yes" }, headers: TIMEOUT },
});
const nameless = (about: Json) => malformed("name is missing", { code: -32602, about });
const LONG = "n".repeat(512);
const unknown = (more: Partial<Refusal> = {}) =>
  refusal({
    ...{
      status: 400,
      code: -32602,
      message: "unknown tool, or not allowed to this client",
      reason: "tool-unknown",
    },
    ...more,
  });

/** Headers that repeat what the body says. */
export const MIRRORS: readonly Case[] = [
  ["no Mcp-Method", send(PLAIN, said({ "mcp-method": null })), missing(ABOUT)],
  ["no Mcp-Method for a list", send(modern("tools/list"), said({ "mcp-method": null })), missing(LIST)],
  ["no Mcp-Name", send(PLAIN, said({ "mcp-name": null })), missing(ABOUT)],
  ["another Mcp-Method", send(PLAIN, said({ "mcp-method": "tools/list" })), other(ABOUT)],
  ["another Mcp-Name", send(PLAIN, said({ "mcp-name": "each" })), other(ABOUT)],
  ["a name where there is none", send(modern("tools/list"), said({ "mcp-name": "plain" })), other(LIST)],
  [
    "an encoded name",
    send(PLAIN, said({ "mcp-name": "=?base64?cGxhaW4=?=" })),
    mismatch("Mcp-Name is encoded", { about: ABOUT }),
  ],
  [
    "a tool whose name looks encoded",
    send(call("=?x"), said({ "mcp-name": "=?x" })),
    mismatch("Mcp-Name is encoded", { about: { method: "tools/call", tool: "(invalid)" } }),
  ],
  ["a legacy call", send(OLD_CALL), OLD_PASSES],
  [
    "a legacy call that says itself",
    send(OLD_CALL, said({ "mcp-method": "tools/call", "mcp-name": "plain" })),
    OLD_PASSES,
  ],
  ["a legacy call under another method", send(OLD_CALL, said({ "mcp-method": "ping" })), other(ABOUT)],
  ["a legacy call under another name", send(OLD_CALL, said({ "mcp-name": "each" })), other(ABOUT)],
  ["no name", send(legacy("tools/call", {})), nameless({ method: "tools/call" })],
  ["a name that is a number", send(call(7)), nameless({ method: "tools/call" })],
  ["a name that is too long", send(call(`${LONG}n`)), nameless({ method: "tools/call", tool: "(invalid)" })],
  ["the longest name", send(call(LONG)), unknown({ about: { method: "tools/call", tool: "(invalid)" } })],
  [
    "the longest name that is told",
    send(call("a_.-".padEnd(128, "n"))),
    unknown({ about: { method: "tools/call", tool: "a_.-".padEnd(128, "n") } }),
  ],
  [
    "a name that is not told",
    send(call("n".repeat(129))),
    unknown({ about: { method: "tools/call", tool: "(invalid)" } }),
  ],
  ["a name with a blank", send(call("a b")), unknown({ about: { method: "tools/call", tool: "(invalid)" } })],
  [
    "a prompt",
    send(modern("prompts/get", { name: "p" })),
    passes({ asked: "omp 7", about: { method: "prompts/get" } }),
  ],
  ["a prompt without a name", send(modern("prompts/get")), nameless({ method: "prompts/get" })],
];

const closed = (tool: string) =>
  refusal({
    ...{ status: 400, code: -31423, message: "the tool is not open at this time", reason: "outside-window" },
    about: { method: "tools/call", tool },
  });
/** A call that goes on. */
export const goes = (tool: string, more: Partial<Parameters<typeof passes>[0]> = {}) =>
  passes({
    ...{ asked: `cm${tool} 7`, about: { method: "tools/call", tool }, headers: TIMEOUT },
    ...more,
    judged: { tool, ...(more.judged ?? LIMIT) },
  });
const denied = (tool: string, more: Partial<Refusal> = {}) =>
  unknown({ reason: "tool-denied", about: { method: "tools/call", tool }, ...more });
const unscoped = (scope: string) =>
  refusal({
    ...{ status: 403, code: -31403, message: "insufficient scope", reason: "scope-missing", detail: scope },
    challenge:
      'Bearer error="insufficient_scope", resource_metadata="https://mcp.example.com/meta", scope="a b"',
    about: { method: "tools/call", tool: "scoped" },
  });
const scoped = (scopes: string, lacks?: string): Case => [
  `scopes ${JSON.stringify(scopes)}`,
  send(call("scoped"), { caller: { client: "app", proof: "jwt", scopes } }),
  lacks === undefined ? goes("scoped") : unscoped(lacks),
];
const client = (value: string | null) => ({ headers: { "x-mcp-client": value } });
const args = (more: object) => ({ about: { method: "tools/call", tool: "args", args: more } });

/** Lists in a list, beside another, and where what is wrong stands: whichever is judged first, and however long the other is. */
const ROWS: readonly (readonly [Readonly<Record<string, readonly unknown[]>>, place: string])[] = [
  [{ rows: [["a"], ["a", "b"], ["a", 1]] }, "rows[2][1]"],
  [{ rows: [["a", "b", "c"], 7] }, "rows[1]"],
  [{ rows: [["a", "b", "c"]], marks: [1] }, "marks[0]"],
  [{ rows: [[1]], marks: ["a", "b", "c"] }, "rows[0][0]"],
];

/** Calls of tools. */
export const CALLS: readonly Case[] = [
  ["an unknown tool", send(call("nothing")), unknown({ about: { method: "tools/call", tool: "nothing" } })],
  [
    "an unknown tool, legacy",
    send(legacy("tools/call", { name: "nothing" })),
    unknown({ status: 200, about: { method: "tools/call", tool: "nothing" } }),
  ],
  ["somebody else's tool", send(call("others")), denied("others")],
  [
    "somebody else's tool, by him",
    send(call("others"), { caller: { client: "other", proof: "key" } }),
    goes("others"),
  ],
  ["nobody's call", send(PLAIN, client(null)), denied("plain")],
  ["a call by a client without proof", send(PLAIN, client("ci")), denied("plain")],
  ["an unknown client's call", send(PLAIN, client("key:who")), denied("plain")],
  [
    "a limit of each",
    send(call("each")),
    goes("each", {
      judged: { all: "600", each: "2" },
      headers: { "x-envoy-upstream-rq-timeout-ms": "1500" },
    }),
  ],
  ["a key needs no scope", send(call("scoped")), goes("scoped")],
  [
    "a token of which no scopes are known",
    send(call("scoped"), { caller: { client: "app", proof: "jwt" } }),
    refusal({
      ...{ status: 500, code: -32603, message: "internal error", reason: "internal" },
      about: { method: "tools/call", tool: "scoped" },
      logged: "gateway: bad argument #1 to 'find' (string expected, got nil)",
    }),
  ],
  scoped("a b"),
  scoped("b c a"),
  scoped("a", "b"),
  scoped("b", "a"),
  scoped("", "a"),
  scoped("ab ba", "a"),
  ["a tool that is open", send(call("open")), goes("open")],
  ["a tool that was open in between", send(call("open"), { now: NOW - 50 }), closed("open")],
  ["a tool in its first window", send(call("open"), { now: NOW - 51 }), goes("open")],
  ["a tool a second too late", send(call("open"), { now: NOW + 1 }), closed("open")],
  ["a tool a second too early", send(call("opening")), closed("opening")],
  ["a tool that was open", send(call("ended")), closed("ended")],
  ["a tool of an unknown window", send(call("never")), closed("never")],
  [
    "a tool that is closed, legacy",
    send(legacy("tools/call", { name: "never" })),
    {
      ...closed("never"),
      answer: {
        ...closed("never").answer,
        headers: { ":status": "200", "content-type": "application/json" },
      },
    } as ReturnType<typeof closed>,
  ],
  [
    "a task",
    send(modern("tools/call", { name: "plain", task: {} })),
    malformed("unknown parameter", { code: -32602, about: ABOUT }),
  ],
  [
    "a name in capitals",
    send(modern("tools/call", { name: "plain", Name: "each" })),
    malformed("unknown parameter", { code: -32602, about: ABOUT }),
  ],
  [
    "every parameter there is",
    send(modern("tools/call", { name: "plain", arguments: {}, inputResponses: {}, requestState: "" })),
    PASSES,
  ],
  ["arguments that are a list", send(call("plain", [])), invalid("arguments: type", { about: ABOUT })],
  ["arguments that are null", send(call("plain", null)), invalid("arguments: type", { about: ABOUT })],
  [
    "an unknown argument",
    send(call("plain", { x: 1 })),
    invalid("arguments: unknown argument", { about: ABOUT }),
  ],
  [
    "an unknown argument, legacy",
    send(legacy("tools/call", { name: "plain", arguments: { x: 1 } })),
    invalid("arguments: unknown argument", { status: 200, about: ABOUT }),
  ],
  [
    "no argument where one must be",
    send(call("args")),
    invalid("arguments.must: missing", { about: { method: "tools/call", tool: "args" } }),
  ],
  [
    "arguments that are a text, of a tool that has some",
    send(call("args", "x")),
    invalid("arguments: type", { about: { method: "tools/call", tool: "args" } }),
  ],
  [
    "values with patterns",
    send(call("args", { must: "x", word: "one", deep: { word: "two" } })),
    goes("args", {
      ...args({
        must: { type: "string", length: 1 },
        word: { value: "one" },
        deep: { type: "object", length: 1 },
      }),
      notes: { "hmcp.pattern.1": "\none", "hmcp.pattern.2": "\ntwo" },
    }),
  ],
  [
    "values with patterns, once more",
    send(call("args", { must: "x", word: "three" })),
    goes("args", {
      ...args({ must: { type: "string", length: 1 }, word: { value: "three" } }),
      notes: { "hmcp.pattern.1": "\nthree" },
    }),
  ],
  [
    "an item of another type",
    send(call("args", { must: "x", list: ["a", 1] })),
    invalid(
      "arguments.list[1]: type",
      args({ must: { type: "string", length: 1 }, list: { type: "array", length: 2 } }),
    ),
  ],
  ...ROWS.map(([lists, place]): Case => {
    const told = Object.entries(lists).map(([name, { length }]) => [name, { type: "array", length }]);
    const about = { method: "tools/call", tool: "rows", args: Object.fromEntries(told) as Json };
    return [
      `an item of another type at ${place}`,
      send(call("rows", lists)),
      invalid(`arguments.${place}: type`, { about }),
    ];
  }),
  [
    "arguments of a call that is refused for its headers",
    send(call("args", { word: "one" }), header("2026-09-01")),
    mismatch("MCP-Protocol-Version does not match the body", args({ word: { value: "one" } })),
  ],
  [
    "an unknown method",
    send(modern("tools/call2")),
    refusal({
      status: 404,
      code: -32601,
      message: "method not found",
      reason: "method-unknown",
      about: { method: "tools/call2" },
    }),
  ],
  [
    "an unknown notification",
    send(modern("notifications/y", {}, { id: undefined })),
    passes({ asked: "om ", about: { method: "notifications/y" }, id: null }),
  ],
  ["a session that is not kept", plain({ "mcp-session-id": "s", "last-event-id": "1" }), PASSES],
  [
    "a session that is not kept, with an answer",
    send({ jsonrpc: "2.0", id: 7, result: {} }, { headers: { "mcp-session-id": "s", "last-event-id": "1" } }),
    passes({ asked: "om 7", about: { method: "(response)" } }),
  ],
];
