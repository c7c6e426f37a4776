import { instructionsOf, requireValgrind } from "./counted-process";
import { pin } from "./measured-process";
import { stepsOf } from "./parts";
import { OTHERS } from "./subject-set";
import { bareEnvoy, fastServer, ourGateway, type Credential } from "./subjects";
import { table } from "./table";

/**
 * Where each instruction goes: as `parts`, counted instead of timed, which is exact. What the kernel does is not counted, and
 * nearly the same for all; memory costs more instructions here than outside of valgrind, where each processor has its own.
 * Takes half a minute a line.
 */
export async function instructions(credential: Credential): Promise<void> {
  requireValgrind();
  pin(process.pid, OTHERS);
  const server = await fastServer();
  try {
    const { port } = server.call;
    const steps = await stepsOf(port, credential);
    const counts: number[] = [];
    for (const { name, change } of steps) {
      counts.push(await instructionsOf((run) => ourGateway(port, credential, change, run)));
      process.stderr.write(`${name}: ${counts.at(-1)}\n`);
    }
    counts.push(await instructionsOf((run) => bareEnvoy(port, run)));
    const [all = 0, bare = 0] = [counts[0], counts.at(-1)];
    table(
      `HTTP/2 over TLS, one call with a ${credential} at a time, instructions in user mode`,
      ["", "thousands a call", "cost of it", "of all"],
      [...steps.map(({ name }) => name), "bare Envoy"].map((name, at) => {
        const cost = (counts[at - 1] ?? 0) - (counts[at] ?? 0);
        const own = at === 0 ? ["", ""] : [thousands(cost), `${((100 * cost) / all).toFixed(1)} %`];
        return [name, thousands(counts[at] ?? 0), ...own];
      }),
    );
    process.stdout.write(`\n${(all / bare).toFixed(2)} times the bare Envoy\n`);
  } finally {
    await server.stop();
  }
}

function thousands(count: number): string {
  return (count / 1000).toFixed(1);
}
