import type { Check } from "../validation";

/** Checks the form of an id of EC2. */
export function checkId(
  value: unknown,
  check: Check,
  kind: "vpc" | "subnet" | "rtb" | "sg" | "pl" | "vpce",
): boolean {
  return check.text(value, {
    pattern: new RegExp(`^${kind}-[0-9a-f]{8,17}$`),
    form: `an id such as ${kind}-0123456789abcdef0`,
  });
}

/** Checks a list of ids, each named once. */
export function checkIds(
  values: readonly string[],
  check: Check,
  kind: "subnet" | "rtb" | "sg",
  min: number,
  max?: number,
): void {
  const seen = new Set<string>();
  for (const [value, at] of check.list(values, {
    min,
    ...(max !== undefined && { max }),
    fix: max === undefined ? `name at least ${min}, in different zones` : `name ${min} to ${max}`,
    token: true,
  })) {
    if (checkId(value, at, kind) && !at.isToken(value) && seen.has(value))
      at.problem("duplicate", `is ${at.show(value)} again`, "name each once");
    seen.add(value);
  }
}
