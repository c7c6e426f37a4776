import { graft } from "./graft";
import { pruneUnused } from "./prune";
import type { Block, ProviderSchema } from "./schema";

const schema = (block: Block): ProviderSchema => ({
  provider: { version: 0, block: {} },
  resource_schemas: { aws_x: { version: 0, block } },
  data_source_schemas: {},
});
const blockOf = (of: ProviderSchema) => of.resource_schemas["aws_x"]?.block;

describe("graft", () => {
  it("adds what bindings cannot carry, and keeps what only the newer version has", () => {
    const derived = schema({
      attributes: {
        secret: { type: "string", optional: true },
        new: { type: "string", optional: true },
        statement: { type: "dynamic", optional: true },
      },
      block_types: { logs: { nesting_mode: "list", block: {} } },
    });
    const real = schema({
      attributes: {
        secret: { type: "string", optional: true, sensitive: true, write_only: true },
        gone: { type: "string" },
      },
      block_types: {
        logs: { nesting_mode: "list", max_items: 2, min_items: 1, block: {} },
        statement: { nesting_mode: "list", block: { attributes: { name: { type: "string" } } } },
        absent: { nesting_mode: "list", block: {} },
      },
    });
    const before = structuredClone(derived);
    expect(blockOf(graft(derived, real))).toEqual({
      attributes: {
        secret: { type: "string", optional: true, sensitive: true, write_only: true },
        new: { type: "string", optional: true },
      },
      block_types: {
        logs: {
          nesting_mode: "list",
          max_items: 2,
          min_items: 1,
          block: { attributes: {}, block_types: {} },
        },
        statement: { nesting_mode: "list", any: true, block: { attributes: { name: { type: "string" } } } },
      },
    });
    expect(derived).toEqual(before);
  });
});

describe("pruneUnused", () => {
  const kinds = (): NonNullable<Block["block_types"]> => ({
    used: { nesting_mode: "list", block: { block_types: { deep: { nesting_mode: "list", block: {} } } } },
    unused: { nesting_mode: "list", block: {} },
  });
  const whole = schema({
    block_types: {
      logs: { nesting_mode: "list", block: { block_types: kinds() } },
      rule: { nesting_mode: "set", any: true, block: { block_types: kinds() } },
    },
  });

  it("cuts only what lies in a block of any type and is not in the file", () => {
    const file = { resource: { aws_x: { a: { rule: [{ used: {} }] }, b: { rule: [{}] } } } };
    expect(blockOf(pruneUnused(whole, file))?.block_types).toEqual({
      logs: whole.resource_schemas["aws_x"]?.block.block_types?.["logs"],
      rule: {
        nesting_mode: "set",
        any: true,
        block: { block_types: { used: { nesting_mode: "list", block: { block_types: {} } } } },
      },
    });
  });
});
