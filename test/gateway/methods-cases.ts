import type { PolicyConfig } from "../../lib/policy";
import type { TestIssuer } from "../support/tokens";
import type { Expected } from "./attacks";
import { legacy, modern, orders, type Message } from "./lab";

const DOCS = "file:///srv/docs/";

/** The server of the other labs, with every method that can be opened; `narrow` may send none of them. */
export function opening(issuer: TestIssuer): PolicyConfig {
  const config = orders(issuer);
  const callsPerMinute = 6000;
  const { "ci-bot": ciBot, support } = config.clients as Required<typeof config.clients>;
  return {
    ...config,
    clients: {
      ...config.clients,
      "ci-bot": {
        ...(ciBot as NonNullable<typeof ciBot>),
        callsPerMinute,
        methods: [
          ...(["completion/complete", "prompts/get", "resources/list", "resources/read"] as const),
          ...(["resources/subscribe", "resources/templates/list", "subscriptions/listen"] as const),
        ],
      },
      support: { ...(support as NonNullable<typeof support>), methods: ["prompts/list"] },
    },
    methods: {
      "prompts/list": { callsPerMinute, scopes: ["mcp:prompts"] },
      "prompts/get": { callsPerMinute, allow: ["greeting", { startsWith: "team/" }], maxValueLength: 10 },
      "resources/list": { callsPerMinute: 2 },
      "resources/templates/list": { callsPerMinute, callsPerMinutePerClient: 3 },
      "resources/read": {
        ...{ callsPerMinute, timeoutSeconds: 1, allow: ["test://one?v=%2e", { startsWith: DOCS }] },
        responses: { maxKib: 1, refuse: ["aws-access-key"] },
      },
      "resources/subscribe": { callsPerMinute, allow: ["test://one"], log: true },
      "completion/complete": { callsPerMinute, allow: ["greeting", "file:///{path}"], maxValueLength: 10 },
      "subscriptions/listen": { callsPerMinute, timeoutSeconds: 2, allow: [{ startsWith: DOCS }] },
    },
  };
}

/** A message, and how it must end. */
type Case = readonly [what: string, message: Message, expected: Expected];

const OK = [200, "ok"] as const;
const DENIED = [400, "object-denied"] as const;
const INVALID = [400, "argument-invalid"] as const;
const MALFORMED = [400, "malformed"] as const;
const MISMATCH = [400, "header-mismatch"] as const;

const read = (uri: unknown) => modern("resources/read", { uri });
const get = (params: Record<string, unknown>) => modern("prompts/get", { name: "greeting", ...params });
const listen = (notifications: unknown) => modern("subscriptions/listen", { notifications });
const complete = (params: Record<string, unknown>) =>
  modern("completion/complete", {
    ref: { type: "ref/prompt", name: "greeting" },
    argument: { name: "who", value: "A" },
    ...params,
  });
/** Without the header that `modern` makes of `name` and `uri`, or with another one. */
const mirrored = ({ headers, body }: Message, name: string | undefined): Message => {
  const { "mcp-name": _, ...rest } = headers;
  return { body, headers: { ...rest, ...(name !== undefined && { "mcp-name": name }) } };
};
/** Of methods whose object the header does not repeat. */
const plain = (message: Message) => mirrored(message, undefined);

/** What goes on to the server. */
export const TAKEN: readonly Case[] = [
  ["a resource to the letter, whatever is in it", read("test://one?v=%2e"), OK],
  ["a resource by its beginning", read(`${DOCS}a/b-1.md`), OK],
  ["the same in the legacy era", legacy("resources/read", { uri: `${DOCS}a.md` }), OK],
  ["a prompt", get({ arguments: { who: "Ada" } }), OK],
  ["a prompt by its beginning", modern("prompts/get", { name: "team/standup" }), OK],
  ["a completion", complete({ context: { arguments: { city: "Rome" } } }), OK],
  ["a completion of a template", complete({ ref: { type: "ref/resource", uri: "file:///{path}" } }), OK],
  ["a subscription", listen({ toolsListChanged: true, resourceSubscriptions: [`${DOCS}a.md`] }), OK],
  ["a subscription of the legacy era", legacy("resources/subscribe", { uri: "test://one" }), OK],
  ["a list with a cursor", modern("resources/templates/list", { cursor: "n2" }), OK],
];

/** What a server could read as another place than the text says. */
const CLIMBS = [
  ...["../../etc/passwd", "a/../../etc/passwd", "./a", "a/./b", "..", "a/..", ".../a", "..;/a", "a;b/c"],
  ...["%2e%2e/etc/passwd", "%252e%252e/a", "a%2fb", "a%00.md", "%C0%AE%C0%AE/a", "a%5cb"],
  ...[
    "/etc/passwd",
    "a//b",
    "a/",
    "",
    "..\\..\\a",
    "a\\b",
    "a?x=../..",
    "a#/../..",
    "a:stream",
    "a b",
    "a\tb",
  ],
  ...["\u2024\u2024/a", "\uff0e\uff0e/a", "~root/\u200b../a"],
];

/** A protection of the program, how it is taken away, and what it alone refuses. */
export const MUTANTS: readonly (readonly [what: string, from: string, to: string, refused: string])[] = [
  ["no segment of dots", 'find(segment, "^%.+$")', "false", 'a resource that climbs by "a/../../etc/passwd"'],
  ["no empty segment", 'segment == "" or ', "", 'a resource that climbs by "/etc/passwd"'],
  [
    "nothing to decode",
    'find(rest, "[^%w_.~@+,=/-]")',
    "false",
    'a resource that climbs by "%2e%2e/etc/passwd"',
  ],
  ["the list of what is allowed", "if is_allowed(its.allow, name) then", "if true then", "another resource"],
  ["the client's list", "not client.opens[method]", "false", "a method that is another client's"],
  ["the era", " or opened.era and opened.era ~= era", "", "a method of the other era"],
  ["the mirrored URI", ', ["resources/read"] = "uri"', "", "a resource without the header"],
  ["parameters by name", "has_others(params, TAKES[method])", "false", "a parameter in another case"],
  ["the length of values", "length_read(value) > most", "false", "a value that is too long"],
  ["the number of values", "size_of(object) > MOST_VALUES", "false", "too many values"],
  ["the number of resources", "value[0] > MOST_URIS", "false", "too many subscriptions"],
];

/** What is refused, and why. */
export const REFUSED: readonly Case[] = [
  ...CLIMBS.map((rest): Case => [
    `a resource that climbs by ${JSON.stringify(rest)}`,
    mirrored(legacy("resources/read", { uri: DOCS + rest }), undefined),
    [200, "object-denied"],
  ]),
  ["another resource", read("file:///etc/passwd"), DENIED],
  ["another case", read("FILE:///srv/docs/a.md"), DENIED],
  ["the beginning of a beginning", read("file:///srv/doc"), DENIED],
  ["a resource to the letter and more", read("test://one?v=%2e&w=1"), DENIED],
  ["a name of what every object inherits", read("constructor"), DENIED],
  ["a resource that may only be subscribed to", read("test://one"), DENIED],
  ["another prompt", modern("prompts/get", { name: "secret" }), DENIED],
  ["a prompt that climbs", modern("prompts/get", { name: "team/../secret" }), DENIED],
  ["another prompt's completion", complete({ ref: { type: "ref/prompt", name: "secret" } }), DENIED],
  ["another template's completion", complete({ ref: { type: "ref/resource", uri: "file:///{x}" } }), DENIED],
  [
    "a resource among subscriptions",
    listen({ resourceSubscriptions: [`${DOCS}a`, "file:///etc/x"] }),
    DENIED,
  ],
  ["a subscription of another", plain(legacy("resources/subscribe", { uri: "test://x" })), [200, DENIED[1]]],
  ["a header that says another resource", mirrored(read(`${DOCS}a`), `${DOCS}b`), MISMATCH],
  ["a header that says it in code", mirrored(read(`${DOCS}a`), "=?base64?ZmlsZTovLy9z?="), MISMATCH],
  ["a resource without the header", mirrored(read(`${DOCS}a`), undefined), MISMATCH],
  ["a prompt without the header", mirrored(get({}), undefined), MISMATCH],
  ["a header where nothing is named", mirrored(modern("resources/list"), "x"), MISMATCH],
  ["a method that is another client's", modern("prompts/list"), [404, "method-denied"]],
  ["the same in the legacy era", legacy("prompts/list"), [200, "method-denied"]],
  [
    "a method that is not opened",
    legacy("resources/unsubscribe", { uri: "test://one" }),
    [200, "method-unknown"],
  ],
  [
    "a method of the other era",
    plain(modern("resources/subscribe", { uri: "test://one" })),
    [404, "method-unknown"],
  ],
  ["a stream in the legacy era", legacy("subscriptions/listen", {}), [200, "method-unknown"]],
  ["a resource that is no text", plain(read(["test://one"])), MALFORMED],
  ["a parameter in another case", modern("resources/read", { uri: `${DOCS}a`, URI: "file:///x" }), MALFORMED],
  ["a parameter of calls", get({ task: {} }), MALFORMED],
  ["a value that is too long", get({ arguments: { who: "x".repeat(11) } }), INVALID],
  ["a value that is no text", get({ arguments: { who: { a: 1 } } }), INVALID],
  ["a value's name that is none", get({ arguments: { "a b": "x" } }), INVALID],
  [
    "too many values",
    get({ arguments: Object.fromEntries([...Array(33).keys()].map((i) => [i, ""])) }),
    INVALID,
  ],
  ["values in a list", get({ arguments: ["x"] }), INVALID],
  ["a completion that is too long", complete({ argument: { name: "who", value: "x".repeat(11) } }), INVALID],
  ["a completion of nothing", complete({ argument: undefined }), INVALID],
  ["a completion of another kind", complete({ ref: { type: "ref/tool", name: "greeting" } }), INVALID],
  [
    "a completion that names two",
    complete({ ref: { type: "ref/prompt", name: "greeting", uri: "file:///etc" } }),
    INVALID,
  ],
  ["a context that is too long", complete({ context: { arguments: { a: "x".repeat(11) } } }), INVALID],
  ["a cursor that is too long", modern("resources/templates/list", { cursor: "x".repeat(1025) }), INVALID],
  ["a subscription to nothing", listen(undefined), INVALID],
  ["a subscription to something else", listen({ everything: true }), INVALID],
  ["too many subscriptions", listen({ resourceSubscriptions: Array(51).fill(`${DOCS}a`) }), INVALID],
];
