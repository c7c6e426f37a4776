// The one file here that meets cdktf: it brings the checklist into a synth.
// eslint-disable-next-line @typescript-eslint/no-restricted-imports
import { Annotations, TerraformStack } from "cdktf";
import type { Construct, IValidation } from "constructs";
import { writeAtSynth } from "../terraform/hand-over";
import { Plan, type TerraformJson } from "../terraform/plan";
import type { Control } from "./control";
import { CONTROLS } from "./controls";
import { today } from "./day";
import { isBelow, judgePlan, type Verdict } from "./engine";
import { toWaive } from "./seen";

/** Rendering costs as much as a synth, so that a stack with many constructs of ours is rendered once. */
const judged = new WeakMap<TerraformStack, Judged>();

interface Judged {
  readonly plan: Plan;
  readonly verdicts: readonly Verdict[];
  /** Who has been told: who asks again, asks at another synth, before which the stack may have been changed. */
  readonly told: WeakSet<Construct>;
  /** Whether cdktf has been given this rendering to write. */
  isHandedOver: boolean;
}

/** What can be set for tests. */
export interface ValidationOptions {
  /** @default all of the library's */
  readonly controls?: readonly Control[];
  /** `YYYY-MM-DD`. @default today, UTC */
  readonly asOf?: string;
  /** Addresses of blocks that others have made and that are judged as if `scope` had. @default none */
  readonly also?: (plan: Plan) => ReadonlySet<string>;
}

/**
 * Fails a synth where the checklist fails on what `scope` has made. It judges the very JSON that will be written,
 * overrides included. What is unknown, waived or not built does not fail a synth, nor does a waiver that has ended:
 * that warns here, and fails `hardened-mcp check`. The JSON that was judged is the one that cdktf then writes.
 */
export function attachChecklist(scope: Construct, options: ValidationOptions = {}): void {
  scope.node.addValidation(checklistValidation(scope, options));
  writeAtSynth(scope, () => {
    const known = judged.get(TerraformStack.of(scope));
    if (known === undefined || known.isHandedOver) return undefined;
    known.isHandedOver = true;
    return known.plan.source;
  });
}

/** See `attachChecklist`. */
export function checklistValidation(scope: Construct, options: ValidationOptions = {}): IValidation {
  return {
    validate: () => {
      const { plan, verdicts } = judgeStack(scope, options);
      const also = options.also?.(plan) ?? new Set<string>();
      const failed = verdicts
        .filter(
          ({ path, address }) =>
            path === undefined || isBelow(path, scope.node.path) || also.has(address ?? ""),
        )
        .filter(({ result }) => result === "fail");
      const [lapsed, broken] = [failed.filter(isLapsed), failed.filter((verdict) => !isLapsed(verdict))];
      for (const verdict of lapsed) Annotations.of(scope).addWarning(message(verdict));
      return broken.map(message);
    },
  };
}

function isLapsed({ waiver }: Verdict): boolean {
  return waiver?.lapsed === true;
}

function judgeStack(
  scope: Construct,
  { controls = CONTROLS, asOf = today() }: ValidationOptions,
): Pick<Judged, "plan" | "verdicts"> {
  const stack = TerraformStack.of(scope);
  const known = judged.get(stack);
  if (known?.told.has(scope) === false) {
    known.told.add(scope);
    return known;
  }
  const plan = new Plan(stack.toTerraform() as TerraformJson);
  const verdicts = judgePlan(plan, controls, { asOf });
  const made = { plan, verdicts, told: new WeakSet([scope]), isHandedOver: false };
  judged.set(stack, made);
  return made;
}

/** One line: `aws_lb.x: The listener … — it accepts 1.2 [ingress.tls-policy]`. */
function message(verdict: Verdict): string {
  const { address, says, detail, control } = verdict;
  return `${address ?? "the stack"} fails "${says}": ${detail} [${control}]${toWaive(verdict)}`;
}
