import { DESCRIPTIVE } from "./descriptive";
import { FLOOR, FLOORS } from "./floors";
import { LEFT, UNLIKE } from "./left";
import { fallen, hopsOf, missedOf, printed, scoreOf, share, type Score, unlikeOf } from "./score";
import { BEYOND, exampleFile, keysOf } from "./subjects";

describe("what is taken away from the complete example, or loosened, is seen", () => {
  let score: Score;
  beforeAll(() => {
    score = scoreOf(exampleFile("complete"));
    process.stderr.write(printed(score, "complete"));
  }, 300_000);

  test("at every hop, by no fewer controls than before", () => {
    expect(hopsOf(score.classes)).toEqual(Object.keys(FLOORS).sort());
    expect(fallen(score, FLOORS)).toEqual([]);
  });

  test("in all", () => {
    expect(score.classes.length).toBeGreaterThan(2000);
    expect(share(score.classes)).toBeGreaterThanOrEqual(FLOOR);
  });

  test("and what is left has a reason, class by class", () => {
    expect(missedOf(score)).toEqual(Object.keys(LEFT).sort());
  });

  test("and so has what is caught in one place and not in another", () => {
    expect(unlikeOf(score)).toEqual(Object.keys(UNLIKE).sort());
  });
});

test("every entry of what is merely descriptive stands for something", () => {
  const keys = [exampleFile("complete"), ...Object.values(BEYOND).map((file) => file())].flatMap((file) => [
    ...keysOf(file),
  ]);
  const unused = DESCRIPTIVE.filter((entry) => !keys.some((key) => entry.class.test(key)));
  expect(unused.map((entry) => String(entry.class))).toEqual([]);
});
