import { fork } from "node:child_process";
import { join } from "node:path";
import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import { readableProgram } from "../../lib/gateway/envoy/program";
import type { PolicyConfig } from "../../lib/policy";
import { startGateway, type Bootstrap, type RunningGateway } from "../support/envoy";
import { HOST, PATH, build, digest, legacy, modern, newKey } from "./lab";
import type { Data } from "./limits-lab";
import { INITIALIZE } from "./sessions-lab";
import { managerOf } from "./wire-mutants";

/** What a server writes on each of its streams. */
export interface Sends {
  readonly everyMs: number;
  /** Events of one time. @default 1 */
  readonly atOnce?: number;
  /** Of one event, about. */
  readonly bytes: number;
}

/** A process whose streams go on until somebody ends them. */
export interface OpenServer {
  readonly port: number;
  /** Streams that are open: a tenth of a second ago. */
  readonly open: number;
  stop(): Promise<void>;
}

async function startOpenServer({ everyMs, atOnce = 1, bytes }: Sends): Promise<OpenServer> {
  const env = { ...process.env, EVERY_MS: `${everyMs}`, AT_ONCE: `${atOnce}`, BYTES: `${bytes}` };
  const child = fork(join(__dirname, "open-streams-server.mjs"), { env });
  let [port, open] = [0, 0];
  await new Promise<void>((resolve) =>
    child.on("message", (said: { port?: number; open?: number }) => {
      ({ port = port, open = open } = said);
      resolve();
    }),
  );
  return {
    port,
    get open() {
      return open;
    },
    stop: () =>
      new Promise((resolve) => {
        child.once("close", () => resolve());
        child.kill("SIGKILL");
      }),
  };
}

/** Clocks that end a stream, by the place where each stands. The last one is the program's own, for this kind of stream. */
export type Clock = "taking nothing" | "acknowledging nothing" | "longest stream" | "its own time";

/** As a test waits for one of them to run out. */
export const SOON_MS = 3000;

const general = (bootstrap: Bootstrap): Data[] =>
  (managerOf(bootstrap).route_config.virtual_hosts[0].routes as Data[]).flatMap(({ route }) => route ?? []);

const CHANGES: Readonly<Record<Exclude<Clock, "its own time">, (bootstrap: Bootstrap, ms: number) => void>> =
  {
    "taking nothing": (bootstrap, ms) => {
      for (const route of general(bootstrap)) route.idle_timeout = `${ms / 1000}s`;
    },
    "acknowledging nothing": ({ static_resources: { listeners } }, ms) => {
      const [option] = (listeners[0] as unknown as Data).socket_options as Data[];
      Object.assign(option as Data, { int_value: ms });
    },
    "longest stream": (bootstrap, ms) => {
      for (const route of general(bootstrap)) route.max_stream_duration.max_stream_duration = `${ms / 1000}s`;
    },
  };

/** A configuration and a program, in which a clock runs out after so long; 0: never. */
function changed(clocks: Partial<Record<Clock, number>>) {
  const { "its own time": own, ...others } = clocks;
  const change = (bootstrap: Bootstrap) => {
    for (const [clock, ms] of Object.entries(others)) CHANGES[clock as keyof typeof others](bootstrap, ms);
  };
  // Of GET it is a constant, of `subscriptions/listen` what the policy says: both are told to Envoy by the same header.
  const [from, to] =
    own === 0 ? ["'x-envoy-upstream-rq-timeout-ms'", "'x-nobody-reads-this'"] : ["'3600000'", `'${own}'`];
  const program = readableProgram().replace(from, to);
  if (own !== undefined && !program.includes(to)) throw new Error(`the program has no ${from}`);
  return { change, ...(own !== undefined && { program }) };
}

function policyOf(listenSeconds: number): PolicyConfig {
  const common = { identity: { kind: "apiKey" }, callsPerMinute: 100_000 } as const;
  const perMinute = { callsPerMinute: 100_000 };
  const length = { type: "integer", minimum: 1, maximum: 10_000_000 } as const;
  return {
    path: PATH,
    sessions: "single-task",
    clients: {
      deaf: { ...common, tools: ["text"], methods: ["subscriptions/listen"] },
      other: { ...common, tools: ["text"] },
    },
    tools: { text: { ...perMinute, access: "read", timeoutSeconds: 5, arguments: { length } } },
    methods: { "subscriptions/listen": { ...perMinute, timeoutSeconds: listenSeconds } },
  };
}

/** A gateway in front of it. */
export interface OpenLab {
  readonly gateway: RunningGateway;
  readonly server: OpenServer;
  /** Of the client whose streams are not read, and the id of its session. */
  readonly key: string;
  readonly session: string;
  /** A call of another client, which the server answers, and how long that took: ms. */
  another(): Promise<{ readonly status: number; readonly ms: number }>;
  stop(): Promise<void>;
}

/** Starts both. @param clocks that run out after so many ms, 0: never; the others are as they are rendered */
export async function startOpenLab(
  sends: Sends,
  clocks: Partial<Record<Clock, number>> = {},
  more: (bootstrap: Bootstrap) => void = () => undefined,
): Promise<OpenLab> {
  const server = await startOpenServer(sends);
  const [key, other] = [newKey(), newKey()];
  const { change, program } = changed(clocks);
  const { container } = build(
    policyOf((clocks["its own time"] || 3_600_000) / 1000),
    server.port,
    { requestsPerSecond: 100_000 },
    {},
    { maxTasks: 1, limits: { scope: "shared", callsPerMinutePerAddress: 1_000_000 } },
  );
  const environment = container.environment.map(({ name, value }) => ({
    name,
    value: name === GATEWAY.env.program ? (program ?? value) : value,
  }));
  const gateway = await startGateway({
    container: { ...container, environment },
    hostname: HOST,
    secrets: { [keyHashesVariable("deaf")]: digest(key), [keyHashesVariable("other")]: digest(other) },
    change: (bootstrap) => {
      change(bootstrap);
      more(bootstrap);
    },
  }).catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  const send = ({ headers, body }: ReturnType<typeof legacy>, as: string) =>
    gateway.send({
      path: PATH,
      headers: { ...headers, authorization: `Bearer ${as}` },
      body: JSON.stringify(body),
    });
  const { headers } = await send(legacy("initialize", INITIALIZE), key);
  // Lines come in batches: this one must not come among those of streams.
  await gateway.lines(1);
  return {
    ...{ gateway, server, key, session: String(headers["mcp-session-id"]) },
    another: async () => {
      const begun = performance.now();
      const { status } = await send(modern("tools/call", { name: "text", arguments: {} }), other);
      return { status, ms: performance.now() - begun };
    },
    stop: async () => {
      await gateway.stop();
      await server.stop();
    },
  };
}
