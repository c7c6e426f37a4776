import type { ArgumentConfig, NumberArgument, ObjectArgument, StringArgument } from "../../policy/config";
import { discriminator } from "../../policy/arguments";
import type { PolicyDocument } from "../../policy/document";
import { FORMATS } from "../../policy/formats";
import { readPattern } from "../../policy/pattern";

/** The distinct patterns of a policy with their RE2 text, sorted, so that one more tool with the same pattern costs nothing. */
export function patterns(policy: PolicyDocument): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (argument: ArgumentConfig): void => {
    if (argument.type === "string") {
      const source = patternOf(argument);
      const re2 = source === undefined ? undefined : re2Of(argument, source);
      if (source !== undefined && re2 !== undefined) found.set(source, re2);
    }
    if (argument.type === "array") visit(argument.items);
    if (argument.type === "object")
      for (const { properties } of branches(argument)) Object.values(properties).forEach(visit);
  };
  for (const tool of Object.values(policy.tools)) Object.values(tool.arguments).forEach(visit);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A format is a pattern of ours. */
function patternOf({ format, pattern }: StringArgument): string | undefined {
  return format === undefined ? pattern : FORMATS[format]?.pattern;
}

/** One that was refused is reported by the policy's own check; nothing is rendered from it. */
function re2Of({ format }: StringArgument, source: string): string | undefined {
  if (format !== undefined) return source;
  const read = readPattern(source);
  return "re2" in read ? read.re2 : undefined;
}

function branches(argument: Extract<ArgumentConfig, { type: "object" }>): readonly ObjectArgument[] {
  return "oneOf" in argument ? argument.oneOf : [argument];
}

/** An argument as `runtime/gateway/arguments.lua` reads it. */
export function wireArgument(argument: ArgumentConfig, numbers: ReadonlyMap<string, string>): object {
  const common = {
    type: argument.type,
    required: argument.required || undefined,
    null: argument.nullable || undefined,
    log: argument.log || undefined,
  };
  switch (argument.type) {
    case "string": {
      const source = patternOf(argument);
      return {
        ...common,
        max: argument.maxLength,
        min: argument.minLength,
        enum: argument.const === undefined ? argument.enum : [argument.const],
        pattern: source === undefined ? undefined : numbers.get(source),
      };
    }
    case "integer":
    case "number":
      return {
        ...common,
        min: argument.minimum ?? beyond(argument, argument.exclusiveMinimum, 1),
        max: argument.maximum ?? beyond(argument, argument.exclusiveMaximum, -1),
        enum: argument.const === undefined ? argument.enum : [argument.const],
        step: argument.multipleOf,
      };
    case "boolean":
      return { ...common, enum: argument.const === undefined ? undefined : [argument.const] };
    case "array":
      return {
        ...common,
        max: argument.maxItems,
        min: argument.minItems,
        unique: argument.uniqueItems || undefined,
        items: wireArgument(argument.items, numbers),
      };
    case "object":
      if ("oneOf" in argument) {
        const by = discriminator(argument.oneOf) as string;
        return {
          ...common,
          by,
          one: Object.fromEntries(
            argument.oneOf.map((branch) => [
              (branch.properties[by] as StringArgument).const as string,
              wireObject(branch, numbers),
            ]),
          ),
        };
      }
      return { ...common, ...wireObject(argument, numbers) };
  }
}

function wireObject(argument: ObjectArgument, numbers: ReadonlyMap<string, string>): object {
  return {
    max: argument.maxProperties,
    min: argument.minProperties,
    fields: map(argument.properties, (property) => wireArgument(property, numbers)),
  };
}

/** The next number above or below one, so that the gateway knows only bounds that are included. */
function beyond({ type }: NumberArgument, bound: number | undefined, way: 1 | -1): number | undefined {
  if (bound === undefined) return undefined;
  return type === "integer" ? bound + way : next(bound, way);
}

/** The next double: among those of one sign the order is that of their bits. */
function next(bound: number, way: 1 | -1): number {
  if (bound === 0) return way * Number.MIN_VALUE;
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, bound);
  bits.setBigInt64(0, bits.getBigInt64(0) + BigInt(bound > 0 ? way : -way));
  return bits.getFloat64(0);
}

/** Entries of a table, each changed. */
export function map<T, U>(entries: Readonly<Record<string, T>>, to: (item: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(entries).map(([name, item]) => [name, to(item)]));
}
