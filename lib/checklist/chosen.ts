import type { Block, Plan } from "../terraform/plan";
import { declaredOf } from "./engine";

/**
 * What of a deployment's numbers and names only its owner can choose, with the defaults where he did not: written down by
 * the construct that renders them, for whoever holds the file against them.
 */
export interface Chosen {
  /** Days that log groups keep their lines, by the part of the deployment; `all` for those of no other. */
  readonly logDays: Readonly<Record<string, number>>;
  /** Days in which nothing in the archive can be deleted. Absent in a server's own file. */
  readonly archiveDays?: number;
  /** Thresholds other than the catalogue's, by alarm id. */
  readonly thresholds: Readonly<Record<string, number>>;
  /** Countries from which requests are expected; none = from anywhere. */
  readonly countries?: readonly string[];
  /** Requests of one address in so many seconds. */
  readonly perIp?: { readonly requests: number; readonly windowSeconds: number };
}

/** The choices that a block was made by, and the step below them that it stands in; nothing where nobody wrote any down. */
export function chosenFor(
  block: Block,
  plan: Plan,
): { readonly chosen: Chosen; readonly part: string } | undefined {
  const found = declaredOf(block, plan).find(({ chosen }) => chosen !== undefined);
  if (found?.chosen === undefined) return undefined;
  return { chosen: found.chosen, part: block.path.slice(found.path.length + 1).split("/")[0] ?? "" };
}

/** Whether a value of the file is the one that was chosen, as a number, or as the same expression. */
export function isChosen(value: unknown, chosen: unknown): boolean {
  return value === chosen || (typeof chosen === "number" && value !== undefined && Number(value) === chosen);
}
