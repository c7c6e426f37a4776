import { spawn } from "node:child_process";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { keyHashesVariable } from "../../lib/gateway";
import type { PolicyConfig } from "../../lib/policy";
import { HOST, PATH, URL_OF_SERVER, build, call, digest, newKey } from "../../test/gateway/lab";
import { freePort, startGateway, testCertificate, type Bootstrap } from "../../test/support/envoy";
import { envoyBinary } from "../../test/support/toolchain";
import { TestIssuer } from "../../test/support/tokens";
import type { Call } from "./load";

/** Something that calls are sent to. */
export interface Subject {
  readonly pid: number;
  readonly call: Call;
  stop(): Promise<void>;
}

const ARGUMENTS = { query: "status of the order", page: 2, tags: ["late", "paid"], sort: "newest" };
const MESSAGE = call("tool-0", ARGUMENTS);
/** What a server answers to it, about 200 bytes. */
const RESULT = JSON.stringify({
  jsonrpc: "2.0",
  id: MESSAGE.body.id,
  result: {
    resultType: "complete",
    content: [{ type: "text", text: "The order was sent on Monday. ".repeat(4) }],
  },
});

const API = "type.googleapis.com/envoy.extensions";

/** How an Envoy that is measured runs. */
export interface Run {
  /** Threads that serve. @default 2, as in a task */
  readonly workers?: number;
  /** A program with its arguments that runs Envoy inside itself. @default none */
  readonly under?: readonly string[];
}

/** A server that costs next to nothing: an Envoy that answers the same text to everything. */
export async function fastServer(): Promise<Subject> {
  return envoy({
    secured: false,
    // An answer that comes before the whole request has come ends the connection.
    filters: [
      {
        name: "buffer",
        typed_config: { "@type": `${API}.filters.http.buffer.v3.Buffer`, max_request_bytes: 1_048_576 },
      },
    ],
    clusters: [],
    routes: [
      {
        match: { prefix: "/" },
        direct_response: { status: 200, body: { inline_string: RESULT } },
        response_headers_to_add: [
          {
            header: { key: "content-type", value: "application/json" },
            append_action: "OVERWRITE_IF_EXISTS_OR_ADD",
          },
        ],
      },
    ],
  });
}

/** Envoy with TLS and a route to the server, and nothing else. */
export async function bareEnvoy(server: number, run: Run = {}): Promise<Subject> {
  return envoy({
    ...run,
    secured: true,
    filters: [],
    clusters: [
      {
        name: "server",
        connect_timeout: "1s",
        load_assignment: {
          cluster_name: "server",
          endpoints: [{ lb_endpoints: [{ endpoint: { address: address(server) } }] }],
        },
      },
    ],
    routes: [{ match: { prefix: "/" }, route: { cluster: "server" } }],
  });
}

/** Who calls our gateway. */
export type Credential = "key" | "token";

/** Our gateway, of 10 tools and 5 clients, every protection on. @param change of its bootstrap: to see what a part costs */
export async function ourGateway(
  server: number,
  credential: Credential,
  change?: (bootstrap: Bootstrap) => void,
  { workers = 2, under }: Run = {},
): Promise<Subject> {
  const issuer = new TestIssuer();
  const keys = Array.from({ length: 4 }, newKey);
  const { container } = build(configuration(issuer), server, {}, { peersHostname: "localhost" });
  const command = [...container.command];
  command[command.indexOf("--concurrency") + 1] = `${workers}`;
  const gateway = await startGateway({
    container: { ...container, command },
    ...(under && { under }),
    hostname: HOST,
    secrets: Object.fromEntries(keys.map((key, at) => [keyHashesVariable(`client-${at}`), digest(key)])),
    change: (bootstrap) => {
      raiseLimits(bootstrap);
      change?.(bootstrap);
    },
  });
  const bearer =
    credential === "key" ? keys[0] : issuer.token({ aud: URL_OF_SERVER, client_id: "person", scope: "read" });
  return {
    pid: gateway.pid,
    call: sent(gateway.port, true, { authorization: `Bearer ${bearer}` }),
    stop: () => gateway.stop(),
  };
}

/** The highest that a configuration may hold; `raiseLimits` does the rest. */
const CALLS_PER_MINUTE = 100_000;

/** Limits count as ever, and are never reached: a refusal would be measured instead of a call. */
function raiseLimits(part: unknown): void {
  if (typeof part !== "object" || part === null) return;
  for (const [name, value] of Object.entries(part)) {
    if (name === "token_bucket") Object.assign(value as object, { max_tokens: 1e9, tokens_per_fill: 1e9 });
    else raiseLimits(value);
  }
}

function configuration(issuer: TestIssuer): PolicyConfig {
  const names = Array.from({ length: 10 }, (_, at) => `tool-${at}`);
  return {
    path: PATH,
    era: "both",
    auth: { jwt: { issuer: issuer.url, keys: { kind: "inline", jwks: issuer.jwks } } },
    clients: {
      ...Object.fromEntries(
        Array.from({ length: 4 }, (_, at) => [
          `client-${at}`,
          { identity: { kind: "apiKey" as const }, tools: names, callsPerMinute: CALLS_PER_MINUTE },
        ]),
      ),
      person: {
        identity: { kind: "jwt", claim: "client_id", equals: "person" },
        tools: names,
        callsPerMinute: CALLS_PER_MINUTE,
      },
    },
    tools: Object.fromEntries(
      names.map((name) => [
        name,
        {
          access: "read" as const,
          scopes: ["read"],
          callsPerMinute: CALLS_PER_MINUTE,
          callsPerMinutePerClient: CALLS_PER_MINUTE,
          timeoutSeconds: 10,
          arguments: {
            query: { type: "string" as const, minLength: 1, maxLength: 40, log: true, required: true },
            tags: {
              type: "array" as const,
              maxItems: 3,
              items: { type: "string" as const, maxLength: 12, pattern: "[a-z]+(?:-[a-z]+)*" },
            },
            sort: { type: "string" as const, maxLength: 8, enum: ["newest", "oldest"] },
            page: { type: "integer" as const, minimum: 1, maximum: 1000 },
          },
        },
      ]),
    ),
  };
}

function sent(port: number, tls: boolean, headers: Record<string, string> = {}): Call {
  const all = { ...MESSAGE.headers, ...headers };
  return { port, tls, host: HOST, path: PATH, headers: all, body: JSON.stringify(MESSAGE.body) };
}

const address = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });

interface Simple extends Run {
  secured: boolean;
  filters: object[];
  clusters: object[];
  routes: object[];
}

async function envoy(of: Simple): Promise<Subject> {
  const port = await freePort();
  const pair = testCertificate(HOST);
  const manager = {
    "@type": `${API}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: "bare",
    route_config: { virtual_hosts: [{ name: "all", domains: ["*"], routes: of.routes }] },
    http_filters: [
      ...of.filters,
      { name: "router", typed_config: { "@type": `${API}.filters.http.router.v3.Router` } },
    ],
  };
  const tls = {
    name: "envoy.transport_sockets.tls",
    typed_config: {
      "@type": `${API}.transport_sockets.tls.v3.DownstreamTlsContext`,
      common_tls_context: {
        alpn_protocols: ["h2", "http/1.1"],
        tls_certificates: [
          {
            certificate_chain: { inline_string: pair.certificate },
            private_key: { inline_string: pair.key },
          },
        ],
      },
    },
  };
  const chain = {
    ...(of.secured && { transport_socket: tls }),
    filters: [{ name: "envoy.filters.network.http_connection_manager", typed_config: manager }],
  };
  const bootstrap = {
    static_resources: {
      listeners: [{ name: "bare", address: address(port), filter_chains: [chain] }],
      clusters: of.clusters,
    },
  };
  const flags = ["--concurrency", `${of.workers ?? 2}`, "--disable-hot-restart", "-l", "error"];
  const [program = "", ...words] = [...(of.under ?? []), await envoyBinary(), ...flags];
  const child = spawn(program, [...words, "--config-yaml", JSON.stringify(bootstrap)], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await listening(port);
  return {
    pid: child.pid as number,
    call: sent(port, of.secured),
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        child.kill();
      }),
  };
}

/** Waits until somebody listens. @throws Error after a minute */
async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true));
      socket.once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (taken) return;
    await setTimeout(50);
  }
  throw new Error(`Envoy does not listen on ${port}`);
}
