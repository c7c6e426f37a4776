import type { TerraformJson } from "../../lib/terraform/plan";
import type { Block, ProviderSchema } from "./schema/schema";

/** Arguments that Terraform itself reads in every block of a resource. */
const META = ["count", "for_each", "depends_on", "lifecycle", "provider", "provisioner", "connection", "//"];

/** A file without what a provider does not know, and what was taken away, as `type.attribute` paths, sorted. */
export interface Stripped {
  readonly json: TerraformJson;
  readonly removed: readonly string[];
}

/** Removes what is not in a schema. Changes nothing of the file that it is given. */
export function stripUnknown(file: TerraformJson, schema: ProviderSchema): Stripped {
  const json = structuredClone(file) as Record<"resource" | "data", Section | undefined> & TerraformJson;
  const removed = new Set<string>();
  const sections = [
    [json.resource, schema.resource_schemas, ""],
    [json.data, schema.data_source_schemas, "data."],
  ] as const;
  for (const [section, schemas, prefix] of sections) {
    for (const [type, instances] of Object.entries(section ?? {})) {
      if (!type.startsWith("aws_")) continue;
      const known = schemas[type];
      if (known === undefined) {
        removed.add(`${prefix}${type}`);
        delete section?.[type];
      } else {
        for (const body of Object.values(instances)) strip(body, known.block, `${prefix}${type}`, removed);
      }
    }
  }
  return { json, removed: [...removed].sort() };
}

type Section = Record<string, Record<string, unknown>>;

function strip(value: unknown, block: Block, path: string, removed: Set<string>): void {
  if (Array.isArray(value)) {
    for (const each of value) strip(each, block, path, removed);
  } else if (typeof value === "object" && value !== null) {
    const body = value as Record<string, unknown>;
    for (const name of Object.keys(body)) {
      const nested = block.block_types?.[name];
      if (nested !== undefined) strip(body[name], nested.block, `${path}.${name}`, removed);
      else if (block.attributes?.[name] === undefined && !META.includes(name)) {
        removed.add(`${path}.${name}`);
        delete body[name];
      }
    }
  }
}
