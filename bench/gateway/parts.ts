import type { Bootstrap } from "../../test/support/envoy";
import { cost } from "./cost";
import { pin } from "./measured-process";
import { MEASURED, OTHERS } from "./subject-set";
import { bareEnvoy, fastServer, ourGateway, type Credential, type Subject } from "./subjects";
import { table } from "./table";

const SHAPE = { calls: 3000, connections: 16, http: "2" as const };

/**
 * Where each microsecond goes: the filters are taken out one after the other, from the last to the first, and what a call
 * costs then is measured. What one of them costs depends a little on what is still there. The least of the rounds counts:
 * whatever else runs on the machine only adds.
 */
export async function parts(rounds: number, credential: Credential): Promise<void> {
  pin(process.pid, OTHERS);
  const server = await fastServer();
  pin(server.pid, OTHERS);
  const steps = await stepsOf(server.call.port, credential);
  const running: Subject[] = [];
  try {
    for (const { change } of steps) running.push(await ourGateway(server.call.port, credential, change));
    running.push(await bareEnvoy(server.call.port));
    for (const { pid } of running) pin(pid, MEASURED);
    // The first calls are those in which LuaJIT compiles.
    for (const subject of running) await cost(subject, SHAPE);
    const costs = running.map(() => Infinity);
    for (let round = 0; round < rounds; round++) {
      for (const [at, subject] of running.entries()) {
        costs[at] = Math.min(costs[at] ?? Infinity, (await cost(subject, SHAPE)).cpu);
      }
    }
    table(
      `HTTP/2 over TLS, a call with a ${credential}, least of ${rounds} rounds`,
      ["", "CPU a call, µs", "cost of it"],
      [...steps.map(({ name }) => name), "bare Envoy"].map((name, at) => [
        name,
        (costs[at] ?? 0).toFixed(1),
        at === 0 ? "" : ((costs[at - 1] ?? 0) - (costs[at] ?? 0)).toFixed(1),
      ]),
    );
  } finally {
    await Promise.all([...running, server].map((subject) => subject.stop()));
  }
}

/** The gateway less some of its parts. */
export interface Step {
  readonly name: string;
  readonly change: (bootstrap: Bootstrap) => void;
}

type Manager = Record<string, unknown> & { http_filters: Record<string, unknown>[] };

/** First everything, then each time one part less, until nothing but health check and router are left. */
export async function stepsOf(port: number, credential: Credential): Promise<Step[]> {
  let names: string[] = [];
  const whole = await ourGateway(port, credential, (bootstrap) => {
    names = managerOf(bootstrap).http_filters.map(({ name }) => String(name));
  });
  await whole.stop();
  // From the back, so that none waits for the mark of one that is gone. The first answers the question whether it runs.
  const order = names.slice(1, -1).reverse();
  const less = (gone: readonly string[], log: boolean) => (bootstrap: Bootstrap) => {
    const manager = managerOf(bootstrap);
    manager.http_filters = manager.http_filters.filter(({ name }) => !gone.includes(String(name)));
    if (!log) delete manager.access_log;
  };
  return [
    { name: "everything", change: less([], true) },
    { name: "without the audit line", change: less([], false) },
    ...order.map((name, at) => ({ name: `without ${name}`, change: less(order.slice(0, at + 1), false) })),
  ];
}

function managerOf(bootstrap: Bootstrap): Manager {
  const config = bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0]?.typed_config;
  if (config === undefined) throw new Error("the gateway has no listener");
  return config as unknown as Manager;
}
