import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../lib/terraform/plan";
import { compareAllowList, readAllowList } from "../support/allow-lists";
import { EXAMPLE_ACCOUNT, stripInPlace } from "../support/emulated";
import { startEmulator } from "../support/emulator/emulator";
import { validated } from "../support/provider-run";
import { REAL_VERSION, realSchema } from "../support/schema/real";
import { scratch } from "../support/scratch";
import { stripUnknown } from "../support/strip-unknown";
import { TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { goodServer } from "../support/config";
import { limitsConfig, limitsPlan, ownStore, ownStorePlan } from "./fixture";

/** Seconds on two cores: synthesis 3, `terraform validate` about 6, `plan` about 20; the provider's schema is read once. */
const BUDGET_S = 120;

describeWith(["terraform", "python"], `provider ${REAL_VERSION} accepts`, () => {
  it(
    "exact limits with their way to a store, given or made here, their secret and their alarms, and a server with sessions in its one task",
    async () => {
      const remembering = goodServer({ path: "/remembering/mcp", sessions: "single-task" });
      const own = goodServer({ path: "/own/mcp", limits: ownStore() });
      const { file, removed } = await written(
        limitsPlan({ servers: { ...limitsConfig().servers, remembering, own } }),
        "validate-limits-file",
      );
      expect(compareAllowList(readAllowList("v6-only"), removed).unexplained).toEqual([]);
      expect(await validated(file, "validate-limits")).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it(
    "a store that is made here, in a plan, which the provider checks more closely",
    async () => {
      const { file } = await written(ownStorePlan(), "plan-limits-file");
      const emulator = await startEmulator("plan-limits");
      try {
        await emulator.seed(EXAMPLE_ACCOUNT);
        const { override } = await stripInPlace(file);
        const run = await TerraformRun.start(file, { name: "plan-limits", override, env: emulator.env });
        // The emulator knows no users of a store that change, and no groups of them: it is not applied.
        const made = (await run.plan()).map(({ type }) => type);
        expect(made.filter((type) => type.startsWith("aws_elasticache_")).sort()).toEqual(PARTS);
      } finally {
        await emulator.stop();
      }
    },
    BUDGET_S * 1000,
  );
});

const PARTS = ["parameter_group", "replication_group", "subnet_group", "user", "user_group"].map(
  (part) => `aws_elasticache_${part}`,
);

/** The file without what only a newer provider knows, and what that was. */
async function written(plan: Plan, folder: string) {
  const { json, removed } = stripUnknown(plan.source as never, await realSchema());
  const file = join(scratch(folder), "cdk.tf.json");
  writeFileSync(file, JSON.stringify(json, null, 2));
  return { file, removed };
}
