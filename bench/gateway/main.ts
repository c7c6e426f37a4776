// Costs of the gateway beside a bare Envoy, in one run.
// usage: npm run bench:gateway [-- ROUNDS | -- parts [ROUNDS [key]] | -- instructions [key]]
import { cpus } from "node:os";
import { saturation } from "./cost";
import { instructions } from "./instructions";
import { latency } from "./latency";
import { generator } from "./load";
import { parts } from "./parts";
import { withSubjects } from "./subject-set";

async function main([first, second, third]: string[]): Promise<void> {
  if (cpus().length < 2)
    throw new Error("two processors are needed: one for what is measured, one for the rest");
  await generator();
  if (first === "instructions") return instructions(second === "key" ? "key" : "token");
  if (first === "parts") return parts(Number(second ?? 5), third === "key" ? "key" : "token");
  const rounds = Number(first ?? 5);
  await withSubjects(async (subjects) => {
    await saturation(subjects, rounds);
    await latency(subjects, rounds);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
});
