import { createHash } from "node:crypto";

const DIGITS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/** The order in which bytes of the digest are written, three at a time. */
const ORDER = [
  [0, 10, 20],
  [21, 1, 11],
  [12, 22, 2],
  [3, 13, 23],
  [24, 4, 14],
  [15, 25, 5],
  [6, 16, 26],
  [27, 7, 17],
  [18, 28, 8],
  [9, 19, 29],
] as const;

/**
 * SHA-256 crypt (U. Drepper, "Unix crypt using SHA-256 and SHA-512", version 0.6): the 43 characters after the salt.
 * MySQL uses it with salts of 20 bytes, where Unix takes 16 at most. Node has no crypt(3).
 */
export function sha256Crypt(password: string, salt: Buffer, rounds: number): string {
  const key = Buffer.from(password);
  const sha256 = (...parts: readonly Buffer[]): Buffer => {
    const hash = createHash("sha256");
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  const alternate = sha256(key, salt, key);
  const parts = [key, salt, stretch(alternate, key.length)];
  for (let bits = key.length; bits > 0; bits >>= 1) parts.push(bits & 1 ? alternate : key);
  let digest = sha256(...parts);
  const p = stretch(sha256(...Array.from({ length: key.length }, () => key)), key.length);
  const s = stretch(sha256(...Array.from({ length: 16 + (digest[0] ?? 0) }, () => salt)), salt.length);
  for (let round = 0; round < rounds; round++) {
    const odd = round % 2 === 1;
    digest = sha256(
      odd ? p : digest,
      round % 3 === 0 ? Buffer.alloc(0) : s,
      round % 7 === 0 ? Buffer.alloc(0) : p,
      odd ? digest : p,
    );
  }
  const at = (index: number): number => digest[index] ?? 0;
  return (
    ORDER.map(([a, b, c]) => digits((at(a) << 16) | (at(b) << 8) | at(c), 4)).join("") +
    digits((at(31) << 8) | at(30), 3)
  );
}

/** As many bytes as asked for, over and over. */
function stretch(bytes: Buffer, length: number): Buffer {
  return Buffer.alloc(length, bytes);
}

function digits(value: number, count: number): string {
  return Array.from({ length: count }, (_, index) => DIGITS[(value >> (6 * index)) & 63]).join("");
}
