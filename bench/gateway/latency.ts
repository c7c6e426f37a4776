import { send } from "./load";
import { NAMES, OTHERS, type Subjects } from "./subject-set";
import { median, table } from "./table";

const RATES = [200, 500];
const SECONDS = 5;
/** One connection, on which calls come evenly: those of several would come at the same moment, and wait for each other. */
const CONNECTIONS = 1;
const AT_ONCE = 10;

/** What a call takes at a steady rate, and how much of it is added to what the server alone takes. */
export async function latency(subjects: Subjects, rounds: number): Promise<void> {
  for (const rate of RATES) {
    const found = new Map(NAMES.map((name) => [name, { p50: [] as number[], p99: [] as number[] }]));
    for (let round = 0; round < rounds; round++) {
      for (const name of NAMES) {
        const shape = {
          calls: rate * SECONDS,
          connections: CONNECTIONS,
          atOnce: AT_ONCE,
          rate,
          http: "2" as const,
        };
        const { durations } = await send(subjects[name].call, shape, OTHERS);
        found.get(name)?.p50.push(at(durations, 0.5));
        found.get(name)?.p99.push(at(durations, 0.99));
      }
    }
    const middle = (name: (typeof NAMES)[number], which: "p50" | "p99") =>
      median(found.get(name)?.[which] ?? []);
    table(
      `${rate} calls/s over HTTP/2, one connection, medians of ${rounds} rounds of ${SECONDS} s`,
      ["", "p50, µs", "added", "p99, µs", "added"],
      NAMES.map((name) => [
        name,
        ...(["p50", "p99"] as const).flatMap((which) => [
          middle(name, which).toFixed(0),
          (middle(name, which) - middle("server", which)).toFixed(0),
        ]),
      ]),
    );
  }
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
