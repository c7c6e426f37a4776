import { createHash } from "node:crypto";
import { UNKNOWN, Unknown, type Value } from "./msgpack";
import type { Block, ValueType } from "./schema";

type Fields = { [key: string]: Value };

/** What stands in an attribute that the provider decides. */
type Make = (type: ValueType, name: string) => Value;

const isFields = (value: Value | undefined): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Unknown);

/** The plan of a new resource: everything that the provider decides is unknown. */
export function planned(block: Block, config: Value): Value {
  return fill(block, config, () => UNKNOWN);
}

/** The plan of an existing resource: what is not there stays not there, so that nothing differs. */
export function unchanged(block: Block, config: Value): Value {
  return fill(block, config, () => null);
}

/** A data source's answer. */
export function answered(block: Block, config: Value, owner: string): Value {
  return fill(block, config, (type, name) => invent(type, name, owner));
}

/** A resource after apply: every unknown value has become one of its type. */
export function settled(block: Block, plan: Value, owner: string): Value {
  return mapBlock(block, plan, (type, name, value) => settle(type, name, value, owner));
}

function fill(block: Block, value: Value, make: Make): Value {
  return mapBlock(block, value, (type, name, own, computed) =>
    own === null && computed ? make(type, name) : own,
  );
}

/** Walks the attributes of a block and of every block inside. What is write-only never comes back. */
function mapBlock(
  block: Block,
  value: Value,
  map: (type: ValueType, name: string, value: Value, computed: boolean) => Value,
): Value {
  if (!isFields(value)) return value;
  const result: Fields = { ...value };
  for (const [name, attribute] of Object.entries(block.attributes ?? {})) {
    result[name] =
      attribute.write_only === true
        ? null
        : map(attribute.type, name, value[name] ?? null, attribute.computed === true);
  }
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const inner = value[name];
    if (Array.isArray(inner)) result[name] = inner.map((each) => mapBlock(nested.block, each, map));
    else if (isFields(inner) && nested.nesting_mode === "map") {
      result[name] = Object.fromEntries(
        Object.entries(inner).map(([key, each]) => [key, mapBlock(nested.block, each, map)]),
      );
    } else if (inner !== undefined) result[name] = mapBlock(nested.block, inner, map);
  }
  return result;
}

function settle(type: ValueType, name: string, value: Value, owner: string): Value {
  if (value instanceof Unknown) return invent(type, name, owner);
  if (typeof type === "string") return value;
  const [kind, inner] = type;
  if (Array.isArray(value) && kind !== "object") return value.map((each) => settle(inner, name, each, owner));
  if (!isFields(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      settle(kind === "object" ? (inner[key] ?? "dynamic") : inner, key, each, owner),
    ]),
  );
}

const ACCOUNT = "123456789012";
const REGION = "eu-west-1";
/** Values whose form matters to whoever reads them. */
const FORMS: readonly [RegExp, (owner: string) => string][] = [
  [/(^|_)arn$/, (owner) => `arn:aws:invented:${REGION}:${ACCOUNT}:${owner}`],
  [/^(account|owner)_id$/, () => ACCOUNT],
  [/^region$/, () => REGION],
  [/^partition$/, () => "aws"],
  [/cidr_block$/, () => "10.0.0.0/16"],
  [/^(json|policy)$/, () => JSON.stringify({ Version: "2012-10-17", Statement: [] })],
];

/** A value of a type, the same for the same owner and name, different for others. */
function invent(type: ValueType, name: string, owner: string): Value {
  if (type === "string") {
    const form = FORMS.find(([pattern]) => pattern.test(name));
    if (form !== undefined) return form[1](owner);
    return `${name}-${createHash("sha256").update(`${owner} ${name}`).digest("hex").slice(0, 12)}`;
  }
  if (type === "number") return 0;
  if (type === "bool") return false;
  if (type === "dynamic") return null;
  const [kind, inner] = type;
  if (kind === "map") return {};
  if (kind !== "object") return [invent(inner, name, owner)];
  return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, invent(each, key, owner)]));
}
