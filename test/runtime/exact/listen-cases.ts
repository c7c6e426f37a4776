import { type Case, type Seen } from "./exact";
import { LEGACY, legacy, modern, send, type Json } from "./messages";
import { text, list, about, opens, wrong, denied, closed, type Args } from "./opened";

const COMPLETE = "completion/complete";
const FOR_PROMPT = { type: "ref/prompt", name: "greeting" };
const FOR_RESOURCE = { type: "ref/resource", uri: "file:///{path}" };
const OF_PROMPT = { ref: { value: "greeting" } };
const OF_RESOURCE = { ref: { value: "file:///{path}" } };
const ARGUMENT = { name: "a", value: "x" };
const complete = (what: string, params: Json, args: Args | undefined, problem?: string): Case => [
  `a completion ${what}`,
  send(modern(COMPLETE, params), { headers: { "mcp-name": null } }),
  problem === undefined ? opens(COMPLETE, args) : wrong(problem, COMPLETE, args),
];
const completes = (what: string, argument: unknown, problem?: string) =>
  complete(`of ${what}`, { ref: FOR_PROMPT, argument }, OF_PROMPT, problem);
const completesIn = (what: string, context: unknown, problem?: string) =>
  complete(`in ${what}`, { ref: FOR_PROMPT, argument: ARGUMENT, context }, OF_PROMPT, problem);
export const COMPLETIONS: readonly Case[] = [
  completes("a prompt", ARGUMENT),
  complete("of a resource", { ref: FOR_RESOURCE, argument: ARGUMENT }, OF_RESOURCE),
  complete("with a title", { ref: { ...FOR_PROMPT, title: "T" }, argument: ARGUMENT }, OF_PROMPT),
  complete("of nothing", { argument: ARGUMENT }, undefined, "ref: missing"),
  complete("of a text", { ref: "greeting", argument: ARGUMENT }, undefined, "ref: type"),
  complete(
    "of more",
    { ref: { ...FOR_PROMPT, more: 1 }, argument: ARGUMENT },
    OF_PROMPT,
    "ref: unknown argument",
  ),
  complete(
    "of another kind",
    { ref: { type: "ref/tool", name: "greeting" }, argument: ARGUMENT },
    undefined,
    "ref.type: value not allowed",
  ),
  complete(
    "of both",
    { ref: { ...FOR_PROMPT, uri: "x" }, argument: ARGUMENT },
    OF_PROMPT,
    "ref: unknown argument",
  ),
  complete(
    "of both, a resource",
    { ref: { ...FOR_RESOURCE, name: "x" }, argument: ARGUMENT },
    OF_RESOURCE,
    "ref: unknown argument",
  ),
  complete("of no name", { ref: { type: "ref/prompt" }, argument: ARGUMENT }, undefined, "ref: missing"),
  [
    "a completion of what is not listed",
    send(modern(COMPLETE, { ref: { type: "ref/prompt", name: "hidden" }, argument: ARGUMENT }), {
      headers: { "mcp-name": null },
    }),
    denied("ref", COMPLETE, { ref: text(6) }),
  ],
  completes("no argument", undefined, "argument: missing"),
  completes("an argument that is a text", "a", "argument: type"),
  completes("an argument with more", { ...ARGUMENT, more: 1 }, "argument: unknown argument"),
  completes("an argument without name", { value: "x" }, "argument.name: missing"),
  completes("an argument without value", { name: "a" }, "argument.value: missing"),
  completes("the longest argument", { name: "n".repeat(128), value: "x".repeat(10) }),
  completes("too long a name", { name: "n".repeat(129), value: "x" }, "argument.name: length"),
  completes("too long a value", { name: "n", value: "x".repeat(11) }, "argument.value: length"),
  completesIn("an empty context", {}),
  completesIn("no context that is one", "x", "context: type"),
  completesIn("a context with more", { more: 1 }, "context: unknown argument"),
  completesIn("a context", { arguments: { a: "x".repeat(10) } }),
  completesIn(
    "a context with a long value",
    { arguments: { a: "x".repeat(11) } },
    "context.arguments: length",
  ),
  completesIn("a context with a list", { arguments: [] }, "context.arguments: type"),
];

export const LISTEN = "subscriptions/listen";
const listen = (what: string, notifications: unknown, args?: Args, problem?: string): Case => [
  `listening to ${what}`,
  send(modern(LISTEN, { notifications })),
  problem === undefined ? opens(LISTEN, args) : wrong(problem, LISTEN, args),
];
const uris = (count: number, uri = "file:///docs/a") => Array.from({ length: count }, () => uri);
const subscribed = (count: number) => ({ resourceSubscriptions: list(count) });
export const LISTENING: readonly Case[] = [
  listen("nothing", {}),
  listen("no notifications", undefined, undefined, "notifications: missing"),
  listen("a text", "x", undefined, "notifications: type"),
  ...["toolsListChanged", "promptsListChanged", "resourcesListChanged"].map((name) =>
    listen(name, { [name]: true }),
  ),
  listen("changes by a text", { toolsListChanged: "yes" }, undefined, "notifications: type"),
  listen("something else", { other: true }, undefined, "notifications: unknown argument"),
  listen("50 resources", { resourceSubscriptions: uris(50) }, subscribed(50)),
  listen("51 resources", { resourceSubscriptions: uris(51) }, subscribed(51), "notifications: items"),
  listen(
    "resources by a text",
    { resourceSubscriptions: "file:///docs/a" },
    { resourceSubscriptions: text(14) },
    "notifications: type",
  ),
  listen("a number", { resourceSubscriptions: [7] }, subscribed(1), "notifications: type"),
  [
    "listening to what is not listed, last",
    send(modern(LISTEN, { notifications: { resourceSubscriptions: [...uris(1), "test://two"] } })),
    denied("notifications", LISTEN, subscribed(2)),
  ],
  [
    "listening to what is not listed, first",
    send(modern(LISTEN, { notifications: { resourceSubscriptions: ["test://two", ...uris(1)] } })),
    denied("notifications", LISTEN, subscribed(2)),
  ],
  [
    "listening in the other era",
    send(legacy(LISTEN, { notifications: {} }), { headers: { "mcp-protocol-version": LEGACY } }),
    closed("method-unknown", about(LISTEN), { status: 200 }),
  ],
];

const change = (size: number) => `data: {"method":"${"x".repeat(size - 21)}"}\n\n`;
const stream = (chunks: readonly string[]): Seen => ({
  run: "answer",
  headers: [
    [":status", "200"],
    ["content-type", "text/event-stream"],
    ["x-envoy-upstream-service-time", "1"],
  ],
  notes: { "hmcp.asked": `okom${LISTEN} 7` },
  chunks,
});
const answered = (bytes: number) => ({ answer: { outcome: "none", bytes } });
const FROM_SERVER = { headers: { "x-envoy-upstream-service-time": null } };
const TOO_LARGE = {
  reason: "response-too-large",
  event:
    'event: message\ndata: {"jsonrpc":"2.0","id":7,"error":{"code":-31502,"message":"the answer is too long"}}\n\n',
};

/** What comes of a stream whose answers may have a hundred bytes. */
export const LASTING: readonly Case[] = [
  [
    "a stream that is longer than an answer may be",
    stream([change(60), change(60), change(100)]),
    { ...FROM_SERVER, told: answered(220) },
  ],
  [
    "an event in two pieces, as long as an answer may be",
    stream([change(100).slice(0, 60), change(100).slice(60)]),
    { ...FROM_SERVER, told: answered(100), chunks: ["", change(100)] },
  ],
  [
    "an event that is longer than an answer may be",
    stream([change(60), change(101), change(60)]),
    {
      ...FROM_SERVER,
      told: answered(161),
      notes: { "hmcp.reason": TOO_LARGE.reason },
      chunks: [change(60), TOO_LARGE.event, ""],
    },
  ],
];
