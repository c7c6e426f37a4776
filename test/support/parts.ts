import type { Construct } from "constructs";
import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { runExample } from "./examples";
import { kept } from "./kept";

/** The examples of parts used on their own, folders below `examples/parts`: each is one stack of the same name. */
export const PARTS_ALONE = [
  "alarm-set",
  "audit-archive",
  "gateway",
  "network",
  "rotated-secret",
  "web-acl",
] as const;

/** One of them. */
export type PartAlone = (typeof PARTS_ALONE)[number];

/** The file that a part's example writes, opened for judging. */
export function partPlan(name: PartAlone): Plan {
  const folder = `parts/${name}`;
  return new Plan(JSON.parse(kept(folder, () => runExample(folder))) as TerraformJson);
}

/** Ids of the controls that fail on a plan. */
export function failing(plan: Plan, asOf = "2026-11-26"): string[] {
  return judgePlan(plan, CONTROLS, { asOf })
    .filter(({ result }) => result === "fail")
    .map(({ control }) => control);
}

/** The first construct of a kind below another one: what an override of a user gets hold of. */
export function childOf<T>(scope: Construct, kind: new (...args: never[]) => T): T {
  const found = scope.node.findAll().find((each): each is T & Construct => each instanceof kind);
  if (found === undefined) throw new Error(`there is no ${kind.name} below ${scope.node.path}`);
  return found;
}

/** The plan without all blocks of a type, as if somebody had taken them out of the file. */
export function withoutType(plan: Plan, type: string): Plan {
  const file = JSON.parse(JSON.stringify(plan.source)) as { resource: Record<string, unknown> };
  if (!(type in file.resource)) throw new Error(`there is no ${type}`);
  delete file.resource[type];
  return new Plan(file as unknown as TerraformJson);
}
