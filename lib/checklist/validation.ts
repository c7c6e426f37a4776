import type { TerraformStack } from "cdktf";
import type { Construct, IValidation } from "constructs";
import { Plan, type TerraformJson } from "../terraform/plan";
import type { Control } from "./control";
import { CONTROLS } from "./controls";
import { isBelow, judgePlan, type Verdict } from "./engine";

/** Rendering costs as much as a synth, so that a stack with many constructs of ours is rendered once. */
const judged = new WeakMap<TerraformStack, readonly Verdict[]>();

/** What can be set for tests. */
export interface ValidationOptions {
  /** @default all of the library's */
  readonly controls?: readonly Control[];
  /** `YYYY-MM-DD`. @default today, UTC */
  readonly asOf?: string;
}

/**
 * Fails a synth where the checklist fails on what `scope` has made:
 * `this.node.addValidation(checklistValidation(this, TerraformStack.of(this)))`. It judges the very JSON that will be
 * written, overrides included. A waiver that has ended warns here and fails `hardened-mcp check`.
 */
export function checklistValidation(
  scope: Construct,
  stack: TerraformStack,
  options: ValidationOptions = {},
): IValidation {
  return {
    validate: () => {
      const verdicts = judgeStack(stack, options).filter(
        ({ path }) => path === undefined || isBelow(path, scope.node.path),
      );
      const failed = verdicts.filter(({ result }) => result === "fail");
      for (const verdict of failed) {
        // The same as `Annotations.of(scope).addWarning()`, which would make this file import cdktf.
        if (verdict.waiver?.lapsed) scope.node.addMetadata("@cdktf/warn", message(verdict));
      }
      return failed.filter(({ waiver }) => !waiver?.lapsed).map(message);
    },
  };
}

function judgeStack(
  stack: TerraformStack,
  { controls = CONTROLS, asOf = today() }: ValidationOptions,
): readonly Verdict[] {
  const known = judged.get(stack);
  if (known !== undefined) return known;
  const verdicts = judgePlan(new Plan(stack.toTerraform() as TerraformJson), controls, { asOf });
  judged.set(stack, verdicts);
  return verdicts;
}

/** One line: `aws_lb.x: The listener … — it accepts 1.2 [ingress.tls-policy]`. */
function message({ address, says, detail, control }: Verdict): string {
  return `${address ?? "the stack"} fails "${says}": ${detail} [${control}]`;
}

/** The day in UTC, `YYYY-MM-DD`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}
