import type { JsonSchema } from "./argument-schema";
import { ARGUMENT_NAME } from "./arguments";
import type {
  ArrayArgument,
  BooleanArgument,
  ChoiceArgument,
  CommonArgument,
  NumberArgument,
  ObjectArgument,
  StringRules,
} from "./config";
import { FORMAT_NAMES } from "./formats";

type Described<T> = Record<keyof Required<T> & string, JsonSchema & { readonly description: string }>;

const flag = (description: string) => ({ type: "boolean", description });
const size = (description: string, maximum: number) => ({
  type: "integer",
  minimum: 0,
  maximum,
  description,
});
const number = (description: string) => ({ type: "number", description });

const common = {
  required: flag("Whether a call without it is refused."),
  nullable: flag("Whether null is taken, too."),
  log: flag("Whether its value is written to the audit record; else only its type and length."),
} satisfies Described<CommonArgument>;

const string = {
  ...common,
  type: { const: "string", description: "Text." },
  maxLength: size("Code points.", 1_048_576),
  minLength: size("Code points.", 1_048_576),
  enum: {
    type: "array",
    items: { type: "string" },
    minItems: 1,
    maxItems: 200,
    uniqueItems: true,
    description: "The only values allowed.",
  },
  const: { type: "string", description: "The only value allowed." },
  pattern: {
    type: "string",
    minLength: 1,
    maxLength: 256,
    description:
      "A regular expression that RE2 and JavaScript read alike, for the whole value. No value has a line feed.",
  },
  format: { enum: FORMAT_NAMES, description: "A form of text, for the whole value." },
} satisfies Described<StringRules>;

const numeric = {
  ...common,
  type: {
    enum: ["integer", "number"],
    description: "A whole number up to 2^53 - 1 either way, or any double.",
  },
  minimum: number("Included."),
  maximum: number("Included."),
  exclusiveMinimum: number("Excluded."),
  exclusiveMaximum: number("Excluded."),
  multipleOf: { type: "integer", minimum: 1, description: "Of whole numbers alone." },
  enum: {
    type: "array",
    items: { type: "number" },
    minItems: 1,
    maxItems: 200,
    uniqueItems: true,
    description: "The only values allowed.",
  },
  const: number("The only value allowed."),
} satisfies Described<NumberArgument>;

const boolean = {
  ...common,
  type: { const: "boolean", description: "True or false." },
  const: flag("The only value allowed."),
} satisfies Described<BooleanArgument>;

const array = {
  ...common,
  type: { const: "array", description: "A list of like things." },
  items: { $ref: "#/$defs/argument", description: "Each item. `required` means nothing here." },
  maxItems: size("Items.", 10_000),
  minItems: size("Items.", 10_000),
  uniqueItems: flag("Whether no value may stand in it twice."),
} satisfies Described<ArrayArgument>;

const object = {
  ...common,
  type: { const: "object", description: "Named properties; others are refused." },
  properties: { $ref: "#/$defs/arguments", description: "By name." },
  additionalProperties: { const: false, description: "Always so, said or not." },
  minProperties: size("Properties.", 200),
  maxProperties: size("Properties.", 200),
} satisfies Described<ObjectArgument>;

const choice = {
  ...common,
  type: { const: "object", description: "One of several objects." },
  oneOf: {
    type: "array",
    items: { $ref: "#/$defs/object" },
    minItems: 2,
    maxItems: 50,
    description: "Told apart by one property that is required in each, a text with another `const` in each.",
  },
} satisfies Described<ChoiceArgument>;

function closed(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): JsonSchema {
  return { type: "object", properties, required: ["type", ...required], additionalProperties: false };
}

/** Definitions of arguments, for `POLICY_SCHEMA`. */
export const ARGUMENTS_SCHEMA = {
  arguments: {
    type: "object",
    maxProperties: 200,
    propertyNames: { pattern: ARGUMENT_NAME.pattern.source, maxLength: ARGUMENT_NAME.max },
    additionalProperties: { $ref: "#/$defs/argument" },
    description: "Arguments by name. One that is not named is refused.",
  },
  argument: {
    description: "One argument: a subset of JSON Schema, with `required` at the argument itself.",
    oneOf: ["string", "number", "boolean", "array", "object", "choice"].map((kind) => ({
      $ref: `#/$defs/${kind}`,
    })),
  },
  string: closed(string, ["maxLength"]),
  number: closed(numeric, []),
  boolean: closed(boolean, []),
  array: closed(array, ["items", "maxItems"]),
  object: closed(object, ["properties"]),
  choice: closed(choice, ["oneOf"]),
};
