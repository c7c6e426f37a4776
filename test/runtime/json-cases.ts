import { isDeepStrictEqual } from "node:util";
import { runReader } from "./gateway-lua";
import { EXPONENT, strictJson } from "./strict-json";

/** Texts that were worth keeping: each has shown, or could show, two readers that differ. As Latin-1 bytes. */
export const SEEDS: readonly string[] = [
  ...[
    "",
    " ",
    "null",
    "true",
    "tru",
    "truex",
    "nul",
    "-",
    "--1",
    "+1",
    ".5",
    "1.",
    "1.e1",
    "1e",
    "1e+",
    "1E+02",
  ],
  ...["0", "-0", "-0.0", "00", "-01", "01", "0x10", "1_0", "Infinity", "-Infinity", "NaN", "inf", "nan"],
  ...[
    "1e308",
    "1e309",
    "-1e309",
    "1e-400",
    "5e-324",
    "9007199254740989",
    "9007199254740991",
    "9007199254740993",
    "123456789012345678901234567890",
    "71E-54740993",
    "1e-4294967297",
    "1e4294967297",
  ],
  ...['"\xff"', '"a\\n\xff"', '"\\u0061\\t\xc3"', '"\xc3\\n\xa9"', '"a\\n\xc3\xa9"', "\xff", '{"a"\xa0:1}'],
  ...["[]", "[1,]", "[,1]", "[1 2]", "[", "]", "[[[[[[[1]]]]]]]", "[[[[[[[[1]]]]]]]]", "[[[[[[[[]]]]]]]]"],
  ...[
    "{}",
    '{"a":1,}',
    '{"a"}',
    "{a:1}",
    '{"a":1 "b":2}',
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"":1,"":2}',
  ],
  ...[
    '{"a":{"a":1},"b":{"a":1}}',
    '{"__proto__":1,"constructor":2}',
    '{"a":null,"a":null}',
    '{"a":false,"a":1}',
  ],
  ...[
    '"\\u0000"',
    '"\\ud800"',
    '"\\udc00"',
    '"\\ud83d\\ude00"',
    '"\\ud83d\\ud83d\\ude00"',
    '"\\uD83Dx"',
    '"\\u12"',
  ],
  ...[
    '"\\ud800\\u0041"',
    '"\\udbff\\udfff"',
    '"\\uuuuu"',
    '"\\x41"',
    '"\\\'"',
    '"\\',
    '"\\"',
    '"a\nb"',
    '"\x7f"',
  ],
  ...[
    '"\x00"',
    "\x00",
    "1\x00",
    '"\xff"',
    '"\xc0\xaf"',
    '"\xc3\xa9"',
    '"\xe2\x82"',
    '"\xed\xa0\x80"',
    '"\xf4\x90\x80\x80"',
  ],
  ...[
    '"\xf0\x90\x80\x80"',
    '"\xf0\x8f\xbf\xbf"',
    '"\xe0\x9f\xbf"',
    '"\xef\xbf\xbf"',
    "\xef\xbb\xbf1",
    "1\xef\xbb\xbf",
  ],
  // Escapes at the end of each length that UTF-8 writes them in, and beside surrogates.
  ...[
    "0001",
    "007f",
    "0080",
    "00e9",
    "07c0",
    "07ff",
    "0800",
    "0fff",
    "1000",
    "20ac",
    "d7ff",
    "e000",
    "ffff",
  ].map((code) => `"\\u${code}"`),
  ...["d800\\udc00", "d83d\\ude00", "dbff\\udfff", "d8ff\\udc40", "dbc0\\udc01"].map(
    (code) => `"\\u${code}"`,
  ),
  ...["dfff", "dfff\\udfff", "d800\\ud7ff", "d800\\ue000"].map((code) => `"\\u${code}"`),
  // The first and last letters of each length, and what stands beside them.
  ...[
    "\xc2\x80",
    "\xdf\xbf",
    "\xe0\xa0\x80",
    "\xe1\x80\x80",
    "\xec\xbf\xbf",
    "\xed\x9f\xbf",
    "\xee\x80\x80",
  ].map((letter) => `"${letter}"`),
  ...[
    "\xf0\x90\x80\x80",
    "\xf1\x80\x80\x80",
    "\xf3\xbf\xbf\xbf",
    "\xf4\x8f\xbf\xbf",
    "\x80",
    "\xc2",
    "\xc2\xc0",
  ].map((letter) => `"${letter}"`),
  ...["\xe1\x80\xc0", "\xe1\x80\x7f", "\xf1\x80\x80\xc0", "\xf5\x80\x80\x80", "\xe1\xc0\x80"].map(
    (letter) => `"${letter}"`,
  ),
  ...['"\\n\x80"', '"\\n\x1f"', '"\x1f"', '"\\n\x7f"', '"\\n'],
  ...[
    "1 1",
    "{}{}",
    "[]x",
    "\x0b1",
    "\x0c1",
    "\xc2\xa01",
    "// a\n1",
    "/**/1",
    "'a'",
    "`a`",
    "\t\r\n 1 \t\r\n",
  ],
  `[${Array(59).fill("1").join(",")}]`,
  `[${Array(60).fill("1").join(",")}]`,
];

/** Numbers between 0 and 1 that a seed decides (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const KEYS = ["a", "b", "id", "name", "\\u0061", "", "__proto__", "\xc3\xa9", "\\n"];
const TEXTS = [
  "",
  "x",
  "\xc3\xa9",
  "\xf0\x9f\x98\x80",
  "\\ud83d\\ude00",
  "\\/",
  '\\"',
  "\\\\",
  "\\t",
  "a b",
  "0",
];
const NUMBERS = [
  "0",
  "-0",
  "1",
  "-1.5",
  "1e3",
  "1E-7",
  "0.1",
  "1e400",
  "9007199254740993",
  "123456789.123456789",
];
const SPICES = [
  ...[
    '"',
    "\\",
    "\\u",
    "\\ud800",
    "\\udc00",
    "\\u0000",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "0",
    "-",
    "+",
    ".",
    "e",
    "E",
    "1",
  ],
  ...[
    "\x00",
    "\x1f",
    "\x7f",
    "\xc3",
    "\x80",
    "\xe2\x82\xac",
    "\xed\xa0\x80",
    "\xf5",
    "\xef\xbb\xbf",
    "\xc2\x85",
    "\n",
    " ",
  ],
  ...["null", "true", "false", "NaN", "//", "'", '"a":1,', "[[[[", '{"a":', "\\u0061", "\u2028"],
];

/** A text near JSON, in Latin-1: half of them are JSON, the rest has up to four mistakes. */
export function nearJson(next: () => number): Buffer {
  const pick = (from: readonly string[]) => from[Math.floor(next() * from.length)] as string;
  const blank = () => (next() < 0.1 ? pick([" ", "\n", "\t", "\r", "  "]) : "");
  const value = (depth: number): string => {
    const die = next();
    if (depth < 9 && die < 0.25) {
      const names = Array.from(
        { length: Math.floor(next() * 4) },
        (_none, at) => pick(KEYS) + (next() < 0.8 ? at : ""),
      );
      return `{${names.map((name) => `${blank()}"${name}"${blank()}:${value(depth + 1)}`).join(",")}${blank()}}`;
    }
    if (depth < 9 && die < 0.45) {
      const length = next() < 0.02 ? 55 + Math.floor(next() * 10) : Math.floor(next() * 4);
      return `[${Array.from({ length }, () => value(length > 4 ? 9 : depth + 1)).join(",")}]`;
    }
    if (die < 0.7) return `"${pick(TEXTS)}${next() < 0.3 ? pick(TEXTS) : ""}"`;
    return blank() + (die < 0.9 ? pick(NUMBERS) : pick(["true", "false", "null"])) + blank();
  };
  let text = next() < 0.2 ? pick(SEEDS) : value(1);
  for (let times = next() < 0.5 ? 0 : 1 + Math.floor(next() * 4); times > 0; times--) {
    const at = Math.floor(next() * (text.length + 1));
    const length = Math.floor(next() * 4);
    const die = next();
    const between =
      die < 0.3
        ? ""
        : die < 0.8
          ? pick(SPICES)
          : die < 0.9
            ? text.slice(0, 12)
            : String.fromCharCode(next() * 256);
    text = text.slice(0, at) + between + text.slice(at + (die < 0.6 ? length : 0));
  }
  return Buffer.from(text, "latin1");
}

/** What two readers agreed on. */
export interface Agreement {
  readonly taken: number;
  /** How many were refused, by the words of `json.lua`. */
  readonly refused: ReadonlyMap<string, number>;
}

/**
 * Lets both read.
 * @throws Error at the first text that they read differently
 */
export async function compareReaders(
  texts: readonly Buffer[],
  change?: (source: string) => string,
): Promise<Agreement> {
  const answers = await runReader(texts, change);
  const refused = new Map<string, number>();
  let taken = 0;
  texts.forEach((text, index) => {
    const lua = answers[index] as string;
    const node = strictJson(text, 8, 60);
    const same =
      "value" in node
        ? lua.startsWith("=") && isDeepStrictEqual(JSON.parse(lua.slice(1)), node.value)
        : lua.startsWith("!");
    if (!same || lua.startsWith("!CRASH") || /^!\d/.test(lua)) {
      if ("refused" in node && node.refused === EXPONENT && lua.startsWith("=")) return;
      throw new Error(`${JSON.stringify(text.toString("latin1"))}: Lua ${lua}, Node ${JSON.stringify(node)}`);
    }
    if (lua.startsWith("=")) taken++;
    else refused.set(lua, (refused.get(lua) ?? 0) + 1);
  });
  return { taken, refused };
}

/** Generated texts. */
export function generate(seed: number, count: number): Buffer[] {
  const next = random(seed);
  return Array.from({ length: count }, () => nearJson(next));
}
