import { swapped } from "../support/swapped";
import { describeUnless } from "../support/toolchain";
import { fetchLuaJit, missingLuaJit } from "./luajit";
import { SEEDS, compareReaders, generate } from "./json-cases";
import { SERIES, keptKib } from "./json-memory";

const SEED = 20261126;
const COUNT = 10_000;

/** Each takes one rule out of the reader. */
const MUTANTS: [what: string, from: string, to: string][] = [
  ["UTF-8", "if not plain_ascii and not utf8_length(text) then", "if false then"],
  ["UTF-8 in what is else plain", "c == 92 or c > 126 then", "c == 92 then"],
  ["control characters in what is else plain", "if c < 32 or c == 92", "if c == 92"],
  ["escapes in what is else plain", "c == 92 or c > 126 then", "c > 126 then"],
  ["overlong forms of two bytes", "first >= 194 and", "first >= 192 and"],
  ["overlong forms of three bytes", "more, low = 2, 160", "more = 2"],
  ["overlong forms of four bytes", "more, low = 3, 144", "more = 3"],
  ["surrogates in UTF-8", "more, high = 2, 159", "more = 2"],
  ["beyond Unicode", "more, high = 3, 143", "more = 3"],
  ["NUL", "if code == 0 then", "if false then"],
  ["lone surrogates", "if code > 0xDBFF or low < 0xDC00 or low > 0xDFFF then", "if false then"],
  ["escapes", 'ESCAPES[letter] or unreadable("bad escape")', "letter"],
  ["control characters", "while c and c > 31 and c ~= 34", "while c and c ~= 34"],
  ["leading zeros", "and (byte(text, at) ~= 48 or to == at + 1) then", "then"],
  ["leading zeros behind a sign", 'if find(text, "^-?0%d", at) then', "if false then"],
  ["digits that a number does not keep", "to - at < 16 and", "to - at < 40 and"],
  ["fractions", "c ~= 46 and", ""],
  ["exponents", "c ~= 69 and c ~= 101 and", ""],
  ["numbers beyond a double", "or number == huge or number == -huge then", "then"],
  ["duplicate keys", "if members[key] ~= nil then", "if false then"],
  ["how many values", "if values > max_values then", "if false then"],
  ["one value too many", "if values > max_values then", "if values > max_values + 1 then"],
  ["depth", "if level >= max_depth then", "if false then"],
  ["one level too many", "if level >= max_depth then", "if level > max_depth then"],
  ["trailing data", "if at <= #text then", "if false then"],
  ["brackets that belong together", "while c == ends do", "while c == 125 or c == 93 do"],
  ["commas before the first", "if not opens then", "if not opens or c == 44 then"],
  ["keys", 'if c ~= 34 then unreadable("key expected") end', ""],
  ["colons", 'if c ~= 58 then unreadable("colon expected") end', ""],
  ["commas", 'if c ~= 44 then unreadable("comma expected") end', ""],
];

describeUnless([missingLuaJit()], "the gateway's reader of JSON", () => {
  let texts: Buffer[];
  beforeAll(fetchLuaJit, 300_000);
  beforeAll(
    () => void (texts = [...SEEDS.map((text) => Buffer.from(text, "latin1")), ...generate(SEED, COUNT)]),
  );

  test("reads what Node reads, less what two readers could understand differently", async () => {
    const { taken, refused } = await compareReaders(texts);
    process.stdout.write(
      `reader: ${taken} texts taken, ${texts.length - taken} refused in ${refused.size} ways, seed ${SEED}\n`,
    );
    expect(Math.min(taken, texts.length - taken)).toBeGreaterThan(COUNT / 5);
  });

  test.each(MUTANTS)("is told from one without its rule on %s", async (_what, from, to) => {
    const change = (source: string) => swapped(source, from, to);
    // The kept texts and some more are enough to tell.
    await expect(compareReaders(texts.slice(0, 2_000), change)).rejects.toThrow(/: Lua .*, Node /);
  });

  test.each(Object.entries(SERIES))("keeps nothing of %s", async (_what, series) => {
    expect(await keptKib(series)).toBeLessThan(series.most);
  });
});
