import type { HardenedMcpConfig } from "../../lib/config";
import { resolveHardenedMcp, resolvePlatform } from "../../lib/model";
import type { Inherited } from "../../lib/tags/model";
import type { RequiredTags, Tags } from "../../lib/tags/config";
import { goodConfig, isTestToken, problemsOf, TOKEN } from "../support/config";
import { PARTS } from "../tokens/corpus-parts";

const REQUIRED: RequiredTags = {
  owner: "any",
  "cost-centre": { pattern: "[0-9]{4}" },
  "data-class": { oneOf: ["internal", "public"] },
};
const GOOD: Tags = { owner: "payments", "cost-centre": "4711", "data-class": "internal" };

const messages = (change: Partial<HardenedMcpConfig>, inherited?: Inherited): string[] =>
  problemsOf(() => resolveHardenedMcp(goodConfig(change), isTestToken, inherited));
const asked = (tags: Tags | undefined, inherited?: Inherited, requiredTags: RequiredTags = REQUIRED) =>
  messages({ ...(tags && { tags }), requiredTags }, inherited);

const FIX = "add them here, or to default_tags of the provider, which has to be made first [required]";

describe("keys that are required", () => {
  test("are there, and the values are right", () => {
    expect(asked(GOOD)).toEqual([]);
    const { servers: _servers, ...alone } = goodConfig({ tags: GOOD, requiredTags: REQUIRED });
    const { model } = resolvePlatform(alone, isTestToken);
    expect(model.requiredTags).toEqual(REQUIRED);
    expect(model.tags).toEqual({
      ...GOOD,
      "hardened-mcp:name": "acme",
      "hardened-mcp:environment": "test",
    });
  });

  test("are missed in one problem, all of them", () => {
    expect(asked(undefined)).toEqual([
      `tags lacks cost-centre, data-class, owner, which requiredTags asks for; ${FIX}`,
    ]);
    expect(asked({ team: "x", "cost-center": "4711", "data-class": "public" })).toEqual([
      `tags lacks cost-centre (and has cost-center), owner, which requiredTags asks for; ${FIX}`,
    ]);
  });

  test("are another one where only the capitals differ", () => {
    expect(asked({ ...GOOD, owner: "x" }, undefined, { Owner: "any" })).toEqual([
      `tags lacks Owner (and has owner), which requiredTags asks for; ${FIX}`,
    ]);
  });

  test.each<[string, Tags, string[]]>([
    ["an empty text", { ...GOOD, owner: "" }, ["tags.owner is empty, expected some text"]],
    [
      "a value of no list",
      { ...GOOD, "data-class": "Internal" },
      ['tags["data-class"] is "Internal", expected one of internal, public'],
    ],
    [
      "more than the pattern",
      { ...GOOD, "cost-centre": "47110" },
      ['tags["cost-centre"] is "47110", expected [0-9]{4}'],
    ],
    [
      "several at once",
      { owner: "", "cost-centre": "x", "data-class": "" },
      [
        'tags["cost-centre"] is "x", expected [0-9]{4}',
        'tags["data-class"] is empty, expected one of internal, public',
        "tags.owner is empty, expected some text",
      ],
    ],
  ])("with a wrong value are refused: %s", (_name, tags, expected) => {
    expect(asked(tags)).toEqual(
      expected.map((line) => `${line}; set it as requiredTags asks for [wrong-form]`),
    );
  });

  test("may have values that are known only at deployment", () => {
    expect(asked({ owner: TOKEN, "cost-centre": TOKEN, "data-class": TOKEN })).toEqual([]);
  });

  test("are there where the provider adds them, whose values count as much", () => {
    const { owner, ...rest } = GOOD as { owner: string };
    expect(asked(rest, { owner })).toEqual([]);
    expect(asked(undefined, GOOD)).toEqual([]);
    expect(asked(rest, { team: "x" })).toEqual([`tags lacks owner, which requiredTags asks for; ${FIX}`]);
    expect(asked(rest, { owner: "" })).toEqual([
      "tags.owner is empty, expected some text; set it as requiredTags asks for [wrong-form]",
    ]);
  });

  test("are not missed where nobody knows what the provider adds, and wrong values still are", () => {
    expect(asked(undefined, "unknown")).toEqual([]);
    expect(asked({ owner: "" }, "unknown")).toHaveLength(1);
  });
});

describe("what is asked for", () => {
  const asking = (rule: unknown) => asked(GOOD, undefined, { owner: rule } as never);
  test.each<[string, unknown, RegExp]>([
    ["a word that is no rule", "all", /^requiredTags\.owner is "all", expected one of any; .*unknown-kind/],
    ["a rule known later", TOKEN, /^requiredTags\.owner is known only.*token-not-allowed/],
    ["a list alone", ["a"], /^requiredTags\.owner is a list, expected an object/],
    ["no values", { oneOf: [] }, /^requiredTags\.owner\.oneOf has 0 entries, expected at least 1/],
    ["neither", {}, /^requiredTags\.owner\.oneOf is missing/],
    ["both", { oneOf: ["payments"], pattern: ".+" }, /^requiredTags\.owner\.oneOf is not a field here/],
    ["a value that no tag has", { oneOf: ["a<b"] }, /^requiredTags\.owner\.oneOf\[0\] is "a<b", expected/],
    ["a value known later", { oneOf: [TOKEN] }, /^requiredTags\.owner\.oneOf\[0\] is known only/],
    ["a pattern known later", { pattern: TOKEN }, /^requiredTags\.owner\.pattern is known only/],
    ["no pattern", { pattern: "" }, /^requiredTags\.owner\.pattern has 0 characters/],
    [
      "a pattern that never ends",
      { pattern: "(?:a+)+" },
      /^requiredTags\.owner\.pattern is "\(\?:a\+\)\+", which repeats a group.*\[unsafe\]$/,
    ],
  ])("is refused by its field: %s", (_name, rule, message) => {
    const found = asking(rule);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });
  test("has keys as tags have them", () => {
    expect(asked(GOOD, undefined, { "AWS:owner": "any" })).toEqual([
      expect.stringMatching(/^requiredTags\["AWS:owner"\] is a name, expected .*not beginning with aws:/),
    ]);
  });
});

describe("AWS's own limits", () => {
  test.each<[string, Tags, RegExp]>([
    ["AWS's prefix in capitals", { "Aws:x": "y" }, /^tags\["Aws:x"\] is a name, expected.*\[wrong-form\]$/],
    ["a key of 129 characters", { ["k".repeat(129)]: "y" }, /is a name of 129 characters.*at most 128/],
    ["a value of 257 characters", { team: "v".repeat(257) }, /^tags\.team has 257 characters.*at most 256/],
    ["a value that is no text", { team: 4711 as never }, /^tags\.team is a number, expected text/],
    [
      "keys that IAM takes for one",
      { Owner: "a", owner: "b" },
      /^tags\.owner differs from Owner in capitals alone, and IAM takes the two for one; .*\[duplicate\]$/,
    ],
  ])("are checked: %s", (_name, tags, message) => {
    const found = messages({ tags });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });

  test("are kept at the edge", () => {
    const tags = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`${"k".repeat(126)}${i + 10}`, "v".repeat(256)]),
    );
    expect(messages({ tags })).toEqual([]);
  });

  test("are those of the provider's and ours together", () => {
    const inherited = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`t${i}`, "x"]));
    expect(messages({ tags: { t0: "mine" } }, inherited)).toEqual([]);
    expect(messages({ tags: { T0: "mine", own: "x" } }, inherited)).toEqual([
      "tags has 42 tags with those that come from elsewhere, expected at most 40; remove some [over-budget]",
      "tags.T0 differs from t0 in capitals alone, and IAM takes the two for one; keep one of them [duplicate]",
    ]);
  });
});

test.each(Object.entries(PARTS))("%s on its own asks for them too", (_name, { config, resolve }) => {
  const own = { ...config, requiredTags: REQUIRED };
  expect(problemsOf(() => resolve(own, isTestToken))).toEqual([
    `tags lacks cost-centre, data-class, owner, which requiredTags asks for; ${FIX}`,
  ]);
  expect(problemsOf(() => resolve({ ...own, tags: GOOD }, isTestToken))).toEqual([]);
});
