import { type Case, type Group } from "./exact";
import { invalid, legacy, malformed, modern, refusal, send, type Caller, type Json } from "./messages";
import { text, list, object, about, opens, old, wrong, denied, closed, superfluous } from "./opened";
import { COMPLETIONS, LASTING, LISTEN, LISTENING } from "./listen-cases";
import { KEYS, METHODS, METHODS_EXACT } from "./policies";

const READ = "resources/read";
/** A URI that nobody wrote into the configuration. */
const read = (uri: string, allowed: boolean): Case => {
  const args = { uri: text([...uri].length) };
  return [
    `reading ${uri}`,
    send(modern(READ, { uri })),
    allowed ? opens(READ, args, "700") : denied("uri", READ, args),
  ];
};

const URIS: readonly Case[] = [
  [
    "a resource that is listed",
    send(modern(READ, { uri: "test://one?v=%2e" })),
    opens(READ, { uri: { value: "test://one?v=%2e" } }, "700"),
  ],
  ...["a", "a/b", ".a", "a_b.c~d@e+f,g=h-i/9"].map((rest) => read(`file:///docs/${rest}`, true)),
  ...["", ".", "..", "...", "a//b", "a/", "a/./b", "../a", "a%2e", "a?b", "a b", "a\\b", "ä"].map((rest) =>
    read(`file:///docs/${rest}`, false),
  ),
  ...["file:///doc", "xfile:///docs/a", "file:///DOCS/a", "test://one"].map((uri) => read(uri, false)),
  ["no URI", send(modern(READ)), malformed("name is missing", { code: -32602, about: about(READ) })],
  [
    "a URI in capitals beside it",
    send(modern(READ, { uri: "test://one?v=%2e", URI: "test://two" })),
    superfluous(READ, { uri: { value: "test://one?v=%2e" } }),
  ],
  [
    "all that may be read with",
    send(modern(READ, { uri: "file:///docs/a", inputResponses: {}, requestState: "" })),
    opens(READ, { uri: text(14) }, "700"),
  ],
  [
    "a resource, legacy, that is denied",
    send(legacy(READ, { uri: "test://two" })),
    denied("uri", READ, { uri: text(10) }, { status: 200 }),
  ],
];

const SUBSCRIBE = "resources/subscribe";
const UNSUBSCRIBE = "resources/unsubscribe";
const OLD = { headers: { "mcp-protocol-version": null, "mcp-method": null, "mcp-name": null } };
const ONE = { uri: { value: "test://one" } };
const LISTS: readonly Case[] = [
  [
    "a list",
    send(modern("resources/list")),
    opens("resources/list", undefined, "2000", { method_each: "3" }),
  ],
  [
    "a list from a place",
    send(modern("resources/list", { cursor: "é".repeat(1024) })),
    opens("resources/list", undefined, "2000", { method_each: "3" }),
  ],
  [
    "a list from too long a place",
    send(modern("resources/list", { cursor: "c".repeat(1025) })),
    wrong("cursor: length", "resources/list"),
  ],
  [
    "a list from a place that is a number",
    send(modern("resources/list", { cursor: 1 })),
    wrong("cursor: type", "resources/list"),
  ],
  ["a list by name", send(modern("resources/list", { more: "x" })), superfluous("resources/list")],
  [
    "a list that tells no names",
    send(modern("resources/list", { arguments: {} })),
    superfluous("resources/list"),
  ],
  ["a list of prompts by key", send(modern("prompts/list", { cursor: "" })), opens("prompts/list")],
  ...[["prompts", true] as const, ["other", false] as const].map(([scopes, has]): Case => {
    const caller: Caller = { client: "app", proof: "jwt", scopes };
    return [
      `a list of prompts with scope ${scopes}`,
      send(modern("prompts/list"), { caller }),
      has
        ? opens("prompts/list")
        : refusal({
            ...{ status: 403, code: -31403, message: "insufficient scope", reason: "scope-missing" },
            ...{ detail: "prompts", about: about("prompts/list") },
            challenge: 'Bearer error="insufficient_scope", scope="prompts"',
          }),
    ];
  }),
  [
    "a list that another may have",
    send(modern("resources/templates/list")),
    closed("method-denied", about("resources/templates/list")),
  ],
  [
    "a list that another may have, legacy",
    send(legacy("resources/templates/list")),
    closed("method-denied", about("resources/templates/list"), { status: 200 }),
  ],
  [
    "a list for nobody",
    send(modern("resources/list"), { headers: { "x-mcp-client": null } }),
    closed("method-denied", about("resources/list")),
  ],
  [
    "the list of another",
    send(modern("resources/templates/list", { cursor: "c" }), { headers: { "x-mcp-client": "key:other" } }),
    opens("resources/templates/list"),
  ],
  [
    "a method of no policy",
    send(modern("logging/setLevel")),
    closed("method-unknown", about("logging/setLevel")),
  ],
  ["a subscription", send(legacy(SUBSCRIBE, { _meta: {}, uri: "test://one" }), OLD), old(SUBSCRIBE, ONE)],
  [
    "a subscription of a beginning, logged",
    send(legacy(SUBSCRIBE, { uri: "test://all/x" })),
    old(SUBSCRIBE, { uri: { value: "test://all/x" } }),
  ],
  [
    "a subscription of the other era",
    send(modern(SUBSCRIBE, { uri: "test://one" }), { headers: { "mcp-name": null } }),
    closed("method-unknown", about(SUBSCRIBE, ONE)),
  ],
  [
    "a subscription of nothing",
    send(legacy(SUBSCRIBE, {})),
    invalid("uri: missing", { status: 200, about: about(SUBSCRIBE) }),
  ],
  [
    "a subscription of a number",
    send(legacy(SUBSCRIBE, { uri: 7 })),
    invalid("uri: type", { status: 200, about: about(SUBSCRIBE) }),
  ],
  ["the end of one", send(legacy(UNSUBSCRIBE, { _meta: {}, uri: "test://one" }), OLD), old(UNSUBSCRIBE, ONE)],
];

const GET = "prompts/get";
const GREETING = { name: { value: "greeting" } };
const prompt = (what: string, args: unknown, described: Json, problem?: string): Case => {
  const its = { ...GREETING, arguments: described };
  return [
    `a prompt with ${what}`,
    send(modern(GET, { name: "greeting", arguments: args })),
    problem === undefined ? opens(GET, its) : wrong(problem, GET, its),
  ];
};
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, "x"]));
const PROMPTS: readonly Case[] = [
  ["a prompt", send(modern(GET, { name: "greeting" })), opens(GET, GREETING)],
  ["a prompt of a team", send(modern(GET, { name: "team/one" })), opens(GET, { name: text(8) })],
  ["a prompt of another", send(modern(GET, { name: "other/one" })), opens(GET, { name: text(9) })],
  ["a prompt of a sort", send(modern(GET, { name: "item-1" })), opens(GET, { name: text(6) })],
  [
    "a prompt of a sort, and none",
    send(modern(GET, { name: "item-" })),
    denied("name", GET, { name: text(5) }),
  ],
  ["a prompt of none", send(modern(GET, { name: "hidden" })), denied("name", GET, { name: text(6) })],
  [
    "a prompt with all there is",
    send(modern(GET, { name: "greeting", arguments: {}, inputResponses: {}, requestState: "" })),
    opens(GET, { ...GREETING, arguments: object(0) }),
  ],
  prompt("32 arguments", many(32), object(32)),
  prompt("33 arguments", many(33), object(33), "arguments: fields"),
  prompt("arguments that are a list", [], list(0), "arguments: type"),
  prompt("arguments that are null", null, { type: "null" }, "arguments: type"),
  prompt("a plain name", { ["a_.-1".padEnd(128, "n")]: "x" }, object(1)),
  prompt("a long name", { ["n".repeat(129)]: "x" }, object(1), "arguments: unknown argument"),
  prompt("a name with a blank", { "a b": "x" }, object(1), "arguments: unknown argument"),
  prompt("an empty name", { "": "x" }, object(1), "arguments: unknown argument"),
  prompt("the longest value", { a: "é".repeat(10) }, object(1)),
  prompt("a longer value", { a: "x".repeat(11) }, object(1), "arguments: length"),
  prompt("a value that is a number", { a: 1 }, object(1), "arguments: type"),
];

export const METHODS_GROUPS: readonly Group[] = [
  {
    policy: METHODS,
    env: KEYS,
    cases: [...URIS, ...LISTS, ...PROMPTS, ...COMPLETIONS, ...LISTENING],
  },
  {
    policy: {
      ...METHODS,
      opened: { ...METHODS.opened, [LISTEN]: { ...METHODS.opened[LISTEN], most: 100 } },
    },
    env: KEYS,
    cases: LASTING,
  },
  {
    policy: METHODS_EXACT,
    env: KEYS,
    cases: [
      [
        "two numbers for a service that counts",
        send(modern("resources/list")),
        opens("resources/list", undefined, "2000", {
          ...{ method_all_rate: { requests_per_unit: 90, unit: "MINUTE" } },
          ...{ method_each: "3", method_each_rate: { requests_per_unit: 3, unit: "MINUTE" } },
        }),
      ],
      [
        "one number for a service that counts",
        send(modern("prompts/list")),
        opens("prompts/list", undefined, "2000", {
          method_all_rate: { requests_per_unit: 90, unit: "MINUTE" },
        }),
      ],
    ],
  },
];
