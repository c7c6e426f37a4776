import { createServer } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { McpServer, createMcpHandler, fromJsonSchema } from "@modelcontextprotocol/server";

/** A real MCP server of the official SDK, both eras, that works for a while, tells of it, and can be stopped. */
export interface StreamingServer {
  readonly port: number;
  /** Methods of the messages that reached it, in order. */
  readonly messages: readonly string[];
  /** Calls of `work` that were cancelled while they ran. */
  readonly cancelled: number;
  /** What a call of `work` waits for before it tells of its progress, besides its time. @default nothing */
  before: (progress: number) => Promise<void> | undefined;
  /** Tells those who listen that its list of tools, and a resource, have changed. */
  change(uri: string): void;
  stop(): Promise<void>;
}

interface Work {
  readonly steps: number;
  readonly ms: number;
}

/** Starts it on 127.0.0.1. @param keepAliveMs between two comments in a silent stream. */
export async function startStreamingServer(keepAliveMs = 15_000): Promise<StreamingServer> {
  const messages: string[] = [];
  let cancelled = 0;
  const handler = createMcpHandler(
    () => {
      const server = new McpServer(
        { name: "streaming", version: "1.0.0" },
        { capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } } },
      );
      server.registerResource("one", "test://one", {}, () => ({
        contents: [{ uri: "test://one", text: "one" }],
      }));
      const inputSchema = fromJsonSchema<Work>({ type: "object", properties: {} });
      server.registerTool("work", { description: "work", inputSchema }, async ({ steps, ms }, context) => {
        const { signal, _meta, notify } = context.mcpReq;
        const progressToken = _meta?.progressToken;
        for (let progress = 0; progress <= steps; progress++) {
          if (progress > 0) await new Promise((resolve) => setTimeout(resolve, ms).unref());
          await its.before(progress);
          if (signal.aborted) {
            cancelled++;
            break;
          }
          if (progressToken !== undefined)
            await notify({
              method: "notifications/progress",
              params: { progressToken, progress, total: steps },
            });
        }
        return { content: [{ type: "text" as const, text: "done" }] };
      });
      return server;
    },
    { keepAliveMs },
  );
  const node = toNodeHandler(handler);
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = JSON.parse(Buffer.concat(parts).toString() || "{}") as { method?: string };
      messages.push(body.method ?? "(response)");
      void node(request as Parameters<typeof node>[0], response, body);
    });
  });
  // As a server that streams for long has to be set: Node's own default ends a request after five minutes.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const its: StreamingServer = {
    port,
    messages,
    before: () => undefined,
    get cancelled() {
      return cancelled;
    },
    change: (uri) => {
      handler.notify.toolsChanged();
      handler.notify.resourceUpdated(uri);
    },
    stop: async () => {
      await handler.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
  return its;
}
