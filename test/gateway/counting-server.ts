import { createServer, type IncomingHttpHeaders } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { McpServer, createMcpHandler, fromJsonSchema } from "@modelcontextprotocol/server";

/** A real MCP server of the official SDK, both eras, stateless, that counts what reaches it. */
export interface CountingServer {
  readonly port: number;
  /** HTTP requests so far. */
  readonly requests: number;
  /** Calls of tools so far, by name. */
  readonly calls: Readonly<Record<string, number>>;
  /** Headers of the last request. */
  readonly headers: IncomingHttpHeaders;
  /** Path of the last request. */
  readonly path: string;
  /** Names of the trailers of all requests. */
  readonly trailers: readonly string[];
  /** Headers that it writes on every answer, beside those of the SDK. */
  readonly writes: Record<string, string>;
  /** Keeps calls of `slow`, whatever they ask for, until the function that it gives is called. */
  hold(): () => void;
  stop(): Promise<void>;
}

interface Arguments {
  readonly seconds?: number;
  readonly query?: string;
}

const SCHEMA = fromJsonSchema<Arguments>({
  type: "object",
  properties: {},
});

/** Starts it on 127.0.0.1. Tools: `search` (echoes), `refund`, `slow` (waits `seconds`). */
export async function startMcpServer(): Promise<CountingServer> {
  const seen = {
    ...{ requests: 0, calls: {} as Record<string, number>, path: "" },
    ...{ headers: {} as IncomingHttpHeaders, trailers: [] as string[] },
    writes: {} as Record<string, string>,
  };
  let held: Promise<void> | undefined;
  const count = (tool: string) => {
    seen.calls[tool] = (seen.calls[tool] ?? 0) + 1;
  };
  const text = (text: string) => ({ content: [{ type: "text" as const, text }] });
  const handler = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: "counting", version: "1.0.0" });
      for (const name of ["search", "refund", "secret"]) {
        server.registerTool(name, { description: name, inputSchema: SCHEMA }, (args) => {
          count(name);
          return text(JSON.stringify(args));
        });
      }
      server.registerTool("slow", { description: "slow", inputSchema: SCHEMA }, async ({ seconds = 0 }) => {
        count("slow");
        await (held ?? new Promise((resolve) => setTimeout(resolve, seconds * 1000).unref()));
        return text("done");
      });
      return server;
    }),
  );
  const server = createServer((request, response) => {
    seen.requests++;
    seen.headers = request.headers;
    seen.path = request.url ?? "";
    for (const [name, value] of Object.entries(seen.writes)) response.setHeader(name, value);
    request.on("end", () => seen.trailers.push(...Object.keys(request.trailers)));
    void handler(request as Parameters<typeof handler>[0], response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    get requests() {
      return seen.requests;
    },
    get calls() {
      return seen.calls;
    },
    get headers() {
      return seen.headers;
    },
    get path() {
      return seen.path;
    },
    get trailers() {
      return seen.trailers;
    },
    writes: seen.writes,
    hold: () => {
      let release = () => {};
      const here = (held = new Promise<void>((resolve) => (release = resolve)));
      return () => {
        if (held === here) held = undefined;
        release();
      };
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
