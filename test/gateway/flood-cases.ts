import {
  FLAG,
  TYPE,
  POST,
  block,
  field,
  frameOf,
  indexed,
  remembered,
  request,
  settings,
  word,
} from "./frames";
import type { Flood } from "./flood-lab";

const stream = (index: number) => 2 * index + 1;
const opening = (index: number, headers: Readonly<Record<string, string>>, end = 0) =>
  frameOf(TYPE.headers, FLAG.END_HEADERS | end, stream(index), block({ ...POST, ...headers }));
const cancel = (index: number) => frameOf(TYPE.reset, 0, stream(index), word(8));
/** First on a stream that stays open, then the same again and again. */
const behind =
  (frame: (index: number) => Buffer): Flood["each"] =>
  (index, headers) =>
    index === 0 ? opening(0, headers) : frame(index);
const whole = (fields: Buffer) => frameOf(TYPE.headers, FLAG.END_HEADERS | FLAG.END_STREAM, 1, fields);
const EMPTY = { "malformed http2.inbound_empty_frames_flood": 1 };
const HEADERS_MANY = Array.from({ length: 100 }, (_, index) => field(`x-${index}`, "a"));

/** By classes. */
export const FLOODS: Readonly<Record<string, readonly Flood[]>> = {
  resets: [
    {
      what: "a call, and its reset, again and again (CVE-2023-44487)",
      times: 3000,
      each: (index, headers) => Buffer.concat([request(stream(index), headers), cancel(index)]),
      becomes: "closed",
      lines: { "client-gone http2.remote_reset": 250 },
      limit: "resets",
    },
    {
      what: "headers without a body, and their reset",
      times: 3000,
      each: (index, headers) => Buffer.concat([opening(index, headers), cancel(index)]),
      becomes: "closed",
      lines: { "client-gone http2.remote_reset": 250 },
      limit: "resets",
    },
    {
      what: "messages that the gateway itself must reset (CVE-2025-8671)",
      times: 3000,
      each: (index, headers) => request(stream(index), { ...headers, "X-Upper": "a" }),
      becomes: "closed",
      // Some are read before the resets of those before have gone out.
      lines: { "malformed http2.invalid.header.field": [250, 400] },
      limit: "resets",
    },
    {
      what: "windows opened by nothing, which must be reset too",
      times: 3000,
      each: (index, headers) =>
        Buffer.concat([opening(index, headers), frameOf(TYPE.window, 0, stream(index), word(0))]),
      becomes: "closed",
      lines: { "malformed http2.unknown.nghttp2.error": 1 },
    },
  ],
  headers: [
    {
      what: "headers that go on and on",
      times: 3000,
      each: (index, headers) =>
        index === 0
          ? frameOf(TYPE.headers, 0, 1, block({ ...POST, ...headers }))
          : frameOf(TYPE.continuation, 0, 1, field(`x-${index}`, "a".repeat(100))),
      becomes: "closed",
      lines: { "malformed http2.too_many_headers": 1 },
    },
    {
      what: "headers that go on with nothing",
      times: 1000,
      each: (index, headers) =>
        index === 0
          ? frameOf(TYPE.headers, 0, 1, block({ ...POST, ...headers }))
          : frameOf(TYPE.continuation, 0, 1),
      becomes: "closed",
      lines: EMPTY,
      limit: "empty frames",
    },
    {
      what: "more than 64",
      times: 1,
      each: (_index, headers) => whole(Buffer.concat([block({ ...POST, ...headers }), ...HEADERS_MANY])),
      becomes: { reset: 1 },
      lines: { "malformed http2.too_many_headers": 1 },
      limit: "headers",
    },
    {
      what: "more than 32 KB, by one byte for each 4000 (an HPACK bomb)",
      times: 1,
      each: () =>
        whole(
          Buffer.concat([
            block(POST),
            remembered("x-a", "a".repeat(4000)),
            ...Array.from({ length: 15 }, () => indexed(62)),
          ]),
        ),
      becomes: { reset: 1 },
      lines: { "malformed http2.header_list_size_too_large": 1 },
      limit: "kilobytes",
    },
    {
      what: "64 MB by one byte for each 4000, four times",
      times: 5,
      each: (index) =>
        frameOf(
          TYPE.headers,
          FLAG.END_HEADERS | FLAG.END_STREAM,
          stream(index),
          Buffer.concat([
            block(POST),
            ...(index === 0
              ? [remembered("x-a", "a".repeat(4000))]
              : Array.from({ length: 16_000 }, () => indexed(62))),
          ]),
        ),
      becomes: { reset: 4 },
      lines: { "credential-missing lua_response": 1, "malformed http2.header_list_size_too_large": 4 },
    },
    {
      what: "a table of 4 GB for what we answer",
      first: { 1: 0xffff_ffff },
      times: 1,
      each: (_index, headers) => request(1, headers),
      becomes: "harmless",
      lines: { "ok via_upstream": 1 },
    },
    {
      what: "what is not compressed as it must be",
      times: 1,
      each: () => whole(Buffer.alloc(6, 255)),
      becomes: "closed",
      lines: { "malformed codec_error:The_user_callback_function_failed": 1 },
    },
  ],
  "frames that ask for nothing": [
    {
      what: "settings",
      times: 50_000,
      each: () => settings({ 4: 65_535 }),
      deaf: true,
      becomes: "closed",
      lines: {},
      limit: "frames that wait",
    },
    {
      what: "pings",
      // More than the kernel keeps of their answers: 4 MB on its way out.
      times: 200_000,
      each: () => frameOf(TYPE.ping, 0, 0, "12345678"),
      deaf: true,
      becomes: "closed",
      lines: {},
      limit: "frames that wait",
    },
    {
      what: "empty data",
      times: 1000,
      each: behind(() => frameOf(TYPE.data, 0, 1)),
      becomes: "closed",
      lines: EMPTY,
      limit: "empty frames",
    },
    {
      what: "padding alone",
      times: 1000,
      each: behind(() => frameOf(TYPE.data, FLAG.PADDED, 1, `\xff${"\0".repeat(255)}`)),
      becomes: "closed",
      lines: EMPTY,
      limit: "empty frames",
    },
    {
      what: "priorities",
      times: 30_000,
      each: (index) =>
        frameOf(TYPE.priority, 0, stream(index % 50), Buffer.concat([word(0), Buffer.from([1])])),
      becomes: "closed",
      lines: {},
      limit: "priorities",
    },
    {
      what: "windows that are opened by one byte",
      times: 30_000,
      each: (index, headers) => (index === 0 ? request(1, headers) : frameOf(TYPE.window, 0, 0, word(1))),
      answered: true,
      becomes: "closed",
      lines: { "ok via_upstream": 1 },
      limit: "windows",
    },
    {
      what: "frames of a type that nobody knows",
      times: 30_000,
      each: () => frameOf(0x77, 0, 0, "x"),
      becomes: "harmless",
      lines: {},
    },
  ],
  "streams and windows": [
    {
      what: "more than 100 at the same time",
      times: 300,
      each: opening,
      becomes: { reset: 200 },
      lines: {},
      limit: "streams",
    },
    {
      // The load balancer sends the messages of many clients over one connection.
      what: "a broken message of one client before the call of another one",
      times: 2,
      each: (index, headers) =>
        request(stream(index), index === 0 ? { ...headers, connection: "close" } : headers),
      becomes: { reset: 1 },
      lines: { "malformed http2.invalid.header.field": 1, "ok via_upstream": 1 },
      limit: "what a broken message ends",
    },
    {
      what: "a window that is opened too far",
      times: 3,
      each: () => frameOf(TYPE.window, 0, 0, word(0x7fff_ffff)),
      becomes: "closed",
      lines: {},
    },
    {
      what: "a window that begins too large",
      first: { 4: 0x8000_0000 },
      times: 1,
      each: (_index, headers) => request(1, headers),
      becomes: "closed",
      lines: {},
    },
    {
      what: "a window that is opened by nothing",
      times: 1,
      each: () => frameOf(TYPE.window, 0, 0, word(0)),
      becomes: "closed",
      lines: {},
    },
    {
      what: "data behind the end",
      times: 2,
      each: (index, headers) => (index === 0 ? request(1, headers) : frameOf(TYPE.data, 0, 1, "x")),
      becomes: "closed",
      lines: { "malformed codec_error:The_user_callback_function_failed": 1 },
    },
    {
      what: "a frame of more than 16 KB",
      times: 1,
      each: () => frameOf(TYPE.data, 0, 1, "x".repeat(20_000)),
      becomes: "closed",
      lines: {},
    },
    {
      what: "data of no stream",
      times: 1,
      each: () => frameOf(TYPE.data, 0, 0, "x"),
      becomes: "closed",
      lines: {},
    },
    {
      what: "a stream that only the gateway may begin",
      times: 1,
      each: (_index, headers) => request(2, headers),
      becomes: "closed",
      lines: {},
    },
    {
      what: "a promise",
      times: 1,
      each: () => frameOf(TYPE.push, FLAG.END_HEADERS, 1, Buffer.concat([word(2), block(POST)])),
      becomes: "closed",
      lines: {},
    },
  ],
  "the end of a connection": [
    {
      what: "said, and a call behind",
      times: 2,
      each: (index, headers) =>
        index === 0 ? frameOf(TYPE.goaway, 0, 0, Buffer.concat([word(0), word(0)])) : request(1, headers),
      becomes: "harmless",
      lines: { "ok via_upstream": 1 },
    },
    {
      what: "said again and again",
      times: 10_000,
      each: () => frameOf(TYPE.goaway, 0, 0, Buffer.concat([word(0), word(0)])),
      becomes: "harmless",
      lines: {},
    },
    {
      what: "said of one stream",
      times: 1,
      each: () => frameOf(TYPE.goaway, 0, 1, Buffer.concat([word(0), word(0)])),
      becomes: "closed",
      lines: {},
    },
  ],
};
