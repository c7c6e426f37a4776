import { TerraformStack } from "cdktf";
import { Construct } from "constructs";

/** Under which name cdktf looks for a construct's step of synthesis. Where it looks for another one, it renders anew. */
const SYNTHESIS = Symbol.for("cdktf/customSynthesis");

/**
 * Has cdktf write this rendering of the stack of a construct at synth, and not render it once more
 * (docs/adr/0013-judged-is-written.md).
 * @param rendering asked after all validations, right before the stack is written; undefined = rendered as ever
 */
export function writeAtSynth(scope: Construct, rendering: () => object | undefined): void {
  const onSynthesize = () => {
    const ready = rendering();
    if (ready) handOver(TerraformStack.of(scope), ready);
  };
  // A child of its own: a construct has one step of synthesis, which is its owner's to choose.
  Object.defineProperty(new Construct(scope, "judged"), SYNTHESIS, { value: { onSynthesize } });
}

/**
 * Gives a rendering to whoever asks a stack for one first. Only then, and only until what runs now has ended, which a
 * synth does in one go: whoever comes later gets what the stack is then.
 */
function handOver(stack: TerraformStack, rendering: object): void {
  const own = Object.getOwnPropertyDescriptor(stack, "toTerraform");
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    if (own) Object.defineProperty(stack, "toTerraform", own);
    else Reflect.deleteProperty(stack, "toTerraform");
  };
  const value = () => {
    end();
    return rendering;
  };
  Object.defineProperty(stack, "toTerraform", { value, configurable: true, writable: true });
  queueMicrotask(end);
}
