import { cpSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { compareAllowList, readAllowList } from "../support/allow-lists";
import { synthesise } from "../support/built";
import { EXAMPLES } from "../support/examples";
import { validated } from "../support/provider-run";
import { REAL_VERSION, realSchema } from "../support/schema/real";
import { readStack } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { scratch } from "../support/scratch";
import { stripUnknown } from "../support/strip-unknown";

/** Seconds an example may take: synthesis 3, `terraform validate` about 6 on two cores. */
const BUDGET_S = 60;
const FIRST_SCHEMA_S = 120;

/**
 * The real AWS provider judges enumerations, ranges and the content of policies, which no schema does. It is of
 * version 5, so what only version 6 knows is taken away first, and is exactly what the allow-list says.
 */
describeWith(["terraform"], `provider ${REAL_VERSION} accepts what the examples write`, () => {
  const removed = new Set<string>();
  beforeAll(async () => void (await realSchema()), FIRST_SCHEMA_S * 1000);

  it.each(EXAMPLES)(
    "%s",
    async (name) => {
      const file = await synthesise("validate", name);
      const stripped = stripUnknown(readStack(file), await realSchema());
      stripped.removed.forEach((each) => removed.add(each));
      expect(await validated(writeBeside(file, name, stripped.json), `validate-${name}`)).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it("only what the allow-list names was taken away before", () => {
    expect(compareAllowList(readAllowList("v6-only"), removed)).toEqual({ unexplained: [], stale: [] });
  });
});

function writeBeside(file: string, name: string, json: object): string {
  const folder = scratch(`validate-${name}-stripped`);
  cpSync(dirname(file), folder, { recursive: true });
  const copy = join(folder, "cdk.tf.json");
  writeFileSync(copy, JSON.stringify(json, null, 2));
  return copy;
}
