import { readPattern } from "../../policy/pattern";

/** A pattern for the whole value, or why there is none. `narrower` where it takes less than the schema's. */
export type WholePattern =
  { readonly pattern: string; readonly narrower: boolean } | { readonly refused: string };

/**
 * A schema's `pattern`, which may match anywhere in a value, as one for the whole value: `^a+$` is `a+`, and `a+` is
 * `.*a+.*`. Groups that capture become such that do not, which changes no match.
 */
export function wholePattern(pattern: string): WholePattern {
  const { text, bars, from, to } = scan(pattern);
  // `^a|b$` is anchored at one end of each branch: for the whole value it is taken as `^(a|b)$`.
  const inner = bars ? `(?:${text})` : text;
  const whole = `${from ? "" : ".*"}${inner}${to ? "" : ".*"}`;
  const read = readPattern(whole);
  return "refused" in read ? read : { pattern: whole, narrower: bars || !(from && to) };
}

interface Scanned {
  /** Without anchors at its ends. */
  readonly text: string;
  /** Whether it has alternatives outside of groups. */
  readonly bars: boolean;
  readonly from: boolean;
  readonly to: boolean;
}

function scan(pattern: string): Scanned {
  const from = pattern.startsWith("^");
  const parts = pattern.slice(from ? 1 : 0).match(/\\[^]|\[(?:\\[^]|[^\]\\])*\]|\(\??|[^]/g) ?? [];
  const to = parts.at(-1) === "$";
  const inner = to ? parts.slice(0, -1) : parts;
  let depth = 0;
  let bars = false;
  for (const part of inner) {
    if (part === "(" || part === "(?") depth++;
    else if (part === ")") depth--;
    else if (part === "|" && depth === 0) bars = true;
  }
  return { text: inner.map((part) => (part === "(" ? "(?:" : part)).join(""), bars, from, to };
}
