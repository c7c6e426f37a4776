import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Control } from "../../lib/checklist/control";
import { CONTROLS } from "../../lib/checklist/controls";
import { ITEMS } from "../../lib/checklist/items";

const LIB = join(__dirname, "..", "..", "lib");

/** Slices with controls, by what lies on the disk. */
const slices = readdirSync(LIB).filter(
  (name) => name !== "checklist" && existsSync(join(LIB, name, "controls.ts")),
);

describe("no control is forgotten", () => {
  test.each(slices)("those of %s are judged", (slice) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- whatever the folder exports
    const exported = require(join(LIB, slice, "controls.ts")) as Record<string, unknown>;
    const own = Object.values(exported).filter(Array.isArray).flat() as Control[];
    expect(own.length).toBeGreaterThan(0);
    expect(CONTROLS.map(({ id }) => id)).toEqual(expect.arrayContaining(own.map(({ id }) => id)));
  });
});

describe("controls are well formed", () => {
  test("ids are unique and say their slice", () => {
    const ids = [
      ...CONTROLS.map(({ id }) => id),
      ...ITEMS.flatMap(({ notBuilt }) => notBuilt.map(({ id }) => id)),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*$/);
  });
  test("each is about some type and says what holds, as a sentence without its end", () => {
    for (const { id, on, says, why } of CONTROLS) {
      expect([id, on.length > 0, /^[A-Z].*[^.]$/.test(says), why.length > 0]).toEqual([id, true, true, true]);
    }
  });
  test("the checklist has its fifteen items in order", () => {
    expect(ITEMS.map(({ item }) => item)).toEqual(Array.from({ length: 15 }, (_, index) => index + 1));
  });
});
