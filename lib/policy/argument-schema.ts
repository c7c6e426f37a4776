import { maxLengthOf } from "./argument-values";
import type { ArgumentConfig, ObjectArgument } from "./config";
import { FORMATS } from "./formats";

type Arguments = Readonly<Record<string, ArgumentConfig>>;
/** A schema as plain data. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * The arguments of a tool as JSON Schema 2020-12, for validators, documentation and a server's own `inputSchema`: takes
 * exactly what the gateway takes. Formats stand as patterns, because readers of `format` differ.
 */
export function jsonSchemaOf(declared: Arguments): JsonSchema {
  return objectSchema({ type: "object", properties: declared });
}

function objectSchema({ properties, minProperties, maxProperties }: ObjectArgument): JsonSchema {
  const required = Object.entries(properties)
    .filter(([, argument]) => argument.required === true)
    .map(([name]) => name);
  return {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(properties).map(([name, argument]) => [name, schemaOf(argument)]),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    ...(minProperties !== undefined && { minProperties }),
    ...(maxProperties !== undefined && { maxProperties }),
  };
}

function schemaOf(argument: ArgumentConfig): JsonSchema {
  const schema = notNull(argument);
  return argument.nullable === true ? { anyOf: [schema, { type: "null" }] } : schema;
}

function notNull(argument: ArgumentConfig): JsonSchema {
  switch (argument.type) {
    case "string": {
      const { required: _required, nullable: _nullable, log: _log, format, pattern, ...rest } = argument;
      const whole = format === undefined ? pattern : FORMATS[format].pattern;
      return {
        ...rest,
        maxLength: maxLengthOf(argument),
        ...(whole !== undefined && { pattern: `^(?:${whole})$`, not: { pattern: "\\n" } }),
      };
    }
    case "integer": {
      const { required: _required, nullable: _nullable, log: _log, ...rest } = argument;
      // Beside `exclusiveMinimum`, a bound that never hurts.
      return { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER, ...rest };
    }
    case "number":
    case "boolean": {
      const { required: _required, nullable: _nullable, log: _log, ...rest } = argument;
      return rest;
    }
    case "array": {
      const { required: _required, nullable: _nullable, log: _log, items, ...rest } = argument;
      return { ...rest, items: schemaOf(items) };
    }
    case "object":
      return "oneOf" in argument ? { oneOf: argument.oneOf.map(objectSchema) } : objectSchema(argument);
  }
}
