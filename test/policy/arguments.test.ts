import { run, set } from "./fixture";

const search = (argument: unknown) => set("tools.search.arguments", { a: argument });
const A = "tools.search.arguments.a";
const object = (kind: string) => ({
  type: "object",
  properties: { kind: { type: "string", const: kind, required: true } },
});
const [card, cash] = [object("card"), object("cash")];
const deep = (levels: number): object =>
  levels === 0 ? { type: "boolean" } : { type: "array", maxItems: 1, items: deep(levels - 1) };

const WRONG: [what: string, change: (config: never) => void, problems: string[]][] = [
  ["an unknown type", search({ type: "text" }), [`${A}.type unknown-kind`]],
  ["text without a length", search({ type: "string" }), [`${A}.maxLength required`]],
  [
    "text shorter than its shortest",
    search({ type: "string", maxLength: 1, minLength: 2 }),
    [`${A}.minLength conflict`],
  ],
  [
    "a list without a length",
    search({ type: "array", items: { type: "boolean" } }),
    [`${A}.maxItems required`],
  ],
  ["a list of nothing", search({ type: "array", maxItems: 1 }), [`${A}.items required`]],
  [
    "a range that is turned round",
    search({ type: "number", minimum: 2, maximum: 1 }),
    [`${A}.minimum conflict`],
  ],
  ["a bound that is no number", search({ type: "number", minimum: "1" }), [`${A}.minimum wrong-type`]],
  [
    "a bound of whole numbers that is none",
    search({ type: "integer", maximum: 1.5 }),
    [`${A}.maximum out-of-range`],
  ],
  [
    "a value that is too long for its text",
    search({ type: "string", maxLength: 1, enum: ["ab"] }),
    [`${A}.enum[0] too-long`],
  ],
  ["a value twice", search({ type: "string", maxLength: 1, enum: ["a", "a"] }), [`${A}.enum[1] duplicate`]],
  // Their kinds.
  [
    "a length that is known later",
    search({ type: "string", maxLength: "${x}" }),
    [`${A}.maxLength token-not-allowed`],
  ],
  ["a flag that is none", search({ type: "boolean", nullable: 1 }), [`${A}.nullable wrong-type`]],
  ["a flag that is known later", search({ type: "boolean", log: "${x}" }), [`${A}.log token-not-allowed`]],
  ["a value beside values", search({ type: "string", const: "a", enum: ["a"] }), [`${A}.const conflict`]],
  ["a number beside numbers", search({ type: "number", const: 1, enum: [1] }), [`${A}.const conflict`]],
  ["a value with NUL", search({ type: "string", const: "\0" }), [`${A}.const wrong-form`]],
  ["half a character", search({ type: "string", const: "\ud800" }), [`${A}.const wrong-form`]],
  [
    "a value that is too long",
    search({ type: "string", const: "ab", maxLength: 1 }),
    [`${A}.const too-long`],
  ],
  ["a value that is no text", search({ type: "string", maxLength: 9, const: 1 }), [`${A}.const wrong-type`]],
  ["a value of another type", search({ type: "boolean", const: "true" }), [`${A}.const wrong-type`]],
  ["no values", search({ type: "number", enum: [] }), [`${A}.enum too-few`]],
  ["a number twice", search({ type: "number", enum: [1, 1] }), [`${A}.enum[1] duplicate`]],
  [
    "a value that is no whole number",
    search({ type: "integer", enum: [1.5] }),
    [`${A}.enum[0] out-of-range`],
  ],
  [
    "a value that is known later",
    search({ type: "integer", const: "${x}" }),
    [`${A}.const token-not-allowed`],
  ],
  ["another format", search({ type: "string", maxLength: 9, format: "regex" }), [`${A}.format unknown-kind`]],
  [
    "a format of a prototype",
    search({ type: "string", format: "toString" }),
    [`${A}.maxLength required`, `${A}.format unknown-kind`],
  ],
  [
    "a format beside a pattern",
    search({ type: "string", format: "date", pattern: "a" }),
    [`${A}.format conflict`],
  ],
  [
    "two lower bounds",
    search({ type: "number", minimum: 1, exclusiveMinimum: 1 }),
    [`${A}.exclusiveMinimum conflict`],
  ],
  [
    "two upper bounds",
    search({ type: "number", maximum: 1, exclusiveMaximum: 1 }),
    [`${A}.exclusiveMaximum conflict`],
  ],
  [
    "a range of excluded bounds that is turned round",
    search({ type: "number", exclusiveMinimum: 2, exclusiveMaximum: 1 }),
    [`${A}.exclusiveMinimum conflict`],
  ],
  [
    "a bound that nothing is beyond",
    search({ type: "number", exclusiveMinimum: Number.MAX_VALUE }),
    [`${A}.exclusiveMinimum out-of-range`],
  ],
  ["multiples of a fraction", search({ type: "integer", multipleOf: 0.5 }), [`${A}.multipleOf out-of-range`]],
  ["multiples of nothing", search({ type: "integer", multipleOf: 0 }), [`${A}.multipleOf out-of-range`]],
  ["fractions that are multiples", search({ type: "number", multipleOf: 1 }), [`${A}.multipleOf unsafe`]],
  [
    "different lists in a list",
    search({
      ...{ type: "array", maxItems: 1, uniqueItems: true },
      items: { type: "array", maxItems: 1, items: { type: "boolean" } },
    }),
    [`${A}.uniqueItems unsafe`],
  ],
  [
    "other properties",
    search({ type: "object", properties: {}, additionalProperties: true }),
    [`${A}.additionalProperties unsafe`],
  ],
  [
    "fewer properties than their fewest",
    search({ type: "object", properties: {}, minProperties: 2, maxProperties: 1 }),
    [`${A}.minProperties conflict`],
  ],
  ["one object of one", search({ type: "object", oneOf: [card] }), [`${A}.oneOf too-few`]],
  [
    "objects that nothing tells apart",
    search({ type: "object", oneOf: [card, card] }),
    [`${A}.oneOf conflict`],
  ],
  [
    "objects that an optional constant tells apart",
    search({
      type: "object",
      oneOf: [card, { type: "object", properties: { kind: { type: "string", const: "b" } } }],
    }),
    [`${A}.oneOf conflict`],
  ],
  [
    "an object that is none",
    search({ type: "object", oneOf: [card, { type: "string", maxLength: 1 }] }),
    [`${A}.oneOf[1].maxLength unknown-field`, `${A}.oneOf[1].type unknown-kind`],
  ],
  [
    "objects beside properties",
    search({ type: "object", properties: {}, oneOf: [card, cash] }),
    [`${A}.properties unknown-field`],
  ],
  [
    "a wrong property of one of them",
    search({ type: "object", oneOf: [card, { ...cash, minProperties: -1 }] }),
    [`${A}.oneOf[1].minProperties out-of-range`],
  ],
  ["a field of another type", search({ type: "boolean", maxLength: 1 }), [`${A}.maxLength unknown-field`]],
  ["an object without properties", search({ type: "object" }), [`${A}.properties required`]],
  ["a nest of lists", search(deep(8)), [`${A}${".items".repeat(8)} over-budget`]],
  [
    "a catastrophic pattern",
    search({ type: "string", maxLength: 9, pattern: "(?:a+)+" }),
    [`${A}.pattern unsafe`],
  ],
  [
    "too many arguments",
    set(
      "tools.search.arguments",
      Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`a${i}`, { type: "boolean" }])),
    ),
    ["tools.search.arguments over-budget"],
  ],
];

test.each(WRONG)("%s", (_what, change, problems) => {
  const { check } = run(change);
  expect(check.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
});

test.each([
  [{ type: "string", enum: ["a", "\u{1f600}\u{1f600}"] }, 2],
  [{ type: "string", const: "abc" }, 3],
  [{ type: "string", format: "date" }, 10],
  [{ type: "string", format: "date", maxLength: 4 }, 4],
])("the length of %j is %d", (argument, maxLength) => {
  const { policy, check } = run(search(argument));
  expect(check.problems).toEqual([]);
  expect(policy.tools["search"]?.arguments["a"]).toEqual({ ...argument, maxLength });
});
