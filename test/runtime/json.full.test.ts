import { describeUnless } from "../support/toolchain";
import { fetchLuaJit, missingLuaJit } from "./luajit";
import { compareReaders, generate } from "./json-cases";

/** `SEED=$RANDOM` looks elsewhere; printed, so that what it finds can be found again. */
const SEED = Number(process.env.SEED ?? 20261126);
const ROUNDS = 50;
const EACH = 20_000;
const BUDGET_SECONDS = 120;

describeUnless([missingLuaJit()], "the gateway's reader of JSON, at length", () => {
  beforeAll(fetchLuaJit, 300_000);

  test(
    "reads what Node reads, less what two readers could understand differently",
    async () => {
      const started = performance.now();
      const ways = new Map<string, number>();
      let taken = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const agreed = await compareReaders(generate(SEED + round, EACH));
        taken += agreed.taken;
        for (const [why, count] of agreed.refused) ways.set(why, (ways.get(why) ?? 0) + count);
      }
      const seconds = (performance.now() - started) / 1000;
      const refused = [...ways].map(([why, count]) => `${why.slice(1)} ${count}`).join(", ");
      process.stdout.write(
        `reader: ${ROUNDS * EACH} texts, ${taken} taken; refused: ${refused}; seeds from ${SEED}, ${seconds.toFixed(0)} s\n`,
      );
      expect(seconds).toBeLessThan(BUDGET_SECONDS);
    },
    BUDGET_SECONDS * 2000,
  );
});
