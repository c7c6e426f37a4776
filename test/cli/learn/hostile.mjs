// An MCP server over stdio that does what its argument says. The legacy era alone, unless it says otherwise.
import { createInterface } from "node:readline";

const [, , what = "good"] = process.argv;
const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const tool = (name, more = {}) => ({
  name,
  description: `the tool ${name}`,
  inputSchema: { type: "object", properties: { query: { type: "string", maxLength: 40 } } },
  ...more,
});
const nested = (levels) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
const list = (id, result) => say({ id, result });

/** What answers `tools/list`, by the scenario. */
const SCENARIOS = {
  good: (id) => list(id, { tools: [tool("search", { annotations: { readOnlyHint: true } })] }),
  pages: (id, { cursor = "0" }) =>
    list(id, {
      tools: [tool(`t${cursor}`)],
      ...(cursor !== "2" && { nextCursor: String(Number(cursor) + 1) }),
    }),
  "endless pages": (id, { cursor = "0" }) =>
    list(id, { tools: [tool(`t${cursor}`)], nextCursor: String(Number(cursor) + 1) }),
  "a circle": (id, { cursor }) =>
    list(id, { tools: [tool(`t${Math.random()}`)], nextCursor: cursor === "a" ? "b" : "a" }),
  "a huge cursor": (id) => list(id, { tools: [], nextCursor: "x".repeat(5000) }),
  "a cursor that is no text": (id) => list(id, { tools: [], nextCursor: { a: 1 } }),
  "too many tools": (id) =>
    list(id, { tools: Array.from({ length: 1001 }, (_, index) => tool(`t${index}`)) }),
  "a tool twice": (id) => list(id, { tools: [tool("search"), tool("search")] }),
  "a tool without a name": (id) => list(id, { tools: [{ inputSchema: {} }] }),
  "no list": (id) => list(id, { tools: { search: {} } }),
  "a huge line": () => process.stdout.write("x".repeat(5 * 1024 * 1024)),
  "a flood": () => {
    const more = () => {
      while (
        process.stdout.write(
          `${JSON.stringify({ jsonrpc: "2.0", method: "notifications/x", params: { x: "y".repeat(60000) } })}\n`,
        )
      );
      process.stdout.once("drain", more);
    };
    more();
  },
  "endless chatter": () =>
    setInterval(() => {
      for (let i = 0; i < 100; i++) say({ method: "notifications/x" });
    }, 1),
  "deep nesting": (id) => process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":${nested(5000)}}\n`),
  "no JSON": () => process.stdout.write("\u001b[2Jhello\n"),
  "no JSON-RPC": () => process.stdout.write('{"tools":[]}\n'),
  "both result and error": (id) => say({ id, result: {}, error: { code: 1, message: "x" } }),
  "an error": (id) => say({ id, error: { code: -32603, message: "\u001b]0;owned\u0007 no" } }),
  silence: () => undefined,
  "a sudden end": () => {
    process.stderr.write("\u001b[31mcannot go on\n");
    process.exit(3);
  },
  "an answer to nobody": (id) => {
    say({ id: 999, result: { tools: [tool("evil")] } });
    SCENARIOS.good(id);
  },
  "questions back": (id) => {
    say({ id: "s1", method: "ping" });
    say({ id: "s2", method: "sampling/createMessage", params: {} });
    questions = id;
  },
};
let questions;
const replies = [];

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.method === "initialize") {
    if (what === "modern alone") say({ id: message.id, error: { code: -32022, message: "unsupported" } });
    else
      say({
        id: message.id,
        result: {
          protocolVersion: "2025-11-25",
          capabilities: { tools: {} },
          serverInfo: { name: "h", version: "1" },
        },
      });
  } else if (message.method === "server/discover") {
    say({ id: message.id, result: { supportedVersions: ["2026-07-28"], capabilities: { tools: {} } } });
  } else if (message.method === "tools/list") {
    if (what === "modern alone") {
      if (message.params._meta["io.modelcontextprotocol/protocolVersion"] === "2026-07-28")
        SCENARIOS.good(message.id);
    } else SCENARIOS[what](message.id, message.params ?? {});
  } else if (message.method === undefined) {
    replies.push(message);
    // A ping is answered, everything else is refused.
    if (replies.length === 2 && replies[0].result && replies[1].error) SCENARIOS.good(questions);
  }
}
