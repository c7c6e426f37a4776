import {
  goesOn,
  INTERNAL,
  REFUSED,
  replaced,
  TOO_LARGE,
  UNREADABLE,
  whole,
  type Answering,
  type Replacing,
} from "./answers";
import type { Case, Group } from "./exact";
import { KEYS, TOOLS } from "./policies";
import { STREAMS } from "./stream-cases";

const rule = (startsWith: string, then = "any", atLeast = 0) => ({ startsWith, then, atLeast });
const leak = (name: string, ...rules: readonly object[]) => ({ name, rules });
const { plain } = TOOLS.tools;
/** Tools that may answer little, or not everything; their client sees them and `plain` in lists. */
export const ANSWERING = {
  ...TOOLS,
  clients: {
    ...TOOLS.clients,
    ci: { ...TOOLS.clients.ci, tools: ["plain", "small", "careful"] },
  },
  tools: {
    ...TOOLS.tools,
    small: { ...plain, most: 100 },
    careful: {
      ...plain,
      refuse: [
        leak("hex", rule("x_", "hex", 3)),
        leak("two", rule("one_", "alphanumeric", 2), rule("two_", "base64url", 2)),
        // Characters that Lua's patterns know.
        leak("dotted", rule("a.c+", "hex", 1)),
        leak("whole", rule("PRIVATE KEY-----")),
      ],
    },
  },
};

const result = (inner: string) => `{"jsonrpc":"2.0","id":7,"result":${inner}}`;
/** A message whose members stand in no usual order, so that it is walked over. */
const walked = (members: string) => `{"id":7,${members}}`;
const ok = (what: string, body: string, its?: Answering, outcome = "ok", more = {}): Case => [
  what,
  whole(body, its),
  goesOn(outcome, Buffer.byteLength(body), more),
];

/** How an answer is told of. */
const OUTCOMES: readonly Case[] = [
  ok("a result", result("{}")),
  ok("a result alone, which is not looked into", '{"result":{'),
  ok("a result as it is written, which is not looked into", '{"jsonrpc":"2.0","id":"a","result":['),
  ok("a result in another order", walked('"result":{}')),
  ok("what follows a result, where it is looked into", walked('"result":{},"x":[1,"]"]')),
  ok("the word of an error alone", '{"result":{},"x":"\\"","error":{"code":-1}}', {}, "error", { code: -1 }),
  ok("the flag of an error", '{"result":{"isError":true}}', {}, "tool-error"),
  ok("the flag of an error, last", walked('"result":{"x":{},"isError":true}'), {}, "tool-error"),
  ok("no flag", walked('"result":{"isError":false}')),
  ok("a flag that is a text", walked('"result":{"isError":"true"}')),
  ok("a flag deeper inside", walked('"result":{"x":{"isError":true}}')),
  ok("a flag in another place", walked('"x":{"isError":true},"result":{}')),
  ok("a flag of a result that is a text", walked('"result":"isError"')),
  ok("an error", walked('"error":{"code":-32001,"message":""}'), {}, "error", { code: -32001 }),
  ok("an error with its code last", walked('"error":{"code":7}'), {}, "error", { code: 7 }),
  ok("an error with a blank behind its code", walked('"error":{"code":7 }'), {}, "error", { code: 7 }),
  ok("an error and a result", walked('"result":{},"error":{"code":7}'), {}, "error", { code: 7 }),
  ok("an error that is a text", walked('"error":"x"'), {}, "error"),
  ok("an error without a code", walked('"error":{}'), {}, "error"),
  ok("a code that is a text", walked('"error":{"code":"7"}'), {}, "error"),
  ok("a code that is no whole number", walked('"error":{"code":7.5}'), {}, "error"),
  ok("the longest code", walked(`"error":{"code":${"9".repeat(15)}}`), {}, "error", {
    code: 999999999999999,
  }),
  ok("a longer code", walked(`"error":{"code":${"9".repeat(16)}}`), {}, "error"),
  ok("a request", walked('"method":"x","result":{}'), {}, "none"),
  ok("neither result nor error", walked('"x":1'), {}, "none"),
  ["no body", whole(undefined), goesOn("none", 0)],
  ["an empty body", whole(""), goesOn("none", 0)],
];

const no = (what: string, body: string, its: Answering = {}, more: Replacing = {}): Case => [
  what,
  whole(body, its),
  replaced(UNREADABLE, body.length, more),
];
/** Before its body is read. */
const unread = (what: string, its: Answering, headers?: Replacing["headers"], body?: string): Case => [
  what,
  whole(body, its),
  replaced(UNREADABLE, 0, headers === undefined ? {} : { headers }),
];
const typed = (was: string | undefined) =>
  was === "application/json" ? {} : { "content-type": "application/json" };

/** What cannot be read, or is none of an answer's. */
const UNREADABLES: readonly Case[] = [
  no("no JSON", "oops"),
  no("a text", '"x"'),
  no("half of JSON", walked('"error":{').slice(0, -1)),
  no("two of one member", walked('"result":{},"result":{}')),
  no("a page", "<p>", { type: "text/html" }, { headers: typed("text/html") }),
  no("no type", result("{}"), { type: null }, { headers: typed(undefined) }),
  ...["100", "307"].map((status) => unread(`status ${status}`, { status }, {}, result("{}"))),
  // Headers alone: there is no body to write on unless one is asked for.
  unread("headers alone, of another place", { status: "307", headers: { location: "/" } }),
  unread("a stream of another place", { status: "300", type: "text/event-stream" }, typed("")),
  unread(
    "what is compressed",
    { headers: { "content-encoding": "gzip" } },
    { "content-encoding": null },
    result("{}"),
  ),
  [
    "what is compressed, legacy, which is no answer of the tool's",
    whole(result("{}"), { asked: "clplain 7", headers: { "content-encoding": "gzip" } }),
    replaced(UNREADABLE, 0, { headers: { "content-encoding": null } }),
  ],
  ok("what is not compressed", result("{}"), { headers: { "content-encoding": "identity" } }),
  ok("a type that says more", result("{}"), { type: "Application/JSON; charset=utf-8" }),
  ok("a type with a blank behind it", result("{}"), { type: "application/json ;x" }),
  ok("an error's page", "<p>", { type: "text/html", status: "500" }, "none"),
  ok("an error's page, of the caller's", "<p>", { type: "text/html", status: "404" }, "none"),
  ok("an error's page without type", "<p>", { type: null, status: "400" }, "none"),
  ok("an error as HTTP knows one", walked('"error":{}'), { status: "400" }, "error"),
  [
    "what Envoy answers itself",
    { run: "answer", headers: [[":status", "504"]], notes: { "hmcp.asked": "okcmplain 7" } },
    {},
  ],
  // Nothing gets so far without its mark.
  [
    "an answer to what was never judged",
    whole(result("{}"), { asked: null }),
    replaced(INTERNAL, 0, {
      id: null,
      logged: "gateway: bad argument #1 to 'find' (string expected, got nil)",
    }),
  ],
  [
    "an answer of another place to what was never judged",
    whole(result("{}"), { asked: null, status: "307" }),
    replaced(UNREADABLE, 0, { id: null }),
  ],
  [
    "an answer to a notification that cannot be read",
    whole("oops", { asked: "om " }),
    replaced(UNREADABLE, 4, { id: null }),
  ],
];

const filled = (bytes: number) => result(`"${"x".repeat(bytes - result('""').length)}"`);
const SIZES: readonly Case[] = [
  ok("as long as may be", filled(100), { asked: "cmsmall 7" }),
  ["too long", whole(filled(101), { asked: "cmsmall 7" }), replaced(TOO_LARGE, 101)],
  ["too long, legacy", whole(filled(101), { asked: "clsmall 7" }), replaced(TOO_LARGE, 101, { status: 200 })],
];
/** By themselves, for they take long. */
const LONGEST: readonly Case[] = [
  ok("as long as anything may be", filled(1048576)),
  ["longer than anything may be", whole(filled(1048577)), replaced(TOO_LARGE, 1048577)],
];

const CAREFUL = { asked: "cmcareful 7" };
const clean = (text: string, its: Answering = {}): Case =>
  ok(`with ${text}`, result(`"${text}"`), { ...CAREFUL, ...its });
const leaks = (text: string, detail: string, its: Answering = {}, more: Replacing = {}): Case => [
  `with ${text}${its.asked === undefined ? "" : ", legacy"}`,
  whole(result(`"${text}"`), { ...CAREFUL, ...its }),
  replaced(REFUSED, Buffer.byteLength(result(`"${text}"`)), { detail, ...more }),
];
const LEAKS: readonly Case[] = [
  leaks("x_0aF", "hex"),
  clean("x_0a"),
  clean("x_0ag"),
  clean("x_ 0aF"),
  leaks("x_x_0aF", "hex"),
  leaks("x_0x_0aF1", "hex"),
  leaks("one_a1", "two"),
  clean("one_a_"),
  leaks("two_-_", "two"),
  clean("two_a+"),
  leaks("a.c+0", "dotted"),
  // Which the same as a pattern would find.
  clean("abcc0"),
  leaks("PRIVATE KEY-----", "whole"),
  clean("PRIVATE KEY----"),
  leaks("\\u0078_0aF", "hex"),
  leaks("x\\u005f\\u0030\\u0061\\u0046", "hex"),
  clean("\\\\u00zz_0aF"),
  leaks("x_0aF", "hex", { asked: "clcareful 7" }, { status: 200 }),
  ok("what another tool may answer", result('"x_0aF"')),
  [
    "a page of an error with a leak",
    whole("x_0aF", { ...CAREFUL, type: "text/plain", status: "500" }),
    replaced(REFUSED, 5, { detail: "hex", headers: { "content-type": "application/json" }, status: 400 }),
  ],
  [
    "a page of an error that begins with a letter's number",
    whole("\\u0078_0aF", { ...CAREFUL, type: "text/plain", status: "500" }),
    replaced(REFUSED, 10, { detail: "hex", headers: { "content-type": "application/json" }, status: 400 }),
  ],
  ok("a page of an error without one", "x_0", { ...CAREFUL, type: "text/plain", status: "500" }, "none"),
];

const list = (...names: readonly string[]) =>
  result(`{"tools":[${names.map((name) => `{"name":"${name}"}`).join()}]}`);
const LIST = { asked: "lm 7", notes: { "hmcp.reader": "ci\n" } };
const SCOPED = { asked: "ll 7", notes: { "hmcp.reader": "app\n a b " } };
const LISTS: readonly Case[] = [
  ok("a list of what may be called", list("plain", "small"), LIST, "ok", { hidden: 0 }),
  [
    "a list with what may not be called",
    whole(list("plain", "others", "each"), LIST),
    goesOn("ok", list("plain", "others", "each").length, { hidden: 2 }, { body: list("plain") }),
  ],
  [
    "a list for a token, legacy",
    whole(list("plain", "others", "scoped"), SCOPED),
    goesOn("ok", list("plain", "others", "scoped").length, { hidden: 1 }, { body: list("plain", "scoped") }),
  ],
  [
    "a list with text behind it",
    whole(`${list("others")}{}`, LIST),
    replaced(UNREADABLE, list("others").length + 2, { outcome: "ok", more: { hidden: 0 } }),
  ],
  ["a list of headers alone", whole(undefined, LIST), goesOn("none", 0, { hidden: 0 })],
  ok("a list that was not asked for", list("others")),
];

export const RESPONSE_GROUPS: readonly Group[] = [
  {
    policy: ANSWERING,
    env: KEYS,
    cases: [...OUTCOMES, ...UNREADABLES, ...SIZES, ...LEAKS, ...LISTS, ...STREAMS],
  },
  { policy: ANSWERING, env: KEYS, cases: LONGEST },
];
