import type { Check } from "./check";
import { isDay } from "./day";

/**
 * Turns one protection off, in the open: a reason and a last day. It shows as *waived* in the checklist.
 * A waiver that has ended warns at synth and fails `hardened-mcp check`; it never fails a synth.
 */
export interface Waiver {
  /** Why the protection is not needed here, for the reader of the report (at least 8 characters). */
  readonly waive: string;
  /** Last day of the waiver, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/** Whether a setting is a waiver instead of a value. */
export function isWaiver(value: unknown): value is Waiver {
  return typeof value === "object" && value !== null && "waive" in value;
}

/**
 * Checks a waiver's form; its end date is judged by `hardened-mcp check`, never at synth. Neither may be known only at
 * deployment: a reason that nobody can read and a day that nobody knows excuse nothing.
 * @param more fields that it has beside those
 */
export function checkWaiver(waiver: Waiver, check: Check, more: Readonly<Record<string, true>> = {}): void {
  if (!check.object(waiver, { waive: true, until: true, ...more })) return;
  const [waive, until] = [check.at("waive"), check.at("until")];
  const why = "say why, for the reader of the report";
  if (waive.literal(waiver.waive, why)) waive.text(waiver.waive, { min: 8, max: 200, fix: why });
  const day = "name the last day of the waiver";
  if (!until.literal(waiver.until, day) || !until.text(waiver.until, { fix: day }) || isDay(waiver.until))
    return;
  until.problem(
    "wrong-form",
    `is ${until.show(waiver.until)}, expected a day that exists, as YYYY-MM-DD`,
    day,
  );
}
