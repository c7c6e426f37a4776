import type { Bootstrap } from "../../test/support/envoy";
import { cost } from "./cost";
import { pin } from "./measured-process";
import { MEASURED, OTHERS } from "./subject-set";
import { fastServer, ourGateway, type Subject } from "./subjects";
import { median, table } from "./table";

const SHAPE = { calls: 20_000, connections: 16, http: "2" as const };

/**
 * Where each microsecond goes: the filters are taken out one after the other, from the last to the first, and what a call
 * costs then is measured. What one of them costs depends a little on what is still there.
 */
export async function parts(rounds: number): Promise<void> {
  pin(process.pid, OTHERS);
  const server = await fastServer();
  pin(server.pid, OTHERS);
  const steps = await stepsOf(server.call.port);
  const running: Subject[] = [];
  try {
    for (const { change } of steps) {
      const subject = await ourGateway(server.call.port, "token", change);
      pin(subject.pid, MEASURED);
      running.push(subject);
    }
    const found = steps.map(() => [] as number[]);
    for (let round = 0; round < rounds; round++) {
      for (const [at, subject] of running.entries()) found[at]?.push((await cost(subject, SHAPE)).cpu);
    }
    const costs = found.map(median);
    table(
      `HTTP/2 over TLS, a call with a token, medians of ${rounds} rounds`,
      ["", "CPU a call, µs", "cost of it"],
      steps.map(({ name }, at) => [
        name,
        (costs[at] ?? 0).toFixed(1),
        at === 0 ? "" : ((costs[at - 1] ?? 0) - (costs[at] ?? 0)).toFixed(1),
      ]),
    );
  } finally {
    await Promise.all([...running, server].map((subject) => subject.stop()));
  }
}

interface Step {
  readonly name: string;
  readonly change: (bootstrap: Bootstrap) => void;
}

type Manager = Record<string, unknown> & { http_filters: Record<string, unknown>[] };

/** First everything, then each time one part less, until nothing but health check and router are left. */
async function stepsOf(port: number): Promise<Step[]> {
  let names: string[] = [];
  const whole = await ourGateway(port, "token", (bootstrap) => {
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
