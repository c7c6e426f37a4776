import { randomInt } from "node:crypto";
import type { Kind } from "./kind";

/** Three generations of a random text. What is made with any of them can be checked by tasks one rotation away. */
export interface GeneratedValue {
  readonly current: string;
  /** Empty before the first rotation. */
  readonly previous: string;
  /** Announced: the next rotation makes it the current one. */
  readonly next: string;
}

const SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** Shorter ones can be guessed. */
const SHORTEST = 16;

/** A random text of letters and digits, so that it fits into every URL, shell and file. */
export function generated({ length }: { readonly length: number }): Kind<GeneratedValue> {
  const random = (): string =>
    Array.from({ length }, () => SYMBOLS[randomInt(SYMBOLS.length)] ?? "").join("");
  const first = (): GeneratedValue => ({ current: random(), previous: "", next: random() });
  return {
    first,
    fresh: first,
    next: (value) => ({ current: value.next, previous: value.current, next: random() }),
    fault: ({ current, previous, next }) => {
      if (typeof current !== "string" || typeof previous !== "string" || typeof next !== "string")
        return "expected the texts current, previous and next";
      return current.length < SHORTEST || next.length < SHORTEST
        ? `current and next must have ${SHORTEST} characters at least`
        : undefined;
    },
  };
}
