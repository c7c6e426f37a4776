import type { Difference, Leaf } from "./leaves";

/** What a change is about, from what weighs most to what weighs least. */
export const KINDS = [
  "calls",
  "ways in",
  "reach",
  "rights",
  "protections",
  "retention",
  "limits",
  "timeouts",
  "secrets",
  "alarms",
  "other",
] as const;

/** One of them. */
export type Kind = (typeof KINDS)[number];

/** What changed in security, in a sentence. */
export interface Change {
  readonly kind: Kind;
  /** Somebody may call more, something can be reached that could not, or a role may do more. */
  readonly widens: boolean;
  readonly says: string;
}

/** What is said of a difference: nothing, where another sentence has said it already. */
export type Said = Omit<Change, "kind"> | undefined;

/** How differences at a kind of path are said. */
export interface Sentence {
  /** Names of the path; `*` is any name, `**` all that follow. */
  readonly at: readonly string[];
  readonly kind: Kind;
  /** @param names what stood for each `*`, in order */
  readonly say: (difference: Difference, names: readonly string[], all: Lookup) => Said;
}

/** Finds another difference, to tell what is wholly new from what was changed. */
export type Lookup = (...path: readonly string[]) => Difference | undefined;

/** What the `*` of a pattern stand for, or nothing when the path is another. */
export function match(pattern: readonly string[], path: readonly string[]): string[] | undefined {
  const open = pattern.at(-1) === "**";
  const fixed = open ? pattern.slice(0, -1) : pattern;
  if (open ? path.length < fixed.length : path.length !== fixed.length) return undefined;
  if (!fixed.every((name, index) => name === "*" || name === path[index])) return undefined;
  return path.filter((_, index) => fixed[index] === "*");
}

/** It was not there before. */
export function isNew({ old }: Difference): boolean {
  return old === undefined;
}

/** It is no longer there. */
export function isGone(difference: Difference): boolean {
  return difference.new === undefined;
}

/** A sentence that widens reach, or one that does not. */
export function said(says: string, widens = false): Said {
  return { says, widens };
}

/** `400 → 90 days`. */
export function arrow({ old, new: now }: Difference, unit = ""): string {
  return `${show(old)} → ${show(now)}${unit === "" ? "" : ` ${unit}`}`;
}

/** A value in a sentence. */
export function show(value: Leaf | undefined): string {
  return value === undefined ? "none" : String(value);
}

/** Whether a number went up; what is not there sets no bound, so losing it counts as up. */
export function isHigher({ old, new: now }: Difference): boolean {
  if (typeof old !== "number") return false;
  return typeof now !== "number" || now > old;
}

/** A name in a sentence. */
export function code(name: string | undefined): string {
  return `\`${String(name)}\``;
}
