import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import fc from "fast-check";
import { tableOf } from "../../../lib/cli/learn/table";
import { judgeArguments } from "../../../lib/policy/judge";
import { nearly } from "../../policy/generate";

const object = (kind: string) => ({
  type: "object",
  properties: { kind: { const: kind } },
  required: ["kind"],
});

/** Schemas as servers write them, and worse. */
const schemas = fc.letrec<{ any: object; scalar: object; nest: object }>((tie) => {
  const small = fc.integer({ min: 0, max: 4 });
  const bound = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0.5, -0.5, 1e300, -1e300, 2 ** 53));
  const pattern = fc.constantFrom(
    "^[a-z]+$",
    "a",
    "^a|b$",
    "^(a|b)$",
    "b$",
    "^a",
    "(?=a)a",
    "^\\S+$",
    "^.{1,3}$",
  );
  const texts = fc.constantFrom("a", "b", "ab", "card", "😀", "");
  const format = fc.constantFrom(
    "date",
    "date-time",
    "uuid",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "uri",
    "time",
  );
  const some = (fields: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record(fields, { requiredKeys: ["type"] });
  const named = (of: fc.Arbitrary<object>) =>
    fc.dictionary(fc.constantFrom("a", "b", "kind", "a.b"), of, { maxKeys: 3 });
  return {
    scalar: fc.oneof(
      some({
        type: fc.constantFrom("string", ["string", "null"]),
        minLength: small,
        maxLength: small,
        pattern,
      }),
      some({ type: fc.constant("string"), format }),
      some({
        type: fc.constantFrom("integer", "number", ["integer", "null"], ["integer", "number"]),
        ...{ minimum: bound, maximum: bound, exclusiveMinimum: bound, exclusiveMaximum: bound },
        multipleOf: fc.constantFrom(1, 2, 0.5),
      }),
      some({ type: fc.constant("boolean") }),
      fc.record({
        enum: fc.uniqueArray(fc.oneof(texts, fc.constantFrom(null, 1, 2)), { minLength: 1, maxLength: 3 }),
      }),
      fc.record({ const: fc.oneof(texts, fc.integer({ min: 0, max: 2 }), fc.boolean()) }),
      fc.constantFrom({}, { $ref: "#/$defs/x" }, { $ref: "#/$defs/y" }, { type: "null" }),
    ),
    nest: fc.oneof(
      some({
        type: fc.constant("array"),
        items: tie("any"),
        minItems: small,
        maxItems: small,
        uniqueItems: fc.boolean(),
      }),
      some({
        type: fc.constant("object"),
        properties: named(tie("any")),
        required: fc.uniqueArray(fc.constantFrom("a", "b"), { maxLength: 1 }),
        additionalProperties: fc.oneof(fc.boolean(), tie("any")),
        minProperties: small,
      }),
      fc.record({ anyOf: fc.array(tie("any"), { minLength: 1, maxLength: 3 }) }),
      fc.record({ anyOf: tie("any").map((schema) => [schema, { type: "null" }]) }),
      fc.uniqueArray(texts, { minLength: 2, maxLength: 2 }).map((names) => ({ oneOf: names.map(object) })),
      fc.record({ allOf: fc.tuple(tie("any")), description: fc.constant("x") }),
    ),
    any: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      { weight: 2, arbitrary: tie("scalar") },
      tie("nest"),
    ),
  };
}).any;

test("what the table takes the server's own schema takes, but for what is said to be unchecked", () => {
  const ajv = addFormats(new Ajv2020({ strict: false, ownProperties: true }));
  const $defs = {
    x: { type: "string", maxLength: 2 },
    y: { type: "object", properties: { y: { $ref: "#/$defs/y" } } },
  };
  const tools = fc
    .tuple(fc.dictionary(fc.constantFrom("a", "b", "c"), schemas, { maxKeys: 3 }), fc.subarray(["a"]))
    .map(([properties, required]) => ({ type: "object", properties, required, $defs }));
  const seen = { tables: 0, refused: 0, taken: 0 };
  const cases = tools.chain((schema) => {
    const [tool] = tableOf([{ name: "t", inputSchema: schema }]).tools;
    const sent =
      tool === undefined
        ? fc.constant(undefined)
        : fc.array(nearly(tool.arguments), { minLength: 8, maxLength: 8 });
    return sent.map((values) => ({ schema, tool, values }));
  });
  fc.assert(
    fc.property(cases, ({ schema, tool, values }) => {
      if (tool === undefined || values === undefined) return void seen.refused++;
      seen.tables++;
      if (tool.notes.some(({ kind }) => kind === "not checked here")) return;
      const server = ajv.compile(schema);
      for (const value of values) {
        const sent = JSON.parse(JSON.stringify(value)) as unknown;
        if (judgeArguments(tool.arguments, sent) !== undefined) continue;
        seen.taken++;
        if (!server(sent)) throw new Error(`${JSON.stringify(tool.arguments)} takes ${JSON.stringify(sent)}`);
      }
    }),
    { numRuns: 800, seed: 7 },
  );
  expect(seen.tables).toBeGreaterThan(seen.refused);
  expect(seen.taken).toBeGreaterThan(800);
});
