import fc from "fast-check";
import { readPattern } from "../../lib/policy/pattern";

test.each([
  ["ord_[0-9]{4,10}", "ord_[0-9]{4,10}"],
  ["[a-z]+(?:-[a-z]+)*", "[a-z]+(?:-[a-z]+)*"],
  ["a|b|cd", "a|b|cd"],
  ["[^,]+", "[^\\n,]+"],
  [".{1,9}", "[^\\n\\r\\x{2028}\\x{2029}]{1,9}"],
  ["\\d{4}-\\d\\d", "\\d{4}-\\d\\d"],
  ["\\w+@\\w+\\.[a-z]{2,}", "\\w+@\\w+\\.[a-z]{2,}"],
  ["(?:foo|bar)?", "(?:foo|bar)?"],
  ["é+", "é+"],
])("%s is taken", (pattern, re2) => {
  expect(readPattern(pattern)).toEqual({ re2 });
});

test.each([
  ["(", "is not a regular expression"],
  ["[b-a]", "is not a regular expression"],
  ["(a)", "captures"],
  ["(?=a)", "looks around"],
  ["(?<n>a)", "looks around"],
  ["^a$", "anchor"],
  ["\\bword", "engines read differently"],
  ["\\s", "engines read differently"],
  ["\\D", "engines read differently"],
  ["[\\W]", "engines read differently"],
  ["\\n", "engines read differently"],
  ["\\u{61}", "engines read differently"],
  ["\\p{L}", "engines read differently"],
  ["a+?", "lazy"],
  ["a{1001}", "1000 times"],
  ["(?:a+)+", "exponential"],
  ["(?:a|a)*", "exponential"],
  ["(?:a*)*", "can be empty"],
  ["(?:-?a+)*", "exponential"],
  ["(?:a[ab]*)*", "exponential"],
  ["[]", "empty class"],
  ["[[a]", "[ in a class"],
  ["a\nb", "control character"],
  ["a".repeat(257), "256 characters"],
])("%j is refused", (pattern, why) => {
  expect(readPattern(pattern)).toEqual({ refused: expect.stringContaining(why) });
});

/** Patterns of the subset, built from their grammar. */
const patterns = fc.letrec<{ alternatives: string; sequence: string; part: string; atom: string }>((tie) => ({
  alternatives: fc.array(tie("sequence"), { minLength: 1, maxLength: 2 }).map((options) => options.join("|")),
  sequence: fc.array(tie("part"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("")),
  part: fc.tuple(tie("atom"), fc.constantFrom("", "", "?", "+", "*", "{2}", "{1,3}")).map(([a, q]) => a + q),
  atom: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "b", "-", "\\.", ".", "\\d", "\\w", "[ab]", "[^a]", "[^\\d]", "[a-c\\-]"),
    tie("alternatives").map((inner) => `(?:${inner})`),
  ),
})).alternatives;

test("what comes out matches as the pattern does, and never a line feed", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", "b", "c", "-", ".", "1", "\r", "é"), maxLength: 6 });
  fc.assert(
    fc.property(patterns, texts, texts, (pattern, text, other) => {
      const result = readPattern(pattern);
      fc.pre("re2" in result);
      const re2 = "re2" in result ? result.re2.replace(/\\x\{(\w+)\}/g, "\\u{$1}") : "";
      const written = new RegExp(`^(?:${pattern})$`, "u");
      const read = new RegExp(`^(?:${re2})$`, "u");
      // Each behind a line feed, as the gateway joins them: both must match on their own.
      const joined = new RegExp(`^(?:\\n(?:${re2}))+$`, "u");
      expect(read.test(text)).toBe(written.test(text));
      expect(joined.test(`\n${text}\n${other}`)).toBe(written.test(text) && written.test(other));
    }),
    { numRuns: 2000 },
  );
});
