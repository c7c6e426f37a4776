import type { Check } from "../validation";

/** Days between changes where nothing is said: short enough that a leaked value dies by itself, long enough to be noticed when it fails. */
export const ROTATE_DAYS = 30;

/** Days between rotations at least, where tasks take values within minutes. Elsewhere more: see `delivery/model.ts`. */
export const SHORTEST_ROTATION_DAYS = 1;

const SECRET_ARN =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]+-[A-Za-z0-9]{6}$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;

/** A secret by its whole ARN. */
export function checkSecretArn(arn: string, check: Check): boolean {
  return check.text(arn, {
    pattern: SECRET_ARN,
    form: "the whole ARN of a secret, with its six last characters",
  });
}

/** A key by its ARN, where one is named. */
export function checkKeyArn(arn: string | undefined, check: Check): void {
  if (arn !== undefined) check.text(arn, { pattern: KEY_ARN, form: "the ARN of a key" });
}

/** How days between changes are resolved: `check` stands at them. */
export type ResolveDays = (days: number | undefined, check: Check) => number;

/** Days between changes. */
export function resolveDays(days: number | undefined, check: Check): number {
  if (days === undefined) return ROTATE_DAYS;
  check.integer(days, { min: SHORTEST_ROTATION_DAYS, max: 90, unit: "days", known: true });
  return days;
}
