import type { Check } from "./check";

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

/** Checks a waiver's form; its end date is judged by `hardened-mcp check`, never at synth. */
export function checkWaiver(waiver: Waiver, check: Check): void {
  check.object(waiver, { waive: true, until: true });
  check.at("waive").text(waiver.waive, { min: 8, max: 200, fix: "say why, for the reader of the report" });
  check.at("until").text(waiver.until, {
    pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
    form: "a day as YYYY-MM-DD",
    fix: "name the last day of the waiver",
  });
}
