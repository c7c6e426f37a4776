import type { ArgumentConfig, NumberArgument, StringArgument } from "../policy/config";

/** Arguments of a tool in one line each, nested ones indented: `query*: text up to 400`. Pure. */
export function argumentLines(declared: Readonly<Record<string, ArgumentConfig>>, indent = "  "): string[] {
  return Object.entries(declared).flatMap(([name, argument]) => [
    `${indent}${name}${argument.required === true ? "*" : ""}: ${said(argument)}${notes(argument)}`,
    ...below(argument, `${indent}  `),
  ]);
}

function notes({ nullable, log }: ArgumentConfig): string {
  return `${nullable === true ? ", or null" : ""}${log === true ? ", logged" : ""}`;
}

function below(argument: ArgumentConfig, indent: string): string[] {
  switch (argument.type) {
    case "array":
      return below(argument.items, indent);
    case "object":
      return "oneOf" in argument
        ? argument.oneOf.flatMap((each) => [
            `${indent}either`,
            ...argumentLines(each.properties, `${indent}  `),
          ])
        : argumentLines(argument.properties, indent);
    case "string":
    case "integer":
    case "number":
    case "boolean":
      return [];
  }
}

function said(argument: ArgumentConfig): string {
  switch (argument.type) {
    case "string":
      return known(argument) ?? text(argument);
    case "integer":
    case "number":
      return known(argument) ?? number(argument);
    case "boolean":
      return argument.const === undefined ? "true or false" : String(argument.const);
    case "array": {
      const { minItems = 0, maxItems, uniqueItems, items } = argument;
      return `${minItems} to ${maxItems}${uniqueItems === true ? " different" : ""} of: ${said(items)}${notes(items)}`;
    }
    case "object": {
      if ("oneOf" in argument) return `one of ${argument.oneOf.length} objects`;
      const { minProperties: min, maxProperties: max } = argument;
      const size = min === undefined && max === undefined ? "" : ` with ${min ?? 0} to ${max ?? "all"} of`;
      return `object${size}`;
    }
  }
}

function known(argument: StringArgument | NumberArgument): string | undefined {
  const values = argument.const === undefined ? argument.enum : [argument.const];
  return values?.map((value) => JSON.stringify(value)).join(" or ");
}

function text({ minLength = 0, maxLength, pattern, format }: StringArgument): string {
  const length = minLength === 0 ? `up to ${maxLength}` : `${minLength} to ${maxLength}`;
  return `${format ?? "text"} ${length}${pattern === undefined ? "" : ` like ${pattern}`}`;
}

function number(argument: NumberArgument): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = argument;
  const bounds = [
    ["from", minimum],
    ["above", exclusiveMinimum],
    ["to", maximum],
    ["below", exclusiveMaximum],
    ["in steps of", multipleOf],
  ].flatMap(([word, bound]) => (bound === undefined ? [] : [` ${word} ${bound}`]));
  return `${argument.type === "integer" ? "whole number" : "number"}${bounds.join("")}`;
}
