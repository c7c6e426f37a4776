import { mutantsOf, unchanged, type LuaPart } from "../gateway/lua-mutants";
import { describeUnless } from "../support/toolchain";
import { fetchLuaJit, missingLuaJit, patience } from "./luajit";
import { EQUIVALENT } from "./mutants-equivalent";
import { JUDGES } from "./mutants-judges";

/** Of so many mutants one is tried, and about ten of every part; all of them with MUTANTS=all, as `npm run mutants -- runtime` asks for. */
const EVERY = process.env.MUTANTS === "all" ? 1 : 20;
const AT_ONCE = 2;
const BUDGET_S = process.env.MUTANTS === "all" ? 1500 : 60;

describeUnless([missingLuaJit()], "small changes of the gateway's program, outside of Envoy", () => {
  beforeAll(fetchLuaJit, 300_000);
  beforeAll(() => void (patience.ms = 10_000));
  afterAll(() => void (patience.ms = 240_000));

  it.each(Object.keys(JUDGES) as LuaPart[])(
    "%s: are noticed, but for those that change nothing that can be seen",
    async (part) => {
      const judge = JUDGES[part];
      // Else it would notice all of them.
      expect(await judge?.(unchanged(part))).toBe(false);
      const all = mutantsOf(part).filter(({ what }) => !EQUIVALENT[part]?.has(what));
      const every = Math.min(EVERY, Math.ceil(all.length / 10));
      const mutants = all.filter((_mutant, index) => index % every === 0);
      const survivors: string[] = [];
      let next = 0;
      const work = async () => {
        for (let mutant = mutants[next++]; mutant !== undefined; mutant = mutants[next++])
          if (!(await judge?.(mutant).catch(() => true))) survivors.push(`${mutant.at} ${mutant.what}`);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      process.stderr.write(
        `[mutants] ${part}.lua: ${mutants.length} of ${all.length} tried, ${mutants.length - survivors.length} noticed; ` +
          `${EQUIVALENT[part]?.size ?? 0} change nothing\n`,
      );
      expect(mutants.length).toBeGreaterThan(0);
      expect(survivors.sort()).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it("are left out of what changes nothing only while they exist", () => {
    for (const [part, all] of Object.entries(EQUIVALENT)) {
      const known = new Set(mutantsOf(part as LuaPart).map(({ what }) => what));
      expect([...all.keys()].filter((what) => !known.has(what))).toEqual([]);
    }
  });
});
