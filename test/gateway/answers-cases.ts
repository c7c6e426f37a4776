import type { PolicyConfig } from "../../lib/policy";
import type { SendOptions } from "../support/envoy";
import type { TestIssuer } from "../support/tokens";
import { PATH, call, legacy, modern, type Message } from "./lab";
import { answer, type Behaviour } from "./misbehaving-server";
import { answering } from "./responses-lab";
import { JSON_TYPE, SSE } from "./responses-expected";

/** Subject of the client that is known by a certificate. */
export const SUBJECT = "CN=robot,O=acme";

/** The server of the other labs, with one more of everything that an answer needs to be seen. */
export function answeringEverything(issuer: TestIssuer): PolicyConfig {
  const config = answering(issuer);
  const ciBot = config.clients["ci-bot"] as PolicyConfig["clients"][string];
  return {
    ...config,
    clients: {
      ...config.clients,
      "ci-bot": {
        ...{ ...ciBot, tools: [...ciBot.tools, "kinds", "single"], callsPerMinute: 6000 },
        methods: ["resources/read"],
      },
      robot: {
        identity: { kind: "mtls", subject: SUBJECT, issuer: "CN=clients", serial: "03A5B1" },
        tools: ["search"],
      },
    },
    methods: {
      "resources/list": { callsPerMinute: 600 },
      "resources/read": { callsPerMinute: 600, allow: ["test://one"] },
    },
    tools: {
      ...config.tools,
      single: { access: "read", callsPerMinute: 600, timeoutSeconds: 5, callsAtOncePerTask: 1 },
      kinds: {
        access: "read",
        callsPerMinute: 600,
        timeoutSeconds: 5,
        arguments: {
          must: { type: "string", maxLength: 8, required: true },
          word: { type: "string", maxLength: 8, pattern: "[a-z]+" },
          once: {
            type: "array",
            maxItems: 3,
            uniqueItems: true,
            items: { type: "string", maxLength: 8 },
          },
          few: { type: "object", minProperties: 1, properties: { a: { type: "boolean" } } },
        },
      },
    },
  };
}

/** A message as a request of `ci-bot`. */
const sent = ({ headers, body }: Message, more: Record<string, string | string[]> = {}): SendOptions => ({
  path: PATH,
  headers: { ...headers, ...more },
  body: JSON.stringify(body),
});
const changed = (message: Message, change: object, headers: Record<string, string> = {}): SendOptions =>
  sent({ headers: { ...message.headers, ...headers }, body: { ...message.body, ...change } });
const kinds = (args: object) => sent(call("kinds", { must: "x", ...args }));
const search = call("search", { query: "a" });
const params = search.body.params as object;

/** Requests that the attacks lack: for messages of the table that no attack leads to. */
export const MORE: readonly SendOptions[] = [
  sent(call("kinds", {})),
  kinds({ word: "UP" }),
  kinds({ word: "a\nb" }),
  kinds({ once: ["a", "a"] }),
  kinds({ few: {} }),
  sent(legacy("tools/call", { name: "kinds", arguments: { must: "x", word: "UP" } })),
  sent(legacy("tools/call", { name: "kinds", arguments: {} })),
  sent(legacy("tools/delete")),
  sent(modern("resources/list")),
  sent(legacy("resources/list")),
  sent(modern("resources/read", { uri: "test://two" })),
  sent(legacy("resources/read", { uri: "test://two" })),
  sent(legacy("tools/call", { name: "nothing" })),
  sent(legacy("tools/call", { name: "closed" })),
  changed(search, { method: "tools call" }),
  changed(search, { method: undefined }),
  changed(search, { params: [] }),
  changed(search, { params: { ...params, name: undefined } }),
  changed(search, { params: { ...params, _meta: undefined } }, { "mcp-protocol-version": "2026-07-28" }),
  // The body says a revision, and no header.
  { ...sent(search), headers: { ...search.headers, "mcp-protocol-version": "2025-06-18" } },
  // A path that only the public document has.
  { ...sent(search), path: `/.well-known/oauth-protected-resource${PATH}` },
  { method: "GET", path: `/.well-known/oauth-protected-resource${PATH}` },
  { method: "OPTIONS", path: `/.well-known/oauth-protected-resource${PATH}` },
  {
    method: "OPTIONS",
    path: PATH,
    headers: { origin: "https://app.example.com", "access-control-request-method": "POST" },
  },
  { ...sent(search), headers: { ...search.headers, x_y: "1" } },
  { ...sent(search), headers: { ...search.headers, ...Object.fromEntries(many(70)) } },
];

function many(count: number): [string, string][] {
  return Array.from({ length: count }, (_, index) => [`x-${index}`, "1"]);
}

const event = (text: string) => `event: message\ndata: ${text}\n\n`;
const PROGRESS = event('{"jsonrpc":"2.0","method":"notifications/progress","params":{}}');
const done = (id: unknown) => JSON.stringify({ jsonrpc: "2.0", id, result: { content: [] } });
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Begins a stream, waits, and goes on as told. */
const begins =
  (ms: number, then: "destroy" | "nothing"): Behaviour =>
  async (response) => {
    response.writeHead(200, { "content-type": SSE });
    response.write(PROGRESS);
    await wait(ms);
    if (then === "destroy") response.socket?.destroy();
  };
const leak = `AKIA${"ABCDEFGHIJKLMNOP"}`;
const long = "x".repeat(3000);
const old = (name: string) => legacy("tools/call", { name, arguments: { query: "a" } });

/** Messages, and what the server does with them; `begun` where the stream is to have begun. */
export const ANSWERED: readonly (readonly [Message, Behaviour, ("last event" | "cut")?])[] = [
  [search, answer(JSON_TYPE, done)],
  [call("small", { query: "a" }), answer(JSON_TYPE, () => long)],
  [old("small"), answer(JSON_TYPE, () => long)],
  [call("small", { query: "a" }), answer(SSE, () => [PROGRESS, event(long)]), "last event"],
  [search, answer(JSON_TYPE, () => "x".repeat(1_100_000))],
  [old("search"), answer(JSON_TYPE, () => "x".repeat(1_100_000))],
  [call("careful", { query: "a" }), answer(JSON_TYPE, () => leak)],
  [old("careful"), answer(JSON_TYPE, () => leak)],
  [call("careful", { query: "a" }), answer(SSE, () => [PROGRESS, event(`"${leak}"`)]), "last event"],
  [search, answer("text/html", () => "<p>")],
  [search, answer(SSE, () => [PROGRESS, event("{oops")]), "last event"],
  [search, answer(SSE, () => PROGRESS), "last event"],
  [search, begins(50, "destroy"), "cut"],
  [search, (response) => void response.socket?.destroy()],
  [search, (response) => void response.socket?.end("HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n")],
  [call("slow"), begins(3000, "nothing"), "cut"],
  [call("slow"), () => wait(3000).then(() => undefined)],
  [legacy("tools/call", { name: "slow" }), () => wait(3000).then(() => undefined)],
  // Longer than a stream may be silent, and not the tool's own time.
  [modern("tools/list"), begins(3000, "nothing"), "cut"],
  [modern("tools/list"), () => wait(3000).then(() => undefined)],
];
