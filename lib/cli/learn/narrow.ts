import { ARGUMENT_NAME, MAX_ARGUMENTS, discriminator } from "../../policy/arguments";
import type { ArgumentConfig, ObjectArgument } from "../../policy/config";
import { isObject, type JsonObject } from "./message";
import { narrowArray, narrowNumber, narrowString, type Say } from "./narrow-values";
import { Inexpressible, TooLarge, type Note } from "./notes";
import { deciding, merged, open, without } from "./schema";
import { shown } from "./text";

type Arguments = Record<string, ArgumentConfig>;

/**
 * A tool's `inputSchema` in the subset that the gateway checks. What the result takes, the schema takes, but for what the
 * notes call not checked.
 * @throws Inexpressible when the tool could not be called as its schema asks, TooLarge when it has too many arguments
 */
export function narrow(schema: unknown, notes: Note[]): Arguments {
  if (!isObject(schema)) throw new Inexpressible("has no input schema");
  return new Narrower(schema, notes).root();
}

class Narrower {
  private count = 0;

  public constructor(
    private readonly whole: JsonObject,
    private readonly notes: Note[],
  ) {}

  public root(): Arguments {
    const { schema, through } = open(this.whole, this.whole, []);
    if (schema.type !== "object") throw new Inexpressible("takes something else than an object");
    this.others(schema, ["type", "properties", "required", "additionalProperties"], "");
    return this.properties(schema, "", through);
  }

  private say(path: string): Say {
    return (kind, says) => void this.notes.push({ kind, path, says });
  }

  /** Notes keywords that nothing of the result stands for. */
  private others(schema: JsonObject, known: readonly string[], path: string): void {
    const more = deciding(schema).filter((key) => !known.includes(key));
    if (more.length > 0) {
      this.say(path)(
        "not checked here",
        more
          .slice(0, 10)
          .map((key) => shown(key, 40))
          .join(", "),
      );
    }
  }

  private properties(schema: JsonObject, path: string, through: readonly string[]): Arguments {
    const declared = isObject(schema.properties) ? schema.properties : {};
    const required = new Set(Array.isArray(schema.required) ? (schema.required as unknown[]) : []);
    const extra = [...required].find((name) => typeof name !== "string" || !Object.hasOwn(declared, name));
    if (extra !== undefined)
      throw new Inexpressible(`requires ${shown(String(extra), 60)} and does not describe it`);
    const additional = schema.additionalProperties;
    if (additional === true || isObject(additional))
      this.say(path)("narrowed", "other properties are refused");
    const usable: [string, ArgumentConfig][] = [];
    for (const [name, inner] of Object.entries(declared)) {
      const needed = required.has(name);
      try {
        // In an object that is written down, `__proto__` is no property.
        if (!ARGUMENT_NAME.pattern.test(name) || name.length > ARGUMENT_NAME.max || name === "__proto__") {
          throw new Inexpressible("has a name that is none");
        }
        const argument = this.argument(inner, path === "" ? name : `${path}.${name}`, through);
        usable.push([name, needed ? { ...argument, required: true } : argument]);
      } catch (error) {
        if (!(error instanceof Inexpressible)) throw error;
        if (needed) throw new Inexpressible(`its ${shown(name, 80)} ${error.message}`);
        this.say(path)("left out", `${shown(name, 80)} ${error.message}`);
      }
    }
    return Object.fromEntries(usable);
  }

  private argument(given: unknown, path: string, through: readonly string[]): ArgumentConfig {
    if (++this.count > MAX_ARGUMENTS) throw new TooLarge(`has more than ${MAX_ARGUMENTS} arguments`);
    const opened = open(given, this.whole, through);
    const { schema, nullable } = notNull(opened.schema);
    const argument = this.notNullable(schema, path, opened.through);
    return nullable ? { ...argument, nullable: true } : argument;
  }

  private notNullable(schema: JsonObject, path: string, through: readonly string[]): ArgumentConfig {
    const key = schema.oneOf === undefined ? "anyOf" : "oneOf";
    const options = schema[key];
    if (Array.isArray(options)) {
      const outer = without(schema, key);
      if (options.length === 1) return this.argument(merged(outer, options[0]), path, through);
      const bare = deciding(outer).every((keyword) => keyword === "type");
      if (bare) return this.choice(options, outer, path, through);
      this.say(path)("not checked here", key);
      return this.notNullable(outer, path, through);
    }
    if (schema.const !== undefined || schema.enum !== undefined) return this.known(schema, path);
    const type = typeOf(schema);
    switch (type) {
      case "string":
        this.others(schema, ["type", "minLength", "maxLength", "pattern", "format"], path);
        return narrowString(schema, this.say(path));
      case "integer":
      case "number":
        this.others(
          schema,
          ["type", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
          path,
        );
        return narrowNumber({ ...schema, type }, this.say(path));
      case "boolean":
        this.others(schema, ["type"], path);
        return { type: "boolean" };
      case "array": {
        this.others(schema, ["type", "items", "minItems", "maxItems", "uniqueItems"], path);
        if (schema.items === undefined) throw new Inexpressible("is a list of anything");
        return narrowArray(schema, this.argument(schema.items, `${path}[]`, through), this.say(path));
      }
      case "object":
        return this.object(schema, path, through);
    }
  }

  private object(schema: JsonObject, path: string, through: readonly string[]): ObjectArgument {
    const { minProperties, maxProperties } = schema;
    const known = [
      "type",
      "properties",
      "required",
      "additionalProperties",
      "minProperties",
      "maxProperties",
    ];
    this.others(schema, known, path);
    const empty = !isObject(schema.properties) || Object.keys(schema.properties).length === 0;
    if (empty && schema.additionalProperties !== false)
      throw new Inexpressible("is an object without named properties");
    const limit = (value: unknown) =>
      Number.isSafeInteger(value) ? Math.min(value as number, MAX_ARGUMENTS) : undefined;
    const [min, max] = [limit(minProperties), limit(maxProperties)];
    return {
      type: "object",
      properties: this.properties(schema, path, through),
      ...(min !== undefined && min > 0 && { minProperties: min }),
      ...(max !== undefined && { maxProperties: max }),
    };
  }

  /** Several objects that a constant tells apart, or several constants. */
  private choice(
    options: readonly unknown[],
    outer: JsonObject,
    path: string,
    through: readonly string[],
  ): ArgumentConfig {
    const opened = options.map((option) => open(option, this.whole, through));
    if (opened.every(({ schema }) => schema.const !== undefined || schema.enum !== undefined)) {
      const values = opened.flatMap(({ schema }) => (schema.enum as unknown[] | undefined) ?? [schema.const]);
      return this.known({ ...outer, enum: [...new Set(values)] }, path);
    }
    if (!opened.every(({ schema }) => isObject(schema.properties)))
      throw new Inexpressible("may be of several kinds");
    const oneOf = opened.map(({ schema, through: way }, index) => {
      if (++this.count > MAX_ARGUMENTS) throw new TooLarge(`has more than ${MAX_ARGUMENTS} arguments`);
      return this.object(schema, `${path}(${index + 1})`, way);
    });
    if (oneOf.length > 50 || discriminator(oneOf) === undefined) {
      throw new Inexpressible("may be one of several objects that no constant tells apart");
    }
    return { type: "object", oneOf };
  }

  private known(schema: JsonObject, path: string): ArgumentConfig {
    this.others(schema, ["type", "const", "enum"], path);
    const given = schema.const === undefined ? schema.enum : [schema.const];
    const values = Array.isArray(given) ? [...new Set(given as unknown[])] : [];
    const kinds = new Set(values.map((value) => typeof value));
    const [kind] = kinds;
    const type = schema.type === undefined ? kind : schema.type;
    if (values.length === 0 || kinds.size > 1) throw new Inexpressible("is one of values of several kinds");
    if (kind === "string" && type === "string") {
      const texts = values as string[];
      if (texts.some((text) => /\0|\p{Cs}/u.test(text)))
        throw new Inexpressible("has a value that cannot be sent");
      if (texts.length === 1) return { type: "string", const: texts[0] as string };
      if (texts.length <= 200) return { type: "string", enum: texts };
      this.say(path)("not checked here", `its ${texts.length} values`);
      return { type: "string", maxLength: Math.max(...texts.map((text) => [...text].length)) };
    }
    if (kind === "number" && (type === "number" || type === "integer")) {
      const whole = (values as number[]).every((value) => Number.isSafeInteger(value));
      if (type === "integer" && !whole) throw new Inexpressible("has a value that is no whole number");
      if (values.length > 200) throw new Inexpressible("has more than 200 values");
      const of = { type: whole ? "integer" : "number" } as const;
      return values.length === 1
        ? { ...of, const: values[0] as number }
        : { ...of, enum: values as number[] };
    }
    if (kind === "boolean" && type === "boolean") {
      return values.length === 2 ? { type: "boolean" } : { type: "boolean", const: values[0] as boolean };
    }
    throw new Inexpressible("is one of values that are no texts, numbers or booleans");
  }
}

/** A schema without its null, and whether it had one. */
function notNull(schema: JsonObject): { schema: JsonObject; nullable: boolean } {
  const { type } = schema;
  // An enum beside it must have null, too, else null was never taken.
  const listed = Array.isArray(schema.enum) ? (schema.enum as unknown[]).includes(null) : undefined;
  if (Array.isArray(type) && type.includes("null")) {
    const types = (type as unknown[]).filter((each) => each !== "null");
    const values = listed === true && { enum: (schema.enum as unknown[]).filter((value) => value !== null) };
    const rest = { ...schema, type: types.length === 1 ? types[0] : types, ...values };
    return { schema: rest, nullable: listed !== false && schema.const === undefined };
  }
  if (listed === true && type === undefined) {
    return {
      schema: { ...schema, enum: (schema.enum as unknown[]).filter((value) => value !== null) },
      nullable: true,
    };
  }
  const key = schema.oneOf === undefined ? "anyOf" : "oneOf";
  const options = schema[key];
  if (!Array.isArray(options) || deciding(schema).length > 1) return { schema, nullable: false };
  const rest = (options as unknown[]).filter(
    (each) => !(isObject(each) && (each.type === "null" || each.const === null)),
  );
  if (rest.length === options.length || rest.length === 0) return { schema, nullable: false };
  return { schema: { ...schema, [key]: rest }, nullable: true };
}

const TYPES = ["string", "integer", "number", "boolean", "array", "object"] as const;

function typeOf(schema: JsonObject): (typeof TYPES)[number] {
  const { type } = schema;
  const only = Array.isArray(type) && type.length === 1 ? (type[0] as unknown) : type;
  if (Array.isArray(type) && type.length === 2 && type.includes("integer") && type.includes("number"))
    return "number";
  const known = TYPES.find((each) => each === only);
  if (known !== undefined) return known;
  if (only !== undefined)
    throw new Inexpressible(Array.isArray(type) ? "may be of several types" : "has no type that we know");
  throw new Inexpressible("says nothing of its type");
}
