import type { Control, Finding } from "../../lib/checklist/control";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";

type Body = Record<string, unknown>;

/** What a control says about every block that it judges. */
export function judge(control: Control, plan: Plan): Finding[] {
  return plan.blocks(...control.on).map((block) => control.judge(block, plan));
}

/** The control of this id. */
export function named(controls: readonly Control[], id: string): Control {
  const found = controls.find((control) => control.id === id);
  if (!found) throw new Error(`there is no control ${id}`);
  return found;
}

/** The plan with every block of a type changed, or only those that `only` picks. Fails where there is none to change. */
export function changed(
  plan: Plan,
  type: string,
  change: (body: Body) => void,
  only: (body: Body) => boolean = () => true,
): Plan {
  const own = structuredClone(ofType(plan, type));
  const blocks = Object.values(own).filter(only);
  if (blocks.length === 0) throw new Error(`there is no ${type} to change`);
  blocks.forEach(change);
  return having(plan, type, own);
}

/** The plan with every data block of a type changed; `all` holds them by name. Fails where there is none to change. */
export function changedData(
  { source }: Plan,
  type: string,
  change: (body: Record<string, unknown>, all: Record<string, unknown>) => void,
): Plan {
  const own = structuredClone(source.data?.[type] ?? {}) as Record<string, Record<string, unknown>>;
  if (Object.keys(own).length === 0) throw new Error(`there is no data of ${type}`);
  for (const body of Object.values(own)) change(body, own);
  return new Plan({ ...source, data: { ...source.data, [type]: own } } as TerraformJson);
}

/** The plan without any block of a type, or without those that `only` picks. */
export function without(plan: Plan, type: string, only: (body: Body) => boolean = () => true): Plan {
  const entries = Object.entries(ofType(plan, type));
  const kept = entries.filter(([, body]) => !only(body));
  if (kept.length === entries.length) throw new Error(`there is no ${type} to take away`);
  return having(plan, type, Object.fromEntries(kept));
}

function ofType({ source }: Plan, type: string): Record<string, Body> {
  return (source.resource?.[type] ?? {}) as Record<string, Body>;
}

/** The rest is shared with the plan as it was: a copy of all of it takes longer than judging it. */
function having({ source }: Plan, type: string, blocks: Record<string, Body>): Plan {
  return new Plan({ ...source, resource: { ...source.resource, [type]: blocks } } as TerraformJson);
}
