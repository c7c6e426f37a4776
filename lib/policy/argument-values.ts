import type { Check } from "../validation";
import type { NumberArgument, StringArgument } from "./config";
import { FORMATS, FORMAT_NAMES } from "./formats";
import { readPattern } from "./pattern";

const LENGTH = { min: 0, max: 1_048_576, unit: "code points" } as const;
const MAX_VALUES = 200;
const BOUNDS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const"] as const;

/** Checks a text and gives it back with the length that its values or its format have. */
export function checkString(argument: StringArgument, check: Check): StringArgument | undefined {
  const min = argument.minLength === undefined || length(argument.minLength, check.at("minLength"));
  const most = maxLengthOf(argument);
  const max = length(most, check.at("maxLength"));
  if (min && max) ordered(check.at("minLength"), argument.minLength, most, "maxLength");
  const fits = { max: max ? (most as number) : LENGTH.max };
  if (argument.enum !== undefined) {
    values(argument.enum, check.at("enum"), (value, at) => textValue(value, at, fits.max));
  }
  if (argument.const !== undefined) {
    textValue(argument.const, check.at("const"), fits.max);
    if (argument.enum !== undefined) beside(check.at("const"), "enum");
  }
  if (argument.pattern !== undefined) checkPattern(argument.pattern, check.at("pattern"));
  if (argument.format !== undefined) {
    check.at("format").oneOf(argument.format, FORMAT_NAMES, "use a pattern, or leave it to the server");
    if (argument.pattern !== undefined) beside(check.at("format"), "pattern");
  }
  return max ? { ...argument, maxLength: most as number } : undefined;
}

function length(value: number | undefined, check: Check): boolean {
  return check.integer(value, { ...LENGTH, known: true });
}

/** Code points of the longest value: as it is said, or as the rest allows. */
export function maxLengthOf(argument: StringArgument): number | undefined {
  const { enum: known, const: only, format, maxLength } = argument;
  if (maxLength !== undefined) return maxLength;
  const texts = [...(Array.isArray(known) ? (known as unknown[]) : []), only].filter(
    (value): value is string => typeof value === "string",
  );
  if (texts.length > 0) return Math.max(...texts.map((text) => [...text].length));
  return format !== undefined && Object.hasOwn(FORMATS, format) ? FORMATS[format].maxLength : undefined;
}

function textValue(value: unknown, check: Check, max: number): boolean {
  if (!check.literal(value) || !check.text(value, {})) return false;
  const points = [...value].length;
  if (points > max) {
    return check.problem(
      "too-long",
      `has ${points} code points, expected at most ${max}`,
      "correct one of both",
    );
  }
  // What the gateway's reader refuses could never be sent.
  return !/\0|\p{Cs}/u.test(value) || check.problem("wrong-form", "has NUL or half a character", "remove it");
}

function beside(check: Check, other: string): false {
  return check.problem("conflict", `stands beside ${other}`, "keep one of both");
}

/** A closed list: of literals, none twice. */
function values<T>(list: readonly T[], check: Check, usable: (value: T, at: Check) => boolean): void {
  const seen = new Set<unknown>();
  for (const [value, at] of check.list(list, { min: 1, max: MAX_VALUES })) {
    if (!usable(value, at)) continue;
    if (seen.has(value)) at.problem("duplicate", `is ${at.show(value)} again`, "remove it");
    seen.add(value);
  }
}

function checkPattern(pattern: string, check: Check): void {
  if (!check.literal(pattern) || !check.text(pattern, { min: 1 })) return;
  const result = readPattern(pattern);
  if ("refused" in result) {
    check.problem(
      "unsafe",
      `is ${check.show(pattern)}, which ${result.refused}`,
      "use literals, classes, (?:…), | and greedy repetition, for the whole value",
    );
  }
}

/** Checks a number: every bound is a literal that two readers see alike. */
export function checkNumber(argument: NumberArgument, check: Check): boolean {
  const whole = argument.type === "integer";
  const usable = BOUNDS.map(
    (field) => argument[field] === undefined || numberValue(argument[field], check.at(field), whole),
  ).every((fine) => fine);
  if (argument.enum !== undefined) {
    values(argument.enum, check.at("enum"), (value, at) => numberValue(value, at, whole));
    if (argument.const !== undefined) beside(check.at("const"), "enum");
  }
  if (argument.multipleOf !== undefined) multiple(argument.multipleOf, check.at("multipleOf"), whole);
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = argument;
  if (minimum !== undefined && exclusiveMinimum !== undefined)
    beside(check.at("exclusiveMinimum"), "minimum");
  if (maximum !== undefined && exclusiveMaximum !== undefined)
    beside(check.at("exclusiveMaximum"), "maximum");
  if (usable) {
    ordered(
      check.at(minimum === undefined ? "exclusiveMinimum" : "minimum"),
      minimum ?? exclusiveMinimum,
      maximum ?? exclusiveMaximum,
      maximum === undefined ? "exclusiveMaximum" : "maximum",
    );
  }
  return usable;
}

function numberValue(value: number | undefined, check: Check, whole: boolean): boolean {
  if (!check.literal(value)) return false;
  if (typeof value !== "number" || !Number.isFinite(value)) {
    return check.problem("wrong-type", `is ${check.show(value)}, expected a number`, "write a number");
  }
  if (Math.abs(value) === Number.MAX_VALUE) {
    return check.problem("out-of-range", "is the last double, which nothing is beyond", "leave it out");
  }
  if (whole && !Number.isSafeInteger(value)) {
    return check.problem("out-of-range", `is ${value}, expected a whole number up to 2^53`, "round it");
  }
  return true;
}

/** Remainders of whole numbers are exact in doubles; those of fractions are not. */
function multiple(value: number, check: Check, whole: boolean): void {
  if (!check.literal(value)) return;
  if (!whole) {
    check.problem(
      "unsafe",
      "is asked of fractions, of which no two readers agree on the remainder",
      'use "integer", and whole units',
    );
  } else check.integer(value, { min: 1, max: Number.MAX_SAFE_INTEGER });
}

/** Reports two bounds that are turned round. */
export function ordered(check: Check, low: number | undefined, high: number | undefined, name: string): void {
  if (low === undefined || high === undefined) return;
  if (low > high) check.problem("conflict", `is ${low}, above ${name} (${high})`, "swap or correct them");
}
