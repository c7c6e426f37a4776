import { createHash, randomBytes } from "node:crypto";
import {
  GATEWAY,
  KEY_PREFIX,
  gatewayContainer,
  keyHashesVariable,
  renderGateway,
  resolveGateway,
  type RenderFacts,
} from "../../lib/gateway";
import type { GatewayConfig } from "../../lib/gateway/config";
import { buildPolicy, type PolicyConfig, type PolicyDocument, type PolicyFacts } from "../../lib/policy";
import type { Image } from "../../lib/task/image";
import { Check } from "../../lib/validation";
import { startGateway, type Bootstrap, type RunningGateway, type StartableContainer } from "../support/envoy";
import { startMcpServer, type CountingServer } from "./counting-server";
import { TestIssuer } from "../support/tokens";

export const HOST = "mcp.example.com";
export const PATH = "/orders/mcp";
export const URL_OF_SERVER = `https://${HOST}${PATH}`;
export const IMAGE = `acme/envoy@sha256:${"a".repeat(64)}` as Image;

/** A key as a client holds it. */
export function newKey(): string {
  return KEY_PREFIX + randomBytes(32).toString("base64url");
}

/** As the client's secret stores it. */
export function digest(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

/** A server's configuration that has one of everything. */
export function orders(issuer: TestIssuer): PolicyConfig {
  return {
    path: PATH,
    era: "both",
    auth: { jwt: { issuer: issuer.url, keys: { kind: "inline", jwks: issuer.jwks } } },
    clients: {
      "ci-bot": { identity: { kind: "apiKey" }, tools: ["search", "slow", "hourly", "rare", "closed"] },
      narrow: { identity: { kind: "apiKey" }, tools: ["search"], callsPerMinute: 3 },
      support: {
        identity: { kind: "jwt", claim: "client_id", equals: "support-app" },
        tools: ["search", "refund"],
      },
      other: { identity: { kind: "jwt", claim: "azp", equals: "other-app" }, tools: ["search"] },
    },
    tools: {
      search: {
        access: "read",
        callsPerMinute: 600,
        timeoutSeconds: 10,
        arguments: {
          query: { type: "string", minLength: 1, maxLength: 40, log: true },
          note: { type: "string", maxLength: 40 },
          tags: {
            type: "array",
            maxItems: 3,
            items: { type: "string", maxLength: 12, pattern: "[a-z]+(?:-[a-z]+)*" },
          },
          sort: { type: "string", maxLength: 8, enum: ["newest", "oldest"] },
          page: { type: "integer", minimum: 1, maximum: 1000 },
          price: { type: "number", minimum: 0.5 },
          where: {
            type: "object",
            properties: {
              country: { type: "string", maxLength: 2, required: true },
              open: { type: "boolean" },
            },
          },
        },
      },
      refund: {
        access: "destructive",
        scopes: ["mcp:refund"],
        callsPerMinute: 600,
        timeoutSeconds: 10,
        arguments: {
          order: { type: "string", maxLength: 14, pattern: "ord_[0-9]{4,10}", required: true, log: true },
        },
      },
      slow: {
        access: "read",
        callsPerMinute: 600,
        timeoutSeconds: 1,
        arguments: { seconds: { type: "number", minimum: 0, maximum: 60 } },
      },
      hourly: { access: "read", callsPerMinute: 4, timeoutSeconds: 5 },
      rare: { access: "read", callsPerMinute: 600, callsPerMinutePerClient: 2, timeoutSeconds: 5 },
      closed: { access: "write", callsPerMinute: 600, timeoutSeconds: 5, window: "past" },
      secret: { access: "read", scopes: ["mcp:read"], callsPerMinute: 600, timeoutSeconds: 5 },
    },
    windows: { past: [{ from: "2020-01-01T00:00Z", to: "2020-01-02T00:00Z" }] },
  };
}

/** Policy and container of a configuration; throws where the configuration is wrong. */
export function build(
  config: PolicyConfig,
  serverPort: number,
  gatewayConfig: Partial<GatewayConfig> = {},
  facts: Partial<RenderFacts> = {},
  more: Partial<PolicyFacts> = {},
): { policy: PolicyDocument; container: StartableContainer } {
  const check = Check.start(() => false);
  const gateway = resolveGateway({ image: IMAGE, ...gatewayConfig }, check.at("gateway"));
  const policyFacts = {
    hostname: HOST,
    maxBodyKib: gateway.maxBodyKib,
    maxTasks: 2,
    allowedOrigins: gateway.allowedOrigins,
    ...more,
  };
  const policy = buildPolicy("orders", config, policyFacts, check);
  if (check.problems.length > 0) throw new Error(JSON.stringify(check.problems));
  const keys = Object.entries(policy.clients).filter(([, client]) => client.identity.kind === "apiKey");
  const names = [
    GATEWAY.env.tlsCertificate,
    GATEWAY.env.tlsKey,
    ...keys.map(([name]) => keyHashesVariable(name)),
  ];
  const container = gatewayContainer({
    gateway,
    rendered: renderGateway(policy, gateway, { serverPort, ...facts }),
    secrets: names.map((name) => ({ name, valueFrom: `arn:${name}` })),
    logGroupName: "audit",
    region: "eu-west-1",
  });
  return { policy, container: container as unknown as StartableContainer };
}

/** A gateway in front of a server, with its clients' keys. */
export interface Lab {
  readonly gateway: RunningGateway;
  readonly server: CountingServer;
  readonly issuer: TestIssuer;
  readonly keys: { readonly ciBot: string; readonly ciBotBefore: string; readonly narrow: string };
  /** A token of the client `support`. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>): string;
  stop(): Promise<void>;
}

/** Starts both. `change` makes a mutant of the bootstrap. */
export async function startLab(
  change?: (bootstrap: Bootstrap) => void,
  facts: Partial<RenderFacts> = {},
): Promise<Lab> {
  const issuer = new TestIssuer();
  const server = await startMcpServer();
  const keys = { ciBot: newKey(), ciBotBefore: newKey(), narrow: newKey() };
  const { container } = build(
    orders(issuer),
    server.port,
    { allowedOrigins: ["https://app.example.com"] },
    facts,
  );
  const gateway = await startGateway({
    container,
    hostname: HOST,
    secrets: {
      [keyHashesVariable("ci-bot")]: `${digest(keys.ciBot)} ${digest(keys.ciBotBefore)}`,
      [keyHashesVariable("narrow")]: digest(keys.narrow),
    },
    ...(change && { change }),
  }).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    gateway,
    server,
    issuer,
    keys,
    token: (claims = {}, header = {}) =>
      issuer.token(
        { aud: URL_OF_SERVER, client_id: "support-app", scope: "openid mcp:refund", ...claims },
        header,
      ),
    stop: async () => {
      await gateway.stop();
      await server.stop();
    },
  };
}

const MODERN = "2026-07-28";

/** A well-formed request of the modern era. */
export function modern(method: string, params: Record<string, unknown> = {}, id: unknown = 7): Message {
  const name = params.name ?? params.uri;
  return {
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": MODERN,
      "mcp-method": method,
      ...(typeof name === "string" && { "mcp-name": name }),
    },
    body: {
      jsonrpc: "2.0",
      id,
      method,
      params: {
        ...params,
        _meta: {
          "io.modelcontextprotocol/protocolVersion": MODERN,
          "io.modelcontextprotocol/clientInfo": { name: "test", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    },
  };
}

/** A well-formed request of the legacy era. */
export function legacy(method: string, params: Record<string, unknown> = {}, id: unknown = 7): Message {
  return {
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
    },
    body: { jsonrpc: "2.0", id, method, params },
  };
}

/** A request before it is written. */
export interface Message {
  readonly headers: Record<string, string>;
  readonly body: Record<string, unknown>;
}

/** A call of a tool in the modern era. */
export function call(name: string, args: unknown = {}): Message {
  return modern("tools/call", { name, arguments: args });
}
