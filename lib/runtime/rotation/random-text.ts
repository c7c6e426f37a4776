import { randomInt } from "node:crypto";
import type { CharacterClass } from "../rotation-env";

/** Letters and digits: fits into every URL, shell and file, and is its own SASLprep. */
export const LETTERS_AND_DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** How a random text is made. */
export interface RandomTextRequest {
  readonly length: number;
  /** @default letters and digits */
  readonly alphabet?: string;
  /** Classes that must occur. @default none */
  readonly require?: readonly CharacterClass[];
}

const CLASSES: Readonly<Record<CharacterClass, RegExp>> = {
  lower: /[a-z]/,
  upper: /[A-Z]/,
  digit: /[0-9]/,
  symbol: /[^a-zA-Z0-9]/,
};
const PRINTABLE = /^[!-~]{10,94}$/;
/** The worst alphabet that is allowed misses one class in 300 draws or so; this many are never needed. */
const MOST_DRAWS = 100_000;

/**
 * Random texts, every allowed one as likely as any other: `randomInt` has no bias, and a text that lacks a class is
 * thrown away whole, because mending one character would favour some texts. Throws on a request that cannot be met.
 */
export function randomText({
  length,
  alphabet = LETTERS_AND_DIGITS,
  require = [],
}: RandomTextRequest): () => string {
  if (!PRINTABLE.test(alphabet) || new Set(alphabet).size !== alphabet.length)
    throw new Error("the alphabet is not of 10 to 94 different printable characters");
  const needed = require.map((name) => {
    const pattern = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
    if (!pattern?.test(alphabet)) throw new Error("the alphabet lacks a class that is required");
    return pattern;
  });
  const draw = (): string =>
    Array.from({ length }, () => alphabet[randomInt(alphabet.length)] ?? "").join("");
  return () => {
    for (let tries = 0; tries < MOST_DRAWS; tries++) {
      const text = draw();
      if (needed.every((pattern) => pattern.test(text))) return text;
    }
    throw new Error("no text of this length holds the classes that are required");
  };
}
