import type { Check } from "./check";

/**
 * Whether something is there already, rather than to be made. Checks of which kind it is, and that nothing else is said of
 * what is to be made. `check` stands at it.
 */
export function isExisting<T extends { readonly kind: "existing" }>(
  config: { readonly kind: "new" } | T,
  check: Check,
): config is T {
  if (typeof config !== "object" || config === null) check.object(config, {});
  else if (check.at("kind").oneOf(config.kind, ["new", "existing"])) {
    if (config.kind === "existing") return true;
    check.object(config, { kind: true });
  }
  return false;
}
