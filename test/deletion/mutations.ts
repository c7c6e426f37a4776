import type { TerraformJson } from "../../lib/terraform/plan";
import { closeText, openText } from "./embedded";

/** What is done to a place. `keep` = a number that protects by being large becomes 1; `raise` = any other grows tenfold. */
export type Kind = "remove" | "flip" | "raise" | "keep" | "any" | "world";

/** One change to one block of a file. */
export interface Mutation {
  readonly section: "resource" | "data";
  readonly type: string;
  readonly name: string;
  /** The construct's path. */
  readonly owner: string;
  /** Steps from the block's body; `OPEN` stands where a text is opened as JSON. */
  readonly path: readonly Step[];
  /** The path with names instead of indexes, for classes. */
  readonly label: string;
  readonly kind: Kind;
}

type Step = string | number | typeof OPEN;
/** A step into a text that is JSON. */
export const OPEN = Symbol("JSON");

/**
 * Fields whose numbers protect by being large, by the end of the label: fewer days of keeping, tasks, characters and seconds
 * of a limit are looser. Of all others more is.
 */
const LARGE_PROTECTS =
  /(?:^|[.:])(retention_in_days|message_retention_seconds|noncurrent_days|(recovery|deletion)_window_in_days|(expiration|default_retention)(\[\])?\.days|min_capacity|deployment_minimum_healthy_percent|healthy_threshold|length|min|evaluation_window_sec)$/;
const CIDR = /^\d+\.\d+\.\d+\.\d+\/\d+$/;

/** Every change that can be made to a file mechanically, one attribute or element at a time. */
export function* mutationsOf(file: TerraformJson): Generator<Mutation> {
  for (const section of ["resource", "data"] as const) {
    for (const [type, instances] of Object.entries(file[section] ?? {})) {
      for (const [name, body] of Object.entries(instances)) {
        const owner = (body as { "//"?: { metadata?: { path?: string } } })["//"]?.metadata?.path ?? "";
        const at = { section, type, name, owner };
        for (const inner of walk(body, [], "")) yield { ...at, ...inner };
      }
    }
  }
}

type Inner = Pick<Mutation, "path" | "label" | "kind">;

function* walk(value: unknown, path: readonly Step[], label: string): Generator<Inner> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const at = { path: [...path, index], label: `${label}[${nameOf(item)}]` };
      yield { ...at, kind: "remove" };
      if (typeof item === "string") yield* looser(item, at, true);
      yield* walk(item, at.path, at.label);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key === "//") continue;
      const at = { path: [...path, key], label: label === "" ? key : `${label}.${normal(key, label)}` };
      yield { ...at, kind: "remove" };
      yield* looser(item, at, /^(Action|Resource|Principal|AWS|Service)$/.test(key));
      yield* walk(item, at.path, at.label);
    }
  } else if (typeof value === "string") {
    const inner = openText(value);
    if (inner !== undefined) yield* walk(inner, [...path, OPEN], `${label}:`);
  }
}

function* looser(value: unknown, at: Omit<Inner, "kind">, wildcards: boolean): Generator<Inner> {
  if (typeof value === "boolean") yield { ...at, kind: "flip" };
  else if (typeof value === "number") yield { ...at, kind: LARGE_PROTECTS.test(at.label) ? "keep" : "raise" };
  else if (typeof value !== "string") return;
  else if (CIDR.test(value) && value !== "0.0.0.0/0") yield { ...at, kind: "world" };
  else if (wildcards && value !== "*" && openText(value) === undefined) yield { ...at, kind: "any" };
}

/** What tells an element of a list from its neighbours, where it has a name. */
function nameOf(item: unknown): string {
  if (typeof item !== "object" || item === null) return "";
  const { name, Effect } = item as Record<string, unknown>;
  if (typeof Effect === "string") return Effect;
  return typeof name === "string" && !name.includes("${") ? name : "";
}

/** Maps whose keys are names that a user, or a counter, chose: their entries are one class. */
const NAMED =
  /(^|\.|:)(clients|tools|windows|fields|listed|static_layer|policies|tags|tags_all|variables|versions)$/;

function normal(key: string, label: string): string {
  return NAMED.test(label) || /^\d+$/.test(key) || key.includes("${") ? "*" : key;
}

/** A changed file. Shares everything with the old one but what leads to the change. */
export function mutate(file: TerraformJson, { section, type, name, path, kind }: Mutation): TerraformJson {
  const blocks = file[section] as Record<string, Record<string, unknown>>;
  const body = change(blocks[type]?.[name], path, kind);
  return { ...file, [section]: { ...blocks, [type]: { ...blocks[type], [name]: body } } };
}

function change(value: unknown, path: readonly Step[], kind: Kind): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return changed(value, kind);
  if (step === OPEN) return closeText(change(openText(value as string), rest, kind) as object);
  const gone = rest.length === 0 && kind === "remove";
  if (Array.isArray(value)) {
    if (gone) return value.filter((_item, index) => index !== step);
    return value.map((item, index) => (index === step ? change(item, rest, kind) : (item as unknown)));
  }
  const copy = { ...(value as Record<string, unknown>) };
  if (gone) delete copy[step as string];
  else copy[step as string] = change(copy[step as string], rest, kind);
  return copy;
}

function changed(value: unknown, kind: Kind): unknown {
  switch (kind) {
    case "flip":
      return !(value as boolean);
    case "raise":
      return (value as number) * 10 + 1;
    case "keep":
      return value === 1 ? 0 : 1;
    case "any":
      return "*";
    case "world":
      return "0.0.0.0/0";
    case "remove":
      throw new Error("what is removed has no value");
  }
}
