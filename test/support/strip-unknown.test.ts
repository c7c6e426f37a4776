import type { ProviderSchema } from "./schema/schema";
import { stripUnknown } from "./strip-unknown";

const schema: ProviderSchema = {
  provider: { version: 0, block: {} },
  resource_schemas: {
    aws_lb: {
      version: 0,
      block: {
        attributes: { name: { type: "string" } },
        block_types: {
          access_logs: { nesting_mode: "list", block: { attributes: { bucket: { type: "string" } } } },
        },
      },
    },
  },
  data_source_schemas: {
    aws_region: { version: 0, block: { attributes: { name: { type: "string" } } } },
  },
};

describe("stripUnknown", () => {
  it("removes unknown types, attributes and nested attributes, and reports each once", () => {
    const body = (name: string) => ({
      name,
      region: "eu-west-1",
      health_check_logs: { bucket: "b" },
      access_logs: [{ bucket: "b", future: true }],
      lifecycle: { ignore_changes: ["name"] },
      depends_on: ["aws_new.x"],
      "//": { path: "p" },
    });
    const file = {
      resource: { aws_lb: { one: body("one"), two: body("two") }, aws_new: { x: {} }, random_id: { r: {} } },
      data: { aws_region: { r: { region: "eu-west-1" } } },
    };
    const before = structuredClone(file);
    const { json, removed } = stripUnknown(file, schema);
    expect(removed).toEqual([
      "aws_lb.access_logs.future",
      "aws_lb.health_check_logs",
      "aws_lb.region",
      "aws_new",
      "data.aws_region.region",
    ]);
    const kept = (name: string) => ({
      name,
      access_logs: [{ bucket: "b" }],
      lifecycle: { ignore_changes: ["name"] },
      depends_on: ["aws_new.x"],
      "//": { path: "p" },
    });
    expect(json).toEqual({
      resource: { aws_lb: { one: kept("one"), two: kept("two") }, random_id: { r: {} } },
      data: { aws_region: { r: {} } },
    });
    expect(file).toEqual(before);
  });
});
