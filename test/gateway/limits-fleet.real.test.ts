import { describeWith } from "../support/toolchain";
import { FLEET_CASES, fleetCase } from "./limits-cases";

/** Two of the cases; `limits.full.test.ts` has all. */
describeWith(["envoy"], "a limit over three tasks", () => {
  it.each(FLEET_CASES.slice(0, 2))("$what", async (one) => {
    const { passed, least, most } = await fleetCase(one);
    expect(passed).toBeGreaterThanOrEqual(least);
    expect(passed).toBeLessThanOrEqual(most);
  });
});
