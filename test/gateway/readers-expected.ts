import type { ArgumentConfig } from "../../lib/policy/config";
import { ARGUMENTS } from "./readers-messages";

/** What becomes of a message, and what the audit line tells of its arguments. */
export interface Expected {
  readonly status: number;
  readonly reason: string;
  readonly args: Readonly<Record<string, unknown>> | null;
}

type Fields = Readonly<Record<string, unknown>>;
const MALFORMED: Expected = { status: 400, reason: "malformed", args: null };
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The same as the gateway finds, by JavaScript's own reader. */
export function expectedOf(message: Buffer): Expected {
  let [text, value]: [string, unknown] = ["", undefined];
  try {
    text = UTF8.decode(message);
    value = JSON.parse(text);
  } catch {
    return MALFORMED;
  }
  const all = [...within(value)];
  const keys = all.reduce<number>((sum, one) => sum + (isObject(one) ? Object.keys(one).length : 0), 0);
  // A key that stands twice is lost when it is read.
  if (keys !== keysIn(text)) return MALFORMED;
  if (!all.every(isClear) || hasEndlessExponent(text)) return MALFORMED;
  const { arguments: given, ...params } = (value as { params: Fields }).params;
  const args = isObject(given) ? describe(given) : null;
  const { name: _name, _meta, ...others } = params;
  if (Object.keys(others).length > 0) return { ...MALFORMED, args };
  const fits = fitting(given, { type: "object", properties: ARGUMENTS });
  return fits ? { status: 200, reason: "ok", args } : { status: 400, reason: "argument-invalid", args };
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value and all values in it; names of members, too. */
function* within(value: unknown): Generator<unknown> {
  yield value;
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield* Object.keys(value);
  for (const item of Object.values(value)) yield* within(item);
}

function keysIn(text: string): number {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"([ \t\r\n]*:)?/g)].filter(([, colon]) => colon !== undefined)
    .length;
}

function isClear(value: unknown): boolean {
  if (typeof value === "string") return !/[\ud800-\udfff\0]/u.test(value);
  return typeof value !== "number" || Number.isFinite(value);
}

/** LuaJIT reads no number with such an exponent, which JavaScript takes for zero where it is negative. */
function hasEndlessExponent(text: string): boolean {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/g, "").matchAll(/[eE][+-]?(\d+)/g);
  return [...outside].some(([, digits]) => Number(digits) >= 2 ** 20);
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}

function fitting(value: unknown, schema: ArgumentConfig): boolean {
  if (schema.type === "integer") return Number.isSafeInteger(value);
  if (typeOf(value) !== schema.type) return false;
  switch (schema.type) {
    case "string":
      return (
        [...(value as string)].length <= (schema.maxLength ?? 0) &&
        (!schema.pattern || /^[a-z]*$/.test(value as string))
      );
    case "array":
      return (
        (value as unknown[]).length <= schema.maxItems &&
        (value as unknown[]).every((item) => fitting(item, schema.items))
      );
    case "object": {
      const fields: Readonly<Record<string, ArgumentConfig>> =
        "properties" in schema ? schema.properties : {};
      const given = value as Fields;
      return (
        Object.keys(given).every((name) => Object.hasOwn(fields, name)) &&
        Object.entries(fields).every(([name, its]) =>
          Object.hasOwn(given, name) ? fitting(given[name], its) : its.required !== true,
        )
      );
    }
    case "number":
    case "boolean":
      return true;
  }
}

function describe(given: Fields): Fields | null {
  const told: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(ARGUMENTS)) {
    if (!Object.hasOwn(given, name)) continue;
    const [value, type] = [given[name], typeOf(given[name])];
    if (schema.log === true && ["string", "number", "boolean"].includes(type)) {
      told[name] = { value: typeof value === "string" ? cut(value) : value };
      continue;
    }
    const length = lengthOf(value);
    told[name] = { type, ...(length !== undefined && { length }) };
  }
  return Object.keys(told).length === 0 ? null : told;
}

function lengthOf(value: unknown): number | undefined {
  if (typeof value === "string") return [...value].length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : undefined;
}

/** As many whole characters as fit into 256 bytes. */
function cut(text: string): string {
  let [kept, bytes] = ["", 0];
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > 256) break;
    kept += character;
  }
  return kept;
}
