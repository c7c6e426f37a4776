import { CONTROLS } from "../../lib/checklist/controls";
import { DESCRIPTIVE } from "./descriptive";
import { FLOOR, FLOORS } from "./floors";
import { IDLE } from "./idle";
import { LEFT } from "./left";
import { idleOf, scoreComplete, type Score } from "./score";

/** Whole percent, rounded down. */
function share(classes: Score["classes"]): number {
  return Math.floor((100 * classes.filter(({ by }) => by !== undefined).length) / classes.length);
}

describe("what is taken away from the complete example, or loosened, is seen", () => {
  let score: Score;
  beforeAll(() => {
    score = scoreComplete();
    process.stderr.write(`${printed(score)}\n`);
  }, 300_000);

  test("at every hop, by no fewer controls than before", () => {
    const hops = [...new Set(score.classes.map(({ hop }) => hop))].sort();
    expect(hops).toEqual(Object.keys(FLOORS).sort());
    const fallen = hops
      .map((hop) => ({ hop, caught: share(score.classes.filter((one) => one.hop === hop)) }))
      .filter(({ hop, caught }) => caught < (FLOORS[hop] ?? 100));
    expect(fallen).toEqual([]);
  });

  test("in all", () => {
    expect(score.classes.length).toBeGreaterThan(2000);
    expect(share(score.classes)).toBeGreaterThanOrEqual(FLOOR);
  });

  test("and what is left has a reason, class by class", () => {
    const missed = score.classes.flatMap(({ key, by }) => (by === undefined ? [key] : []));
    expect(missed.sort()).toEqual(Object.keys(LEFT).sort());
  });

  test("by every control, but for those that are about something else", () => {
    // Who was first to catch a class is not idle: only the others are asked again.
    const first = new Set(score.classes.map(({ by }) => by));
    const others = CONTROLS.map(({ id }) => id).filter((id) => !first.has(id));
    const idle = idleOf(others);
    process.stderr.write(
      `[deletion] controls that were first at nothing of complete: ${others.length} of ${CONTROLS.length}; that fail at nothing of any example: ${idle.length}\n`,
    );
    expect([...idle].sort()).toEqual(Object.keys(IDLE).sort());
  }, 300_000);

  test("and every entry of what is merely descriptive stands for something", () => {
    const unused = DESCRIPTIVE.filter((entry) => !score.descriptive.some((key) => entry.class.test(key)));
    expect(unused.map((entry) => String(entry.class))).toEqual([]);
  });
});

function printed({ classes, descriptive, seconds }: Score): string {
  const hops = [...new Set(classes.map(({ hop }) => hop))].sort();
  const missed = classes.filter(({ by }) => by === undefined).map(({ key }) => `  ${key}`);
  const unlike = classes.filter(({ by, second }) => by !== undefined && second === "missed");
  return [
    `[deletion] ${share(classes)} % of ${classes.length} classes are caught, ${descriptive.length} are descriptive; ${seconds} s`,
    ...hops.map((hop) => {
      const own = classes.filter((one) => one.hop === hop);
      return `  ${hop}: ${share(own)} % of ${own.length}`;
    }),
    `[deletion] not caught: ${missed.length}`,
    ...missed,
    `[deletion] caught, but not another one of their class: ${unlike.length}`,
    ...unlike.map(({ key }) => `  ${key}`),
  ].join("\n");
}
