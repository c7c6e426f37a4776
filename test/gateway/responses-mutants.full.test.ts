import { describeWith } from "../support/toolchain";
import { TestIssuer } from "../support/tokens";
import { mutantsOf, type LuaMutant } from "./lua-mutants";
import { UNSEEN } from "./responses-equivalent";
import { firstWrong } from "./responses-judge";
import { startResponseLab } from "./responses-lab";

/** Of so many mutants one is tried; all of them with MUTANTS=all, as `npm run mutants -- response` asks for: some five minutes. */
const EVERY = process.env.MUTANTS === "all" ? 1 : 12;
const AT_ONCE = 3;
/** Seconds on two busy cores. */
const BUDGET_S = process.env.MUTANTS === "all" ? 1500 : 120;
jest.setTimeout(BUDGET_S * 1000);

describeWith(["envoy"], "small changes of the program that judges answers", () => {
  const issuer = new TestIssuer();
  // Whoever waits for an audit line of a gateway that is gone gives up after five seconds.
  afterAll(() => new Promise((resolve) => setTimeout(resolve, 5500)));

  /** What notices a mutant: a case, or that the gateway does not start with it. */
  const noticed = async ({ program }: Pick<LuaMutant, "program">): Promise<string | undefined> => {
    const lab = await startResponseLab(() => program, issuer).catch(() => undefined);
    if (lab === undefined) return "the gateway does not start";
    return firstWrong(lab).finally(() => lab.stop("SIGKILL"));
  };

  it("are noticed, but for those that change nothing that can be seen", async () => {
    const all = mutantsOf("response").filter(({ what }) => !UNSEEN.has(what));
    const mutants = all.filter((_mutant, index) => index % EVERY === 0);
    const survivors: string[] = [];
    let next = 0;
    const work = async () => {
      for (let mutant = mutants[next++]; mutant !== undefined; mutant = mutants[next++]) {
        if ((await noticed(mutant)) === undefined) survivors.push(`${mutant.at} ${mutant.what}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    process.stderr.write(
      `[mutants] response.lua: ${mutants.length} of ${all.length} tried, ${mutants.length - survivors.length} noticed; ` +
        `${UNSEEN.size} show elsewhere, or nowhere\n`,
    );
    expect(mutants.length).toBeGreaterThan(15);
    expect(survivors.sort()).toEqual([]);
  });

  it("are judged by cases that hold for the program as it is", async () => {
    const lab = await startResponseLab(undefined, issuer);
    expect(await firstWrong(lab).finally(() => lab.stop())).toBeUndefined();
  });

  it("are left out of what changes nothing only while they exist", () => {
    const known = new Set(mutantsOf("response").map(({ what }) => what));
    expect([...UNSEEN.keys()].filter((what) => !known.has(what))).toEqual([]);
  });
});
