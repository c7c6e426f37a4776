import { MandatedGroups } from "../../lib/network/mandated-groups";
import { planSays, writeStack } from "../support/provider-run";
import { realSchema } from "../support/schema/real";
import { describeWith } from "../support/toolchain";

/** Seconds a plan may take; the real provider's first schema takes longer. */
const BUDGET_S = 60;
const FIRST_SCHEMA_S = 120;

describeWith(["terraform"], "groups of somebody else, as Terraform reads them", () => {
  let file: string;
  beforeAll(async () => {
    await realSchema();
    file = writeStack(
      "mandated-groups-written",
      (stack) => void new MandatedGroups(stack, "mandated", ["sg-0123456789abcdef7"]),
    );
  }, FIRST_SCHEMA_S * 1000);

  it.each<[string, string[], boolean, RegExp]>([
    [
      "stops where a rule lets somebody in",
      ["sgr-1"],
      false,
      /lets somebody in, and every task is in that group/,
    ],
    ["goes on where all rules let out", ["sgr-1", "sgr-2"], true, /^nothing$/],
    ["goes on where there is no rule", [], false, /^nothing$/],
  ])(
    "a plan %s",
    async (_what, ids, isEgress, says) =>
      expect(
        await planSays(file, "mandated-groups", {
          aws_vpc_security_group_rules: { ids },
          aws_vpc_security_group_rule: { is_egress: isEgress, security_group_id: "sg-0123456789abcdef7" },
        }),
      ).toMatch(says),
    BUDGET_S * 1000,
  );
});
