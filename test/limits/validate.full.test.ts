import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareAllowList, readAllowList } from "../support/allow-lists";
import { AWS, REAL_VERSION, realSchema } from "../support/schema/real";
import { scratch } from "../support/scratch";
import { stripUnknown } from "../support/strip-unknown";
import { TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { goodServer } from "../support/config";
import { limitsConfig, limitsPlan, ownStore } from "./fixture";

/** Seconds: synthesis 3, `terraform validate` about 6 on two cores; the provider's schema is read once. */
const BUDGET_S = 120;

describeWith(["terraform"], `provider ${REAL_VERSION} accepts`, () => {
  it(
    "exact limits with their way to a store, given or made here, their secret and their alarms, and a server with sessions in its one task",
    async () => {
      const remembering = goodServer({ path: "/remembering/mcp", sessions: "single-task" });
      const own = goodServer({ path: "/own/mcp", limits: ownStore() });
      const plan = limitsPlan({ servers: { ...limitsConfig().servers, remembering, own } });
      const { json, removed } = stripUnknown(plan.source as never, await realSchema());
      expect(compareAllowList(readAllowList("v6-only"), removed).unexplained).toEqual([]);
      const file = join(scratch("validate-limits-file"), "cdk.tf.json");
      writeFileSync(file, JSON.stringify(json, null, 2));
      const run = await TerraformRun.start(file, {
        name: "validate-limits",
        override: { terraform: { required_providers: { aws: { source: AWS, version: REAL_VERSION } } } },
      });
      expect(await run.validate()).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});
