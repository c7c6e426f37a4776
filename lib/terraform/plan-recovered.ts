type Fields = Readonly<Record<string, unknown>>;

/** What a plan says of an attribute: of a file in JSON the text that is written, with what is in it. */
export interface Told {
  readonly constant_value?: unknown;
  readonly references?: readonly string[];
}

/** Whether a text is a reference to something of which it is planned that it has this value. */
export type IsOf = (text: string, value: string) => boolean;

/**
 * The value of an attribute, where what is not known yet is the text that the configuration has there: a plan of a file in
 * JSON repeats it, references, policies and all. What is known stays as it is planned, unless it is by plan what the text
 * refers to. A text that refers to something else than Terraform says that it does is not believed.
 * @param value as it is planned; what is not known is left out of it or null
 * @param unknown what of it is not known, as `after_unknown` tells: true, or true deeper in
 * @returns the value itself where nothing can be recovered
 */
export function recovered(
  value: unknown,
  unknown: unknown,
  { constant_value: written, references }: Told,
  isOf: IsOf,
): unknown {
  if (written === undefined || references === undefined || !isTold(written, references)) return value;
  return merged(value, unknown, written, isOf);
}

function merged(value: unknown, unknown: unknown, written: unknown, isOf: IsOf): unknown {
  // A plan that has a value there says two things: the value counts.
  if (unknown === true && (value === undefined || value === null))
    return expressionsIn(written).length > 0 ? written : value;
  if (typeof written === "string" && typeof value === "string") return isOf(written, value) ? written : value;
  if (isFields(written) && (isFields(value) || isFields(unknown))) {
    const [known, open]: Fields[] = [isFields(value) ? value : {}, isFields(unknown) ? unknown : {}];
    const more = Object.entries(written)
      .filter(([name]) => known?.[name] !== undefined || open?.[name] !== undefined)
      .map(([name, one]): [string, unknown] => [name, merged(known?.[name], open?.[name], one, isOf)]);
    return { ...known, ...Object.fromEntries(more) };
  }
  return Array.isArray(unknown) && Array.isArray(written) ? list(value, unknown, written) : value;
}

/** A list may be a set, in another order than it is written: only what is not known at all is put in, if all of it is found. */
function list(value: unknown, unknown: readonly unknown[], written: readonly unknown[]): unknown {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const open = unknown.flatMap((one, index) => (one === true && items[index] === null ? [index] : []));
  const found = written.filter((one) => expressionsIn(one).length > 0);
  if (open.length === 0 || found.length !== open.length || written.length !== items.length) return value;
  return items.map((item, index) => (open.includes(index) ? found[open.indexOf(index)] : item));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The expressions in all texts of a value. */
function expressionsIn(value: unknown): string[] {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(expressionsIn);
  return typeof value === "string" ? (value.match(/(?<!\$)\$\{[^}]*\}/g) ?? []) : [];
}

/** Whether everything that a text names is what Terraform says that it refers to. */
function isTold(written: unknown, references: readonly string[]): boolean {
  const known = new Set(references.flatMap((one) => namesIn(one)));
  return expressionsIn(written).every((one) =>
    namesIn(one.replace(/"(?:[^"\\]|\\.)*"/g, "")).every((name) => known.has(name)),
  );
}

function namesIn(text: string): readonly string[] {
  return text.match(/(?:\bdata\.)?\b[a-z][a-z0-9_]*\.[A-Za-z0-9_-]+/g) ?? [];
}
