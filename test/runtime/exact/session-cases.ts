import { TASK_VARIABLE } from "../../../lib/gateway/contract";
import type { Case, Group, Made, Seen } from "./exact";
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
  type Json,
  type Refusal,
} from "./messages";
import { LIST } from "./plain";
import { KEYS, TOOLS } from "./policies";
import { ANN, CI, given, HEADER, ID, TASK, TLS_KEY, left, user, type Who } from "./session";
import { ANSWERS, LASTING, ON_STREAMS } from "./session-answer-cases";

/** A message with the id of a session, or with several. */
const post = (
  message: Json,
  session: string | readonly string[] | null,
  by = CI,
  headers: Json = {},
): Seen => ({
  ...send(message, {
    caller: by.caller,
    headers: { ...(headers as Record<string, string>), [HEADER]: session },
  }),
  notes: left(by),
});
const OLD = legacy("ping");
const ABOUT = { method: "ping" };
/** The message goes on, with this id for the server. */
const pings = (id: string): Made =>
  passes({
    ...{ asked: "ol 7", about: ABOUT, judged: { legacy: "yes" } },
    headers: { [HEADER]: id },
  });
const unknown = (detail: string, more: Partial<Refusal> = {}) =>
  refusal({
    ...{ status: 404, code: -31404, message: "session not found", reason: "session-unknown", detail },
    ...more,
  });

const takes = (what: string, id: string, by = CI): Case => [
  `a session ${what}`,
  post(OLD, given(by.who, id), by),
  pings(id),
];
const refuses = (what: string, session: string, detail: string, by = CI): Case => [
  `a session ${what}`,
  post(OLD, session, by),
  unknown(detail, { about: ABOUT }),
];
const initializes = (what: string, by: Who): Case => [
  `a session begins for ${what}`,
  post(legacy("initialize"), null, by),
  passes({
    ...{ asked: "ol 7", about: { method: "initialize" }, judged: { legacy: "yes" } },
    notes: { "hmcp.who": by.who },
  }),
];
const OWN = given(CI.who, ID);

const POSTS: readonly Case[] = [
  ["no session", post(OLD, null), passes({ asked: "ol 7", about: ABOUT, judged: { legacy: "yes" } })],
  takes("of one's own", ID),
  takes("of the least and the last letter", "!~"),
  takes("of one letter with dots", "..a."),
  takes("as long as may be", "s".repeat(256)),
  takes("of a user", ID, ANN),
  takes("of a user without a subject", ID, user("")),
  refuses("of another client", given("key:other", ID), "proof"),
  refuses("of another user", given(user("bob").who, ID), "proof", ANN),
  refuses("of a client of that name", given("jwt:app", ID), "proof", ANN),
  refuses("of another id", `${OWN}x`, "proof"),
  refuses("with its proof in capitals", `${OWN.slice(0, 64).toUpperCase()}${OWN.slice(64)}`, "proof"),
  refuses("without a proof", ID, "form"),
  refuses("with a shorter proof", OWN.slice(1), "form"),
  refuses("with a longer proof", `0${OWN}`, "form"),
  refuses("with a proof of other letters", `g${OWN.slice(1)}`, "form"),
  refuses("without an id", given(CI.who, ""), "form"),
  refuses("longer than may be", given(CI.who, "s".repeat(257)), "form"),
  refuses("with a blank", given(CI.who, "a b"), "form"),
  refuses("that is no ASCII", given(CI.who, "\u00e9"), "form"),
  refuses("that is empty", "", "form"),
  ["a session twice", post(OLD, [OWN, OWN]), mismatch(`${HEADER} is repeated`, { id: null })],
  [
    "a session in the modern era",
    post(modern("tools/list"), "whatever"),
    passes({ asked: "lm 7", about: LIST, headers: { [HEADER]: null } }),
  ],
  [
    "an answer in a session",
    post({ jsonrpc: "2.0", id: 7, result: {} }, OWN),
    passes({ asked: "om 7", about: { method: "(response)" }, headers: { [HEADER]: ID } }),
  ],
  [
    "an answer in another's session",
    post({ jsonrpc: "2.0", id: 7, result: {} }, given("key:other", ID)),
    unknown("proof", { about: { method: "(response)" } }),
  ],
  initializes("a client", CI),
  initializes("a user", ANN),
  [
    "a session within another",
    post(legacy("initialize"), OWN),
    passes({
      ...{ asked: "ol 7", about: { method: "initialize" }, judged: { legacy: "yes" } },
      headers: { [HEADER]: ID },
    }),
  ],
];

/** GET or DELETE. */
const bare = (
  verb: string,
  session: string | readonly string[] | null = OWN,
  headers: Readonly<Record<string, string | null>> = {},
  body?: string,
): Seen =>
  send(body, {
    headers: {
      ":method": verb,
      "content-type": null,
      accept: "text/event-stream",
      [HEADER]: session,
      ...headers,
    },
  });
const opens: Made = {
  headers: { [HEADER]: ID, "x-envoy-upstream-rq-timeout-ms": "3600000" },
  metadata: { hmcp: { legacy: "yes" } },
  notes: { "hmcp.asked": "okll ", "hmcp.reader": "ci\n", "hmcp.stream": "yes" },
};
const ended: Made = {
  headers: { [HEADER]: ID },
  metadata: { hmcp: { legacy: "yes" } },
  notes: { "hmcp.asked": "okol " },
};
const NONE = { id: null } as const;
const BARE: readonly Case[] = [
  ["a stream", bare("GET"), opens],
  ["a stream of the version agreed upon", bare("GET", OWN, { "mcp-protocol-version": LEGACY }), opens],
  ["a stream and an empty body", bare("GET", OWN, {}, ""), opens],
  ["a stream among others", bare("GET", OWN, { accept: "text/html, Text/Event-Stream" }), opens],
  [
    "a stream of a user",
    {
      ...bare("GET", given(ANN.who, ID), { "x-mcp-client": "jwt:app" }),
      notes: { ...left(ANN), "hmcp.scopes": " a " },
    },
    { ...opens, notes: { ...opens.notes, "hmcp.reader": "app\n a " } },
  ],
  ["an end", bare("DELETE", OWN, { accept: null }), ended],
  ["an end of another's", bare("DELETE", given("key:other", ID)), unknown("proof", NONE)],
  ["a stream of another's", bare("GET", given("key:other", ID)), unknown("proof", NONE)],
  ...["GET", "DELETE"].flatMap((verb): Case[] => [
    [
      `${verb} in the modern era`,
      bare(verb, OWN, { "mcp-protocol-version": MODERN }),
      refusal({
        ...{ status: 405, code: -31405, message: "method not allowed", reason: "verb-not-allowed" },
        ...{ allow: "POST", id: null },
      }),
    ],
    [
      `${verb} of an unknown version`,
      bare(verb, OWN, { "mcp-protocol-version": "1" }),
      refusal({
        ...{
          status: 400,
          code: -32022,
          message: "unsupported protocol version",
          reason: "version-unsupported",
        },
        ...{ data: '{"supported":["2026-07-28","2026-09-01"],"requested":"1"}', id: null },
      }),
    ],
    [`${verb} with a body`, bare(verb, OWN, {}, "x"), malformed("a body is not accepted", NONE)],
    [`${verb} without a session`, bare(verb, null), malformed(`${HEADER} is missing`, NONE)],
    [`${verb} with two`, bare(verb, [OWN, OWN]), mismatch(`${HEADER} is repeated`, NONE)],
  ]),
  ...[null, "*/*", "application/json", "text/eventstream"].map((accept): Case => [
    `a stream that is asked for as ${accept}`,
    bare("GET", OWN, { accept }),
    malformed("accept must list text/event-stream", { ...NONE, status: 406 }),
  ]),
  [
    "another verb in a session",
    bare("PUT"),
    refusal({
      ...{ status: 405, code: -31405, message: "method not allowed", reason: "verb-not-allowed" },
      ...{ allow: "POST", id: null },
    }),
  ],
];

const rule = (startsWith: string, then = "any", atLeast = 0) => ({ startsWith, then, atLeast });
const { plain } = TOOLS.tools;
const leak = (name: string, ...rules: readonly object[]) => ({ refuse: [{ name, rules }] });
const REMEMBERING = {
  ...TOOLS,
  sessions: true,
  opened: { "prompts/list": { timeout: 2000, limit: "90", ...leak("opened", rule("four")) } },
  tools: {
    ...TOOLS.tools,
    // One name, and each time a little else.
    first: { ...plain, ...leak("same", rule("one_", "hex", 3)) },
    again: { ...plain, ...leak("same", rule("one_", "hex", 3)) },
    text: { ...plain, ...leak("same", rule("two_", "hex", 3)) },
    kind: { ...plain, ...leak("same", rule("one_", "alphanumeric", 3)) },
    count: { ...plain, ...leak("same", rule("two_", "hex", 1)) },
    rules: { ...plain, ...leak("last", rule("none_"), rule("three_", "hex", 1)) },
  },
};
const OF_TASK = { [TASK_VARIABLE]: TASK };
const ENV = { ...KEYS, ...OF_TASK, HMCP_TLS_KEY: TLS_KEY };

export const SESSION_GROUPS: readonly Group[] = [
  { policy: REMEMBERING, env: ENV, cases: [...POSTS, ...BARE, ...ANSWERS, ...ON_STREAMS] },
  { policy: REMEMBERING, env: { ...KEYS, ...OF_TASK }, fails: "HMCP_TLS_KEY is missing", cases: [] },
  {
    policy: REMEMBERING,
    env: { ...KEYS, HMCP_TLS_KEY: TLS_KEY },
    fails: "ECS_CONTAINER_METADATA_URI_V4 is missing",
    cases: [],
  },
  { policy: REMEMBERING, env: ENV, cases: LASTING },
  {
    // Where no sessions are kept, nothing of this is there.
    policy: TOOLS,
    env: KEYS,
    cases: [
      [
        "a stream where no sessions are kept",
        bare("GET"),
        refusal({
          ...{ status: 405, code: -31405, message: "method not allowed", reason: "verb-not-allowed" },
          ...{ allow: "POST", id: null },
        }),
      ],
    ],
  },
];
