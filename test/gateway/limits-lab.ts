import { createSocket } from "node:dgram";
import { keyHashesVariable } from "../../lib/gateway";
import type { GatewayConfig } from "../../lib/gateway/config";
import type { LimitsPolicy } from "../../lib/policy/document";
import type { PolicyConfig } from "../../lib/policy";
import { startGateway, type Answer, type Bootstrap, type RunningGateway } from "../support/envoy";
import { startMcpServer, type CountingServer } from "./counting-server";
import { build, digest, HOST, modern, newKey, PATH, type Message } from "./lab";
import { until } from "./streams-lab";

/** A configuration, open to mutants. */
export type Data = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

/** A limit that both clients have, and a tool that may run twice at the same time. */
export function limitedServer(callsPerMinute: number): PolicyConfig {
  const identity = { kind: "apiKey" } as const;
  const tools = ["slow", "search"];
  return {
    path: PATH,
    clients: {
      one: { identity, tools, callsPerMinute },
      other: { identity, tools, callsPerMinute },
    },
    tools: {
      search: { access: "read", callsPerMinute: 100_000, timeoutSeconds: 5 },
      slow: {
        access: "read",
        callsPerMinute: 100_000,
        timeoutSeconds: 30,
        callsAtOncePerTask: 2,
        arguments: { seconds: { type: "number", minimum: 0, maximum: 5 } },
      },
    },
  };
}

/** What a fleet of gateways is started with. */
export interface FleetStart {
  /** Gateways. @default 1 */
  readonly tasks?: number;
  readonly server?: PolicyConfig;
  readonly limits?: Partial<LimitsPolicy>;
  readonly gateway?: Partial<GatewayConfig>;
  /** What DNS says of the tasks; without it nothing is shared. */
  readonly dns?: PeersDns;
  /** Changes each gateway's configuration: for mutants. */
  readonly change?: (bootstrap: Data, task: number) => void;
}

/** Gateways of one server, as its tasks would run them. */
export interface Fleet {
  readonly gateways: readonly RunningGateway[];
  readonly server: CountingServer;
  readonly keys: { readonly one: string; readonly other: string };
  /** Ends one task's gateway and starts it anew. */
  restart(task: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a server and its gateways. */
export async function startFleet(start: FleetStart = {}): Promise<Fleet> {
  const { tasks = 1, dns } = start;
  const server = await startMcpServer();
  const keys = { one: newKey(), other: newKey() };
  const { container } = build(
    start.server ?? limitedServer(100_000),
    server.port,
    { requestsPerSecond: 100_000, ...start.gateway },
    dns ? { peersHostname: "orders.acme.internal" } : {},
    {
      maxTasks: Math.max(1, tasks),
      limits: { scope: "shared", callsPerMinutePerAddress: 1_000_000, ...start.limits },
    },
  );
  const one = (task: number) =>
    startGateway({
      container,
      hostname: HOST,
      secrets: {
        [keyHashesVariable("one")]: digest(keys.one),
        [keyHashesVariable("other")]: digest(keys.other),
      },
      change: (bootstrap: Bootstrap) => {
        if (dns) ask(bootstrap, dns.port);
        start.change?.(bootstrap, task);
      },
    });
  const gateways = await Promise.all(Array.from({ length: tasks }, (_, task) => one(task)));
  return {
    gateways,
    server,
    keys,
    restart: async (task) => {
      await gateways[task]?.stop();
      gateways[task] = await one(task);
    },
    stop: async () => {
      await Promise.all([...gateways.map((gateway) => gateway.stop()), server.stop()]);
    },
  };
}

/** Lets the gateway ask another resolver, and more often. */
function ask(bootstrap: Bootstrap, port: number): void {
  const peers = bootstrap.static_resources.clusters.find(({ name }) => name === "peers") as Data | undefined;
  if (peers === undefined) return;
  Object.assign(peers["cluster_type"].typed_config, {
    dns_refresh_rate: "0.2s",
    dns_failure_refresh_rate: { base_interval: "0.2s", max_interval: "0.2s" },
    typed_dns_resolver_config: {
      name: "resolver",
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig",
        resolvers: [{ socket_address: { address: "127.0.0.1", port_value: port, protocol: "UDP" } }],
        dns_resolver_options: { no_default_search_domain: true },
        query_timeout_seconds: 1,
        query_tries: 1,
      },
    },
  });
}

/** A resolver whose answer tests choose. */
export interface PeersDns {
  readonly port: number;
  /** How many tasks it names; "dead" = it does not answer, "unknown" = there is no such name, "failing" = it cannot say. */
  says: number | "dead" | "unknown" | "failing";
  /** Waits until so many tasks have asked more than twice each from now on: what they were told first, they know. */
  asked(tasks: number): Promise<void>;
  stop(): Promise<void>;
}

/** Starts it. */
export async function startPeersDns(says: PeersDns["says"]): Promise<PeersDns> {
  const socket = createSocket("udp4");
  let queries = 0;
  const dns: PeersDns = {
    says,
    port: 0,
    asked: (tasks) => {
      const due = queries + 2 * tasks + 1;
      return until(() => queries >= due);
    },
    stop: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
  socket.on("message", (query, from) => {
    queries++;
    if (dns.says === "dead") return;
    let at = 12;
    for (let size = query[at] ?? 0; size > 0; size = query[at] ?? 0) at += size + 1;
    const count = typeof dns.says === "number" ? dns.says : 0;
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE({ unknown: 0x8183, failing: 0x8182 }[String(dns.says)] ?? 0x8180, 2);
    head.writeUInt16BE(count, 6);
    head.writeUInt32BE(0, 8);
    const record = (task: number) => [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 10, 0, 0, task + 1];
    const answers = Array.from({ length: count }, (_, task) => Buffer.from(record(task)));
    socket.send(Buffer.concat([head, query.subarray(12, at + 5), ...answers]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return Object.assign(dns, { port: socket.address().port });
}

/** One message with a key, from an address as the load balancer would write it down. */
export function sendAs(
  gateway: RunningGateway,
  key: string,
  message: Message = modern("tools/list"),
  forwardedFor?: string,
): Promise<Answer> {
  return gateway.send({
    path: PATH,
    headers: {
      ...message.headers,
      authorization: `Bearer ${key}`,
      ...(forwardedFor === undefined ? {} : { "x-forwarded-for": forwardedFor }),
    },
    body: JSON.stringify(message.body),
  });
}

/** How many of so many messages pass, sent one after the other to one gateway after the other. */
export async function passing(fleet: Fleet, key: string, times: number): Promise<number[]> {
  const passed = fleet.gateways.map(() => 0);
  await Promise.all(
    fleet.gateways.map(async (gateway, task) => {
      for (let i = 0; i < times; i++)
        if ((await sendAs(gateway, key)).status !== 429) passed[task] = (passed[task] ?? 0) + 1;
    }),
  );
  return passed;
}

/** Their sum. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
