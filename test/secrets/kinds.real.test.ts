import { dirname, join } from "node:path";
import { cpSync, writeFileSync } from "node:fs";
import { scratch } from "../support/scratch";
import { AWS, REAL_VERSION, realSchema } from "../support/schema/real";
import { stripUnknown } from "../support/strip-unknown";
import { readStack, TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { writeEveryKind } from "./kinds-plan";

/** Seconds: synthesis 3, `terraform validate` about 6 on two cores, the schema at its first reading 15. */
const BUDGET_S = 120;

describeWith(["terraform"], `provider ${REAL_VERSION} accepts a server with every kind of secret`, () => {
  it(
    "every enumeration, range and policy of it",
    async () => {
      const file = writeEveryKind(scratch("kinds-written"));
      const { json } = stripUnknown(readStack(file), await realSchema());
      const folder = scratch("kinds-stripped");
      cpSync(dirname(file), folder, { recursive: true });
      const copy = join(folder, "cdk.tf.json");
      writeFileSync(copy, JSON.stringify(json));
      const run = await TerraformRun.start(copy, {
        name: "kinds-validate",
        override: { terraform: { required_providers: { aws: { source: AWS, version: REAL_VERSION } } } },
      });
      expect(await run.validate()).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});
