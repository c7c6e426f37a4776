import { isObject, type JsonObject } from "./message";
import { Inexpressible } from "./notes";
import { shown } from "./text";

/** Says something to people alone. */
const ANNOTATIONS = new Set([
  ...[
    "title",
    "description",
    "default",
    "examples",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "$comment",
  ],
  ...[
    "$schema",
    "$id",
    "$anchor",
    "$defs",
    "definitions",
    "discriminator",
    "contentEncoding",
    "contentMediaType",
  ],
]);

/** Keywords of a schema that decide something. */
export function deciding(schema: JsonObject): string[] {
  return Object.keys(schema).filter((key) => !ANNOTATIONS.has(key) && !key.startsWith("x-"));
}

/** A schema with its references followed. */
export interface Opened {
  readonly schema: JsonObject;
  /** Where it stands, if it was referred to: what comes back to one of these would never end. */
  readonly through: readonly string[];
}

/** Follows `$ref` and an `allOf` of one. @throws Inexpressible where that leads nowhere, round in a circle, or to two */
export function open(schema: unknown, root: JsonObject, through: readonly string[]): Opened {
  if (!isObject(schema)) {
    throw new Inexpressible(schema === true ? "may be anything" : "is no schema");
  }
  const { $ref, allOf } = schema;
  if ($ref !== undefined) {
    if (typeof $ref !== "string") throw new Inexpressible("has a reference that is no text");
    if (through.includes($ref)) throw new Inexpressible(`refers to itself (${shown($ref, 60)})`);
    return open(merged(without(schema, "$ref"), find($ref, root)), root, [...through, $ref]);
  }
  if (allOf === undefined) return { schema, through };
  if (!Array.isArray(allOf) || allOf.length !== 1)
    throw new Inexpressible("must be several things at once (allOf)");
  const inner = open(allOf[0], root, through);
  return open(merged(without(schema, "allOf"), inner.schema), root, inner.through);
}

/** Two schemas that must both hold, if they do not speak of the same. */
export function merged(outer: JsonObject, inner: unknown): JsonObject {
  if (!isObject(inner)) throw new Inexpressible(inner === true ? "may be anything" : "refers to no schema");
  const twice = deciding(outer).find((key) => Object.hasOwn(inner, key) && !same(outer[key], inner[key]));
  if (twice !== undefined) throw new Inexpressible(`says ${shown(twice, 40)} twice`);
  return { ...inner, ...outer };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** A schema less one keyword. */
export function without(schema: JsonObject, keyword: string): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== keyword));
}

function find($ref: string, root: JsonObject): unknown {
  if (!/^#(\/|$)/.test($ref)) throw new Inexpressible(`refers to something outside (${shown($ref, 60)})`);
  let at: unknown = root;
  for (const part of $ref.split("/").slice(1)) {
    const key = decode(part).replace(/~1/g, "/").replace(/~0/g, "~");
    const known = (isObject(at) || Array.isArray(at)) && Object.hasOwn(at, key);
    if (!known) throw new Inexpressible(`refers to what is not there (${shown($ref, 60)})`);
    at = (at as JsonObject)[key];
  }
  return at;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
