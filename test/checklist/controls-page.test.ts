import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CONTROLS } from "../../lib/checklist/controls";
import { controlsPage } from "../../lib/checklist/controls-page";

const FILE = join(__dirname, "..", "..", "docs", "CONTROLS.md");

/** Without what the formatter decides: blanks, breaks of lines, escapes. */
const words = (text: string) => text.replace(/\\/g, "").replace(/\s+/g, " ");

test("docs/CONTROLS.md is fresh: else `npm run build && node scripts/controls.mjs`", () => {
  expect(words(readFileSync(FILE, "utf8"))).toBe(words(controlsPage(CONTROLS)));
});

test("every control is in it, with what it says and why", () => {
  const page = words(controlsPage(CONTROLS));
  for (const { id, says, why } of CONTROLS)
    expect([id, page.includes(`### ${id} **${words(says)}.** ${words(why)}`)]).toEqual([id, true]);
  expect(page).toContain("### review.signed");
  const waivable = CONTROLS.filter(({ seen }) => seen !== undefined);
  expect(page.split("waived at one block").length - 1).toBe(waivable.length);
});
