import type { Result } from "../engine";
import type { ReportedVerdict } from "../report";
import { toWaive } from "../seen";

/** Where a verdict was found, in words. */
export function where({ address, stack }: ReportedVerdict): string {
  return address ?? `stack ${stack}`;
}

/** Why it is not a pass, with the waiver's own words. */
export function because(verdict: ReportedVerdict): string {
  const { detail = "", waiver, result } = verdict;
  const hint = result === "fail" || result === "unknown" ? toWaive(verdict) : "";
  if (waiver === undefined) return `${detail}${hint}`;
  const words = `waived until ${waiver.until}: ${waiver.reason}`;
  return result === "waived" ? `${words} (${detail})` : `${detail} (it said: ${waiver.reason})${hint}`;
}

/** What a reader has to look at: everything but passes and what there is nothing to say of. */
export function isNotable({ result }: { readonly result: Result }): boolean {
  return result !== "pass" && result !== "not-applicable";
}
