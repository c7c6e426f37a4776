import type { AuditLine } from "../../lib/gateway/audit-line";
import { answerOf, chunkOf, drips, flows, head, resultOf, type Written } from "./raw-server";

/** What a server writes, and what becomes of it. */
export interface BadServer {
  readonly what: string;
  readonly writes: Written;
  /** Status and code of the error, or that a stream had begun and is cut; `fine` where it is an answer. */
  readonly gets: readonly [status: number, code: number] | "cut" | "last event" | "fine";
  readonly reason: AuditLine["reason"];
  /** Envoy's own words. */
  readonly envoy: string;
  /** Ends with the second that the tool may take, not before. */
  readonly late?: true;
  /** The setting, or line of the program, without which another thing becomes of it. */
  readonly protection?:
    | "size of headers"
    | "number of headers"
    | "size of an answer"
    | "status"
    | "timeout"
    | "places"
    | "length of a stream"
    | "none";
}

const JSON_BODY = "content-type: application/json";
const CHUNKED = "transfer-encoding: chunked";
const json = head([JSON_BODY, CHUNKED]);
const page = (status?: string) => head(["content-type: text/html", CHUNKED], status);
const stream = head(["content-type: text/event-stream", CHUNKED]);
const ELSEWHERE = "location: http://169.254.169.254/";
const BEFORE = "upstream_reset_before_response_started";
const AFTER = "upstream_reset_after_response_started";
const BLANKS = chunkOf(" ".repeat(65_536));
/** Says this first, then the other for ever. */
const then =
  (first: string, goes: (socket: Parameters<Written>[0]) => void): Written =>
  (socket) => {
    socket.write(first);
    goes(socket);
  };
const with_ =
  (...headers: readonly string[]): Written =>
  (socket, id) =>
    socket.write(answerOf(id, headers));
const status =
  (text: string): Written =>
  (socket, id) =>
    socket.write(answerOf(id, [], text));
const says =
  (text: string): Written =>
  (socket) =>
    socket.write(text, "latin1");
const thenCloses =
  (text: string): Written =>
  (socket) =>
    socket.end(text, "latin1");
const thenResets =
  (text: string): Written =>
  (socket) => {
    if (text === "") return void socket.resetAndDestroy();
    socket.write(text, () => setTimeout(() => socket.resetAndDestroy(), 50));
  };

const late = (what: string, writes: Written, gets: BadServer["gets"] = [400, -31408]): BadServer => ({
  ...{ what, writes, gets, reason: "timeout", envoy: "response_timeout", late: true },
  ...(what === "nothing" && { protection: "timeout" }),
});
const broken = (what: string, writes: Written, envoy = `${BEFORE}{protocol_error}`): BadServer => ({
  ...{ what, writes, gets: [502, -32603], reason: "server-unavailable", envoy },
});
const gone = (what: string, writes: Written): BadServer => ({
  ...{ what, writes, gets: [503, -32603], reason: "server-unavailable" },
  envoy: `${BEFORE}{connection_termination}`,
});
const cut = (what: string, writes: Written): BadServer => ({
  ...{ what, writes, gets: "cut", reason: "server-unavailable", envoy: `${AFTER}{protocol_error}` },
});
const endless = (what: string, writes: Written): BadServer => ({
  ...{ what, writes, gets: [400, -31502], reason: "response-too-large", envoy: "response_payload_too_large" },
});
const unreadable = (what: string, writes: Written): BadServer => ({
  ...{ what, writes, gets: [502, -31502], reason: "response-unreadable", envoy: "via_upstream" },
  protection: "status",
});
const fine = (what: string, writes: Written): BadServer => ({
  ...{ what, writes, gets: "fine", reason: "ok", envoy: "via_upstream" },
});

/** A stream that says how long it is. */
const measured =
  (events: (id: unknown) => string): Written =>
  (socket, id) => {
    const text = events(id);
    socket.write(head(["content-type: text/event-stream", `content-length: ${text.length}`]) + text);
  };

/** By classes. Answers that are whole, but not as they must be: see `responses-cases.ts`. */
export const BAD_SERVERS: Readonly<Record<string, readonly BadServer[]>> = {
  slow: [
    late("nothing", () => undefined),
    late("half of its headers", says("HTTP/1.1 200 OK\r\ncontent-type: app")),
    late("headers and no body", says(head([JSON_BODY, "content-length: 100"]))),
    late("a body, byte by byte", (socket) => {
      socket.write(head([JSON_BODY, "content-length: 10000"]));
      drips(socket, " ");
    }),
    late("a stream without events", says(stream), "cut"),
    late(
      "comments for ever",
      then(stream, (socket) => drips(socket, chunkOf(": \n\n"))),
      "cut",
    ),
    late("half an event", says(stream + chunkOf('data: {"jsonrpc"')), "cut"),
    late("interim answers for ever", (socket) => flows(socket, "HTTP/1.1 102 Processing\r\n\r\n")),
  ],
  flooding: [
    {
      // Without the limit it would be waited for.
      ...endless("3 MB of JSON, and no end", (socket) => socket.write(json + chunkOf(" ".repeat(3_000_000)))),
      protection: "size of an answer",
    },
    endless(
      "JSON without end",
      then(json, (socket) => flows(socket, BLANKS)),
    ),
    endless("JSON of 100 GB", (socket) => {
      socket.write(head([JSON_BODY, "content-length: 99999999999"]));
      flows(socket, " ".repeat(65_536));
    }),
    endless(
      "a page without end",
      then(page(), (socket) => flows(socket, BLANKS)),
    ),
    endless(
      "a page of an error without end",
      then(page("500 Oops"), (socket) => flows(socket, BLANKS)),
    ),
    {
      what: "an event without end",
      writes: then(stream, (socket) => flows(socket, BLANKS)),
      ...{ gets: "last event", reason: "response-too-large", envoy: "response_timeout", late: true },
    },
    {
      what: "comments without end",
      writes: then(stream, (socket) => flows(socket, chunkOf(`: ${"a".repeat(60_000)}\n\n`))),
      ...{ gets: "last event", reason: "response-too-large", envoy: "response_timeout", late: true },
    },
    broken("headers without end", (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n");
      flows(socket, `x-a: ${"a".repeat(1000)}\r\n`);
    }),
    broken("one header without end", (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nx-a: ");
      flows(socket, "a".repeat(10_000));
    }),
    {
      ...broken("a header of 40 KB", with_(`x-a: ${"a".repeat(40_000)}`)),
      protection: "size of headers",
    },
    {
      ...broken("90 headers", with_(...Array.from({ length: 90 }, (_, index) => `x-${index}: a`))),
      protection: "number of headers",
    },
  ],
  "no HTTP": [
    broken("another protocol", says("SSH-2.0-OpenSSH_9.6\r\n")),
    broken("bytes", says("\x00\x01\x02")),
    broken("HTTP/0.9", thenCloses("<html>hello</html>")),
    broken("HTTP/2", says("\x00\x00\x00\x04\x00\x00\x00\x00\x00")),
    broken("a length and chunks", (socket, id) =>
      socket.write(head([JSON_BODY, CHUNKED, "content-length: 5"]) + chunkOf(resultOf(id)) + chunkOf("")),
    ),
    broken("two lengths", with_("content-length: 3")),
    broken("a size that is none", says(`${json}zz\r\nabc\r\n`), `${AFTER}{protocol_error}`),
    broken("NUL in a header", with_("x-a: a\0b")),
    cut("a size that is none, in a stream", says(`${stream}${chunkOf(": \n\n")}zz\r\nabc\r\n`)),
  ],
  "no status of an answer": [
    unreadable(
      "another protocol",
      says(head(["upgrade: websocket", "connection: upgrade"], "101 Switching")),
    ),
    unreadable("elsewhere, without a body", says(head([ELSEWHERE, "content-length: 0"], "302 Found"))),
    unreadable("elsewhere, with a page", (socket) =>
      socket.write(`${head([ELSEWHERE, "content-type: text/html", "content-length: 1"], "301 X")}x`),
    ),
    unreadable("elsewhere, with the same method", (socket, id) =>
      socket.write(answerOf(id, [ELSEWHERE], "307 Temporary Redirect")),
    ),
    unreadable(
      "elsewhere, as a stream",
      says(`${head([ELSEWHERE, "content-type: text/event-stream", CHUNKED], "308 X")}0\r\n\r\n`),
    ),
    unreadable("not modified", says(head([JSON_BODY], "304 Not Modified"))),
    // Without its protection there would be no line: none has such a status.
    { ...unreadable("a number of three digits", status("999 X")), protection: "none" },
    broken("a number of two digits", status("99 X")),
    broken("zeros", status("000 X")),
    broken("no number", status("abc X")),
    broken("no content, and a body", status("204 X")),
  ],
  ending: [
    gone("before it says anything", thenCloses("")),
    gone("before it says anything, by a reset", thenResets("")),
    broken("in its headers", thenCloses("HTTP/1.1 200 OK\r\ncont")),
    broken("in its headers, by a reset", thenResets("HTTP/1.1 200 OK\r\ncont")),
    broken(
      "in its body",
      thenCloses(`${head([JSON_BODY, "content-length: 100"])}{`),
      `${AFTER}{protocol_error}`,
    ),
    broken("in its chunks", thenCloses(json + chunkOf("{")), `${AFTER}{protocol_error}`),
    cut("in a stream, by a reset", thenResets(stream + chunkOf("data: {}\n\n"))),
    cut("in half an event", thenResets(stream + chunkOf('data: {"a'))),
  ],
  "odd, but clear": [
    fine("hints before", (socket, id) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n${answerOf(id)}`),
    ),
    fine("a second answer behind", (socket, id) => socket.write(answerOf(id).repeat(2))),
    fine("trailers", (socket, id) =>
      socket.write(`${json}${chunkOf(resultOf(id))}0\r\nx-leak: secret\r\n\r\n`),
    ),
    {
      ...fine(
        "a place, a cookie, a refresh",
        with_(ELSEWHERE, "set-cookie: a=b", "refresh: 0", "server: x/1"),
      ),
      protection: "places",
    },
    {
      // What goes on is shorter: the next answer of the connection would be read as its end.
      ...fine(
        "the length of a stream that ends in half an event",
        measured((id) => `data: ${resultOf(id)}\n\n: half`),
      ),
      protection: "length of a stream",
    },
    fine(
      "a blank line too many behind an event",
      measured((id) => `data: ${resultOf(id)}\n\n\n`),
    ),
    fine("HTTP/1.0", (socket, id) => socket.end(`HTTP/1.0 200 OK\r\n${JSON_BODY}\r\n\r\n${resultOf(id)}`)),
  ],
};
