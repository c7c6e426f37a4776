/** A type of Terraform's value system, as `terraform providers schema -json` writes it. */
export type ValueType =
  | "string"
  | "number"
  | "bool"
  | "dynamic"
  | ["list" | "set" | "map", ValueType]
  | ["object", Record<string, ValueType>];

/** One attribute of a block. */
export interface Attribute {
  type: ValueType;
  required?: boolean;
  optional?: boolean;
  computed?: boolean;
  sensitive?: boolean;
  write_only?: boolean;
}

/** A block inside a block. `any` marks one whose content the bindings do not know. */
export interface NestedBlock {
  nesting_mode: "single" | "list" | "set" | "map";
  block: Block;
  min_items?: number;
  max_items?: number;
  any?: boolean;
}

/** What may stand in a resource, a data source or a provider. */
export interface Block {
  attributes?: Record<string, Attribute>;
  block_types?: Record<string, NestedBlock>;
}

/** A block with its version, as a provider serves it. */
export interface Schema {
  version: number;
  block: Block;
}

/** The schemas of one provider. */
export interface ProviderSchema {
  provider: Schema;
  resource_schemas: Record<string, Schema>;
  data_source_schemas: Record<string, Schema>;
}
