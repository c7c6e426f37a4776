// A server of the official SDK over stdio.
import { McpServer, fromJsonSchema } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

const server = new McpServer({ name: "stdio", version: "1.0.0" }, { instructions: "be kind" });
const inputSchema = fromJsonSchema({
  type: "object",
  properties: { query: { type: "string", maxLength: 9 } },
});
server.registerTool(
  "search",
  { description: "finds", inputSchema, annotations: { readOnlyHint: true } },
  () => ({ content: [] }),
);
await server.connect(new StdioServerTransport());
