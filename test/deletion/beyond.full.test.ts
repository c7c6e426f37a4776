import { FLOORS_BEYOND } from "./floors";
import { LEFT_BEYOND, UNLIKE_BEYOND } from "./left";
import { fallen, hopsOf, missedOf, printed, scoreOf, together, type Score, unlikeOf } from "./score";
import { BEYOND, exampleFile, keysOf } from "./subjects";

describe("what is taken away from what the complete example has not, or loosened, is seen", () => {
  let score: Score;
  beforeAll(() => {
    const known = keysOf(exampleFile("complete"));
    score = together(
      Object.values(BEYOND).map((subject) => {
        const file = subject();
        const own = scoreOf(file, known);
        for (const key of keysOf(file)) known.add(key);
        return own;
      }),
    );
    process.stderr.write(printed(score, `${Object.keys(BEYOND).join(", ")}, beyond complete`));
  }, 300_000);

  test("at every hop, by no fewer controls than before", () => {
    expect(hopsOf(score.classes)).toEqual(Object.keys(FLOORS_BEYOND).sort());
    expect(fallen(score, FLOORS_BEYOND)).toEqual([]);
    expect(score.classes.length).toBeGreaterThan(1500);
  });

  test("and what is left has a reason, class by class", () => {
    expect(missedOf(score)).toEqual(Object.keys(LEFT_BEYOND).sort());
  });

  test("and so has what is caught in one place and not in another", () => {
    expect(unlikeOf(score)).toEqual(Object.keys(UNLIKE_BEYOND).sort());
  });
});
