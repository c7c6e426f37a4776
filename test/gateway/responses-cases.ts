import { gzipSync } from "node:zlib";
import type { ReadLine } from "../support/audit";
import { answer, result } from "./misbehaving-server";
import {
  ASKS_AND_ANSWERS,
  BROKEN_OFF,
  careful,
  done,
  ended,
  event,
  failed,
  filled,
  halves,
  JSON_TYPE,
  KEY,
  leaks,
  LONG_PROGRESS,
  old,
  passes,
  progress,
  REFUSED,
  refused,
  rpcError,
  search,
  small,
  SSE,
  text,
  TOO_LONG,
  UNREADABLE,
  unreadable,
  type ResponseCase,
} from "./responses-expected";

/** By classes of what a server can do. */
export const CASES: Readonly<Record<string, ResponseCase>> = {
  "a result": passes(search, JSON_TYPE, done, { outcome: "ok" }),
  "a result of the legacy era": passes(old("search"), JSON_TYPE, done, { outcome: "ok" }),
  "a result whose type says more": passes(search, "Application/JSON; charset=utf-8", done, { outcome: "ok" }),
  "a result with the error flag": passes(search, JSON_TYPE, failed, { outcome: "tool-error" }),
  "an error": passes(search, JSON_TYPE, rpcError, { outcome: "error", code: -32001 }),
  "an error as HTTP knows one": passes(search, JSON_TYPE, rpcError, { outcome: "error", code: -32001 }, 400),
  "an error with more digits than a number keeps": {
    ...passes(search, JSON_TYPE, (id) => rpcError(id).replace("-32001", "9007199254740993"), {}),
    line: {
      reason: "ok",
      answer: expect.not.objectContaining({ code: expect.any(Number) as number }) as ReadLine["answer"],
    },
  },
  "an error without a code": passes(search, JSON_TYPE, (id) => rpcError(id).replace('"code":-32001,', ""), {
    outcome: "error",
  }),
  "a page of an error": passes(search, "text/html", () => "<p>broken</p>", { outcome: "none" }, 500),
  "neither result nor error": passes(search, JSON_TYPE, (id) => JSON.stringify({ jsonrpc: "2.0", id }), {
    outcome: "none",
  }),
  "nothing at all": passes(search, JSON_TYPE, () => "", { outcome: "none" }),
  "headers alone": {
    ...passes(search, JSON_TYPE, () => "", { outcome: "none", bytes: 0 }),
    server: answer(JSON_TYPE, () => "", 200, { "content-length": "0" }),
  },
  "tools that are a result": passes(search, JSON_TYPE, (id) => result(id, { tools: [{ name: "secret" }] }), {
    outcome: "ok",
  }),
  "a flag inside the content": passes(
    search,
    JSON_TYPE,
    (id) => result(id, { structuredContent: { isError: true, error: { code: 1 } }, isError: false }),
    { outcome: "ok" },
  ),
  "words of an error in a text": passes(search, JSON_TYPE, text('"error":{"code":1},"isError":true'), {
    outcome: "ok",
  }),
  "members in another order": passes(
    search,
    JSON_TYPE,
    (id) =>
      ` {"id":${String(id)}, "result" : {"x":[1,{"isError":true}], "\\u0069sError": true}, "jsonrpc":"2.0"}\n`,
    { outcome: "tool-error" },
  ),
  "a stream": passes(search, SSE, (id) => [event(progress), ": ping\n\n", event(done(id))], {
    outcome: "ok",
  }),
  "a stream with a broken line in a comment": passes(search, SSE, (id) => [": a\rb\n\n", event(done(id))], {
    outcome: "ok",
  }),
  "a stream that goes on after its answer": passes(
    search,
    SSE,
    (id) => [event(done(id)), event(progress), ": end\n\n"],
    {
      outcome: "ok",
    },
  ),
  "a stream with the error flag": passes(search, SSE, (id) => event(failed(id)), { outcome: "tool-error" }),
  "a stream with an error": passes(search, SSE, (id) => event(rpcError(id)), {
    outcome: "error",
    code: -32001,
  }),
  "two events in one piece": passes(search, SSE, (id) => event(progress) + event(done(id)), {
    outcome: "ok",
  }),
  "an event in many pieces": passes(search, SSE, (id) => halves(event(failed(id)), 40), {
    outcome: "tool-error",
  }),
  "the end of an event in two pieces": passes(search, SSE, (id) => halves(event(done(id)), -1), {
    outcome: "ok",
  }),
  "the end of an event of two characters in pieces": passes(
    search,
    SSE,
    (id) => [...halves(`data: ${failed(id)}\r\n\r\n`, -1), ...halves(`data: ${done(id)}\r\n\r\n`, -2)],
    { outcome: "ok" },
  ),
  "lines that end with two characters": passes(search, SSE, (id) => `id: 1\r\ndata: ${failed(id)}\r\n\r\n`, {
    outcome: "tool-error",
  }),
  "a blank line too many between events": passes(
    search,
    SSE,
    (id) => [`${event(progress)}\n`, `${event(progress)}\n${event(progress)}`, event(done(id))],
    { outcome: "ok" },
  ),
  "an event without data": passes(
    search,
    SSE,
    (id) => ["data:\n\n", "event: x\ndata: \n\n", event(done(id))],
    {
      outcome: "ok",
    },
  ),
  "an event on several lines": passes(
    search,
    SSE,
    () => `data: {"jsonrpc":"2.0",\ndata: "result":{"isError":true}}\n\n`,
    {
      outcome: "tool-error",
    },
  ),

  "as long as may be": passes(small, JSON_TYPE, filled(2048, String), { outcome: "ok", bytes: 2048 }),
  "a stream as long as may be": passes(small, SSE, filled(2048, event), { outcome: "ok", bytes: 2048 }),
  "events that are too long together": ended(
    small,
    (id) => [event(LONG_PROGRESS), event(LONG_PROGRESS), event(done(id))],
    event(LONG_PROGRESS),
    TOO_LONG,
    "response-too-large",
  ),
  "too long": refused(small, answer(JSON_TYPE, text("x".repeat(3000))), 400, TOO_LONG, "response-too-large"),
  "too long, legacy": refused(
    old("small"),
    answer(JSON_TYPE, text("x".repeat(3000))),
    200,
    TOO_LONG,
    "response-too-large",
  ),
  "longer than anything may be": refused(
    search,
    answer(JSON_TYPE, text("x".repeat(1_100_000))),
    400,
    TOO_LONG,
    "response-too-large",
  ),
  "a stream that is too long": ended(
    small,
    (id) => [event(progress), event(text("x".repeat(3000))(id)), event(done(id))],
    event(progress),
    TOO_LONG,
    "response-too-large",
  ),
  "single bytes behind a stream that is too long": ended(
    small,
    (id) => [event(progress), event(text("x".repeat(3000))(id)), "x", "y"],
    event(progress),
    TOO_LONG,
    "response-too-large",
  ),
  "an event that does not end": ended(
    small,
    () => Array.from({ length: 40 }, () => `data: ${"x".repeat(100)}`),
    "",
    TOO_LONG,
    "response-too-large",
  ),

  "a key of AWS": leaks(`it is ${KEY}`, "aws-access-key"),
  "a key of AWS, legacy": refused(
    old("careful"),
    answer(JSON_TYPE, text(KEY)),
    200,
    REFUSED,
    "response-refused",
    "aws-access-key",
  ),
  "a key written by numbers": refused(
    careful,
    answer(JSON_TYPE, (id) => text(KEY)(id).replace("AKIA", "\\u0041KIA")),
    400,
    REFUSED,
    "response-refused",
    "aws-access-key",
  ),
  "a private key": leaks("-----BEGIN EC PRIVATE KEY-----\nMHc", "private-key"),
  "a client's key": leaks(`hmk_${"a-_9".repeat(11)}`, "client-key"),
  "a token of GitHub": leaks(`ghp_${"a1".repeat(18)}`, "github-token"),
  "a pattern of one's own": leaks("acme_0123abcd", "acme-token"),
  "a pattern behind what only begins like it": leaks("acme_acme_0123abcd", "acme-token"),
  "a beginning of characters that patterns know": leaks("it is a.c+0123", "dotted"),
  "a key in an error": refused(
    careful,
    answer("text/plain", () => KEY, 500),
    400,
    REFUSED,
    "response-refused",
    "aws-access-key",
  ),
  "a key in a stream, in two pieces": ended(
    careful,
    (id) => {
      const whole = event(text(KEY)(id));
      return [event(progress), ...halves(whole, whole.indexOf("AKIA") + 7), event(done(id))];
    },
    event(progress),
    REFUSED,
    "response-refused",
    "aws-access-key",
  ),
  "what only begins like a key": passes(
    careful,
    JSON_TYPE,
    text(`AKIA, AKIA-${"A".repeat(15)}, ghp_1, acme_01, abcc0123 and hmk_x`),
    {
      outcome: "ok",
    },
  ),

  "not JSON": unreadable(answer(JSON_TYPE, () => "oops {")),
  "half of JSON": unreadable(answer(JSON_TYPE, (id) => failed(id).slice(0, -4))),
  "a batch": unreadable(answer(JSON_TYPE, (id) => `[${done(id)}]`)),
  "two of one member": unreadable(
    answer(JSON_TYPE, (id) => `{"error":1,"result":{},"result":{},"id":${String(id)}}`),
  ),
  "another type": unreadable(answer("text/html", () => "<p>well</p>")),
  "an answer that sends elsewhere": unreadable(
    answer(JSON_TYPE, done, 307, { location: "http://169.254.169.254/" }),
  ),
  "headers alone that send elsewhere": unreadable(
    answer(JSON_TYPE, () => "", 307, { location: "http://169.254.169.254/", "content-length": "0" }),
  ),
  "a page of a choice": unreadable(answer("text/html", () => "<p>elsewhere</p>", 300)),
  "no type": unreadable(answer(undefined, done)),
  compressed: unreadable(answer(JSON_TYPE, (id) => gzipSync(done(id)), 200, { "content-encoding": "gzip" })),
  "a compressed stream": unreadable(
    answer(SSE, (id) => gzipSync(event(done(id))), 200, { "content-encoding": "gzip" }),
  ),
  "an event that is not JSON": ended(search, () => [event("{oops")], "", UNREADABLE, "response-unreadable"),
  "lines that end with a carriage return alone": ended(
    search,
    (id) => [`data: {"jsonrpc":"2.0"}\rdata: ${done(id)}\n\n`],
    "",
    UNREADABLE,
    "response-unreadable",
  ),
  "a carriage return before a line": ended(
    search,
    (id) => [`\rdata: ${done(id)}\n\n`],
    "",
    UNREADABLE,
    "response-unreadable",
  ),
  "a byte order mark, which readers take away": ended(
    careful,
    (id) => [`\ufeff${event(text(KEY)(id)).slice(15)}`],
    "",
    UNREADABLE,
    "response-unreadable",
  ),
  "a comment that some readers end earlier": ended(
    careful,
    (id) => [`:\u2028${event(text(KEY)(id)).slice(15)}`],
    "",
    UNREADABLE,
    "response-unreadable",
  ),
  "half an event": ended(
    search,
    (id) => [event(progress), `data: ${done(id)}`],
    event(progress),
    BROKEN_OFF,
    "server-unavailable",
  ),
  "a stream with a message that asks and answers": ended(
    search,
    () => [event(ASKS_AND_ANSWERS)],
    event(ASKS_AND_ANSWERS),
    BROKEN_OFF,
    "server-unavailable",
  ),
  "a stream without an answer": ended(
    search,
    () => [event(progress)],
    event(progress),
    BROKEN_OFF,
    "server-unavailable",
  ),
};
