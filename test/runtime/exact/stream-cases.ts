import {
  BROKEN_OFF,
  ends,
  goesOn,
  INTERNAL,
  REFUSED,
  stream,
  TOO_LARGE,
  UNREADABLE,
  type Answering,
  type Replacing,
} from "./answers";
import type { Case } from "./exact";

const RESULT = '{"jsonrpc":"2.0","id":7,"result":{}}';
const FAILED = '{"id":7,"result":{"isError":true}}';
const CHANGE = '{"method":"x","params":{}}';
const event = (text: string) => `data: ${text}\n\n`;
const length = (chunks: readonly string[]) => Buffer.byteLength(chunks.join(""));

/** It goes on as it came, or in these pieces. */
const on = (
  what: string,
  chunks: readonly string[],
  { outcome = "ok", as, more }: { outcome?: string; as?: readonly string[]; more?: object } = {},
  its: Answering = {},
): Case => [
  what,
  stream(chunks, its),
  goesOn(outcome, length(chunks), { ...more }, as === undefined ? {} : { chunks: as }),
];
/** It goes on in these pieces, of which null is an error; `read` bytes of it are counted. */
const cut = (
  what: string,
  chunks: readonly string[],
  problem: Parameters<typeof ends>[0],
  as: readonly (string | null)[],
  its: Answering = {},
  { read = length(chunks), ...more }: Replacing & { read?: number } = {},
): Case => [what, stream(chunks, its), ends(problem, read, as, more)];

const SMALL = { asked: "cmsmall 7" };
const CAREFUL = { asked: "cmcareful 7" };
/** Events of so many bytes. */
const sized = (bytes: number) => event(`{"method":"${"x".repeat(bytes - event('{"method":""}').length)}"}`);

const WHOLE: readonly Case[] = [
  on("a stream", [event(CHANGE), ": ping\n\n", event(RESULT), ""]),
  on("a stream of which nothing came", [], { outcome: "none" }),
  on("a stream that is read no further", [event(CHANGE)], { outcome: "none" }),
  on("two events in one piece", [event(CHANGE) + event(FAILED), ""], { outcome: "tool-error" }),
  on("an answer, and what follows it", [event(FAILED), event(CHANGE), ": end\n\n", "rest", ""], {
    outcome: "tool-error",
    as: [event(FAILED), event(CHANGE), ": end\n\n", "", ""],
  }),
  on("an error", [event('{"id":7,"error":{"code":-5}}'), ""], { outcome: "error", more: { code: -5 } }),
  on("an event in pieces", ["data: ", FAILED, "\n", "\n", ""], {
    outcome: "tool-error",
    as: ["", "", "", event(FAILED), ""],
  }),
  on("lines that end with two characters", [`id: 1\r\ndata: ${FAILED}\r\n\r\n`, ""], {
    outcome: "tool-error",
  }),
  on(
    "an end of two characters in pieces",
    [`data: ${FAILED}\r`, "\n", "\r", `\ndata: ${CHANGE}\r\n`, "\r\n", ""],
    { outcome: "tool-error", as: ["", "", "", `data: ${FAILED}\r\n\r\n`, `data: ${CHANGE}\r\n\r\n`, ""] },
  ),
  on("the end of one event and the whole of the next", [`data: ${CHANGE}`, `\n\n${event(FAILED)}`, ""], {
    outcome: "tool-error",
    as: ["", event(CHANGE) + event(FAILED), ""],
  }),
  on("data without a blank", [`data:${FAILED}\n\n`, ""], { outcome: "tool-error" }),
  on("data on two lines", [`data: {"id":7,\ndata: "result":{"isError":true}}\n\n`, ""], {
    outcome: "tool-error",
  }),
  on("data that is empty", ["data:\n\n", "data\n\n", "event: data\ndata: \n\n", event(RESULT), ""]),
  on("data that is empty, before a line of it", [`data\ndata: ${FAILED}\n\n`, ""], { outcome: "tool-error" }),
  on("a field that begins like data", [`datax: x\n\n`, event(RESULT), ""]),
  on("an empty line too many", [`${event(CHANGE)}\n`, `${event(CHANGE)}\n${event(RESULT)}\n`, ""], {
    as: [event(CHANGE), `\n${event(CHANGE)}\n${event(RESULT)}`, ""],
  }),
  [
    "a stream that says how long it is",
    stream([event(RESULT), ""], { headers: { "content-length": "45" } }),
    goesOn(
      "ok",
      event(RESULT).length,
      {},
      {
        headers: { "x-envoy-upstream-service-time": null, "content-length": null },
      },
    ),
  ],
  on("an empty line more", [`\n\n${event(RESULT)}`, ""]),
  on("a comment with a carriage return", [": a\rb\n\n", event(RESULT), ""]),
  on("a comment that is no ASCII", [": \u00e9\u2028\n\n", event(RESULT), ""]),
  on("data that is no ASCII", [event('{"id":7,"result":"\u00e9\u2028\u00a0"}'), ""]),
  on("a notification's stream, which may end", [event(CHANGE), ""], { outcome: "none" }, { asked: "om " }),
  cut("no answer", [event(CHANGE), ""], BROKEN_OFF, [event(CHANGE), null]),
  cut("nothing", [""], BROKEN_OFF, [null]),
  cut("half an event", [`data: ${RESULT}`, ""], BROKEN_OFF, ["", null]),
  cut(
    "an error without a code behind one with a code",
    [event('{"id":7,"error":{"code":5}}'), event('{"id":7,"error":{}}'), event("oops"), ""],
    UNREADABLE,
    [event('{"id":7,"error":{"code":5}}'), event('{"id":7,"error":{}}'), null, ""],
    {},
    { outcome: "error" },
  ),
];

/** What two readers could read in two ways. */
const UNREADABLES: readonly Case[] = [
  cut("no JSON", [event("oops"), event(RESULT), ""], UNREADABLE, [null, "", ""], {}, { read: 12 }),
  cut("no JSON, legacy", [event("oops")], UNREADABLE, [null], { asked: "clplain 7" }),
  cut("no JSON for a notification", [event("oops")], UNREADABLE, [null], { asked: "om " }, { id: null }),
  cut("a carriage return between lines", [`data: {}\rdata: ${RESULT}\n\n`], UNREADABLE, [null]),
  cut("a carriage return before a line", [`\rdata: ${RESULT}\n\n`], UNREADABLE, [null]),
  cut("two carriage returns at an end", [`data: ${RESULT}\r\r\n\n`], UNREADABLE, [null]),
  // Readers take away the mark at the beginning, and read the line.
  cut("a byte order mark", [`\ufeff${event(RESULT)}`], UNREADABLE, [null]),
  // Readers that end lines as Unicode does read what is behind as a line of its own.
  ...["\u000b", "\u000c", "\u001c", "\u0085", "\u2028"].map((end) =>
    cut(`a comment ended by ${JSON.stringify(end)}`, [`:${end}${event(RESULT)}`], UNREADABLE, [null]),
  ),
  cut(
    "one chunk of two events, of which the second is no JSON",
    [event(RESULT) + event("oops")],
    UNREADABLE,
    [null],
    {},
    { outcome: "ok" },
  ),
];

const SIZES: readonly Case[] = [
  on("a stream as long as may be", [sized(40), sized(60)], { outcome: "none" }, SMALL),
  cut("a stream that is too long", [sized(40), sized(61)], TOO_LARGE, [sized(40), null], SMALL),
  cut(
    "what comes behind one that is too long",
    [sized(101), "x", event(RESULT), ""],
    TOO_LARGE,
    [null, "", "", ""],
    SMALL,
    { read: 101 },
  ),
];

const LEAK = `{"id":7,"result":"x_0aF"}`;
const LEAKS: readonly Case[] = [
  cut(
    "a leak, in pieces",
    [event(CHANGE), "data: ", LEAK.slice(0, 20), `${LEAK.slice(20)}\n\n`, event(RESULT)],
    REFUSED,
    [event(CHANGE), "", "", null, ""],
    CAREFUL,
    { detail: "hex", read: length([event(CHANGE), event(LEAK)]) },
  ),
];

const list = (...names: readonly string[]) =>
  `{"id":7,"result":{"tools":[${names.map((name) => `{"name":"${name}"}`).join(",\n")}]}}`;
const LISTING = { asked: "lm 7", notes: { "hmcp.reader": "ci\n" } };
const lines = (text: string) => text.replace(/\n/g, "\ndata: ");
const LISTS: readonly Case[] = [
  on(
    "a list with what may not be called",
    [event(lines(list("others", "plain"))), ""],
    { as: [event(list("plain")), ""], more: { hidden: 1 } },
    LISTING,
  ),
  on(
    "a list whose event has more, and lines to stay apart",
    [
      `event: message\r\ndata: {"id":7,\r\ndata: "result":{"tools":[{"name":"others"}]}}\r\nid: 1\r\n\r\n`,
      "",
    ],
    {
      as: [`event: message\nid: 1\ndata: {"id":7,\ndata: "result":{"tools":[]}}\n\n`, ""],
      more: { hidden: 1 },
    },
    LISTING,
  ),
  on(
    "a list behind an empty line of data",
    [`data\ndata: ${list("others")}\n\n`, ""],
    { as: [`data\n${event(list())}`, ""], more: { hidden: 1 } },
    LISTING,
  ),
  on("a list of what may be called", [event(list("plain")), ""], { more: { hidden: 0 } }, LISTING),
  on(
    "two lists",
    [event(list("others")) + event(lines(list("plain", "each"))), ""],
    { as: [event(list()) + event(list("plain")), ""], more: { hidden: 2 } },
    LISTING,
  ),
  cut("a list of no JSON", [event("[")], UNREADABLE, [null], LISTING, { more: { hidden: 0 } }),
  [
    "a list for a reader who is none",
    stream([event(list("plain"))], { ...LISTING, notes: { "hmcp.reader": "none\n" } }),
    ends(INTERNAL, length([event(list("plain"))]), [null], {
      outcome: "ok",
      more: { hidden: 0 },
      logged: "gateway: attempt to index local 'client' (a nil value)",
    }),
  ],
];

/** Streams, chunk by chunk. */
export const STREAMS: readonly Case[] = [...WHOLE, ...UNREADABLES, ...SIZES, ...LEAKS, ...LISTS].map(
  ([what, ...rest]) => [`in a stream: ${what}`, ...rest],
);
