import { NAME, type Check, type Fields } from "../validation";
import type { WindowInterval } from "./config";
import type { Interval } from "./document";

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/;
const FORM = { pattern: INSTANT, form: "a time in UTC as 2026-12-31T20:00Z", fix: "write date, time and Z" };

/**
 * Checks the windows of a server. One that lies wholly in the past warns and never fails: dates do not break a synth.
 */
export function checkWindows(
  windows: Readonly<Record<string, readonly WindowInterval[]>> | undefined,
  check: Check,
  now: number,
): Record<string, Interval[]> {
  const usable = check
    .entries(windows, NAME)
    .map(([name, intervals, at]): [string, Interval[]] => [name, checkIntervals(intervals, at, now)]);
  return Object.fromEntries(usable);
}

function checkIntervals(intervals: readonly WindowInterval[], check: Check, now: number): Interval[] {
  const usable = check.list(intervals, { min: 1, max: 100 }).flatMap(([interval, at]): Interval[] => {
    if (!at.object(interval, { from: true, to: true } satisfies Fields<WindowInterval>)) return [];
    const from = instant(interval.from, at.at("from"));
    const to = instant(interval.to, at.at("to"));
    if (from === undefined || to === undefined) return [];
    if (from >= to) {
      at.problem("conflict", `goes from ${interval.from} to ${interval.to}`, "let it end after it begins");
      return [];
    }
    return [{ from: new Date(from).toISOString(), to: new Date(to).toISOString() }];
  });
  if (usable.length > 0 && usable.every(({ to }) => Date.parse(to) <= now)) {
    check.warn("lies wholly in the past: its tools are refused from now on");
  }
  return usable;
}

/** Milliseconds since 1970. What is checked is rendered as a number, so a token cannot stand here. */
function instant(text: string, check: Check): number | undefined {
  if (!check.literal(text) || !check.text(text, FORM)) return undefined;
  const value = Date.parse(text);
  // Date.parse takes the 31st of June for the 1st of July.
  if (Number.isNaN(value) || !new Date(value).toISOString().startsWith(text.slice(0, 16))) {
    check.problem("wrong-form", `is ${check.show(text)}, which is no date`, FORM.fix);
    return undefined;
  }
  return value;
}
