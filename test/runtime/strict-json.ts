/** The second opinion on what is JSON: Node's own parser, and the rules of ours that it does not have. */

const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[[\]{}:,]/g;
const SURROGATE = /\p{Surrogate}/u;

/** LuaJIT takes no exponent beyond 2^20, where Node reads 0. From a million on either is right: nobody means such a number. */
export const EXPONENT = "exponent";

/** A value, or why there is none. */
export type Read = { readonly value: unknown } | { readonly refused: string };

/** Reads strictly, at most so many levels and values. Written from the rules, knowing nothing of `json.lua`. */
export function strictJson(bytes: Buffer, maxDepth: number, maxValues: number): Read {
  let text: string;
  let value: unknown;
  try {
    text = UTF8.decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    return { refused: (error as Error).name };
  }
  const refused = beyond(text, maxDepth, maxValues);
  return refused === undefined ? { value } : { refused };
}

/** Which rule a text breaks that is JSON to Node. */
function beyond(text: string, maxDepth: number, maxValues: number): string | undefined {
  const open: { keys: Set<string> | undefined; keyNext: boolean }[] = [];
  let values = 0;
  for (const token of text.match(TOKEN) ?? []) {
    const inner = open.at(-1);
    if (token === "}" || token === "]") {
      open.pop();
    } else if (token === ",") {
      if (inner?.keys !== undefined) inner.keyNext = true;
    } else if (token !== ":") {
      const isKey = inner?.keyNext === true;
      if (token.startsWith('"')) {
        const said = JSON.parse(token) as string;
        if (said.includes("\0")) return "NUL";
        if (SURROGATE.test(said)) return "surrogate";
        if (isKey && inner.keys?.has(said)) return "duplicate";
        if (isKey) inner.keys?.add(said);
      } else if (/^[-\d]/.test(token) && !Number.isFinite(Number(token))) {
        return "number";
      } else if (Math.abs(Number(/[eE]([+-]?\d+)$/.exec(token)?.[1] ?? 0)) > 1_000_000) {
        return EXPONENT;
      }
      if (isKey) {
        inner.keyNext = false;
        continue;
      }
      values++;
      if (values > maxValues) return "values";
      if (open.length + 1 > maxDepth) return "depth";
      if (token === "{") open.push({ keys: new Set(), keyNext: true });
      if (token === "[") open.push({ keys: undefined, keyNext: false });
    }
  }
  return undefined;
}
