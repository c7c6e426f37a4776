import type { Check } from "../validation";

/** RFC 6749: printable, without blank, quote and backslash. */
const SCOPE = {
  pattern: /^[!#-[\]-~]+$/,
  form: "an OAuth scope without blanks and quotes",
  max: 128,
} as const;

/** What may run at the same time on one task: a gateway takes no more in all. */
export const AT_ONCE = { min: 1, max: 256, unit: "calls at once" } as const;

/** A number that is rendered into arithmetic of the gateway: a token cannot stand here. */
export function number(
  value: number,
  check: Check,
  rule: { readonly min: number; readonly max: number; readonly unit: string },
): number {
  return check.integer(value, { ...rule, known: true }) ? value : rule.min;
}

/** Scopes that a token needs. */
export function checkScopes(scopes: readonly string[] | undefined, check: Check): string[] {
  const found: string[] = [];
  for (const [scope, at] of check.list(scopes ?? [], { max: 20 })) {
    if (!at.literal(scope) || !at.text(scope, SCOPE)) continue;
    if (found.includes(scope)) at.problem("duplicate", `is ${at.show(scope)} again`, "remove it");
    else found.push(scope);
  }
  return found;
}
