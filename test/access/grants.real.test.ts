import { cpSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { scratch } from "../support/scratch";
import { AWS, REAL_VERSION, realSchema } from "../support/schema/real";
import { stripUnknown } from "../support/strip-unknown";
import { readStack, TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { writeGrantStack } from "./stack";

/** Seconds: synthesis 3, `terraform validate` about 6 on two cores; the schema once. */
const BUDGET_S = 120;

describeWith(["terraform"], `provider ${REAL_VERSION} accepts every grant, window and role of a user`, () => {
  test(
    "as they are written",
    async () => {
      const file = writeGrantStack(scratch("grants-written"));
      const { json } = stripUnknown(readStack(file), await realSchema());
      const folder = scratch("grants-stripped");
      cpSync(dirname(file), folder, { recursive: true });
      const copy = join(folder, "cdk.tf.json");
      writeFileSync(copy, JSON.stringify(json, null, 2));
      const run = await TerraformRun.start(copy, {
        name: "grants",
        override: { terraform: { required_providers: { aws: { source: AWS, version: REAL_VERSION } } } },
      });
      expect(await run.validate()).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});
