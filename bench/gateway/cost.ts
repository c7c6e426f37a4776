import { send, type Shape } from "./load";
import { cpu, memory } from "./measured-process";
import { NAMES, OTHERS, type Subjects } from "./subject-set";
import type { Subject } from "./subjects";
import { median, table } from "./table";

const CALLS = 20_000;
/** As a load balancer sends them: few connections that stay. */
const SHAPES: readonly Shape[] = [
  { calls: CALLS, connections: 16, http: "1.1" },
  { calls: CALLS, connections: 16, http: "2" },
];

/** What one round of calls costs a subject. */
export interface Cost {
  /** µs of processor a call. */
  readonly cpu: number;
  readonly callsPerSecond: number;
}

/** Sends one round. */
export async function cost(subject: Subject, shape: Shape): Promise<Cost> {
  const before = cpu(subject.pid);
  const { seconds } = await send(subject.call, shape, OTHERS);
  return { cpu: (cpu(subject.pid) - before) / shape.calls, callsPerSecond: shape.calls / seconds };
}

/** As many calls as go: CPU a call, calls a second, memory after. */
export async function saturation(subjects: Subjects, rounds: number): Promise<void> {
  const names = NAMES.filter((name) => name !== "server");
  for (const shape of SHAPES) {
    const found = new Map(names.map((name) => [name, [] as Cost[]]));
    for (const name of names) await cost(subjects[name], { ...shape, calls: 2000 });
    for (let round = 0; round < rounds; round++) {
      for (const name of names) found.get(name)?.push(await cost(subjects[name], shape));
    }
    table(
      `HTTP/${shape.http} over TLS, ${shape.connections} connections, as many calls as go`,
      ["", "CPU a call, µs (median)", "least", "calls/s (median)", "memory, MiB"],
      names.map((name) => {
        const costs = found.get(name) ?? [];
        const each = costs.map((one) => one.cpu);
        return [
          name,
          median(each).toFixed(1),
          Math.min(...each).toFixed(1),
          median(costs.map((one) => one.callsPerSecond)).toFixed(0),
          memory(subjects[name].pid).toFixed(0),
        ];
      }),
    );
  }
}
