import { randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { NodeStreamableHTTPServerTransport } from "@modelcontextprotocol/node";
import { fromJsonSchema, McpServer } from "@modelcontextprotocol/server";
import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import { readableProgram } from "../../lib/gateway/envoy/program";
import type { PolicyConfig } from "../../lib/policy";
import { startGateway, type Answer, type RunningGateway } from "../support/envoy";
import { TestIssuer } from "../support/tokens";
import { build, digest, HOST, legacy, newKey, PATH, URL_OF_SERVER } from "./lab";

/** What reached the server. */
export interface Reached {
  readonly verb: string;
  /** Its own id, as it came. */
  readonly session: string | undefined;
  readonly headers: IncomingHttpHeaders;
}

/** A server of the official SDK that keeps sessions in its memory. */
export interface SessionServer {
  readonly port: number;
  readonly reached: Reached[];
  /** Ids of the sessions that it keeps. */
  readonly ids: () => string[];
  /** Sends a notification to each session's stream. */
  notify(text: string): Promise<void>;
  /** Writes what it likes on the next stream that is opened by GET, past the SDK. */
  answerGet?: (response: ServerResponse) => void;
  /** Writes its own answer to the next `initialize`. */
  answerInitialize?: (response: ServerResponse) => void;
  stop(): Promise<void>;
}

/** Starts it. Its one tool counts the calls of its session. */
export async function startSessionServer(): Promise<SessionServer> {
  const kept = new Map<string, { transport: NodeStreamableHTTPServerTransport; server: McpServer }>();
  const reached: Reached[] = [];
  const schema = fromJsonSchema<object>({ type: "object", properties: {} });
  const open = async () => {
    const server = new McpServer(
      { name: "remembering", version: "1.0.0" },
      { capabilities: { logging: {} } },
    );
    let calls = 0;
    for (const name of ["count", "secret"])
      server.registerTool(name, { description: name, inputSchema: schema }, () => ({
        content: [{ type: "text", text: `${++calls}` }],
      }));
    const transport: NodeStreamableHTTPServerTransport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void kept.set(id, { transport, server }),
      onsessionclosed: (id) => void kept.delete(id),
    });
    await server.connect(transport);
    return transport;
  };
  const its: { -readonly [K in keyof SessionServer]: SessionServer[K] } = {
    port: 0,
    reached,
    ids: () => [...kept.keys()],
    notify: async (text) => {
      for (const { server } of kept.values())
        await server.server.sendLoggingMessage({ level: "info", data: text });
    },
    stop: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const session = request.headers["mcp-session-id"] as string | undefined;
    reached.push({ verb: request.method ?? "", session, headers: request.headers });
    const own =
      request.method === "GET" ? its.answerGet : session === undefined ? its.answerInitialize : undefined;
    delete its.answerGet;
    delete its.answerInitialize;
    if (own) return own(response);
    const known = session === undefined ? await open() : kept.get(session)?.transport;
    if (known) return known.handleRequest(request, response);
    response.writeHead(404, { "content-type": "application/json" });
    response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}');
  };
  const http = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  its.port = (http.address() as { port: number }).port;
  return its;
}

/** Two clients with keys, and one whose users have tokens. */
export function remembering(issuer: TestIssuer): PolicyConfig {
  const clients = ["one", "two"].map((name) => [name, { identity: { kind: "apiKey" }, tools: ["count"] }]);
  return {
    path: PATH,
    sessions: "single-task",
    auth: { jwt: { issuer: issuer.url, keys: { kind: "inline", jwks: issuer.jwks } } },
    clients: {
      ...(Object.fromEntries(clients) as PolicyConfig["clients"]),
      people: { identity: { kind: "jwt", claim: "client_id", equals: "app" }, tools: ["count"] },
    },
    tools: {
      count: {
        access: "read",
        callsPerMinute: 6000,
        timeoutSeconds: 5,
        responses: { refuse: ["private-key"] },
      },
    },
  };
}

/** A gateway in front of it. */
export interface SessionLab {
  readonly gateway: RunningGateway;
  readonly server: SessionServer;
  /** Credentials: keys of the clients `one` and `two`, tokens of three users of a third; `cut` is `ann` up to a NUL. */
  readonly credentials: Readonly<Record<"one" | "two" | "ann" | "bob" | "cut", string>>;
  /** A message of the legacy era, or a bare GET or DELETE. */
  send(
    credential: string,
    what: string,
    headers?: Record<string, string | string[]>,
    body?: string,
  ): Promise<Answer>;
  /** Opens a session; the id that the client got. */
  open(credential: string): Promise<string>;
  /** An official client that is connected, and its transport. */
  connect(credential: string): Promise<{ client: Client; transport: StreamableHTTPClientTransport }>;
  stop(): Promise<void>;
}

export const INITIALIZE = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "test", version: "1" },
};

/** Starts both. `mutate` makes a mutant of the program, `limit` gives the client `one` a limit of what it runs at once. */
export async function startSessionLab(
  mutate?: (program: string) => string,
  given:
    | { issuer: TestIssuer; server: SessionServer; secrets: Record<string, string>; task?: string }
    | undefined = undefined,
  limit?: number,
): Promise<SessionLab> {
  const issuer = given?.issuer ?? new TestIssuer();
  const server = given?.server ?? (await startSessionServer());
  const keys = { one: newKey(), two: newKey() };
  const { container } = build(limitedTo(limit, remembering(issuer)), server.port, {}, {}, { maxTasks: 1 });
  const gateway = await startGateway({
    container: {
      ...container,
      environment: container.environment.map(({ name, value }) => ({
        name,
        value: mutate && name === GATEWAY.env.program ? mutate(readableProgram()) : value,
      })),
    },
    hostname: HOST,
    ...(given?.task !== undefined && { task: given.task }),
    secrets: {
      [keyHashesVariable("one")]: digest(keys.one),
      [keyHashesVariable("two")]: digest(keys.two),
      ...given?.secrets,
    },
  });
  const token = (sub: string) => issuer.token({ aud: URL_OF_SERVER, client_id: "app", sub, scope: "openid" });
  const send: SessionLab["send"] = (credential, what, headers = {}, body) => {
    const bare = what === "GET" || what === "DELETE";
    const message = legacy(
      what,
      what === "initialize" ? INITIALIZE : what === "tools/call" ? { name: "count" } : {},
    );
    const { "content-type": _type, ...common } = message.headers;
    return gateway.send({
      path: PATH,
      ...(bare && { method: what }),
      headers: {
        ...(bare ? { ...common, accept: "text/event-stream" } : message.headers),
        authorization: `Bearer ${credential}`,
        ...headers,
      },
      ...(bare ? body !== undefined && { body } : { body: body ?? JSON.stringify(message.body) }),
    });
  };
  return {
    gateway,
    server,
    credentials: { ...keys, ann: token("ann"), bob: token("bob"), cut: token("ann\0") },
    send,
    open: async (credential) => {
      const answer = await send(credential, "initialize");
      const id = answer.headers["mcp-session-id"];
      if (answer.status !== 200 || typeof id !== "string") throw new Error(`no session: ${answer.status}`);
      return id;
    },
    connect: async (credential) => {
      const client = new Client(
        { name: "test", version: "1.0.0" },
        { versionNegotiation: { mode: "legacy" } },
      );
      const transport = new StreamableHTTPClientTransport(new URL(URL_OF_SERVER), {
        fetch: gateway.fetch,
        requestInit: { headers: { authorization: `Bearer ${credential}` } },
      });
      await client.connect(transport);
      return { client, transport };
    },
    stop: async () => {
      await gateway.stop();
      if (!given) await server.stop();
    },
  };
}

function limitedTo(most: number | undefined, config: PolicyConfig): PolicyConfig {
  const { one } = config.clients;
  if (most === undefined || one === undefined) return config;
  return { ...config, clients: { ...config.clients, one: { ...one, callsAtOncePerTask: most } } };
}
