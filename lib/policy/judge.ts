import { maxLengthOf } from "./argument-values";
import { discriminator } from "./arguments";
import type { ArgumentConfig, NumberArgument, ObjectArgument, StringArgument } from "./config";
import { FORMATS } from "./formats";

type Arguments = Readonly<Record<string, ArgumentConfig>>;

/**
 * What the gateway finds wrong with the arguments of a call, as `arguments.query: length`; nothing if it takes them. What
 * the gateway itself runs is `runtime/gateway/arguments.lua`; tests hold the two against each other.
 */
export function judgeArguments(declared: Arguments, given: unknown): string | undefined {
  try {
    if (!isObject(given)) throw new Wrong("arguments", "type");
    judgeFields(given, declared, "arguments");
    return undefined;
  } catch (error) {
    if (error instanceof Wrong) return error.message;
    throw error;
  }
}

class Wrong extends Error {
  public constructor(path: string, what: string) {
    super(`${path}: ${what}`);
  }
}

function judgeFields(given: Readonly<Record<string, unknown>>, declared: Arguments, path: string): void {
  for (const [name, argument] of Object.entries(declared)) {
    if (Object.hasOwn(given, name)) judgeValue(given[name], argument, `${path}.${name}`);
    else if (argument.required === true) throw new Wrong(`${path}.${name}`, "missing");
  }
  if (Object.keys(given).some((name) => !Object.hasOwn(declared, name))) {
    throw new Wrong(path, "unknown argument");
  }
}

function judgeValue(value: unknown, argument: ArgumentConfig, path: string): void {
  if (value === null && argument.nullable === true) return;
  switch (argument.type) {
    case "string":
      if (typeof value !== "string") throw new Wrong(path, "type");
      return judgeText(value, argument, path);
    case "integer":
    case "number":
      if (typeof value !== "number" || (argument.type === "integer" && !Number.isSafeInteger(value))) {
        throw new Wrong(path, "type");
      }
      return judgeNumber(value, argument, path);
    case "boolean":
      if (typeof value !== "boolean") throw new Wrong(path, "type");
      if (argument.const !== undefined && value !== argument.const)
        throw new Wrong(path, "value not allowed");
      return;
    case "array":
      if (!Array.isArray(value)) throw new Wrong(path, "type");
      if (outside(value.length, argument.minItems, argument.maxItems)) throw new Wrong(path, "items");
      value.forEach((item, index) => judgeValue(item, argument.items, `${path}[${index}]`));
      if (argument.uniqueItems === true && new Set(value).size < value.length) {
        throw new Wrong(path, "repeated item");
      }
      return;
    case "object": {
      if (!isObject(value)) throw new Wrong(path, "type");
      if (!("oneOf" in argument)) return judgeObject(value, argument, path);
      const by = discriminator(argument.oneOf) as string;
      const said = Object.hasOwn(value, by) ? value[by] : undefined;
      const branch = argument.oneOf.find((each) => (each.properties[by] as StringArgument).const === said);
      if (branch === undefined) throw new Wrong(`${path}.${by}`, "value not allowed");
      return judgeObject(value, branch, path);
    }
  }
}

function judgeObject(value: Readonly<Record<string, unknown>>, argument: ObjectArgument, path: string): void {
  if (outside(Object.keys(value).length, argument.minProperties, argument.maxProperties)) {
    throw new Wrong(path, "fields");
  }
  judgeFields(value, argument.properties, path);
}

function judgeText(value: string, argument: StringArgument, path: string): void {
  judgeKnown(value, argument, path);
  if (outside([...value].length, argument.minLength, maxLengthOf(argument))) throw new Wrong(path, "length");
  const pattern = argument.format === undefined ? argument.pattern : FORMATS[argument.format].pattern;
  // Where there is a pattern the gateway lets no line feed through, see `readPattern`.
  if (pattern !== undefined && (value.includes("\n") || !new RegExp(`^(?:${pattern})$`, "u").test(value))) {
    throw new Wrong(path, "pattern");
  }
}

function judgeNumber(value: number, argument: NumberArgument, path: string): void {
  judgeKnown(value, argument, path);
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below, multipleOf: step } = argument;
  if (
    outside(value, minimum, maximum) ||
    (above !== undefined && value <= above) ||
    (below !== undefined && value >= below) ||
    (step !== undefined && value % step !== 0)
  ) {
    throw new Wrong(path, "range");
  }
}

function judgeKnown<T>(
  value: T,
  argument: { readonly enum?: readonly T[]; readonly const?: T },
  path: string,
) {
  const known = argument.const === undefined ? argument.enum : [argument.const];
  if (known !== undefined && !known.includes(value)) throw new Wrong(path, "value not allowed");
}

function outside(size: number, min: number | undefined, max: number | undefined): boolean {
  return (min !== undefined && size < min) || (max !== undefined && size > max);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
