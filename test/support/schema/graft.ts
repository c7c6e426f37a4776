import type { Block, ProviderSchema } from "./schema";

/**
 * Adds to a derived schema what bindings cannot carry, from a real schema of another version, wherever both have
 * the same path: the inside of blocks typed `any`, numbers of blocks, what is sensitive or write-only.
 */
export function graft(derived: ProviderSchema, real: ProviderSchema): ProviderSchema {
  const result = structuredClone(derived);
  for (const kind of ["resource_schemas", "data_source_schemas"] as const) {
    for (const [type, schema] of Object.entries(result[kind])) {
      const other = real[kind][type];
      if (other === undefined) continue;
      schema.version = other.version;
      graftBlock(schema.block, other.block);
    }
  }
  return result;
}

function graftBlock(block: Block, real: Block): void {
  const attributes = (block.attributes ??= {});
  const blocks = (block.block_types ??= {});
  for (const [name, other] of Object.entries(real.block_types ?? {})) {
    const own = blocks[name];
    if (own === undefined) {
      // The bindings take a deeply nested block for an attribute of any type.
      if (!JSON.stringify(attributes[name]?.type ?? "").includes("dynamic")) continue;
      delete attributes[name];
      blocks[name] = { ...other, any: true };
    } else if (own.any === true) {
      blocks[name] = { ...other, any: true };
    } else {
      if (other.max_items !== undefined) own.max_items = other.max_items;
      else delete own.max_items;
      if (other.min_items !== undefined) own.min_items = other.min_items;
      graftBlock(own.block, other.block);
    }
  }
  for (const [name, other] of Object.entries(real.attributes ?? {})) {
    const own = attributes[name];
    if (own === undefined) {
      // Written like a block by the bindings, but an attribute to Terraform.
      if (blocks[name] === undefined) continue;
      attributes[name] = other;
      delete blocks[name];
    } else {
      if (other.sensitive === true) own.sensitive = true;
      if (other.write_only === true) own.write_only = true;
    }
  }
}
