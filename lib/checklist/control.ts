import type { Block, Plan } from "../terraform/plan";

/** Number of an item of the fifteen-point checklist (docs/CONTROLS.md). */
export type Item = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15;

/** What a control found at one block: it holds, it does not (said in a sentence), or nobody can tell before deployment. */
export type Finding =
  | { readonly holds: true }
  | { readonly holds: false; readonly says: string }
  | { readonly holds: "unknown"; readonly says: string };

/** The catalogues a control answers to. */
export interface Mapping {
  /** OWASP MCP Top 10 (2025), as `MCP07`. */
  readonly owasp?: readonly string[];
  /** CoSAI assurance level, as `L2`. */
  readonly cosai?: readonly string[];
  /** AWS Security Hub FSBP, as `ELB.12`. */
  readonly fsbp?: readonly string[];
  /** Checkov, as `CKV_AWS_131`. */
  readonly checkov?: readonly string[];
}

/**
 * One thing that must be true of the final JSON. Data: judged over every block of `on`, in every stack; overrides
 * cannot hide from it. A control with no block to judge is *not applicable*, unless `needed` says that there must be one.
 */
export interface Control {
  /** `slice.noun-property`, stable. */
  readonly id: string;
  readonly item: Item;
  /** What holds, as a sentence: `The listener accepts TLS 1.3 only`. */
  readonly says: string;
  /** What happens otherwise. */
  readonly why: string;
  /** Terraform resource types that are judged. */
  readonly on: readonly string[];
  /** At least one block of `on` must exist in a deployment of ours. @default false */
  readonly needed?: boolean;
  /** Whether anybody asks for it in this file: where not, it is *not applicable*. @default always */
  readonly asked?: (plan: Plan) => boolean;
  /**
   * Field of the configuration by which this may be waived, without the server's name: `waf.commonRules`.
   * @default it cannot be waived, not even by a waiver that names the control's id
   */
  readonly waivedBy?: string;
  /**
   * What of a block somebody has seen who waives this there, by `waivers` of the configuration: a change of it ends the
   * waiver.
   * @default it cannot be waived at a block
   */
  readonly seen?: (block: Block, plan: Plan) => unknown;
  readonly judge: (block: Block, plan: Plan) => Finding;
  readonly maps?: Mapping;
}

/** It holds. */
export const HOLDS: Finding = { holds: true };

/** It does not hold, and why. */
export function fails(says: string): Finding {
  return { holds: false, says };
}

/** It cannot be told before deployment, and why. */
export function unknown(says: string): Finding {
  return { holds: "unknown", says };
}
