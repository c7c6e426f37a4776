/**
 * The same data with the keys of every object in alphabetical order. In whatever order tools and clients are written, the
 * rendering is the same: it does not deploy again, and can be compared with one of a policy that was read back from a file.
 */
export function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inOrder) as T;
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(fields).sort();
  return Object.fromEntries(names.map((name) => [name, inOrder(fields[name])])) as T;
}
