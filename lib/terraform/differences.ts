import { isExpression } from "./plan";

/** A place where what is written is not what was expected. */
export interface Difference {
  /** `static_resources.clusters[server].connect_timeout` */
  readonly path: string;
  /** Whether what was expected is known only at deployment, so that nobody can tell. */
  readonly unknown: boolean;
}

/**
 * Where two JSON values differ, in the order of what was expected. The order of keys does not count, that of lists does;
 * a key that holds `undefined` is no key.
 */
export function differencesBetween(expected: unknown, written: unknown, path = ""): Difference[] {
  if (expected === written) return [];
  if (Array.isArray(expected) && Array.isArray(written)) {
    const length = Math.max(expected.length, written.length);
    return Array.from({ length }, (_, index) => index).flatMap((index) =>
      differencesBetween(expected[index], written[index], `${path}[${nameOf(expected[index]) ?? index}]`),
    );
  }
  if (isFields(expected) && isFields(written)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(written)]);
    return [...keys].flatMap((key) =>
      differencesBetween(expected[key], written[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return [{ path, unknown: isExpression(expected) && written !== undefined }];
}

/** `differs at 5 places: a, b, c`: all counted, the first three named. */
export function describeDifferences(found: readonly Difference[]): string {
  const named = found.slice(0, 3).map(({ path }) => path || "the whole");
  return `differs at ${found.length} ${found.length === 1 ? "place" : "places"}: ${named.join(", ")}`;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nameOf(item: unknown): string | undefined {
  return isFields(item) && typeof item.name === "string" ? item.name : undefined;
}
