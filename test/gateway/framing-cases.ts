import { HOST, PATH, type Lab } from "./lab";
import { TEXT, chunked, frame, type Frame } from "./raw";

/** Bytes of one connection, and what must come of them. */
export interface WireCase {
  readonly what: string;
  readonly bytes: (lab: Lab) => string;
  /** Statuses of the answers, in order. */
  readonly statuses: readonly number[];
  /** Of each request one: reason of the audit line, and Envoy's own words. */
  readonly lines: readonly string[];
}

const CODEC = "malformed http1.codec_error";
const LENGTHS = "malformed http1.content_length_and_chunked_not_allowed";
const CODING = "malformed http1.invalid_transfer_encoding";
const CHARACTERS = "malformed http1.invalid_characters";
const UNDERSCORE = "malformed http1.unexpected_underscore";
const TOO_LARGE = "malformed http1.headers_too_large";
const TOO_MANY = "malformed http1.too_many_headers";
const VERSION = "malformed low_version";
const AUTHORITY = "malformed http.invalid_authority";
const UPGRADE = "malformed upgrade_failed";
const ELSEWHERE = "not-found rbac_access_denied_matched_policy[not-found]";
/** Line of what the server answered. */
export const SERVED = "ok via_upstream";
const OK = SERVED;

/** Of the statuses without the one that asks for the body. */
const one = (
  what: string,
  frames: Frame | Frame[],
  status: number | number[],
  ...lines: string[]
): WireCase => ({
  ...{ what, statuses: [status].flat(), lines },
  bytes: (lab) =>
    [frames]
      .flat()
      .map((given) => frame(lab, given))
      .join(""),
});
const raw = (what: string, bytes: string, status: number, line: string): WireCase => ({
  ...{ what, bytes: () => bytes, statuses: [status], lines: [line] },
});
const NO_LENGTH = ["content-length"];
const TE = "transfer-encoding: chunked";
const coded = (what: string, coding: string, status: number, line: string) =>
  one(what, { without: NO_LENGTH, add: [coding], body: chunked() }, status, line);
const inChunks = (what: string, body: string, status: number, line: string) =>
  one(what, { without: NO_LENGTH, add: [TE], body }, status, line);
const length = (what: string, value: string, status = 400, line = CODEC) =>
  one(what, { without: NO_LENGTH, add: [`content-length:${value}`] }, status, line);
const header = (what: string, line: string, status: number | number[], reason: string) =>
  one(what, { add: [line] }, status, reason);
const line = (what: string, first: string, status: number, reason: string) =>
  one(what, { line: first }, status, reason);
const host = (what: string, lines: string[], status: number, reason: string) =>
  one(what, { without: ["host"], add: lines }, status, reason);
const SIZE = TEXT.length;
const HEX = SIZE.toString(16);
const open: Frame = { without: ["connection"] };
/** A call that stands where a body ends, for a reader who is wrong about its end. */
const hidden = `POST ${PATH} HTTP/1.1\r\nhost: ${HOST}\r\n\r\n`;

const LENGTH: WireCase[] = [
  one("a length and chunks", { add: [TE], body: chunked() }, 400, LENGTHS),
  one(
    "chunks and a length",
    { without: NO_LENGTH, add: [TE, `content-length: ${SIZE}`], body: chunked() },
    400,
    LENGTHS,
  ),
  one(
    "a length of nothing and chunks",
    { without: NO_LENGTH, add: ["content-length: 0", TE], body: chunked() },
    400,
    LENGTHS,
  ),
  one(
    "a last chunk, and a request hidden behind it",
    { add: [TE], body: `0\r\n\r\n${hidden}` },
    400,
    LENGTHS,
  ),
  one("a length twice", { add: [`content-length: ${SIZE}`] }, 400, CODEC),
  one("two lengths", { add: ["content-length: 0"] }, 400, CODEC),
  length("a list of lengths", ` ${SIZE}, ${SIZE}`),
  length("a length with a sign", ` +${SIZE}`),
  length("a hexadecimal length", ` 0x${HEX}`),
  length("a length below zero", " -1"),
  length("a length with a blank in it", " 2 82"),
  length("an empty length", ""),
  length("a length beyond 64 bits", " 18446744073709551898"),
  one("a blank before the colon", { without: NO_LENGTH, add: [`content-length : ${SIZE}`] }, 400, CODEC),
  // What is read in one way only, and written anew: one request, of that length.
  length("zeros before a length", ` 000${SIZE}`, 200, OK),
  length("a length on the next line", `\r\n ${SIZE}`, 200, OK),
];

const CODINGS: WireCase[] = [
  coded("an unknown coding", "transfer-encoding: xchunked", 501, CODING),
  one("identity beside a length", { add: ["transfer-encoding: identity"] }, 400, LENGTHS),
  coded("two codings", "transfer-encoding: gzip, chunked", 501, CODING),
  coded("a coding behind chunked", "transfer-encoding: chunked, identity", 501, CODING),
  coded("chunked twice", "transfer-encoding: chunked\r\ntransfer-encoding: chunked", 501, CODING),
  coded("two lines of codings", "transfer-encoding: chunked\r\ntransfer-encoding: identity", 501, CODING),
  coded("a coding in quotes", 'transfer-encoding: "chunked"', 501, CODING),
  coded("a comma behind", "transfer-encoding: chunked,", 501, CODING),
  coded("a vertical tab before", "transfer-encoding: \x0bchunked", 400, CHARACTERS),
  one("a blank before the colon", { add: ["transfer-encoding : chunked"] }, 400, CODEC),
  one("an underscore in its name", { add: ["transfer_encoding: chunked"] }, 400, UNDERSCORE),
  coded("capitals", "Transfer-Encoding: CHUNKED", 200, OK),
  coded("a tab before", "transfer-encoding:\tchunked", 200, OK),
  coded("on the next line", "transfer-encoding:\r\n chunked", 200, OK),
];

const CHUNKS: WireCase[] = [
  inChunks("no number", chunked(TEXT, "zz"), 400, CODEC),
  inChunks("a prefix", chunked(TEXT, `0x${HEX}`), 400, CODEC),
  inChunks("a sign", chunked(TEXT, `+${HEX}`), 400, CODEC),
  inChunks("below zero", chunked(TEXT, "-1"), 400, CODEC),
  inChunks("beyond 64 bits", chunked(TEXT, `1${"0".repeat(14)}${HEX}`), 400, CODEC),
  inChunks("an underscore", chunked(TEXT, "1_1a"), 400, CODEC),
  inChunks("a blank before", chunked(TEXT, ` ${HEX}`), 400, CODEC),
  inChunks("no size", chunked(TEXT, ""), 400, CODEC),
  inChunks("a size that is too small", chunked(TEXT, (SIZE - 3).toString(16)), 400, "malformed lua_response"),
  inChunks("a size that is too large", chunked(TEXT, (SIZE + 3).toString(16)), 400, CODEC),
  inChunks("a line feed behind the size", chunked(TEXT, HEX, "\n"), 400, CODEC),
  inChunks("a carriage return behind the size", chunked(TEXT, HEX, "\r"), 400, CODEC),
  inChunks("a line feed in an extension", chunked(TEXT, `${HEX};a=b\nx`), 400, CODEC),
  inChunks("a carriage return in an extension", chunked(TEXT, `${HEX};a=b\rx`), 400, CODEC),
  inChunks("a last chunk that ends with line feeds", `${HEX}\r\n${TEXT}\r\n0\n\n`, 400, CODEC),
  inChunks(
    "trailers that are too long",
    `${HEX}\r\n${TEXT}\r\n0\r\nx: ${"a".repeat(40_000)}\r\n\r\n`,
    431,
    TOO_LARGE,
  ),
  // Read in one way, and not passed on: the server gets the message alone.
  inChunks("an extension", chunked(TEXT, `${HEX};a="b;c"`), 200, OK),
  inChunks("zeros before a size", chunked(TEXT, `0000${HEX}`), 200, OK),
  inChunks("a blank behind a size", chunked(TEXT, `${HEX} `), 200, OK),
  inChunks(
    "trailers",
    `${HEX}\r\n${TEXT}\r\n0\r\nx-mcp-client: key:admin\r\ncontent-length: 3\r\n\r\n`,
    200,
    OK,
  ),
];

const HEADERS: WireCase[] = [
  header("NUL in a value", "x-a: b\0c", 400, CHARACTERS),
  header("NUL in a name", "x\0a: b", 400, CHARACTERS),
  header("a control character in a value", "x-a: b\x01c", 400, CHARACTERS),
  header("DEL in a value", "x-a: b\x7fc", 400, CHARACTERS),
  header("an escape in what is logged", "x-amzn-trace-id: b\x1b[2J", 400, CHARACTERS),
  header("a blank in a name", "x a: b", 400, CODEC),
  header("a tab in a name", "x-a\t: b", 400, CODEC),
  header("a slash in a name", "x/a: b", 400, CODEC),
  header("no ASCII in a name", "x-\xe4: b", 400, CODEC),
  header("no name", ": b", 400, CODEC),
  header("a name as HTTP/2 has them", ":path: /other", 400, CODEC),
  header("no colon", "garbage", 400, CODEC),
  header("an underscore in a name", "x_a: b", 400, UNDERSCORE),
  header("the client's header with underscores", "x_mcp_client: key:admin", 400, UNDERSCORE),
  header("a value of more than 32 KB", `x-a: ${"a".repeat(33_000)}`, 431, TOO_LARGE),
  header(
    "values of more than 32 KB together",
    Array(10)
      .fill(`x-a: ${"a".repeat(4000)}`)
      .join("\r\n"),
    431,
    TOO_LARGE,
  ),
  header(
    "a hundred names",
    Array.from({ length: 100 }, (_, name) => `x-${name}: a`).join("\r\n"),
    431,
    TOO_MANY,
  ),
  header("one name a hundred times", Array(100).fill("x-a: a").join("\r\n"), 431, TOO_MANY),
  one("a first header that goes on before it begins", { line: `POST ${PATH} HTTP/1.1\r\n x: y` }, 400, CODEC),
  header(
    "an authorization that is called the connection's own",
    "connection: authorization",
    401,
    "credential-missing lua_response",
  ),
  // Envoy reads these in one way and writes that: a line of its own, one value, one value.
  one("line feeds alone", { end: "\n" }, 200, OK),
  header("a line feed in a value", "x-a: b\nx-mcp-client: key:admin", 200, OK),
  header("a carriage return in a value", "x-a: b\rx-mcp-client: key:admin", 200, OK),
  header("a value on two lines", "x-a: b\r\n x-mcp-client: key:admin", 200, OK),
  header("a header that is called the connection's own", "connection: x-mcp-client, x-request-id", 200, OK),
];

const LINES: WireCase[] = [
  line("HTTP/1.0", `POST ${PATH} HTTP/1.0`, 426, VERSION),
  raw("HTTP/0.9", `GET ${PATH}\r\n\r\n`, 426, VERSION),
  line("HTTP/1.2", `POST ${PATH} HTTP/1.2`, 426, VERSION),
  line("HTTP/2.0", `POST ${PATH} HTTP/2.0`, 426, VERSION),
  line("a version with more behind", `POST ${PATH} HTTP/1.1x`, 400, CODEC),
  line("a version in small letters", `POST ${PATH} http/1.1`, 400, CODEC),
  line("a blank before", ` POST ${PATH} HTTP/1.1`, 400, CODEC),
  line("an unknown verb", `FOO ${PATH} HTTP/1.1`, 400, CODEC),
  line("a verb in small letters", `post ${PATH} HTTP/1.1`, 400, CODEC),
  line("TRACE", `TRACE ${PATH} HTTP/1.1`, 405, "verb-not-allowed lua_response"),
  line("PUT", `PUT ${PATH} HTTP/1.1`, 405, "verb-not-allowed lua_response"),
  line("CONNECT with a path", `CONNECT ${PATH} HTTP/1.1`, 400, "malformed http1.body_disallowed"),
  one(
    "CONNECT to the host",
    { line: `CONNECT ${HOST}:443 HTTP/1.1`, without: NO_LENGTH, body: "" },
    404,
    ELSEWHERE,
  ),
  one(
    "CONNECT to elsewhere",
    { line: "CONNECT 127.0.0.1:22 HTTP/1.1", without: NO_LENGTH, body: "" },
    404,
    ELSEWHERE,
  ),
  line("no path", "OPTIONS * HTTP/1.1", 404, "not-found absolute_path_rejected"),
  line("a name instead of a path", `POST ${HOST} HTTP/1.1`, 400, CODEC),
  line("a whole address of another host", `POST https://evil.example.com${PATH} HTTP/1.1`, 404, ELSEWHERE),
  line("a path of more than 32 KB", `POST ${PATH}${"a".repeat(40_000)} HTTP/1.1`, 431, TOO_LARGE),
  raw("no text", "\x00\x01\x02\x03\x04\x05\x06\x07\r\n\r\n", 400, CODEC),
  // A whole address says the host; the header beside it counts for nothing (RFC 9112, 3.2.2).
  line("a whole address", `POST https://${HOST}${PATH} HTTP/1.1`, 200, OK),
  one(
    "a whole address, and another Host",
    { line: `POST https://${HOST}${PATH} HTTP/1.1`, without: ["host"], add: ["host: evil.example.com"] },
    200,
    OK,
  ),
  line("tabs for blanks", `POST\t${PATH}\tHTTP/1.1`, 200, OK),
];

const HOSTS: WireCase[] = [
  host("none", [], 400, "malformed missing_host_header"),
  host("an empty one", ["host:"], 404, ELSEWHERE),
  host("the same twice", [`host: ${HOST}`, `host: ${HOST}`], 404, ELSEWHERE),
  host("two", ["host: evil.example.com", `host: ${HOST}`], 404, ELSEWHERE),
  host("two, ours first", [`host: ${HOST}`, "host: evil.example.com"], 404, ELSEWHERE),
  host("a list", [`host: ${HOST}, evil.example.com`], 400, AUTHORITY),
  host("a path behind", [`host: ${HOST}/x`], 400, AUTHORITY),
  host("a blank behind", [`host: ${HOST} x`], 400, AUTHORITY),
  host("a user before", [`host: a@${HOST}`], 404, ELSEWHERE),
  host("another host behind the port", [`host: ${HOST}:443@evil.example.com`], 404, ELSEWHERE),
  host("a port that is none", [`host: ${HOST}:x`], 404, ELSEWHERE),
  host("a dot behind", [`host: ${HOST}.`], 404, ELSEWHERE),
  host("its address", ["host: 127.0.0.1"], 404, ELSEWHERE),
  host("with a port, in capitals", [`host: ${HOST.toUpperCase()}:443`], 200, OK),
];

const UPGRADES: WireCase[] = [
  one(
    "WebSocket",
    { without: ["connection"], add: ["upgrade: websocket", "connection: upgrade"] },
    403,
    UPGRADE,
  ),
  one(
    "WebSocket by GET",
    {
      line: `GET ${PATH} HTTP/1.1`,
      without: ["connection", "content-length"],
      add: ["upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13"],
      body: "",
    },
    403,
    UPGRADE,
  ),
  one(
    "another protocol",
    { without: ["connection"], add: ["upgrade: tls/1.0", "connection: upgrade"] },
    403,
    UPGRADE,
  ),
  // Left out, as RFC 9113 asks for: a plain call.
  one(
    "HTTP/2 in clear",
    {
      without: ["connection"],
      add: ["upgrade: h2c", "http2-settings: AAMAAABkAAQAAP__", "connection: upgrade, http2-settings, close"],
    },
    200,
    OK,
  ),
  header("a body that is asked for first", "expect: 100-continue", [100, 200], OK),
  header("what nobody can expect", "expect: 200-maybe", 200, OK),
];

const PIPES: WireCase[] = [
  one("two calls", [open, {}], [200, 200], OK, OK),
  one("a refused one behind", [open, { line: "POST /other HTTP/1.1" }], [200, 404], OK, ELSEWHERE),
  // The connection ends with the answer: nobody who is refused gets a second try in the same bytes.
  one("one behind a refused one", [{ ...open, line: "POST /other HTTP/1.1" }, {}], 404, ELSEWHERE),
  one(
    "one behind a wrong key",
    [{ without: ["authorization", "connection"], add: ["authorization: Bearer hmk_x"] }, {}],
    401,
    "credential-invalid lua_response",
  ),
  one(
    "bytes behind a body",
    [
      { ...open, body: TEXT },
      { line: "GARBAGE", body: "" },
    ],
    [200, 400],
    OK,
    CODEC,
  ),
  one(
    "a call in the body of a GET",
    { ...open, line: `GET ${PATH} HTTP/1.1`, body: hidden },
    405,
    "verb-not-allowed lua_response",
  ),
];

/** By classes. */
export const FRAMING: readonly (readonly [string, readonly WireCase[]])[] = [
  ["lengths", LENGTH],
  ["codings", CODINGS],
  ["chunks", CHUNKS],
  ["headers", HEADERS],
  ["first lines", LINES],
  ["hosts", HOSTS],
  ["other protocols", UPGRADES],
  ["one behind the other", PIPES],
];
