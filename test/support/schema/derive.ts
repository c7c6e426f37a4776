import { readBindings, type Bindings, type Member, type WrittenAttribute } from "./bindings";
import type { Attribute, Block, NestedBlock, ProviderSchema, Schema, ValueType } from "./schema";

/** The types that a file uses, by their Terraform names: `aws_lb`. */
export interface UsedTypes {
  readonly resources: readonly string[];
  readonly dataSources: readonly string[];
}

/**
 * Derives the schema of some types of a provider from its generated bindings. It proves shape and wiring: names,
 * required and computed attributes, blocks. It knows no enumerations and no provider logic, and cannot know what is
 * sensitive or how many blocks are allowed: `graft` adds that from a real schema. A type that the bindings do not
 * have is left out, so that Terraform refuses it.
 */
export function deriveSchema(packageName: string, prefix: string, used: UsedTypes): ProviderSchema {
  const moduleOf = (type: string) => type.slice(prefix.length + 1).replaceAll("_", "-");
  const derive = (types: readonly string[], base: string, folder: string) =>
    Object.fromEntries(
      types.flatMap((type) => {
        const schema = schemaOf(packageName, `${folder}${moduleOf(type)}`, base);
        return schema === undefined ? [] : [[type, schema]];
      }),
    );
  const provider = schemaOf(packageName, "provider", "TerraformProvider");
  if (provider === undefined) throw new Error(`${packageName} has no provider class where one was expected`);
  return {
    provider,
    resource_schemas: derive(used.resources, "TerraformResource", ""),
    data_source_schemas: derive(used.dataSources, "TerraformDataSource", `data-${prefix}-`),
  };
}

function schemaOf(packageName: string, module: string, base: string): Schema | undefined {
  const bindings = readBindings(packageName, module);
  const found = Object.entries(bindings?.classes ?? {}).find(([, each]) => each.base === base);
  if (bindings === undefined || found === undefined) return undefined;
  return { version: 0, block: blockOf(bindings, found[0], found[1].written) };
}

type Written = Readonly<Record<string, WrittenAttribute>>;

function blockOf(bindings: Bindings, className: string, written: Written): Block {
  const attributes: Record<string, Attribute> = {};
  const block_types: Record<string, NestedBlock> = {};
  for (const [name, member] of Object.entries(bindings.classes[className]?.members ?? {})) {
    const how = written[name];
    if (member.nested !== undefined && how?.isBlock === true) {
      block_types[name] = nestedBlock(bindings, name, member, member.nested, how);
    } else if (member.nested !== undefined) {
      attributes[name] = { type: nestedType(bindings, member.nested, how), ...flags(member) };
    } else if (how?.isBlock === true && how.storage === "any") {
      block_types[name] = { nesting_mode: how.type === "set" ? "set" : "list", any: true, block: {} };
    } else {
      const type = (how === undefined ? member.type : storedType(how)) ?? "dynamic";
      attributes[name] = { type, ...flags(member) };
    }
  }
  return { attributes, block_types };
}

function flags(member: Member): Omit<Attribute, "type"> {
  if (member.required) return { required: true };
  return {
    ...((member.optional || !member.computed) && { optional: true }),
    ...(member.computed && { computed: true }),
  };
}

type Nested = NonNullable<Member["nested"]>;

/** The class of one value: a list class names that of its elements. */
function valueClass(
  bindings: Bindings,
  nested: Nested,
): { className: string; written: Written; many: boolean } {
  const element = bindings.classes[nested.className]?.element;
  const className = element ?? nested.className;
  const written = bindings.structs[className.replace(/OutputReference$/, "")] ?? {};
  return { className, written, many: element !== undefined };
}

function nestedBlock(
  bindings: Bindings,
  name: string,
  member: Member,
  nested: Nested,
  how: WrittenAttribute,
): NestedBlock {
  const { className, written, many } = valueClass(bindings, nested);
  const block = blockOf(bindings, className, written);
  const mode = nested.set || how.type === "set" ? "set" : "list";
  if (many) {
    const nesting_mode = how.type === "map" ? "map" : mode;
    return { nesting_mode, block, ...(member.required && nesting_mode !== "map" && { min_items: 1 }) };
  }
  if (name === "timeouts" || how.type === "struct") return { nesting_mode: "single", block };
  return { nesting_mode: mode, block, max_items: 1, ...(member.required && { min_items: 1 }) };
}

function nestedType(bindings: Bindings, nested: Nested, how: WrittenAttribute | undefined): ValueType {
  const { className, written, many } = valueClass(bindings, nested);
  const object = objectOf(blockOf(bindings, className, written));
  if (!many) return object;
  if (bindings.classes[nested.className]?.base === "ComplexMap") return ["map", object];
  return [nested.set || how?.type === "set" ? "set" : "list", object];
}

/** A block as the type of an attribute's value. */
function objectOf(block: Block): ValueType {
  const fields: Record<string, ValueType> = {};
  for (const [name, { type }] of Object.entries(block.attributes ?? {})) fields[name] = type;
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const inner = objectOf(nested.block);
    fields[name] = nested.nesting_mode === "single" ? inner : [nested.nesting_mode, inner];
  }
  return ["object", fields];
}

const PRIMITIVE: Readonly<Record<string, ValueType>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  any: "dynamic",
};

/** `string`, `stringList` or `stringMapList`: a primitive in up to two collections, the outer one last. */
function storedType(how: WrittenAttribute): ValueType | undefined {
  const match = /^(string|number|boolean|any)(List|Set|Map)?(List|Map)?$/.exec(how.storage);
  const primitive = PRIMITIVE[match?.[1] ?? ""];
  if (match === null || primitive === undefined) return undefined;
  const kinds = [match[2], match[3]].filter((kind) => kind !== undefined);
  return kinds.reduce<ValueType>((inner, kind, index) => {
    const outermost = index === kinds.length - 1;
    if (kind === "Map") return ["map", inner];
    return [kind === "Set" || (outermost && how.type === "set") ? "set" : "list", inner];
  }, primitive);
}
