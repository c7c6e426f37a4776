import type { Check, Fields } from "../validation";
import { checkNumber, checkString, ordered } from "./argument-values";
import type {
  ArgumentConfig,
  ArrayArgument,
  BooleanArgument,
  ChoiceArgument,
  NumberArgument,
  ObjectArgument,
  StringRules,
} from "./config";

/** Levels of objects and lists in one argument: the reader's stack and the reader of the policy stay small. */
export const MAX_ARGUMENT_DEPTH = 8;
/** Arguments of one tool, nested ones included. */
export const MAX_ARGUMENTS = 200;

/** Names of arguments. */
export const ARGUMENT_NAME = {
  pattern: /^[A-Za-z0-9_$.-]+$/,
  form: "letters, digits and _ $ . -",
  max: 64,
} as const;

const COMMON = { type: true, required: true, nullable: true, log: true } as const;
const BOUNDS = { minimum: true, maximum: true, exclusiveMinimum: true, exclusiveMaximum: true } as const;
const VALUES = { enum: true, const: true } as const;
const OBJECT = {
  ...COMMON,
  properties: true,
  additionalProperties: true,
  minProperties: true,
  maxProperties: true,
} satisfies Fields<ObjectArgument>;
const FIELDS = {
  string: {
    ...COMMON,
    ...VALUES,
    maxLength: true,
    minLength: true,
    pattern: true,
    format: true,
  } satisfies Fields<StringRules>,
  integer: { ...COMMON, ...BOUNDS, ...VALUES, multipleOf: true } satisfies Fields<NumberArgument>,
  number: { ...COMMON, ...BOUNDS, ...VALUES, multipleOf: true } satisfies Fields<NumberArgument>,
  boolean: { ...COMMON, const: true } satisfies Fields<BooleanArgument>,
  array: {
    ...COMMON,
    items: true,
    maxItems: true,
    minItems: true,
    uniqueItems: true,
  } satisfies Fields<ArrayArgument>,
  object: OBJECT,
} as const;
const CHOICE = { ...COMMON, oneOf: true } satisfies Fields<ChoiceArgument>;
const TYPES = Object.keys(FIELDS) as (keyof typeof FIELDS)[];
const PROPERTIES = { min: 0, max: MAX_ARGUMENTS, unit: "properties" } as const;

/** Checks the argument table of a tool and gives back what is usable of it, every length resolved. */
export function checkArguments(
  config: Readonly<Record<string, ArgumentConfig>> | undefined,
  check: Check,
): Record<string, ArgumentConfig> {
  const walk = new Walk();
  const usable = walk.properties(config, check, 1);
  if (walk.count > MAX_ARGUMENTS) {
    check.problem(
      "over-budget",
      `has ${walk.count} arguments, nested ones included, expected at most ${MAX_ARGUMENTS}`,
      "split the tool",
    );
  }
  return usable;
}

class Walk {
  public count = 0;

  public properties(
    config: Readonly<Record<string, ArgumentConfig>> | undefined,
    check: Check,
    depth: number,
  ): Record<string, ArgumentConfig> {
    return Object.fromEntries(
      check.entries(config, ARGUMENT_NAME).flatMap(([name, argument, at]): [string, ArgumentConfig][] => {
        const usable = this.argument(argument, at, depth);
        return usable ? [[name, usable]] : [];
      }),
    );
  }

  private argument(argument: ArgumentConfig, check: Check, depth: number): ArgumentConfig | undefined {
    this.count++;
    if (depth > MAX_ARGUMENT_DEPTH) {
      check.problem(
        "over-budget",
        `is nested ${depth} levels deep, expected at most ${MAX_ARGUMENT_DEPTH}`,
        "flatten it",
      );
      return undefined;
    }
    if (typeof argument !== "object" || argument === null) {
      check.object(argument, COMMON);
      return undefined;
    }
    if (!check.at("type").oneOf(argument.type, TYPES)) return undefined;
    const choice = argument.type === "object" && "oneOf" in argument;
    check.object(argument, choice ? CHOICE : FIELDS[argument.type]);
    for (const flag of ["required", "nullable", "log"] as const)
      if (argument[flag] !== undefined) check.at(flag).boolean(argument[flag]);
    switch (argument.type) {
      case "string":
        return checkString(argument, check);
      case "integer":
      case "number":
        return checkNumber(argument, check) ? argument : undefined;
      case "boolean":
        if (argument.const !== undefined) check.at("const").boolean(argument.const);
        return argument;
      case "array":
        return this.array(argument, check, depth);
      case "object":
        return "oneOf" in argument
          ? this.choice(argument, check, depth)
          : this.object(argument, check, depth);
    }
  }

  private array(argument: ArrayArgument, check: Check, depth: number): ArgumentConfig | undefined {
    const bounds = { min: 0, max: 10_000, unit: "items" };
    if (!check.at("items").present(argument.items)) {
      size(argument, "minItems", "maxItems", bounds, check, true);
      return undefined;
    }
    const max = size(argument, "minItems", "maxItems", bounds, check, true);
    const items = this.argument(argument.items, check.at("items"), depth + 1);
    const unique = check.at("uniqueItems");
    if (argument.uniqueItems !== undefined && unique.literal(argument.uniqueItems)) {
      unique.boolean(argument.uniqueItems);
      if (argument.uniqueItems === true && (items?.type === "array" || items?.type === "object")) {
        unique.problem(
          "unsafe",
          "is asked of lists or objects, which are compared only one level deep",
          "leave it out: the server compares them",
        );
      }
    }
    return max && items ? { ...argument, items } : undefined;
  }

  private object(argument: ObjectArgument, check: Check, depth: number): ObjectArgument | undefined {
    if (!check.at("properties").present(argument.properties)) return undefined;
    const additional: unknown = argument.additionalProperties;
    if (
      additional !== undefined &&
      additional !== false &&
      check.at("additionalProperties").literal(additional)
    ) {
      check
        .at("additionalProperties")
        .problem(
          "unsafe",
          `is ${check.show(additional)}, and what has no name is never let through`,
          "name them in properties, or take them as text",
        );
    }
    size(argument, "minProperties", "maxProperties", PROPERTIES, check, false);
    return {
      ...argument,
      properties: this.properties(argument.properties, check.at("properties"), depth + 1),
    };
  }

  private choice(argument: ChoiceArgument, check: Check, depth: number): ChoiceArgument | undefined {
    const oneOf: ObjectArgument[] = [];
    for (const [branch, at] of check.at("oneOf").list(argument.oneOf, { min: 2, max: 50 })) {
      this.count++;
      if (!at.object(branch, OBJECT) || !at.at("type").oneOf(branch.type, ["object"])) continue;
      const usable = this.object(branch, at, depth);
      if (usable) oneOf.push(usable);
    }
    if (oneOf.length !== argument.oneOf?.length) return undefined;
    if (discriminator(oneOf) === undefined) {
      check
        .at("oneOf")
        .problem(
          "conflict",
          "has no property that is required in each and a text of another const in each",
          'give each object one, as kind: { type: "string", const: "card", required: true }',
        );
      return undefined;
    }
    return { ...argument, oneOf };
  }
}

/** The first property that tells the branches apart: required text in each, with a `const` of its own in each. */
export function discriminator(branches: readonly ObjectArgument[]): string | undefined {
  return Object.keys(branches[0]?.properties ?? {}).find((name) => {
    const constants = branches.map(({ properties }) => {
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return property?.type === "string" && property.required === true && property.nullable !== true
        ? property.const
        : undefined;
    });
    return !constants.includes(undefined) && new Set(constants).size === branches.length;
  });
}

/** Two bounds of a size. Answers whether the upper one may be used. */
function size<Low extends string, High extends string>(
  argument: { readonly [key in Low | High]?: number },
  low: Low,
  high: High,
  bounds: { min: number; max: number; unit: string },
  check: Check,
  needed: boolean,
): boolean {
  const [from, to] = [argument[low], argument[high]];
  const fine = (key: string, value: number | undefined) =>
    check.at(key).integer(value, { ...bounds, known: true });
  const max = to === undefined && !needed ? true : fine(high, to);
  const min = from === undefined || fine(low, from);
  if (max && min) ordered(check.at(low), from, to, high);
  return max;
}
