import type { Check, Fields } from "../validation";
import type {
  ArgumentConfig,
  ArrayArgument,
  BooleanArgument,
  NumberArgument,
  ObjectArgument,
  StringArgument,
} from "./config";
import { readPattern } from "./pattern";

/** Levels of objects and lists in one argument: the reader's stack and the reader of the policy stay small. */
export const MAX_ARGUMENT_DEPTH = 8;
/** Arguments of one tool, nested ones included. */
export const MAX_ARGUMENTS = 200;

const NAME = {
  pattern: /^[A-Za-z0-9_$.-]+$/,
  form: "letters, digits and _ $ . -",
  max: 64,
} as const;

const COMMON = { type: true, required: true, log: true } as const;
const FIELDS = {
  string: {
    ...COMMON,
    maxLength: true,
    minLength: true,
    enum: true,
    pattern: true,
  } satisfies Fields<StringArgument>,
  integer: { ...COMMON, minimum: true, maximum: true } satisfies Fields<NumberArgument>,
  number: { ...COMMON, minimum: true, maximum: true } satisfies Fields<NumberArgument>,
  boolean: { ...COMMON } satisfies Fields<BooleanArgument>,
  array: { ...COMMON, items: true, maxItems: true, minItems: true } satisfies Fields<ArrayArgument>,
  object: { ...COMMON, properties: true } satisfies Fields<ObjectArgument>,
} as const;
const TYPES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

/** Checks the argument table of a tool and gives back what is usable of it. */
export function checkArguments(
  config: Readonly<Record<string, ArgumentConfig>> | undefined,
  check: Check,
): Record<string, ArgumentConfig> {
  const count = { left: MAX_ARGUMENTS };
  const usable = properties(config, check, 1, count);
  if (count.left < 0) {
    check.problem(
      "over-budget",
      `has ${MAX_ARGUMENTS - count.left} arguments, nested ones included, expected at most ${MAX_ARGUMENTS}`,
      "split the tool",
    );
  }
  return usable;
}

function properties(
  config: Readonly<Record<string, ArgumentConfig>> | undefined,
  check: Check,
  depth: number,
  count: { left: number },
): Record<string, ArgumentConfig> {
  const usable: [string, ArgumentConfig][] = [];
  for (const [name, argument, at] of check.entries(config, NAME)) {
    if (checkArgument(argument, at, depth, count)) usable.push([name, argument]);
  }
  return Object.fromEntries(usable);
}

function checkArgument(
  argument: ArgumentConfig,
  check: Check,
  depth: number,
  count: { left: number },
): boolean {
  count.left--;
  if (depth > MAX_ARGUMENT_DEPTH) {
    return check.problem(
      "over-budget",
      `is nested ${depth} levels deep, expected at most ${MAX_ARGUMENT_DEPTH}`,
      "flatten it",
    );
  }
  if (typeof argument !== "object" || argument === null) {
    return check.object(argument, COMMON);
  }
  if (!check.at("type").oneOf(argument.type, TYPES)) return false;
  check.object(argument, FIELDS[argument.type]);
  if (argument.required !== undefined) check.at("required").boolean(argument.required);
  if (argument.log !== undefined) check.at("log").boolean(argument.log);
  switch (argument.type) {
    case "string":
      return checkString(argument, check);
    case "integer":
    case "number":
      return checkNumber(argument, check);
    case "boolean":
      return true;
    case "array":
      return checkArray(argument, check, depth, count);
    case "object":
      if (!check.at("properties").present(argument.properties)) return false;
      properties(argument.properties, check.at("properties"), depth + 1, count);
      return true;
  }
}

function checkString(argument: StringArgument, check: Check): boolean {
  const bounds = { min: 0, max: 1_048_576, unit: "code points" };
  const max = check.at("maxLength").integer(argument.maxLength, bounds);
  const min = argument.minLength === undefined || check.at("minLength").integer(argument.minLength, bounds);
  if (max && min) ordered(check.at("minLength"), argument.minLength, argument.maxLength, "maxLength");
  if (argument.enum !== undefined) checkEnum(argument.enum, argument.maxLength, check.at("enum"));
  if (argument.pattern !== undefined) checkPattern(argument.pattern, check.at("pattern"));
  return max;
}

function checkEnum(values: readonly string[], maxLength: number, check: Check): void {
  const seen = new Set<string>();
  for (const [value, at] of check.list(values, { min: 1, max: 200 })) {
    if (!at.literal(value) || !at.text(value, { max: maxLength })) continue;
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

function checkNumber(argument: NumberArgument, check: Check): boolean {
  let usable = true;
  for (const bound of ["minimum", "maximum"] as const) {
    const value = argument[bound];
    if (value === undefined || check.isToken(value)) continue;
    if (typeof value !== "number" || !Number.isFinite(value)) {
      usable = check
        .at(bound)
        .problem("wrong-type", `is ${check.show(value)}, expected a number`, "write a number");
    } else if (argument.type === "integer" && !Number.isSafeInteger(value)) {
      usable = check
        .at(bound)
        .problem("out-of-range", `is ${value}, expected a whole number up to 2^53`, "round it");
    }
  }
  if (usable) ordered(check.at("minimum"), argument.minimum, argument.maximum, "maximum");
  return usable;
}

function checkArray(argument: ArrayArgument, check: Check, depth: number, count: { left: number }): boolean {
  const bounds = { min: 0, max: 10_000, unit: "items" };
  const max = check.at("maxItems").integer(argument.maxItems, bounds);
  const min = argument.minItems === undefined || check.at("minItems").integer(argument.minItems, bounds);
  if (max && min) ordered(check.at("minItems"), argument.minItems, argument.maxItems, "maxItems");
  const items = check.at("items");
  return items.present(argument.items) && checkArgument(argument.items, items, depth + 1, count) && max;
}

function ordered(check: Check, low: number | undefined, high: number | undefined, name: string): void {
  if (low === undefined || high === undefined || check.isToken(low) || check.isToken(high)) return;
  if (low > high) check.problem("conflict", `is ${low}, above ${name} (${high})`, "swap or correct them");
}
