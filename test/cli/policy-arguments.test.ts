import { argumentLines } from "../../lib/cli/policy-arguments";
import type { ArgumentConfig } from "../../lib/policy/config";

test.each<[ArgumentConfig, string[]]>([
  [{ type: "string", maxLength: 9, minLength: 2, pattern: "a+" }, ["a: text 2 to 9 like a+"]],
  [{ type: "string", maxLength: 10, format: "date", log: true }, ["a: date up to 10, logged"]],
  [{ type: "string", maxLength: 1, enum: ["x", "\u001b"] }, ['a: "x" or "\\u001b"']],
  [
    { type: "integer", minimum: 1, exclusiveMaximum: 9, multipleOf: 2 },
    ["a: whole number from 1 below 9 in steps of 2"],
  ],
  [{ type: "number", const: 0.5 }, ["a: 0.5"]],
  [{ type: "boolean", required: true, nullable: true }, ["a*: true or false, or null"]],
  [{ type: "boolean", const: true }, ["a: true"]],
  [
    {
      type: "array",
      maxItems: 3,
      uniqueItems: true,
      items: { type: "string", maxLength: 2, nullable: true },
    },
    ["a: 0 to 3 different of: text up to 2, or null"],
  ],
  [
    { type: "object", minProperties: 1, properties: { x: { type: "boolean" } } },
    ["a: object with 1 to all of", "  x: true or false"],
  ],
  [
    {
      type: "object",
      oneOf: ["p", "q"].map((kind) => ({
        type: "object",
        properties: { kind: { type: "string", const: kind, required: true } },
      })),
    },
    ["a: one of 2 objects", "  either", '    kind*: "p"', "  either", '    kind*: "q"'],
  ],
])("%j", (argument, lines) => {
  expect(argumentLines({ a: argument }, "")).toEqual(lines);
});
