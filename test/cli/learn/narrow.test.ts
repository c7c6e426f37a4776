import { tableOf } from "../../../lib/cli/learn/table";

const learn = (inputSchema: unknown, more: object = {}) => {
  const { tools, refused } = tableOf([{ name: "t", inputSchema, ...more }]);
  return { tool: tools[0], refused: refused[0]?.why };
};
const one = (schema: unknown, root: object = {}) =>
  learn({ type: "object", properties: { a: schema }, ...root });
const object = (kind: string) => ({
  type: "object",
  properties: { kind: { const: kind } },
  required: ["kind"],
});
const kinds = (...names: string[]) => ({
  type: "object",
  oneOf: names.map((kind) => ({
    type: "object",
    properties: { kind: { type: "string", const: kind, required: true } },
  })),
});
const S = { type: "string" };
const proposed = "proposed a: maxLength 1000, for the server names none";

/** A schema, what is made of it, and what is said of that. */
const ROWS: [what: string, schema: unknown, argument: unknown, notes?: string[]][] = [
  ["a text", { type: "string", maxLength: 5, minLength: 1 }, { ...S, maxLength: 5, minLength: 1 }],
  ["a text without a length", S, { ...S, maxLength: 1000 }, [proposed]],
  [
    "a long shortest length",
    { ...S, minLength: 2000 },
    { ...S, minLength: 2000, maxLength: 2000 },
    ["proposed a: maxLength 2000, for the server names none"],
  ],
  ["a whole pattern", { ...S, maxLength: 5, pattern: "^[a-z]+$" }, { ...S, maxLength: 5, pattern: "[a-z]+" }],
  [
    "a pattern that captures",
    { ...S, maxLength: 5, pattern: "^(a|b)(?:c)$" },
    { ...S, maxLength: 5, pattern: "(?:a|b)(?:c)" },
  ],
  [
    "a pattern anywhere",
    { ...S, maxLength: 5, pattern: "a+" },
    { ...S, maxLength: 5, pattern: ".*a+.*" },
    ['narrowed a: pattern ".*a+.*", in one line'],
  ],
  [
    "a pattern with half an anchor",
    { ...S, maxLength: 5, pattern: "^a|b$" },
    { ...S, maxLength: 5, pattern: "(?:a|b)" },
    ['narrowed a: pattern "(?:a|b)", in one line'],
  ],
  [
    "a pattern that looks around",
    { ...S, maxLength: 5, pattern: "^(?=a)b$" },
    { ...S, maxLength: 5 },
    ['not checked here a: pattern "^(?=a)b$", which looks around or names a group'],
  ],
  [
    "a catastrophic pattern",
    { ...S, maxLength: 5, pattern: "^(a+)+$" },
    { ...S, maxLength: 5 },
    [expect.stringContaining("exponential") as never],
  ],
  ["a format", { ...S, format: "date" }, { ...S, format: "date" }],
  [
    "a format and a pattern",
    { ...S, format: "email", pattern: "^x$" },
    { ...S, format: "email" },
    ["not checked here a: pattern, beside format"],
  ],
  [
    "another format",
    { ...S, format: "regex", maxLength: 3 },
    { ...S, maxLength: 3 },
    ['not checked here a: format "regex"'],
  ],
  ["known texts", { enum: ["a", "b"] }, { ...S, enum: ["a", "b"] }],
  ["one text", { const: "a" }, { ...S, const: "a" }],
  [
    "constants, each an option",
    { anyOf: [{ const: "a", title: "A" }, { const: "b" }] },
    { ...S, enum: ["a", "b"] },
  ],
  ["known numbers", { type: "integer", enum: [1, 2] }, { type: "integer", enum: [1, 2] }],
  ["a known boolean", { const: true }, { type: "boolean", const: true }],
  ["both booleans", { enum: [true, false] }, { type: "boolean" }],
  ["a boolean", { type: "boolean", default: true, description: "x" }, { type: "boolean" }],
  [
    "a whole number",
    { type: "integer", minimum: 0.5, exclusiveMaximum: 10 },
    { type: "integer", minimum: 1, maximum: 9 },
  ],
  [
    "bounds that every whole number has",
    { type: "integer", minimum: -1e300, maximum: 1e300 },
    { type: "integer" },
  ],
  [
    "two lower bounds",
    { type: "number", minimum: 1, exclusiveMinimum: 1 },
    { type: "number", exclusiveMinimum: 1 },
  ],
  [
    "two other lower bounds",
    { type: "number", minimum: 2, exclusiveMinimum: 1 },
    { type: "number", minimum: 2 },
  ],
  [
    "bounds of an older draft",
    { type: "number", minimum: 1, exclusiveMinimum: true },
    { type: "number", exclusiveMinimum: 1 },
  ],
  ["multiples", { type: "integer", multipleOf: 5 }, { type: "integer", multipleOf: 5 }],
  [
    "multiples of a number",
    { type: "number", multipleOf: 5 },
    { type: "integer", multipleOf: 5 },
    ["narrowed a: whole numbers alone"],
  ],
  [
    "multiples of a fraction",
    { type: "number", multipleOf: 0.01 },
    { type: "number" },
    ['not checked here a: multipleOf "0.01"'],
  ],
  ["a type in a list", { type: ["integer"] }, { type: "integer" }],
  ["null beside a type", { type: ["boolean", "null"] }, { type: "boolean", nullable: true }],
  [
    "null as an option",
    { anyOf: [{ type: "boolean" }, { type: "null" }], default: null },
    { type: "boolean", nullable: true },
  ],
  ["null among values", { enum: ["a", null] }, { ...S, const: "a", nullable: true }],
  ["null of a type that its values exclude", { type: ["string", "null"], enum: ["a"] }, { ...S, const: "a" }],
  [
    "a list",
    { type: "array", items: { type: "boolean" }, maxItems: 3, minItems: 1, uniqueItems: true },
    {
      ...{ type: "array", items: { type: "boolean" }, minItems: 1, maxItems: 3, uniqueItems: true },
    },
  ],
  [
    "a list without a length",
    { type: "array", items: { type: "boolean" } },
    { type: "array", items: { type: "boolean" }, maxItems: 100 },
    ["proposed a: maxItems 100, for the server names none"],
  ],
  [
    "texts in a list",
    { type: "array", maxItems: 1, items: S },
    { type: "array", maxItems: 1, items: { ...S, maxLength: 1000 } },
    ["proposed a[]: maxLength 1000, for the server names none"],
  ],
  [
    "an object",
    { type: "object", properties: { x: { type: "boolean" } }, required: ["x"], additionalProperties: true },
    {
      ...{ type: "object", properties: { x: { type: "boolean", required: true } } },
    },
    ["narrowed a: other properties are refused"],
  ],
  ["objects that a constant tells apart", { oneOf: [object("p"), object("q")] }, kinds("p", "q")],
  [
    "the same with a null",
    { anyOf: [object("p"), object("q"), { type: "null" }] },
    { ...kinds("p", "q"), nullable: true },
  ],
  ["what else it says", { type: "boolean", not: {} }, { type: "boolean" }, ['not checked here a: "not"']],
  ["an allOf of one", { allOf: [{ type: "boolean" }], description: "x" }, { type: "boolean" }],
];

test.each(ROWS)("%s", (_what, schema, argument, notes = []) => {
  const { tool, refused } = one(schema);
  expect(refused).toBeUndefined();
  expect(tool?.arguments).toEqual({ a: argument });
  expect(tool?.notes.map(({ kind, path, says }) => `${kind} ${path}: ${says}`)).toEqual(notes);
});

const LEFT_OUT: [what: string, schema: unknown, why: string, root?: object][] = [
  ["anything", {}, "says nothing of its type"],
  ["true", true, "may be anything"],
  ["no schema", 7, "is no schema"],
  ["several types", { type: ["string", "integer"] }, "may be of several types"],
  ["an unknown type", { type: "text" }, "has no type that we know"],
  ["options of several kinds", { anyOf: [S, { type: "integer" }] }, "may be of several kinds"],
  ["objects that nothing tells apart", { oneOf: [object("p"), object("p")] }, "that no constant tells apart"],
  ["a free object", { type: "object" }, "is an object without named properties"],
  ["a dictionary", { type: "object", additionalProperties: S }, "is an object without named properties"],
  ["a list of anything", { type: "array" }, "is a list of anything"],
  ["a tuple", { type: "array", items: [S, S] }, "is no schema"],
  ["values of several kinds", { enum: ["a", 1] }, "values of several kinds"],
  ["objects as values", { enum: [{}] }, "no texts, numbers or booleans"],
  ["NUL among values", { enum: ["\0", "a"] }, "cannot be sent"],
  ["a reference to nowhere", { $ref: "#/$defs/x" }, "refers to what is not there"],
  ["a reference outside", { $ref: "https://evil.example/x" }, "refers to something outside"],
  ["a reference to a prototype", { $ref: "#/__proto__" }, "refers to what is not there"],
  ["a circle", { $ref: "#/$defs/x" }, "refers to itself", { $defs: { x: { $ref: "#/$defs/x" } } }],
  [
    "a tree",
    { $ref: "#/$defs/x" },
    "refers to itself",
    { $defs: { x: { type: "object", properties: { next: { $ref: "#/$defs/x" } }, required: ["next"] } } },
  ],
  ["an allOf of two", { allOf: [S, S] }, "several things at once"],
  ["no whole number at all", { type: "integer", minimum: 1e300 }, "no whole number"],
];

describe("an argument that cannot be described", () => {
  test.each(LEFT_OUT)("%s is left out where it may be left out", (_what, schema, why, root = {}) => {
    const { tool } = one(schema, root);
    expect(tool?.arguments).toEqual({});
    expect(tool?.notes.map(({ kind, says }) => [kind, says])).toContainEqual([
      "left out",
      expect.stringContaining(why),
    ]);
  });
  test.each(LEFT_OUT)("%s takes the tool with it where it is required", (_what, schema, why, root = {}) => {
    const { tool, refused } = one(schema, { ...root, required: ["a"] });
    expect([tool, refused]).toEqual([undefined, expect.stringContaining(why)]);
  });
});

const laughs = Object.fromEntries(
  Array.from({ length: 8 }, (_, level) => [
    `l${level}`,
    {
      type: "object",
      properties: Object.fromEntries(
        [..."abcdefgh"].map((name) => [name, { $ref: `#/$defs/l${level + 1}` }]),
      ),
    },
  ]),
);
test.each([
  ["no schema", undefined, "has no input schema"],
  ["a list", { type: "array" }, "takes something else than an object"],
  ["options at the root", { anyOf: [] }, "takes something else than an object"],
  ["a required argument without a description", { type: "object", required: ["x"] }, 'requires "x"'],
  [
    "a billion arguments",
    {
      type: "object",
      properties: { a: { $ref: "#/$defs/l0" } },
      $defs: { ...laughs, l8: { type: "boolean" } },
    },
    "has more than 200 arguments",
  ],
  [
    "a deep one",
    Array.from({ length: 9 }).reduce<object>((inner) => ({ type: "object", properties: { a: inner } }), {
      type: "boolean",
    }),
    "nested",
  ],
  [
    "bounds that are turned round",
    { type: "object", properties: { a: { type: "number", minimum: 2, maximum: 1 } } },
    "[conflict]",
  ],
  [
    "a value that is a placeholder",
    { type: "object", properties: { a: { const: "${TfToken[x.1]}" } } },
    "[token-not-allowed]",
  ],
])("a tool with %s is refused", (_what, schema, why) => {
  expect(learn(schema).refused).toContain(why);
});

test.each([["a b"], ["a\u001b[2J"], ["é"], ["__proto__"], ["a".repeat(129)]])(
  "a tool named %j is refused",
  (name) => {
    expect(tableOf([{ name, inputSchema: { type: "object" } }])).toMatchObject({
      tools: [],
      refused: [{ name }],
      digests: {},
    });
  },
);

test.each([["a b"], ["*/"], ["__proto__"], ["\n"]])("an argument named %j is left out", (name) => {
  const { tool } = learn({ type: "object", properties: Object.fromEntries([[name, S]]) });
  expect([tool?.arguments, tool?.notes[0]?.kind]).toEqual([{}, "left out"]);
});

test.each([
  [undefined, "destructive"],
  [{}, "destructive"],
  ["read", "destructive"],
  [{ readOnlyHint: true }, "read"],
  [{ readOnlyHint: "true" }, "destructive"],
  [{ readOnlyHint: true, destructiveHint: true }, "read"],
  [{ destructiveHint: false }, "write"],
  [{ destructiveHint: true }, "destructive"],
])("hints %j make a tool %s", (annotations, access) => {
  expect(learn({ type: "object" }, { annotations }).tool?.access).toBe(access);
});
