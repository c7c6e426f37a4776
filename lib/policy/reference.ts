import { nearest } from "../validation/nearest";
import type { Check } from "../validation";

/** Checks that a name is declared elsewhere in the server's configuration, in `where`. */
export function checkReference(
  name: unknown,
  check: Check,
  known: readonly string[],
  where: string,
): name is string {
  if (!check.literal(name)) return false;
  if (typeof name === "string" && known.includes(name)) return true;
  const near = typeof name === "string" ? nearest(name, known) : undefined;
  return check.problem(
    "unknown-reference",
    `is ${check.show(name)}, which ${where} does not declare`,
    near ? `did you mean ${near}?` : `add it to ${where}, or remove it here`,
  );
}
