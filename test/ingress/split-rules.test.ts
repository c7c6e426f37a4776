import {
  defaultRulesFrom,
  FIRST_PRIORITY,
  freeRulesFrom,
  lastPriority,
  MOST_WRITE_RULES,
  NAMES_PER_RULE,
  prioritiesMeet,
  PRIORITIES_PER_SERVER,
  writeRules,
} from "../../lib/ingress/split-rules";

const names = (count: number) => Array.from({ length: count }, (_, index) => `tool-${index}`);

test("three names to a rule, because a rule has five values and host and path take two", () => {
  expect(writeRules(names(7), 100)).toEqual([
    { priority: 100, names: ["tool-0", "tool-1", "tool-2"] },
    { priority: 101, names: ["tool-3", "tool-4", "tool-5"] },
    { priority: 102, names: ["tool-6"] },
  ]);
});

test("a tool that is added at the end changes no other rule", () => {
  const before = writeRules(names(7), 100);
  const after = writeRules(names(10), 100);
  expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
  expect(after[2]?.names.slice(0, 1)).toEqual(before[2]?.names);
});

test("the rule for everything else is asked after as many as there may be", () => {
  const rules = writeRules(names(MOST_WRITE_RULES * NAMES_PER_RULE), 100);
  expect(rules.at(-1)?.priority).toBeLessThan(lastPriority(100));
  expect(() => writeRules(names(MOST_WRITE_RULES * NAMES_PER_RULE + 1), 100)).toThrow(/do not fit/);
});

test.each(["ref*", "ref?nd", "a b", "", "ref\\*nd", "ré"])("%j is no name that a rule may hold", (name) => {
  expect(() => writeRules(["refund", name], 100)).toThrow(/no tool's name/);
});

test("where nobody says, a server's priorities begin at a place of its own, in a block of a hundred", () => {
  const all = Array.from({ length: 2000 }, (_, index) => defaultRulesFrom(`server-${index}`));
  expect(new Set(all.map((from) => from % 100))).toEqual(new Set([50]));
  // No block is left out, and what AWS numbers itself has room above the last.
  expect(Math.min(...all)).toBe(1_050);
  expect(Math.max(...all)).toBe(39_950);
  expect(Math.max(...all)).toBeLessThanOrEqual(FIRST_PRIORITY.max);
  expect(Math.max(...all) + PRIORITIES_PER_SERVER).toBeLessThan(50_000 - 10_000 + 1);
  expect(defaultRulesFrom("orders")).toBe(defaultRulesFrom("orders"));
});

test("places of many servers meet: of 50 nearly always, of 5 hardly ever, and a free one is told each", () => {
  const GROUPS = 400;
  const group = (size: number, seed: number) =>
    Array.from({ length: size }, (_, index) => defaultRulesFrom(`team-${seed}-${index}`));
  const share = (size: number) =>
    Array.from({ length: GROUPS }, (_, seed) => group(size, seed)).filter(
      (places) => new Set(places).size < places.length,
    ).length / GROUPS;
  // By the birthday problem over 390 blocks: 2.5, 11 and 96 of a hundred.
  expect(share(5)).toBeLessThan(0.06);
  expect(share(10)).toBeGreaterThan(0.05);
  expect(share(50)).toBeGreaterThan(0.9);
  for (let seed = 0; seed < GROUPS; seed++) {
    const taken = group(50, seed);
    const free = freeRulesFrom(taken) as number;
    expect(taken.some((other) => prioritiesMeet(free, other))).toBe(false);
  }
  expect(freeRulesFrom([1_099, 1_101])).toBe(1_250);
  expect(freeRulesFrom(Array.from({ length: 390 }, (_, block) => 1_050 + 100 * block))).toBeUndefined();
});
