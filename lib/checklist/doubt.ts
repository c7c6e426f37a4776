import type { Plan } from "../terraform/plan";
import type { Verdict } from "./engine";

/** What is said of a file that does not hold all that will be deployed. */
export const WHOLE = {
  control: "file.whole",
  item: 15,
  says: "All that will be deployed stands in the file",
  why: "What a module makes, or a command does, is judged by nobody: it may open what the file closes.",
} as const satisfies Omit<Verdict, "result">;

/** What else may be deployed: judge the plan that Terraform makes of the file instead. None where nothing is. */
export function judgeWhole({ beyond }: Plan): Verdict[] {
  return beyond.map((detail) => ({ ...WHOLE, result: "unknown", detail }));
}

/**
 * What is left of verdicts where not everything in the file is certain to be deployed: what holds in one reading alone
 * is not known to hold.
 * @param most verdicts on everything that may be deployed
 * @param least verdicts on what is there in any case, each way in which it may be
 */
export function inDoubt(
  most: readonly Verdict[],
  least: readonly (readonly Verdict[])[],
  plan: Plan,
): Verdict[] {
  if (least.length === 0) return [...most];
  const doubted = new Map(
    least
      .flat()
      .filter(({ result }) => result === "fail" || result === "unknown")
      .map((one) => [keyOf(one), one]),
  );
  const known = new Set(most.map(keyOf));
  const more = [...doubted.values()].filter((one) => !known.has(keyOf(one)));
  return [
    ...most.map((verdict): Verdict => {
      if (verdict.result !== "pass" && verdict.result !== "not-applicable") return verdict;
      const other = doubted.get(keyOf(verdict));
      if (other) return { ...verdict, result: "unknown", detail: uncertain(other) };
      return verdict.address !== undefined && plan.ignored.has(verdict.address)
        ? {
            ...verdict,
            result: "unknown",
            detail: "its changes are ignored: nobody knows how it stands there",
          }
        : verdict;
    }),
    ...more.map((verdict): Verdict => ({ ...verdict, result: "unknown", detail: uncertain(verdict) })),
  ];
}

/**
 * What is left of failures in a printed plan, which does not show the lifecycle of resources: what would hold with the most
 * careful one is not known to fail.
 * @param again judges controls, by their ids
 */
export function unseen(
  verdicts: readonly Verdict[],
  plan: Plan,
  again: (of: Plan, controls: ReadonlySet<string>) => readonly Verdict[],
): Verdict[] {
  const failed = new Set(verdicts.filter(({ result }) => result === "fail").map(({ control }) => control));
  if (!plan.isPrinted || failed.size === 0) return [...verdicts];
  const careful = new Map(again(plan.withLifecycles(), failed).map((one) => [keyOf(one), one.result]));
  return verdicts.map((verdict): Verdict => {
    if (verdict.result !== "fail" || careful.get(keyOf(verdict)) !== "pass") return verdict;
    const detail = `a plan does not show the lifecycle that may see to it; without one: ${verdict.detail ?? ""}`;
    return { ...verdict, result: "unknown", detail };
  });
}

function keyOf({ control, address = "" }: Verdict): string {
  return `${control} ${address}`;
}

function uncertain({ detail = "" }: Verdict): string {
  return `it stands so in this file, but count, for_each, ignore_changes or a value that is known only at deployment may change it, and then: ${detail}`;
}
