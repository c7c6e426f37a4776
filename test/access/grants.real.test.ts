import { validated, withoutVersion6 } from "../support/provider-run";
import { scratch } from "../support/scratch";
import { REAL_VERSION } from "../support/schema/real";
import { describeWith } from "../support/toolchain";
import { writeGrantStack } from "./stack";

/** Seconds: synthesis 3, `terraform validate` about 6 on two cores; the schema once. */
const BUDGET_S = 120;

describeWith(["terraform"], `provider ${REAL_VERSION} accepts every grant, window and role of a user`, () => {
  test(
    "as they are written",
    async () => {
      const file = writeGrantStack(scratch("grants-written"));
      expect(await validated(await withoutVersion6(file), "grants")).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});
