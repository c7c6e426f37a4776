import { judgeSettings, namesAtLeast, waitsFor, within, type Setting } from "../../lib/checklist/settings";
import { Plan } from "../../lib/terraform/plan";

const plan = new Plan({
  resource: {
    aws_lb: {
      one: { internal: false, depth: [{ inner: 5 }], later: "${var.later}", other: "${aws_lb.two.id}" },
      two: { depends_on: ["aws_lb.one"] },
    },
  },
});
const [one, two] = plan.blocks("aws_lb");
const judge = (block: typeof one, ...settings: Setting[]) => {
  if (!block) throw new Error("there is no block");
  return judgeSettings(block, plan, settings);
};
const fine: Setting = { field: "internal", is: false, or: "it is public" };

describe("a table of settings", () => {
  test("holds where all of them do, through lists and blocks", () => {
    expect(judge(one, fine, { field: "depth.inner", is: within(5, 5), or: "x" })).toEqual({ holds: true });
  });

  test("fails with the first that is wrong, its value and what goes wrong", () => {
    const wrong: Setting = { field: "depth.inner", is: 6, or: "it is shallow" };
    expect(judge(one, fine, wrong, { ...wrong, field: "internal" })).toEqual({
      holds: false,
      says: "depth.inner is 5: it is shallow",
    });
    expect(judge(one, { field: "none.at.all", is: true, or: "nobody says" })).toEqual({
      holds: false,
      says: "none.at.all is not set: nobody says",
    });
  });

  test("is unknown where a value is, and fails all the same where another is wrong", () => {
    const later: Setting = { field: "later", is: "x", or: "y" };
    expect(judge(one, later, fine).holds).toBe("unknown");
    expect(judge(one, later, { ...fine, is: true }).holds).toBe(false);
  });

  test("judges a reference although it is one", () => {
    const refers = (is: Setting["is"]): Setting => ({ field: "other", is, refers: true, or: "z" });
    expect(
      judge(
        one,
        refers((value) => plan.target(value) === two),
      ).holds,
    ).toBe(true);
    expect(
      judge(
        one,
        refers((value) => plan.target(value) === one),
      ).holds,
    ).toBe(false);
  });
});

test("a resource waits for what is in the file, by its whole address", () => {
  const waits: Setting = { field: "depends_on", is: waitsFor("aws_lb"), or: "too early" };
  expect(judge(two, waits).holds).toBe(true);
  expect(judge(one, waits).holds).toBe(false);
  expect(judge(two, { ...waits, is: waitsFor("aws_lb", "aws_vpc") }).holds).toBe(false);
  expect(waitsFor("aws_lb")(["*"], plan.all[0] as never, plan)).toBe(false);
});

test.each<[unknown, boolean]>([
  [["subnet-0123456789abcdef0", "${var.b}"], true],
  ["${var.all}", true],
  [["subnet-0123456789abcdef0"], false],
  [["subnet-0123456789abcdef0", "*"], false],
  [["subnet-0123456789abcdef0", ""], false],
  [undefined, false],
])("%j names two things: %s", (value, does) => expect(namesAtLeast(2)(value)).toBe(does));

test.each<[unknown, boolean]>([
  [1, true],
  ["4000", true],
  [0, false],
  [4001, false],
  ["", false],
  ["x", false],
  [undefined, false],
  [null, false],
])("%j is within 1 and 4000: %s", (value, is) => expect(within(1, 4000)(value)).toBe(is));
