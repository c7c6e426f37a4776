import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import {
  hostHeaderValidation,
  NodeStreamableHTTPServerTransport,
  originValidation,
  toNodeHandler,
} from "@modelcontextprotocol/node";
import { McpServer, ResourceTemplate, createMcpHandler, fromJsonSchema } from "@modelcontextprotocol/server";
import { HOST } from "../gateway/lab";

/** Host of the page that may call from a browser. */
export const PAGE = "app.example.com";

/** One pixel, and a header of sound: what is in them is nobody's concern. */
const IMAGE =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const AUDIO = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==";

const text = (text: string) => ({ type: "text" as const, text });
const image = { type: "image" as const, data: IMAGE, mimeType: "image/png" };
const audio = { type: "audio" as const, data: AUDIO, mimeType: "audio/wav" };
const embedded = (uri: string) => ({
  type: "resource" as const,
  resource: { uri, mimeType: "text/plain", text: "This is an embedded resource content." },
});
const NOTHING = fromJsonSchema<object>({ type: "object", properties: {} });
const strings = (...names: string[]) =>
  fromJsonSchema<Record<string, string>>({
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    required: names,
  });

/** The tools, by the names that the conformance suite calls them by. */
export const TOOLS = [
  ...["test_simple_text", "test_image_content", "test_audio_content", "test_embedded_resource"],
  ...["test_multiple_content_types", "test_tool_with_logging", "test_tool_with_progress"],
  "test_error_handling",
] as const;

/** The server that the conformance suite expects, as far as one without sessions can be it. Official SDK, both eras. */
function conformant(): McpServer {
  const server = new McpServer(
    { name: "conformance", version: "1.0.0" },
    { capabilities: { logging: {}, resources: { subscribe: true }, completions: {} } },
  );
  const content: Record<string, object[]> = {
    test_simple_text: [text("This is a simple text response for testing.")],
    test_image_content: [image],
    test_audio_content: [audio],
    test_embedded_resource: [embedded("test://embedded-resource")],
    test_multiple_content_types: [
      text("Multiple content types test:"),
      image,
      embedded("test://mixed-content-resource"),
    ],
  };
  for (const [name, what] of Object.entries(content))
    server.registerTool(name, { description: name, inputSchema: NOTHING }, () => ({
      content: what as never,
    }));
  server.registerTool("test_error_handling", { description: "fails", inputSchema: NOTHING }, () => ({
    content: [text("This tool intentionally returns an error for testing")],
    isError: true,
  }));
  const wait = () => new Promise((resolve) => setTimeout(resolve, 50));
  server.registerTool(
    "test_tool_with_logging",
    { description: "logs", inputSchema: NOTHING },
    async (_, context) => {
      for (const data of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
        await context.mcpReq.notify({ method: "notifications/message", params: { level: "info", data } });
        await wait();
      }
      return { content: [text("logged")] };
    },
  );
  server.registerTool(
    "test_tool_with_progress",
    { description: "works", inputSchema: NOTHING },
    async (_, context) => {
      const { progressToken = 0 } = context.mcpReq._meta ?? {};
      for (const progress of [0, 50, 100]) {
        await context.mcpReq.notify({
          method: "notifications/progress",
          params: { progressToken, progress, total: 100 },
        });
        await wait();
      }
      return { content: [text(String(progressToken))] };
    },
  );
  server.registerResource("static-text", "test://static-text", { mimeType: "text/plain" }, ({ href }) => ({
    contents: [
      { uri: href, mimeType: "text/plain", text: "This is the content of the static text resource." },
    ],
  }));
  server.registerResource("static-binary", "test://static-binary", { mimeType: "image/png" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "image/png", blob: IMAGE }],
  }));
  server.registerResource("watched", "test://watched-resource", { mimeType: "text/plain" }, ({ href }) => ({
    contents: [{ uri: href, mimeType: "text/plain", text: "Watched resource content" }],
  }));
  const template = new ResourceTemplate("test://template/{id}/data", { list: undefined });
  server.registerResource("template", template, { mimeType: "application/json" }, ({ href }, { id }) => ({
    contents: [
      {
        uri: href,
        mimeType: "application/json",
        text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
      },
    ],
  }));
  server.server.setRequestHandler("resources/subscribe", () => ({}));
  server.server.setRequestHandler("resources/unsubscribe", () => ({}));
  const user = (...all: object[]) => ({
    messages: all.map((content) => ({ role: "user" as const, content: content as never })),
  });
  server.registerPrompt("test_simple_prompt", { description: "simple" }, () =>
    user(text("This is a simple prompt for testing.")),
  );
  server.registerPrompt(
    "test_prompt_with_arguments",
    { description: "arguments", argsSchema: strings("arg1", "arg2") },
    (args: Record<string, string>) =>
      user(text(`Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'`)),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    { description: "embedded", argsSchema: strings("resourceUri") },
    (args: Record<string, string>) =>
      user(embedded(args.resourceUri ?? ""), text("Please process the embedded resource above.")),
  );
  server.registerPrompt("test_prompt_with_image", { description: "image" }, () =>
    user(image, text("Please analyze the image above.")),
  );
  server.server.setRequestHandler("completion/complete", () => ({
    completion: { values: ["test"], total: 1, hasMore: false },
  }));
  return server;
}

/** Starts it on 127.0.0.1. @param sessions whether it keeps sessions of the legacy era, and knows no other era */
export async function startConformantServer(
  sessions = false,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const { handle, close } = sessions ? keeping() : stateless();
  const hosts = ["localhost", "127.0.0.1", HOST];
  const [host, origin] = [hostHeaderValidation(hosts), originValidation(["localhost", "127.0.0.1", PAGE])];
  const server = createServer((request, response) => {
    if (host(request, response) && origin(request, response)) void handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port,
    stop: async () => {
      await close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** How requests are answered. */
interface Answering {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => unknown;
  readonly close: () => Promise<unknown>;
}

function stateless(): Answering {
  const handler = createMcpHandler(conformant);
  const node = toNodeHandler(handler);
  return { handle: (request, response) => node(request as never, response), close: () => handler.close() };
}

/** One server for each session, as the SDK's own example has it. */
function keeping(): Answering {
  const kept = new Map<string, NodeStreamableHTTPServerTransport>();
  const open = async () => {
    const transport: NodeStreamableHTTPServerTransport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void kept.set(id, transport),
      onsessionclosed: (id) => void kept.delete(id),
    });
    await conformant().connect(transport);
    return transport;
  };
  return {
    handle: async (request, response) => {
      const id = request.headers["mcp-session-id"] as string | undefined;
      const transport = id === undefined ? await open() : kept.get(id);
      if (transport) return transport.handleRequest(request as never, response);
      response.writeHead(404).end();
    },
    close: () => Promise.all([...kept.values()].map((transport) => transport.close())),
  };
}
