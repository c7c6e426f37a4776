import type { TerraformJson } from "../../../lib/terraform/plan";
import type { Block, ProviderSchema } from "./schema";

/**
 * Cuts blocks that the bindings type as `any` down to what a file uses. A firewall's statement nests three levels of
 * every kind of statement: Terraform writes all of it out as nulls for every rule, and takes minutes. What the file
 * names is kept, or refused as before.
 */
export function pruneUnused(schema: ProviderSchema, file: TerraformJson): ProviderSchema {
  const result = structuredClone(schema);
  for (const [type, { block }] of Object.entries(result.resource_schemas))
    pruneBlock(block, Object.values(file.resource?.[type] ?? {}), false);
  return result;
}

function pruneBlock(block: Block, bodies: readonly unknown[], inside: boolean): void {
  for (const [name, nested] of Object.entries(block.block_types ?? {})) {
    const inner = bodies.flatMap((body) => (body as Record<string, unknown>)[name] ?? []).filter(isBody);
    const prunable = inside || nested.any === true;
    if (inside && inner.length === 0) delete block.block_types?.[name];
    else pruneBlock(nested.block, inner, prunable);
  }
}

function isBody(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
