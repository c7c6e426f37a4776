import { ends, goesOn, REFUSED, replaced, stream, TOO_LARGE, UNREADABLE, whole } from "./answers";
import type { Case, Seen } from "./exact";
import { CI, given, HEADER, ID } from "./session";

const RESULT = '{"jsonrpc":"2.0","id":7,"result":{}}';
const BEGUN = { asked: "ol 7", notes: { "hmcp.who": CI.who } };
const hands = (what: string, id: string): Case => [
  `the server hands out an id ${what}`,
  whole(RESULT, { ...BEGUN, headers: { [HEADER]: id } }),
  goesOn(
    "ok",
    RESULT.length,
    {},
    {
      headers: { "x-envoy-upstream-service-time": null, [HEADER]: given(CI.who, id) },
    },
  ),
];
/** Nothing of such an answer was looked at; who asked is told with the number of what was asked. */
const keeps = (what: string, id: string): Case => [
  `the server hands out an id ${what}`,
  whole(RESULT, { ...BEGUN, headers: { [HEADER]: id } }),
  {
    ...replaced(UNREADABLE, 0, { headers: { [HEADER]: null } }),
    headers: { ":status": "502", [HEADER]: null },
  },
];
export const ANSWERS: readonly Case[] = [
  ["the server hands out no id", whole(RESULT, BEGUN), goesOn("ok", RESULT.length)],
  hands("", ID),
  hands("as long as may be", "s".repeat(256)),
  keeps("longer than may be", "s".repeat(257)),
  keeps("with a blank", "a b"),
  keeps("that is empty", ""),
  [
    "the server says an id where none begins",
    whole(RESULT, { asked: "ol 7", headers: { [HEADER]: ID } }),
    goesOn(
      "ok",
      RESULT.length,
      {},
      {
        headers: { "x-envoy-upstream-service-time": null, [HEADER]: null },
      },
    ),
  ],
];

const event = (text: string) => `data: ${text}\n\n`;
const said = (text: string) => event(`{"method":"x","params":"${text}"}`);
const list = (...names: readonly string[]) =>
  event(`{"id":7,"result":{"tools":[${names.map((name) => `{"name":"${name}"}`).join()}]}}`);
/** What comes on the stream of a client. */
const comes = (chunks: readonly string[]): Seen =>
  stream(chunks, { asked: "ll ", notes: { "hmcp.stream": "yes", "hmcp.reader": "ci\n" } });
const leaks = (text: string, name: string): Case => [
  `on a stream: ${text}`,
  comes([said(text)]),
  ends(REFUSED, said(text).length, [null], { id: null, detail: name, more: { hidden: 0 } }),
];
export const ON_STREAMS: readonly Case[] = [
  ["on a stream: nothing of note", comes([said("a"), ""]), goesOn("none", said("a").length, { hidden: 0 })],
  [
    "on a stream: a list",
    comes([list("plain", "others")]),
    goesOn("ok", list("plain", "others").length, { hidden: 1 }, { chunks: [list("plain")] }),
  ],
  leaks("one_000", "same"),
  leaks("two_000", "same"),
  leaks("one_00x", "same"),
  leaks("two_0", "same"),
  leaks("three_0", "last"),
  leaks("four", "opened"),
  [
    "an answer, which is of another tool than the leak",
    whole(`{"id":7,"result":"one_000"}`, { asked: "clplain 7" }),
    goesOn("ok", 27),
  ],
];
const LONG = said("x".repeat(600_000));
export const LASTING: readonly Case[] = [
  [
    "a stream that is longer than an answer may be",
    comes([LONG, LONG]),
    goesOn("none", 2 * LONG.length, { hidden: 0 }),
  ],
  [
    "an event that is longer than an answer may be",
    comes([LONG.trimEnd(), LONG]),
    ends(TOO_LARGE, 2 * LONG.length - 2, ["", null], { id: null, more: { hidden: 0 } }),
  ],
];
