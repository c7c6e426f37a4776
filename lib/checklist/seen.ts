import { createHash } from "node:crypto";
import { inOrder } from "../terraform/in-order";
import type { Block, Plan } from "../terraform/plan";
import type { Control } from "./control";
import type { Declared, ManifestWaiver } from "./manifest";

/** The digest of what a control has somebody look at who waives it at a block; nothing where it cannot be waived there. */
export function digestOf({ id, seen }: Control, block: Block, plan: Plan): string | undefined {
  if (seen === undefined) return undefined;
  try {
    return `sha256:${digest([id, block.address, seen(block, plan)])}`;
  } catch {
    // What cannot be read has been seen by nobody.
    return undefined;
  }
}

/** SHA-256 of a value, whatever the order of its fields. */
export function digest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(inOrder(value)))
    .digest("hex");
}

type WaiverAt = ManifestWaiver & { readonly at: string; readonly seen: string };

/** Waivers of a control at single blocks: whoever of ours in the file names them. */
function waiversSeen({ id }: Control, declared: readonly Declared[]): WaiverAt[] {
  return declared
    .flatMap(({ waivers }) => waivers)
    .filter(
      (one): one is WaiverAt =>
        one.control === id && typeof one.at === "string" && typeof one.seen === "string",
    );
}

/** Those at one block. */
export function waiversAt(
  control: Control,
  { address }: Block,
  declared: readonly Declared[],
): ManifestWaiver[] {
  return waiversSeen(control, declared).filter(({ at }) => at === address);
}

/** Those at blocks that the control does not find. */
export function waiversElsewhere(control: Control, plan: Plan, declared: readonly Declared[]): WaiverAt[] {
  if (control.seen === undefined) return [];
  const waivers = waiversSeen(control, declared);
  if (waivers.length === 0) return [];
  const found = new Set(plan.blocks(...control.on).map(({ address }) => address));
  return waivers.filter(({ at }) => !found.has(at));
}

/** What to write into `waivers` of the configuration, for who has looked at what was found. */
export function toWaive({
  control,
  address,
  seen,
}: {
  readonly control: string;
  readonly address?: string;
  readonly seen?: string;
}): string {
  if (seen === undefined || address === undefined) return "";
  const fields = Object.entries({ control, at: address, seen, waive: "why", until: "YYYY-MM-DD" });
  const written = fields.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(", ");
  return `; to waive it, write into waivers: { ${written} }`;
}
