import { isDeepStrictEqual } from "node:util";
import type { ShownModule, ShownPlan, ShownResource } from "./plan-shown";

/**
 * Why a printed plan does not tell what will be there, as the end of a sentence: it is of a part, it failed, or its two
 * accounts of the same resources differ. Nothing where it does tell, nor for a state, which tells what is there.
 */
export function planProblem(plan: ShownPlan): string | undefined {
  if (plan.errored === true) return "is a plan that ended in an error: what it holds is a part";
  if (plan.complete === false)
    return "is a plan of a part, by -target or because something waits: plan the whole";
  const changes = plan.resource_changes;
  if (changes === undefined || plan.planned_values === undefined) return undefined;
  const planned = new Map(
    resourcesIn(plan.planned_values.root_module ?? {})
      .filter(({ mode }) => mode === "managed")
      // One of which nothing is known yet has no values.
      .map(({ address, values = {} }) => [address, values]),
  );
  for (const { address, mode, change } of changes) {
    if (mode !== "managed") continue;
    const after = change?.after;
    if (after === null || after === undefined) {
      if (planned.has(address)) return contradicts(address);
      continue;
    }
    if (!isDeepStrictEqual(planned.get(address), after)) return contradicts(address);
    planned.delete(address);
  }
  const [left] = planned.keys();
  return left === undefined ? undefined : contradicts(left);
}

function contradicts(address: string): string {
  return `contradicts itself: planned_values and resource_changes differ about ${address}`;
}

function resourcesIn({ resources = [], child_modules = [] }: ShownModule): ShownResource[] {
  return [...resources, ...child_modules.flatMap(resourcesIn)];
}
