import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ValueType } from "./schema";

/** How a generated class writes one attribute: the only place that tells a set from a list, a block from a map. */
export interface WrittenAttribute {
  readonly isBlock: boolean;
  /** `simple`, `list`, `set`, `map` or `struct`. */
  readonly type: string;
  /** `string`, `stringList`, the name of a struct, or `any`. */
  readonly storage: string;
}

/** One attribute as its getter declares it. */
export interface Member {
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  /** The class of a nested value, and whether it is a set. */
  readonly nested?: { readonly className: string; readonly set: boolean };
  readonly type?: ValueType;
}

/** One generated class. */
export interface BindingClass {
  readonly base: string;
  readonly members: Readonly<Record<string, Member>>;
  /** The class of one element, where this one is a list or a map. */
  readonly element?: string;
  readonly written: Readonly<Record<string, WrittenAttribute>>;
}

/** Everything of one resource type's module. */
export interface Bindings {
  readonly classes: Readonly<Record<string, BindingClass>>;
  /** The attributes of each configuration struct, by the struct's name. */
  readonly structs: Readonly<Record<string, Readonly<Record<string, WrittenAttribute>>>>;
}

const MAP = "sourceMappingURL=data:application/json;base64,";
const PRIMITIVE: Readonly<Record<string, ValueType>> = {
  String: "string",
  Number: "number",
  Boolean: "bool",
  Any: "dynamic",
};

/** Reads one module of a generated provider package, such as `lb-listener`. Undefined when there is none. */
export function readBindings(packageName: string, module: string): Bindings | undefined {
  const folder = join(dirname(require.resolve(`${packageName}/package.json`)), "lib", module);
  const index = join(folder, "index.js");
  if (!existsSync(index)) return undefined;
  const structs = join(folder, "index-structs");
  const more = existsSync(structs) ? readdirSync(structs).filter((name) => name.endsWith(".js")) : [];
  return parse([index, ...more.map((name) => join(structs, name))].map(typescriptOf).join("\n"));
}

/** The TypeScript that a file was compiled from: only it still has the types, and the package ships it inside. */
function typescriptOf(file: string): string {
  const compiled = readFileSync(file, "latin1");
  const at = compiled.lastIndexOf(MAP);
  if (at < 0) return "";
  const map: unknown = JSON.parse(
    Buffer.from(compiled.slice(at + MAP.length).trim(), "base64").toString("utf8"),
  );
  return (map as { sourcesContent: string[] }).sourcesContent[0] ?? "";
}

function parse(source: string): Bindings {
  const classes: Record<string, BindingClass> = {};
  for (const [, name = "", base = "", body = ""] of source.matchAll(
    /export class (\w+) extends cdktf\.(\w+) \{([\s\S]*?)\n\}\n?/g,
  )) {
    const element = /(?:List|Map)$/.test(name)
      ? /public get\(\w+: (?:number|string)\): (\w+)/.exec(body)?.[1]
      : undefined;
    classes[name] = {
      base,
      members: members(body),
      written: written(body.split("synthesizeHclAttributes")[1] ?? ""),
      ...(element !== undefined && { element }),
    };
  }
  const structs: Bindings["structs"] = Object.fromEntries(
    [...source.matchAll(/export function (\w+)ToHclTerraform\([^)]*\)[^{]*\{([\s\S]*?)\n\}\n/g)].map(
      ([, name = "", body = ""]) => [`${name.charAt(0).toUpperCase()}${name.slice(1)}`, written(body)],
    ),
  );
  return { classes, structs };
}

function written(body: string): Record<string, WrittenAttribute> {
  const entry =
    /\n\s+([a-z0-9_]+): \{\n\s+value: .*?,\n\s+isBlock: (true|false),\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)",/g;
  return Object.fromEntries(
    [...body.matchAll(entry)].map(([, name = "", block, type = "", storage = ""]) => [
      name,
      { isBlock: block === "true", type, storage },
    ]),
  );
}

/** Every member begins with a comment of its flags: `// port - computed: false, optional: true, required: false`. */
function members(body: string): Record<string, Member> {
  const result: Record<string, Member> = {};
  for (const part of body.split(/\n {2}\/\/ (?=[a-z0-9_]+ - computed: )/).slice(1)) {
    const head = /^([a-z0-9_]+) - computed: (\w+), optional: (\w+), required: (\w+)/.exec(part);
    if (head?.[1] === undefined) continue;
    const flags = {
      computed: head[2] === "true",
      optional: head[3] === "true",
      required: head[4] === "true",
    };
    const map = /private _\w+ = new cdktf\.(String|Number|Boolean|Any)Map(List)?\(this/.exec(part);
    const nested = /private _\w+ = new (\w+)\(this, "[^"]+"(?:, (true|false))?\)/.exec(part);
    if (map?.[1] !== undefined) {
      const type: ValueType = ["map", PRIMITIVE[map[1]] ?? "dynamic"];
      result[head[1]] = { ...flags, type: map[2] === undefined ? type : ["list", type] };
    } else if (nested?.[1] !== undefined) {
      result[head[1]] = { ...flags, nested: { className: nested[1], set: nested[2] === "true" } };
    } else {
      result[head[1]] = { ...flags, type: typeOfGetter(part) };
    }
  }
  return result;
}

function typeOfGetter(body: string): ValueType {
  const set = /Fn\.tolist\(this\.get(String|Number)?ListAttribute/.exec(body);
  if (set) return ["set", PRIMITIVE[set[1] ?? "String"] ?? "string"];
  const get = /this\.get(String|Number|Boolean|Any)?(List|Map|MapList)?Attribute\(/.exec(body);
  const primitive = PRIMITIVE[get?.[1] ?? "String"] ?? "string";
  if (get === null) return "dynamic";
  if (get[2] === "List") return ["list", primitive];
  if (get[2] === "Map") return ["map", primitive];
  return get[2] === "MapList" ? ["list", ["map", primitive]] : primitive;
}
