import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformJson } from "../../lib/terraform/plan";
import { compareAllowList, readAllowList } from "../support/allow-lists";
import { PARTS_ALONE, partPlan } from "../support/parts";
import { validated } from "../support/provider-run";
import { REAL_VERSION, realSchema } from "../support/schema/real";
import { scratch } from "../support/scratch";
import { stripUnknown } from "../support/strip-unknown";
import { describeWith, ROOT } from "../support/toolchain";

const BUDGET_S = 60;
const FIRST_SCHEMA_S = 120;
type Blocks = Record<string, Record<string, unknown>>;

test("every folder of examples/parts is judged", () => {
  expect(readdirSync(join(ROOT, "examples", "parts")).sort()).toEqual([...PARTS_ALONE].sort());
});

/** All in one file, because a run of Terraform costs more than a part: their addresses must not meet for that. */
describeWith(["terraform"], `provider ${REAL_VERSION} accepts what parts write on their own`, () => {
  beforeAll(async () => void (await realSchema()), FIRST_SCHEMA_S * 1000);

  it(
    "all of them together",
    async () => {
      const files = PARTS_ALONE.map((name) => partPlan(name).source);
      const together = { ...files[0], resource: merged(files, "resource"), data: merged(files, "data") };
      const { json, removed } = stripUnknown(together as unknown as TerraformJson, await realSchema());
      expect(compareAllowList(readAllowList("v6-only"), removed).unexplained).toEqual([]);
      const folder = scratch("parts-written");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify(json));
      expect(await validated(join(folder, "cdk.tf.json"), "parts")).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});

function merged(files: readonly TerraformJson[], section: "resource" | "data"): Blocks {
  const all: Blocks = {};
  for (const file of files)
    for (const [type, blocks] of Object.entries((file[section] ?? {}) as Blocks))
      for (const [name, body] of Object.entries(blocks)) {
        const known = (all[type] ??= {});
        expect(Object.keys(known)).not.toContain(name);
        known[name] = body;
      }
  return all;
}
