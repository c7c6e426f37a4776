import type { ArgumentConfig, ArrayArgument, NumberArgument, StringArgument } from "../../policy/config";
import { FORMATS, FORMAT_NAMES } from "../../policy/formats";
import type { JsonObject } from "./message";
import { Inexpressible, type NoteKind } from "./notes";
import { wholePattern } from "./pattern";
import { shown } from "./text";

/** Notes something of the argument that is looked at. */
export type Say = (kind: NoteKind, says: string) => void;

/** Where a server names no length. */
export const PROPOSED = { maxLength: 1_000, maxItems: 100 } as const;
const CAPS = { maxLength: 1_048_576, maxItems: 10_000 } as const;

/** The upper bound of a size, or one that is proposed. */
function most(value: unknown, what: keyof typeof PROPOSED, min: number, say: Say): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) {
    const proposed = Math.max(PROPOSED[what], min);
    say("proposed", `${what} ${proposed}, for the server names none`);
    return proposed;
  }
  if ((value as number) <= CAPS[what]) return value as number;
  say("narrowed", `${what} ${CAPS[what]}`);
  return CAPS[what];
}

function least(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}

/** A text. */
export function narrowString(schema: JsonObject, say: Say): StringArgument {
  const min = least(schema.minLength);
  const format = FORMAT_NAMES.find((name) => name === schema.format);
  if (schema.format !== undefined && format === undefined) {
    say("not checked here", `format ${shown(String(schema.format), 40)}`);
  }
  const common = { type: "string", ...(min > 0 && { minLength: min }) } as const;
  if (format !== undefined) {
    if (schema.pattern !== undefined) say("not checked here", "pattern, beside format");
    if (schema.maxLength === undefined && min <= FORMATS[format].maxLength) return { ...common, format };
    return { ...common, format, maxLength: most(schema.maxLength, "maxLength", min, say) };
  }
  const pattern = patternOf(schema.pattern, say);
  const maxLength = most(schema.maxLength, "maxLength", min, say);
  return { ...common, maxLength, ...(pattern !== undefined && { pattern }) };
}

function patternOf(pattern: unknown, say: Say): string | undefined {
  if (pattern === undefined) return undefined;
  const whole = typeof pattern === "string" ? wholePattern(pattern) : { refused: "is no text" };
  if ("refused" in whole) {
    say("not checked here", `pattern ${shown(String(pattern), 80)}, which ${whole.refused}`);
    return undefined;
  }
  if (whole.narrower) say("narrowed", `pattern ${shown(whole.pattern, 80)}, in one line`);
  return whole.pattern;
}

/** A number. Bounds of whole numbers are rounded inwards, and left out where every whole number has them. */
export function narrowNumber(schema: JsonObject, say: Say): NumberArgument {
  const step = schema.multipleOf;
  const multiples = typeof step === "number" && Number.isSafeInteger(step) && step >= 1;
  if (step !== undefined && !multiples) say("not checked here", `multipleOf ${shown(String(step), 40)}`);
  const whole = schema.type === "integer" || multiples;
  if (whole && schema.type === "number") say("narrowed", "whole numbers alone");
  const lower = bound(schema.minimum, schema.exclusiveMinimum, whole, 1);
  const upper = bound(schema.maximum, schema.exclusiveMaximum, whole, -1);
  return {
    type: whole ? "integer" : "number",
    ...(lower && { [lower.excluded ? "exclusiveMinimum" : "minimum"]: lower.at }),
    ...(upper && { [upper.excluded ? "exclusiveMaximum" : "maximum"]: upper.at }),
    ...(multiples && step > 1 && { multipleOf: step }),
  };
}

interface Bound {
  readonly at: number;
  readonly excluded: boolean;
}

/** The tighter of two bounds. `way` is 1 for lower ones. The boolean form of `exclusive…` is that of older drafts. */
function bound(included: unknown, excluded: unknown, whole: boolean, way: 1 | -1): Bound | undefined {
  const found: Bound[] = [];
  if (isNumber(included)) found.push({ at: included, excluded: excluded === true });
  if (isNumber(excluded)) found.push({ at: excluded, excluded: true });
  const [first, second] = found;
  if (first === undefined) return undefined;
  const tighter = second === undefined || second.at * way < first.at * way ? first : second;
  if (!whole) return tighter;
  const rounded = way === 1 ? Math.ceil(tighter.at) : Math.floor(tighter.at);
  const at = rounded === tighter.at && tighter.excluded ? rounded + way : rounded;
  if (Number.isSafeInteger(at)) return { at, excluded: false };
  if (at * way < 0) return undefined;
  throw new Inexpressible("takes no whole number that every reader sees alike");
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A list of `items`. */
export function narrowArray(schema: JsonObject, items: ArgumentConfig, say: Say): ArrayArgument {
  const min = least(schema.minItems);
  const unique = schema.uniqueItems === true;
  const scalars = items.type !== "array" && items.type !== "object";
  if (unique && !scalars) say("not checked here", "uniqueItems");
  return {
    type: "array",
    items,
    ...(min > 0 && { minItems: min }),
    maxItems: most(schema.maxItems, "maxItems", min, say),
    ...(unique && scalars && { uniqueItems: true }),
  };
}
