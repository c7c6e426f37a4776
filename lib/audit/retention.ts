import type { Check } from "../validation";

/** Days that a CloudWatch log group can keep its lines. AWS refuses every other number. */
export const LOG_RETENTION_STEPS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Checks days of retention: one of CloudWatch's steps, or known only at deployment. */
export function checkLogRetention(days: unknown, check: Check): days is number {
  if (!check.integer(days, { min: 1, max: 3653, unit: "days" })) return false;
  if (check.isToken(days) || LOG_RETENTION_STEPS.includes(days)) return true;
  const next = LOG_RETENTION_STEPS.find((step) => step > days);
  return check.problem(
    "out-of-range",
    `is ${check.show(days)}, expected one of CloudWatch's steps (${LOG_RETENTION_STEPS.join(", ")})`,
    `use ${String(next)}, the next longer one`,
  );
}
