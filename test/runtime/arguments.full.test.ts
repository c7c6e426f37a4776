import { describeUnless } from "../support/toolchain";
import { compareJudges, generate } from "./arguments-cases";
import { fetchLuaJit, missingLuaJit } from "./luajit";

/** `SEED=$RANDOM` looks elsewhere; printed, so that what it finds can be found again. */
const SEED = Number(process.env.SEED ?? 20261126);
const ROUNDS = 8;
const BUDGET_SECONDS = 180;

describeUnless([missingLuaJit()], "the gateway's judge of arguments, at length", () => {
  beforeAll(fetchLuaJit, 300_000);

  test(
    "says what the reference and a validator of JSON Schema say",
    async () => {
      const started = performance.now();
      const total = { taken: 0, refused: 0 };
      for (let round = 0; round < ROUNDS; round++) {
        const { taken, refused } = await compareJudges(generate(SEED + round, 500, 20));
        total.taken += taken;
        total.refused += refused;
      }
      const seconds = (performance.now() - started) / 1000;
      process.stdout.write(
        `arguments: ${total.taken} calls taken, ${total.refused} refused, seeds from ${SEED}, ${seconds.toFixed(0)} s\n`,
      );
      expect(seconds).toBeLessThan(BUDGET_SECONDS);
    },
    BUDGET_SECONDS * 2000,
  );
});
