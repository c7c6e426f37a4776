import type { TerraformStack } from "cdktf";
import type { Control, Finding } from "../checklist/control";
import { judgePlan, type Verdict } from "../checklist/engine";
import { today } from "../checklist/day";
import { Plan, type TerraformJson } from "../terraform/plan";

export { CONTROLS } from "../checklist/controls";
export { fails, HOLDS, unknown, type Control, type Finding, type Item } from "../checklist/control";
export type { Result, Verdict } from "../checklist/engine";
export { REPORT_SCHEMA } from "../checklist/report-schema";
export { jsonSchemaOf, type JsonSchema } from "../policy/argument-schema";
export { judgeArguments } from "../policy/judge";
export { NetworkGraph } from "../terraform/graph/network";
export { describeDestination, waysOut, type Destination } from "../terraform/graph/outward";
export { describeWay, evidenceOf, waysInto, type Way } from "../terraform/graph/ways";
export { blastOf, describeRight, type Blast } from "../terraform/graph/blast";
export { rightsOf, type Right } from "../terraform/graph/rights";
export { credentialOf, credentialsOf, type Credential, type CredentialTool } from "../checklist/credentials";
export { tamperTable, type TamperRow } from "../terraform/graph/tamper";
export { embedded, isExpression, Plan, type Block, type TerraformJson } from "../terraform/plan";

/** What a stack would be written as, opened for assertions. Runs no validation and no aspect: prepare the app first if you use those. */
export function plan(stack: TerraformStack): Plan {
  // Through text, as in the file: no prototypes, no `undefined`.
  return new Plan(JSON.parse(JSON.stringify(stack.toTerraform())) as TerraformJson);
}

/** Judges controls, your own or the library's (`CONTROLS`), over a plan. @param asOf day for waivers, `YYYY-MM-DD`; today by default */
export function judge(of: Plan, controls: readonly Control[], asOf: string = today()): Verdict[] {
  return judgePlan(of, controls, { asOf });
}

/** The JSON of a plan as it may be changed by a mutation. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mutation reaches wherever it wants
export type Mutable = Record<string, any>;

/**
 * Proves that a control guards something: it holds at every block of the plan, and at some block no longer once
 * `mutation` has changed the JSON. Gives what it found then.
 * @throws Error when the control does not hold before, has nothing to judge, or overlooks the mutation
 */
export function breaks(control: Control, of: Plan, mutation: (json: Mutable) => void): Finding {
  const before = of.blocks(...control.on).map((block) => control.judge(block, of));
  if (before.length === 0) throw new Error(`${control.id} has no block to judge`);
  const failing = before.find((finding) => finding.holds !== true);
  if (failing !== undefined) throw new Error(`${control.id} does not hold before: ${sentence(failing)}`);
  const json = JSON.parse(JSON.stringify(of.source)) as Mutable;
  mutation(json);
  const changed = new Plan(json as TerraformJson);
  const after = changed.blocks(...control.on).map((block) => control.judge(block, changed));
  const broken = after.find((finding) => finding.holds !== true);
  if (broken === undefined) throw new Error(`${control.id} overlooks the mutation`);
  return broken;
}

function sentence(finding: Finding): string {
  return finding.holds === true ? "" : finding.says;
}
