import { Check, checkWaiver, formatProblem, type Waiver } from "../../lib/validation";
import { isDay } from "../../lib/validation/day";

const right = { waive: "a sandbox without logs", until: "2099-12-31" };

/** What is said of a waiver at `waf.logs`; a text with `known-later` in it stands for a token. */
function said(waiver: object): string[] {
  const check = Check.start((value) => typeof value === "string" && value.includes("known-later"));
  checkWaiver(waiver as Waiver, check.at("waf", "logs"));
  return check.problems.map(formatProblem);
}

test("a reason and a day that exists are a waiver", () => {
  expect(said(right)).toEqual([]);
  expect(said({ ...right, until: "2028-02-29" })).toEqual([]);
});

test("what is known only at deployment is refused by the name of its field, all at once", () => {
  expect(said({ waive: "because known-later", until: "known-later" })).toEqual([
    "waf.logs.waive is known only at deployment; say why, for the reader of the report [token-not-allowed]",
    "waf.logs.until is known only at deployment; name the last day of the waiver [token-not-allowed]",
  ]);
});

test.each([
  "2026-02-30",
  "2026-02-29",
  "2026-04-31",
  "2026-13-01",
  "2026-00-10",
  "2026-1-1",
  "+02026-01-01",
  "tomorrow",
])("%s is no day", (until) => {
  expect(isDay(until)).toBe(false);
  expect(said({ ...right, until })).toEqual([
    `waf.logs.until is ${JSON.stringify(until)}, expected a day that exists, as YYYY-MM-DD; name the last day of the waiver [wrong-form]`,
  ]);
});

test.each([
  [{ until: right.until }, "waf.logs.waive is missing; set it [required]"],
  [{ waive: right.waive }, "waf.logs.until is missing; set it [required]"],
  [
    { ...right, waive: "why" },
    "waf.logs.waive has 3 characters, expected at least 8; say why, for the reader of the report [wrong-form]",
  ],
  [
    { ...right, until: 20991231 },
    "waf.logs.until is a number, expected text; name the last day of the waiver [wrong-type]",
  ],
  [{ ...right, forever: true }, "waf.logs.forever is not a field here; remove it [unknown-field]"],
])("what is missing or of another kind is said", (waiver, line) => {
  expect(said(waiver)).toEqual([line]);
});
