import { source } from "./gateway-lua";
import { runUnit } from "./unit-lua";

/** Letters of one to four bytes, the first and the last of each. */
const LETTERS = [
  "a",
  "\u007f",
  "\u0080",
  "\u07ff",
  "\u0800",
  "\ud7ff",
  "\ue000",
  "\uffff",
  "\u{10000}",
  "\u{3ffff}",
];
LETTERS.push("\u{40000}", "\u{fffff}", "\u{100000}", "\u{10ffff}", "é", "€", "À", "ഀ", "ခ", "\u{80000}");

/** Around the most that the record keeps of a text, ending inside of every letter. */
const TEXTS = [
  "",
  ...LETTERS,
  ...LETTERS.flatMap((letter) => [0, 1, 2, 3, 4, 5].map((less) => "x".repeat(256 - less) + letter.repeat(4))),
  ...LETTERS.map((letter) => letter.repeat(300)),
  ...[255, 256, 257, 258, 1000].map((length) => "y".repeat(length)),
];

/** The letters of a text that end within so many bytes. */
function within(text: string, bytes: number): string {
  let kept = "";
  for (const letter of text) {
    if (Buffer.byteLength(kept + letter) > bytes) break;
    kept += letter;
  }
  return kept;
}

/** A value, whether it is logged, and what the record says of it. */
const DESCRIBED: readonly (readonly [value: unknown, log: boolean, says: string])[] = [
  ["blue", true, "value=blue"],
  ["blue", false, "length=4 type=string"],
  ["", true, "value="],
  ["é😀", false, "length=2 type=string"],
  [7, true, "value=7"],
  [7, false, "type=number"],
  [true, true, "value=true"],
  [false, true, "value=false"],
  [false, false, "type=boolean"],
  [null, true, "type=null"],
  [null, false, "type=null"],
  [[1, 2, 3], true, "length=3 type=array"],
  [[], false, "length=0 type=array"],
  [{ a: 1, b: 2 }, true, "length=2 type=object"],
  [{}, false, "length=0 type=object"],
];

const FIELDS: Readonly<Record<string, { log?: true }>> = { a: { log: true }, b: {}, c: {} };
/** What the record says of one, in short. */
function inShort(told: object): string {
  return Object.entries(told)
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join(" ");
}
/** Arguments, and what the record says of them. */
const DESCRIBE: readonly (readonly [args: object, says: string])[] = [
  [{ a: "x" }, "a:value=x"],
  [{ a: "x", b: "yy" }, "a:value=x b:length=2 type=string"],
  [{ b: null, other: 1 }, "b:type=null"],
  [{ c: false }, "c:type=boolean"],
  [{ other: 1 }, "nil"],
  [{}, "nil"],
];

/** A text as it was sent, and how long it is and how the record writes it. */
const READ: readonly (readonly [sent: string, says: string])[] = [
  ['""', '0 ""'],
  ['"a ~"', '3 "a ~"'],
  ['"a\u007fb"', '3 "a\\u007fb"'],
  ['"é😀"', '2 "é😀"'],
  [String.raw`"\u0041\/"`, '2 "A/"'],
  [String.raw`"a\"\\\n"`, String.raw`4 "a\u0022\u005c\u000a"`],
];

/** A number as it was sent, and as the record writes it. */
const NUMBERS: readonly (readonly [sent: string, says: string])[] = [
  ["7", "7"],
  ["-0", "0"],
  ["1.5", "1.5"],
  ["-0.1", "-0.10000000000000001"],
  ["999999999999999", "999999999999999"],
  ["1e15", "1000000000000000"],
  ["9007199254740993", "9007199254740992"],
  ["1e300", "1.0000000000000001e+300"],
];

/** What a program says of texts and arguments, and should not. */
export async function wrongTexts(program: string = source()): Promise<string[]> {
  const whole = `STAGE = "policy" ${program}`;
  const env = {
    HMCP_POLICY: JSON.stringify({
      ...{ v: 1, resource: "r", era: "both", versions: {}, methods: [], depth: 8, values: 60, timeout: 1 },
      ...{ clients: {}, tools: {}, windows: {} },
    }),
  };
  const run = (driver: string, cases: readonly string[]) => runUnit(whole, driver, cases, env);
  const fields = Object.entries(FIELDS).map(
    ([name, { log }]) => `${name} = { log = ${log === true}, told = ',"${name}":' }`,
  );
  const [lengths, cuts, read, numbers, about, all] = await Promise.all([
    run("answer(function(text) return tostring(utf8_length(text)) end)", TEXTS),
    run("answer(function(text) return (quote(cut(text))) end)", TEXTS),
    run(
      `answer(function(given)
        local text = decode(given, 1, 1)
        return length_read(text) .. " " .. quote_read(text)
      end)`,
      READ.map(([sent]) => sent),
    ),
    run(
      "answer(function(given) return described(decode(given, 1, 1), { log = true }) end)",
      NUMBERS.map(([sent]) => sent),
    ),
    run(
      `answer(function(given) return described(decode(sub(given, 2), 8, 60), { log = sub(given, 1, 1) == "1" }) end)`,
      DESCRIBED.map(([value, log]) => `${log ? 1 : 0}${JSON.stringify(value)}`),
    ),
    run(
      `answer(function(given)
        local about = describe(decode(given, 8, 60), { ${fields.join(", ")} })
        return about and "{" .. about .. "}" or "nil"
      end)`,
      DESCRIBE.map(([args]) => JSON.stringify(args)),
    ),
  ]);
  const differ = (what: string, said: readonly string[], due: readonly string[]) =>
    due.flatMap((says, index) => (said[index] === says ? [] : [`${what}: ${said[index]}, not ${says}`]));
  return [
    ...differ(
      "length",
      lengths,
      TEXTS.map((text) => `${[...text].length}`),
    ),
    ...differ(
      "kept",
      cuts.map((text) => JSON.parse(text) as string),
      TEXTS.map((text) => within(text, 256)),
    ),
    ...differ(
      "read",
      read,
      READ.map(([, says]) => says),
    ),
    ...differ(
      "number",
      numbers,
      NUMBERS.map(([, says]) => `{"value":${says}}`),
    ),
    ...differ(
      "described",
      about.map((told) => inShort(JSON.parse(told) as object)),
      DESCRIBED.map(([, , says]) => says),
    ),
    ...differ(
      "arguments",
      all.map((told) =>
        told === "nil"
          ? told
          : Object.entries(JSON.parse(told) as Record<string, object>)
              .map(([name, its]) => `${name}:${inShort(its)}`)
              .sort()
              .join(" "),
      ),
      DESCRIBE.map(([, says]) => says),
    ),
  ];
}
