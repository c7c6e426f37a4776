import fc from "fast-check";
import type { ArgumentConfig, ObjectArgument } from "../../lib/policy/config";
import { FORMAT_NAMES } from "../../lib/policy/formats";
import { FORMED } from "./formed";

/** Names, those that trap readers among them. */
const names = fc.constantFrom(
  "a",
  "b",
  "c",
  "kind",
  "__proto__",
  "constructor",
  "toString",
  "a.b",
  "$x",
  "-",
);
const texts = fc.oneof(
  fc.constantFrom(
    "",
    "a",
    "ab",
    "b",
    "1",
    "1.0",
    "true",
    "null",
    "card",
    "cash",
    "\n",
    "a\nb",
    "é",
    "😀",
    "a😀",
    "\u2028",
  ),
  fc.string({ unit: "binary", maxLength: 6 }).filter((text) => !/\0|\p{Cs}/u.test(text)),
);
const formed = fc.constantFrom(...Object.values(FORMED).flat());
const numbers = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    0.5,
    1.5,
    2,
    3,
    6,
    7,
    1e300,
    5e-324,
    2 ** 53 - 1,
    2 ** 53,
    -(2 ** 53),
    0.1,
    0.30000000000000004,
  ),
  fc.integer({ min: -20, max: 20 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const whole = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(2 ** 53 - 1, 1 - 2 ** 53, 0));
const size = fc.integer({ min: 0, max: 4 });

/** Some of the fields. */
const some = <T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }, needed: (keyof T)[] = []) =>
  fc.record(fields, { requiredKeys: needed as [] }) as fc.Arbitrary<Partial<T>>;

const flags = { required: fc.boolean(), nullable: fc.boolean(), log: fc.boolean() };
const pattern = fc.constantFrom("[a-z]+(?:-[a-z]+)*", "a|b", "[^a]*", ".", ".{0,3}", "\\d+", "\\w?");
const distinct = <T>(of: fc.Arbitrary<T>) =>
  fc.uniqueArray(of, { minLength: 1, maxLength: 3, comparator: "SameValueZero" });

const text = fc
  .tuple(
    some(flags),
    fc.oneof(
      some({ maxLength: size, minLength: size, pattern }, ["maxLength"]),
      some({ enum: distinct(texts) }, ["enum"]),
      some({ const: texts }, ["const"]),
      some({ format: fc.constantFrom(...FORMAT_NAMES) }, ["format"]),
    ),
  )
  .map(([common, rules]) => ({ type: "string", ...common, ...rules }));
const number = (type: "integer" | "number", of: fc.Arbitrary<number>) =>
  fc
    .tuple(
      some(flags),
      fc.oneof(some({ minimum: of }), some({ exclusiveMinimum: of })),
      fc.oneof(some({ maximum: of }), some({ exclusiveMaximum: of })),
      fc.oneof(
        fc.constant({}),
        fc.constant({}),
        some({ enum: distinct(of) }, ["enum"]),
        some({ const: of }, ["const"]),
        ...(type === "integer" ? [some({ multipleOf: fc.integer({ min: 1, max: 7 }) })] : []),
      ),
    )
    .map((parts) => Object.assign({ type }, ...parts) as object);
const boolean = some({ ...flags, const: fc.boolean() }).map((rest) => ({ type: "boolean", ...rest }));

/** Properties by name; `__proto__` as one like the others. */
const named = <T>(value: fc.Arbitrary<T>, maxLength = 4) =>
  fc
    .uniqueArray(fc.tuple(names, value), { maxLength, selector: ([name]) => name })
    .map((entries) => Object.fromEntries(entries));

const tree = fc.letrec<{ argument: object; array: object; object: object; choice: object; scalar: object }>(
  (tie) => ({
    scalar: fc.oneof(text, number("integer", whole), number("number", numbers), boolean),
    argument: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      tie("scalar"),
      tie("array"),
      tie("object"),
      tie("choice"),
    ),
    array: fc
      .oneof(
        some({ ...flags, items: tie("argument"), maxItems: size, minItems: size }, ["items", "maxItems"]),
        some({ ...flags, items: tie("scalar"), maxItems: size, uniqueItems: fc.boolean() }, [
          "items",
          "maxItems",
        ]),
      )
      .map((rest) => ({ type: "array", ...rest })),
    object: some({ ...flags, properties: named(tie("argument")), minProperties: size, maxProperties: size }, [
      "properties",
    ]).map((rest) => ({ type: "object", ...rest })),
    choice: fc
      .tuple(
        some(flags),
        fc.uniqueArray(texts, { minLength: 2, maxLength: 3 }),
        fc.array(tie("object"), { minLength: 3, maxLength: 3 }),
      )
      .map(([common, kinds, objects]) => ({
        type: "object",
        ...common,
        oneOf: kinds.map((kind, index) => {
          const branch = objects[index] as ObjectArgument;
          const properties = { ...branch.properties, kind: { type: "string", const: kind, required: true } };
          return { ...branch, properties };
        }),
      })),
  }),
);

/** Tables of arguments of every kind. Bounds may be turned round: then the check refuses them. */
export const declarations = named(tree.argument) as fc.Arbitrary<Record<string, ArgumentConfig>>;

const scalars = fc.oneof(texts, formed, numbers, fc.boolean(), fc.constant(null));
const values = fc.letrec<{ value: unknown; items: unknown[]; object: object }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, scalars, tie("items"), tie("object")),
  items: fc.array(tie("value"), { maxLength: 4 }),
  object: named(tie("value")),
}));

/** A value that is near what an argument takes: right in most places, so that the rest is judged too. */
function near(argument: ArgumentConfig): fc.Arbitrary<unknown> {
  const right = (): fc.Arbitrary<unknown> => {
    switch (argument.type) {
      case "string": {
        const known = argument.const === undefined ? argument.enum : [argument.const];
        if (known !== undefined) return fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...known) }, texts);
        return argument.format === undefined ? texts : formed;
      }
      case "integer":
      case "number": {
        const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = argument;
        const marks = [
          minimum,
          maximum,
          exclusiveMinimum,
          exclusiveMaximum,
          ...(argument.enum ?? []),
          argument.const,
        ];
        const close = marks.flatMap((mark) =>
          mark === undefined ? [] : [mark, mark + 1, mark - 1, mark * (1 + 2 ** -52)],
        );
        const finite = close.filter(Number.isFinite);
        return fc.oneof(
          ...(finite.length > 0 ? [fc.constantFrom(...finite)] : []),
          argument.type === "integer" ? whole : numbers,
        );
      }
      case "boolean":
        return fc.boolean();
      case "array":
        return fc.array(near(argument.items), { maxLength: argument.maxItems + 1 });
      case "object":
        return "oneOf" in argument
          ? fc.oneof(...argument.oneOf.map(({ properties }) => nearly(properties)))
          : nearly(argument.properties);
    }
  };
  return fc.oneof({ weight: 12, arbitrary: right() }, fc.constant(null), {
    weight: 1,
    arbitrary: values.value,
  });
}

/** Arguments near a table of them. */
export function nearly(declared: Readonly<Record<string, ArgumentConfig>>): fc.Arbitrary<object> {
  const fields = Object.entries(declared).map(([name, argument]) =>
    fc.tuple(
      fc.constant(name),
      near(argument),
      argument.required === true ? fc.integer({ min: 0, max: 11 }).map((n) => n > 0) : fc.boolean(),
    ),
  );
  return fc
    .tuple(fc.tuple(...fields), fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, named(values.value, 1)))
    .map(([given, more]) =>
      Object.fromEntries([
        ...Object.entries(more),
        ...given.filter(([, , there]) => there).map(([name, value]) => [name, value] as const),
      ]),
    );
}
