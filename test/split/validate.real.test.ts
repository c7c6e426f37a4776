import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareAllowList, readAllowList } from "../support/allow-lists";
import { validated } from "../support/provider-run";
import { REAL_VERSION, realSchema } from "../support/schema/real";
import { scratch } from "../support/scratch";
import { stripUnknown } from "../support/strip-unknown";
import { describeWith } from "../support/toolchain";
import { splitPlan, splitServer } from "./fixture";

/** Seconds: synthesis 3, `terraform validate` about 6 on two cores; the provider's schema is read once. */
const BUDGET_S = 120;

describeWith(["terraform"], `provider ${REAL_VERSION} accepts a split server`, () => {
  it(
    "of two rules and two services",
    async () => {
      // Four tools that write: two rules.
      const { tools, clients } = splitServer();
      const refund = tools["refund"] as (typeof tools)[string];
      const plan = splitPlan({
        clients,
        tools: { ...tools, cancel: refund, "close.account": refund, write_off: refund },
      });
      expect(plan.blocks("aws_lb_listener_rule")).toHaveLength(3);
      const { json, removed } = stripUnknown(plan.source as never, await realSchema());
      expect(compareAllowList(readAllowList("v6-only"), removed).unexplained).toEqual([]);
      const file = join(scratch("validate-split-file"), "cdk.tf.json");
      writeFileSync(file, JSON.stringify(json, null, 2));
      expect(await validated(file, "validate-split")).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});
