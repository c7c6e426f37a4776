import type { Interval } from "../../policy/document";
import type { Conditions } from "../../terraform/allow";

/** A window's intervals as IAM's conditions, each for a statement of its own: begin included, end not, as the gateway. */
export function duringEach(intervals: readonly Interval[]): Conditions[] {
  return intervals.map(({ from, to }) => ({
    DateGreaterThanEquals: { "aws:CurrentTime": instant(from) },
    DateLessThan: { "aws:CurrentTime": instant(to) },
  }));
}

/** How the statement of an interval is called: `Refund` has `RefundWindow1`, `RefundWindow2`. */
export function windowSid(sid: string, index: number): string {
  return `${sid}Window${index + 1}`;
}

/** Without the milliseconds, which windows do not have. */
function instant(text: string): string {
  return text.replace(/\.000Z$/, "Z");
}
