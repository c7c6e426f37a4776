import type { Control } from "../../lib/checklist/control";
import type { Plan } from "../../lib/terraform/plan";
import { judge, named } from "../audit/judge";

/** A control, what it says, and the plan of which it says so. */
export type Broken = readonly [id: string, says: string, build: () => Plan];

/** Declares for each control a test that it judges something of the plan, and that all of it holds. */
export function holdAsBuilt(controls: readonly Control[], plan: Plan): void {
  test.each(controls.map((control) => [control.id, control] as const))(
    "%s holds as built",
    (_id, control) => {
      const findings = judge(control, plan);
      expect(findings.length).toBeGreaterThan(0);
      expect(findings).toEqual(findings.map(() => ({ holds: true })));
    },
  );
}

/**
 * Declares a test for each plan in which a protection is gone, and one that no control is without such a plan.
 * @param all controls that need one here; others of `controls` have theirs elsewhere
 */
export function failWhenBroken(
  controls: readonly Control[],
  broken: readonly Broken[],
  all: readonly Control[] = controls,
): void {
  describe("each control fails when its protection goes", () => {
    test.each(broken)("%s: %s", (id, says, build) => {
      expect(judge(named(controls, id), build())).toContainEqual({
        holds: false,
        says: expect.stringContaining(says),
      });
    });

    test("and none is without such a test", () => {
      expect(new Set(broken.map(([id]) => id))).toEqual(new Set(all.map(({ id }) => id)));
    });
  });
}
