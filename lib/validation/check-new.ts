import type { Check } from "./check";

/**
 * Checks a dependency that can only be made here so far: `{ kind: "new" }` passes, `{ kind: "existing" }` is refused by
 * name.
 */
export function checkNew(
  value: { readonly kind: "new" | "existing" } | undefined,
  check: Check,
  what: string,
): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null) {
    check.object(value, {});
  } else if (check.at("kind").oneOf(value.kind, ["new", "existing"]) && value.kind === "existing") {
    check.notSupportedYet(what, 'leave it out, or say { kind: "new" }');
  }
}
