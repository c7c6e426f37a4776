import type { Field, Kind, Step } from "./fields";

/** A value of a configuration, and the keys that lead to it. */
export interface Place {
  readonly keys: readonly (string | number)[];
  readonly value: unknown;
}

/** Where a configuration has a value at a field's place. */
export function occurrences(config: unknown, { steps, kind }: Field): Place[] {
  return follow({ keys: [], value: config }, steps).filter(({ value }) => isOf(kind, value));
}

function follow(place: Place, [step, ...rest]: readonly Step[]): Place[] {
  if (step === undefined) return [place];
  const { value } = place;
  if (typeof value !== "object" || value === null) return [];
  if ("branch" in step) {
    const is = (value as Record<string, unknown>)[step.branch];
    return is === undefined || is === step.is ? follow(place, rest) : [];
  }
  const entries = Array.isArray(value)
    ? value.map((item, index): [number, unknown] => [index, item])
    : Object.entries(value as Record<string, unknown>);
  return entries
    .filter(([key]) =>
      "field" in step ? key === step.field : (step.any === "item") === Array.isArray(value),
    )
    .flatMap(([key, item]) => follow({ keys: [...place.keys, key], value: item }, rest));
}

function isOf(kind: Kind, value: unknown): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "closed":
      return typeof value === "string" || typeof value === "number";
    case "number":
    case "boolean":
      return typeof value === kind;
    case "list":
      return Array.isArray(value);
  }
}

/** The same configuration with another value at one place; nothing else is copied. */
export function withValue(config: unknown, keys: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  if (Array.isArray(config))
    return config.map((item: unknown, index) => (index === key ? withValue(item, rest, value) : item));
  const object = config as Record<string, unknown>;
  return { ...object, [key]: withValue(object[key], rest, value) };
}
