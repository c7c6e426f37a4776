import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareAllowList, readAllowList } from "../support/allow-lists";
import { AWS, REAL_VERSION, realSchema } from "../support/schema/real";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { goodConfig, goodServer } from "../support/config";
import { synthPlan } from "../support/plan";
import { scratch } from "../support/scratch";
import { stripUnknown } from "../support/strip-unknown";
import { TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";

/** Seconds: synthesis 3, `terraform validate` about 6 on two cores; the provider's schema is read once. */
const BUDGET_S = 120;

describeWith(["terraform"], `provider ${REAL_VERSION} accepts a server with sessions`, () => {
  it(
    "in one task, that a deployment stops first",
    async () => {
      const servers = { notes: goodServer({ sessions: "single-task" }) };
      const plan = synthPlan((stack) => void new HardenedMcp(stack, "mcp", goodConfig({ servers })));
      const { json, removed } = stripUnknown(plan.source as never, await realSchema());
      expect(compareAllowList(readAllowList("v6-only"), removed).unexplained).toEqual([]);
      const file = join(scratch("validate-single-file"), "cdk.tf.json");
      writeFileSync(file, JSON.stringify(json, null, 2));
      const run = await TerraformRun.start(file, {
        name: "validate-single",
        override: { terraform: { required_providers: { aws: { source: AWS, version: REAL_VERSION } } } },
      });
      expect(await run.validate()).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});
