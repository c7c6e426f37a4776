// A real MCP server of the official SDK as a process, that ends on SIGTERM in one of the ways that servers have.
// usage: PORT=3000 ENDS=lingers node ending-server.mjs      listens on the loopback address, prints one line when ready, and
// one for each call
//
// ENDS   at-once  as a process without a handler does
//        closes   closes its port, and ends when the last call is answered
//        lingers  says 503 at /health, takes calls for LINGER_MS more, and then does the same
//        never    takes calls until it is killed
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, fromJsonSchema, McpServer } from "@modelcontextprotocol/server";

let leaving = false;
const handler = toNodeHandler(
  createMcpHandler(() => {
    const server = new McpServer({ name: "ending", version: "1.0.0" });
    const inputSchema = fromJsonSchema({ type: "object", properties: { seconds: { type: "number" } } });
    server.registerTool("slow", { description: "waits", inputSchema }, async ({ seconds = 0 }) => {
      console.log("called");
      await sleep(seconds * 1000);
      return { content: [{ type: "text", text: "awake" }] };
    });
    return server;
  }),
);
const http = createServer((request, response) => {
  if (request.url !== "/health") return handler(request, response);
  response.writeHead(leaving ? 503 : 200).end();
});
http.listen(Number(process.env.PORT), "127.0.0.1", () => console.log("ready"));

const close = () => http.close(() => process.exit(0));
const ENDS = {
  closes: close,
  lingers: () => {
    leaving = true;
    setTimeout(close, Number(process.env.LINGER_MS));
  },
  never: () => undefined,
};
const end = ENDS[process.env.ENDS];
if (end) process.on("SIGTERM", end);
