/** A block of Terraform JSON, which may be written as an object or as a list of one. */
export type Fields = Readonly<Record<string, unknown>>;

/** The blocks of a field: none, one, or all of a list. */
export function blocksOf(value: unknown): readonly Fields[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item): item is Fields => typeof item === "object" && item !== null);
}

/** The first block down these fields, or an empty one. */
export function blockAt(value: unknown, ...path: readonly string[]): Fields {
  return path.reduce<Fields>((block, field) => blocksOf(block[field])[0] ?? {}, blocksOf(value)[0] ?? {});
}

/** The texts of a field that holds one or many. */
export function texts(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.filter((item) => typeof item === "string");
}

/** Whether a field names anything: null is what Terraform takes for left out, and an empty text names nothing. */
export function isSet(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}
