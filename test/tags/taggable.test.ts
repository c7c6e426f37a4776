import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { TAGGABLE } from "../../lib/tags/taggable";
import type { Plan } from "../../lib/terraform/plan";
import { EXAMPLES, synthExample } from "../support/examples";
import { PARTS_ALONE, partPlan } from "../support/parts";
import { deriveSchema } from "../support/schema/derive";
import { ROOT } from "../support/toolchain";

/** Types of resources whose bindings the library imports: whatever it can make. */
const USED = [
  ...new Set(
    readdirSync(join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => [
        ...readFileSync(join(ROOT, "lib", file), "utf8").matchAll(/@cdktf\/provider-aws\/lib\/([a-z0-9-]+)/g),
      ])
      .map(([, module = ""]) => module)
      .filter((module) => !module.startsWith("data-") && module !== "provider")
      .map((module) => `aws_${module.replaceAll("-", "_")}`),
  ),
].sort();

test("the list has each type that the library can make and that has tags in the provider's schema, and no other", () => {
  const { resource_schemas: schemas } = deriveSchema("@cdktf/provider-aws", "aws", {
    resources: USED,
    dataSources: [],
  });
  expect(Object.keys(schemas).sort()).toEqual(USED);
  const tagged = USED.filter((type) => schemas[type]?.block.attributes?.["tags"] !== undefined);
  expect(tagged.length).toBeGreaterThan(40);
  expect([...TAGGABLE].sort()).toEqual(tagged);
  expect(USED.length - tagged.length).toBeGreaterThan(30);
});

const plans: readonly (readonly [string, () => Plan])[] = [
  ...EXAMPLES.map((name) => [name, () => synthExample(name)] as const),
  ...PARTS_ALONE.map((name) => [`parts/${name}`, () => partPlan(name)] as const),
];

test.each(plans)(
  "every resource of ours in %s bears the deployment's tags where its type has any",
  (name, planOf) => {
    const blocks = planOf().blocks(...TAGGABLE);
    expect(blocks.length).toBeGreaterThan(0);
    const bare = blocks.filter(({ body }) => {
      const tags = body.tags as Record<string, unknown> | undefined;
      return tags?.["hardened-mcp:name"] === undefined || tags["hardened-mcp:environment"] === undefined;
    });
    // The one that an owner of a task makes beside a gateway on its own.
    expect(bare.map(({ address }) => address)).toEqual(
      name === "parts/gateway" ? ["aws_ecs_task_definition.orders"] : [],
    );
  },
);

test.each(plans)("tasks bear the tags of their services in %s", (_name, planOf) => {
  const services = planOf().blocks("aws_ecs_service");
  expect(services.map(({ body }) => body.propagate_tags)).toEqual(services.map(() => "SERVICE"));
});
