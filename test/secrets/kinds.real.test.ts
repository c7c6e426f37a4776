import { validated, withoutVersion6 } from "../support/provider-run";
import { scratch } from "../support/scratch";
import { REAL_VERSION } from "../support/schema/real";
import { describeWith } from "../support/toolchain";
import { writeEveryKind } from "./kinds-plan";

/** Seconds: synthesis 3, `terraform validate` about 6 on two cores, the schema at its first reading 15. */
const BUDGET_S = 120;

describeWith(["terraform"], `provider ${REAL_VERSION} accepts a server with every kind of secret`, () => {
  it(
    "every enumeration, range and policy of it",
    async () => {
      const file = writeEveryKind(scratch("kinds-written"));
      expect(await validated(await withoutVersion6(file), "kinds-validate")).toEqual([]);
    },
    BUDGET_S * 1000,
  );
});
