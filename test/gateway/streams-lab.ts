import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { keyHashesVariable } from "../../lib/gateway";
import type { PolicyConfig } from "../../lib/policy";
import { startGateway, type Bootstrap, type RunningGateway, type StartableContainer } from "../support/envoy";
import { HOST, PATH, URL_OF_SERVER, build, digest, newKey } from "./lab";
import { startStreamingServer, type StreamingServer } from "./streaming-server";

/** A server whose one tool may work for a quarter of an hour, and whose changes may be listened to for as long. */
export const STREAMING: PolicyConfig = {
  path: PATH,
  clients: {
    "ci-bot": {
      ...{ identity: { kind: "apiKey" }, tools: ["work"], callsPerMinute: 6000 },
      methods: ["resources/list", "resources/read", "subscriptions/listen"],
    },
  },
  tools: {
    work: {
      ...{ access: "read", callsPerMinute: 6000, timeoutSeconds: 900 },
      arguments: {
        steps: { type: "integer", minimum: 1, maximum: 1000, required: true },
        ms: { type: "integer", minimum: 1, maximum: 900_000, required: true },
      },
    },
  },
  methods: {
    "resources/list": { callsPerMinute: 600 },
    "resources/read": { callsPerMinute: 600, allow: ["test://one"] },
    "subscriptions/listen": { callsPerMinute: 600, timeoutSeconds: 900, allow: ["test://one"] },
  },
};

/** A gateway in front of it. */
export interface StreamLab {
  readonly gateway: RunningGateway;
  readonly server: StreamingServer;
  readonly container: StartableContainer;
  /** An official client that is connected. */
  connect(era: "legacy" | "modern"): Promise<Client>;
  stop(): Promise<void>;
}

/** Starts both. @param keepAliveMs see `startStreamingServer` */
export async function startStreamLab(
  keepAliveMs?: number,
  change?: (bootstrap: Bootstrap) => void,
): Promise<StreamLab> {
  const server = await startStreamingServer(keepAliveMs);
  const key = newKey();
  const { container } = build(STREAMING, server.port);
  const gateway = await startGateway({
    container,
    hostname: HOST,
    secrets: { [keyHashesVariable("ci-bot")]: digest(key) },
    ...(change && { change }),
  });
  return {
    gateway,
    server,
    container,
    connect: async (era) => {
      const client = new Client(
        { name: "test", version: "1.0.0" },
        { versionNegotiation: { mode: era === "legacy" ? "legacy" : { pin: "2026-07-28" } } },
      );
      await client.connect(
        new StreamableHTTPClientTransport(new URL(URL_OF_SERVER), {
          fetch: gateway.fetch,
          requestInit: { headers: { authorization: `Bearer ${key}` } },
        }),
      );
      return client;
    },
    stop: async () => {
      await gateway.stop();
      await server.stop();
    },
  };
}

/** Waits until something is so: half a minute, on a machine that is busy with other things. */
export async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1500 && !what(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (!what()) throw new Error(`never: ${what}`);
}
