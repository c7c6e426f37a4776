import { createServer, type ServerResponse } from "node:http";

/** How a server answers one request, given its JSON-RPC id. */
export type Behaviour = (response: ServerResponse, id: unknown) => void | Promise<void>;

/** A server that answers each request as was told for its id, and counts what reached it. */
export interface MisbehavingServer {
  readonly port: number;
  readonly requests: number;
  /** Headers of the last request. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** How the message with this id is answered. */
  on(id: unknown, behaviour: Behaviour): void;
  stop(): Promise<void>;
}

/** A result as JSON, with the id. */
export function result(id: unknown, value: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, result: value });
}

type Body = string | Buffer | readonly (string | Buffer)[];

/** Answers with a text in one piece, or in several that arrive one after the other. */
export function answer(
  type: string | undefined,
  body: (id: unknown) => Body,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Behaviour {
  return async (response, id) => {
    response.writeHead(status, { ...(type !== undefined && { "content-type": type }), ...headers });
    const parts = body(id);
    for (const part of Array.isArray(parts) ? (parts as (string | Buffer)[]) : [parts as string]) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
    response.end();
  };
}

/** Starts it on 127.0.0.1. */
export async function startMisbehavingServer(): Promise<MisbehavingServer> {
  const behaviours = new Map<unknown, Behaviour>();
  let requests = 0;
  let headers: Readonly<Record<string, unknown>> = {};
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      requests++;
      headers = request.headers;
      const { id } = JSON.parse(Buffer.concat(parts).toString() || "{}") as { id?: unknown };
      const behaviour = behaviours.get(id) ?? ((response) => void response.writeHead(202).end());
      void behaviour(response, id);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    port,
    get requests() {
      return requests;
    },
    get headers() {
      return headers;
    },
    on: (id, behaviour) => void behaviours.set(id, behaviour),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
