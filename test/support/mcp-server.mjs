// A real MCP server of the official SDK over HTTP, both eras, for tests of what stands in front of it.
// usage: PORT=3000 node mcp-server.mjs      listens on the loopback address, prints one line when ready
//
// Any path       MCP: the tools `search`, `lookup`, `refund` and `slow`
// GET /health    200
// GET /calls     what reached the server: { requests, tools: { search: 2 }, headers: those of the last request }
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";

const seen = { requests: 0, tools: {}, headers: {} };
const text = (value) => ({ content: [{ type: "text", text: value }] });

/** Lax on purpose: what a gateway in front lets through must show here. */
const anything = fromJsonSchema({ type: "object", additionalProperties: true });
const delayed = fromJsonSchema({
  type: "object",
  properties: { seconds: { type: "number" } },
  additionalProperties: true,
});
const tools = {
  /** A query such as `sleep 20` answers only after 20 seconds, so that any tool's timeout can be tried. */
  search: [
    anything,
    async ({ query }) => {
      const seconds = /^sleep (\d+)$/.exec(query ?? "")?.[1];
      if (seconds !== undefined) await sleep(Number(seconds) * 1000);
      return text(`found ${query}`);
    },
  ],
  lookup: [anything, async ({ page }) => text(`page ${page}`)],
  refund: [anything, async ({ order }) => text(`refunded ${order}`)],
  slow: [
    delayed,
    async ({ seconds = 60 }) => {
      await sleep(seconds * 1000);
      return text(`awake after ${seconds} s`);
    },
  ],
};

const handler = toNodeHandler(
  createMcpHandler(() => {
    const server = new McpServer({ name: "test", version: "1.0.0" });
    for (const [name, [inputSchema, call]] of Object.entries(tools)) {
      server.registerTool(name, { description: `the tool ${name}`, inputSchema }, (args) => {
        seen.tools[name] = (seen.tools[name] ?? 0) + 1;
        return call(args);
      });
    }
    return server;
  }),
);

const http = createServer((request, response) => {
  if (request.url === "/health") return response.end("ok");
  if (request.url === "/calls") {
    response.setHeader("content-type", "application/json");
    return response.end(JSON.stringify(seen));
  }
  seen.requests++;
  seen.headers = request.headers;
  return handler(request, response);
});
http.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () =>
  console.log(`MCP server on http://127.0.0.1:${http.address().port}`),
);
process.on("SIGTERM", () => process.exit(0));
