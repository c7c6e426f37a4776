import { deriveSchema } from "../support/schema/derive";
import type { Block, ProviderSchema } from "../support/schema/schema";
import type { TerraformJson } from "../../lib/terraform/plan";
import type { Mutation } from "./mutations";

/** What the provider demands of a file's resources, read from its bindings: no Terraform is asked. */
export function schemaOf(file: TerraformJson): ProviderSchema {
  const aws = (section: object | undefined) =>
    Object.keys(section ?? {}).filter((type) => type.startsWith("aws_"));
  return deriveSchema("@cdktf/provider-aws", "aws", {
    resources: aws(file.resource),
    dataSources: aws(file.data),
  });
}

/** Whether the provider refuses a block without what a mutation takes away. */
export function isRequired({ section, type, path, kind }: Mutation, schema: ProviderSchema): boolean {
  if (kind !== "remove") return false;
  // Terraform itself refuses a condition without one of these.
  if (path[0] === "lifecycle" && ["condition", "error_message"].includes(String(path.at(-1)))) return true;
  const schemas = section === "data" ? schema.data_source_schemas : schema.resource_schemas;
  let block: Block | undefined = schemas[type]?.block;
  for (const [index, step] of path.entries()) {
    if (typeof step === "number") continue;
    if (typeof step !== "string" || block === undefined) return false;
    if (index === path.length - 1) {
      return block.attributes?.[step]?.required === true || (block.block_types?.[step]?.min_items ?? 0) > 0;
    }
    block = block.block_types?.[step]?.block;
  }
  return false;
}
