import { readFileSync } from "node:fs";
import { join } from "node:path";
import { MAX_RESPONSE_KIB } from "../../lib/policy/responses";
import { formatProblem } from "../../lib/validation";
import { run, set } from "./fixture";

const A = "tools.search.responses";
const responses = (value: unknown) => set(A, value);
const own = (change: object) => ({
  refuse: [{ name: "acme-token", startsWith: "acme_", then: "hex", atLeast: 8, ...change }],
});
const leak = (value: unknown) => ({ refuse: [value] });

const WRONG: [what: string, value: unknown, problems: string[]][] = [
  ["a text for all of it", "none", [`${A} wrong-type`]],
  ["a field that there is not", { maxMib: 1 }, [`${A}.maxMib unknown-field`]],
  ["a size of nothing", { maxKib: 0 }, [`${A}.maxKib out-of-range`]],
  ["a size above what is read whole", { maxKib: MAX_RESPONSE_KIB + 1 }, [`${A}.maxKib out-of-range`]],
  ["half a KiB", { maxKib: 0.5 }, [`${A}.maxKib out-of-range`]],
  ["a size in words", { maxKib: "64" }, [`${A}.maxKib wrong-type`]],
  ["a size that is known later", { maxKib: "${x}" }, [`${A}.maxKib token-not-allowed`]],
  ["one leak instead of a list", { refuse: "private-key" }, [`${A}.refuse wrong-type`]],
  [
    "more leaks than are looked for",
    { refuse: Array.from({ length: 21 }, (_, at) => ({ ...own({}).refuse[0], name: `leak-${at}` })) },
    [`${A}.refuse over-budget`],
  ],
  ["a leak that nobody knows", leak("aws-secret-key"), [`${A}.refuse[0] unknown-kind`]],
  ["a number for a leak", leak(1), [`${A}.refuse[0] wrong-type`]],
  ["a leak twice", { refuse: ["private-key", "private-key"] }, [`${A}.refuse[1] duplicate`]],
  ["one's own twice", { refuse: [own({}).refuse[0], own({}).refuse[0]] }, [`${A}.refuse[1] duplicate`]],
  ["one's own under a name of ours", own({ name: "client-key" }), [`${A}.refuse[0].name duplicate`]],
  ["one's own under a name in capitals", own({ name: "Acme" }), [`${A}.refuse[0].name wrong-form`]],
  ["one's own under a name without end", own({ name: "a".repeat(33) }), [`${A}.refuse[0].name too-long`]],
  ["one's own without a beginning", own({ startsWith: undefined }), [`${A}.refuse[0].startsWith required`]],
  ["a beginning that everything has", own({ startsWith: "ac" }), [`${A}.refuse[0].startsWith wrong-form`]],
  ["a beginning that JSON escapes", own({ startsWith: 'a"b' }), [`${A}.refuse[0].startsWith wrong-form`]],
  ["a beginning with a blank", own({ startsWith: "key is" }), [`${A}.refuse[0].startsWith wrong-form`]],
  [
    "a beginning that is known later",
    own({ startsWith: "${x}" }),
    [`${A}.refuse[0].startsWith token-not-allowed`],
  ],
  ["a kind of characters that there is not", own({ then: "base64" }), [`${A}.refuse[0].then unknown-kind`]],
  ["nothing that must follow", own({ atLeast: 0 }), [`${A}.refuse[0].atLeast out-of-range`]],
  [
    "more that must follow than is looked for",
    own({ atLeast: 257 }),
    [`${A}.refuse[0].atLeast out-of-range`],
  ],
  [
    "a field of one's own that there is not",
    own({ endsWith: "x" }),
    [`${A}.refuse[0].endsWith unknown-field`],
  ],
];

test.each(WRONG)("%s is refused", (_what, value, problems) => {
  const { check } = run(responses(value));
  expect(check.problems.map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
});

test("everything that is wrong is said at once, in the caller's words", () => {
  const { check } = run(
    responses({
      maxKib: 4096,
      refuse: [
        "password",
        { name: "Acme", startsWith: "a", then: "words", atLeast: 0 },
        "private-key",
        "private-key",
      ],
      largest: 1,
    }),
  );
  expect(check.problems.map(formatProblem)).toEqual([
    "tools.search.responses.largest is not a field here; remove it [unknown-field]",
    "tools.search.responses.maxKib is 4096, expected 1 to 1024 KiB; lower it [out-of-range]",
    'tools.search.responses.refuse[0] is "password", expected one of aws-access-key, private-key, client-key, github-token; choose one of them [unknown-kind]',
    'tools.search.responses.refuse[1].name is "Acme", expected lower-case letters, digits and -; correct it [wrong-form]',
    "tools.search.responses.refuse[1].startsWith has 1 characters, expected at least 3; correct it [wrong-form]",
    'tools.search.responses.refuse[1].then is "words", expected one of hex, alphanumeric, base64url; choose one of them [unknown-kind]',
    "tools.search.responses.refuse[1].atLeast is 0, expected 1 to 256 characters; raise it [out-of-range]",
    'tools.search.responses.refuse[3] is "private-key" again; remove it [duplicate]',
  ]);
});

describe("what is right", () => {
  const tool = (value: unknown) => {
    const { policy, check } = run(responses(value));
    expect(check.problems).toEqual([]);
    return policy.tools.search;
  };

  test.each([
    ["nothing", undefined],
    ["an empty object", {}],
    ["an empty list", { refuse: [] }],
  ])("%s is the largest answer there is, and nothing refused", (_what, value) => {
    expect(tool(value)?.maxResponseBytes).toBe(MAX_RESPONSE_KIB * 1024);
    expect(tool(value)).not.toHaveProperty("refuse");
  });

  test.each([1, MAX_RESPONSE_KIB])("%i KiB is that many bytes", (maxKib) => {
    expect(tool({ maxKib })?.maxResponseBytes).toBe(maxKib * 1024);
  });

  test("each name of ours stands for what its form is, in the order that was written", () => {
    const names = ["private-key", "aws-access-key", "github-token", "client-key"];
    const refuse = tool({ refuse: names })?.refuse ?? {};
    expect(Object.keys(refuse)).toEqual(names);
    const shown = Object.entries(refuse).map(([name, rules]) => [
      name,
      rules.map(({ startsWith, then, atLeast }) => `${startsWith} ${then} ${atLeast}`),
    ]);
    expect(Object.fromEntries(shown)).toEqual({
      "private-key": ["PRIVATE KEY----- any 0", "PRIVATE KEY BLOCK----- any 0"],
      "aws-access-key": ["AKIA alphanumeric 16", "ASIA alphanumeric 16"],
      "github-token": [
        ...["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map((start) => `${start} alphanumeric 36`),
        "github_pat_ base64url 22",
      ],
      "client-key": ["hmk_ base64url 43"],
    });
  });

  test("docs/responses.md says of each name what it looks for", () => {
    const page = readFileSync(join(__dirname, "..", "..", "docs", "responses.md"), "utf8");
    const names = ["private-key", "aws-access-key", "github-token", "client-key"];
    const refuse = tool({ refuse: names })?.refuse ?? {};
    for (const [name, rules] of Object.entries(refuse)) {
      const row = page.split("\n").find((line) => line.startsWith(`| \`${name}\``)) ?? "";
      for (const { startsWith, atLeast } of rules) {
        expect(row).toContain(`\`${startsWith}\``);
        if (atLeast > 0) expect(row).toContain(` ${atLeast}`);
      }
    }
    expect(page).toContain(`may have ${MAX_RESPONSE_KIB} KiB`);
  });

  test("one's own stands as it was written, at its bounds", () => {
    for (const change of [
      {},
      { startsWith: "a.b", atLeast: 1 },
      { startsWith: "x".repeat(64), atLeast: 256 },
    ]) {
      const rules = Object.fromEntries(own(change).refuse.map(({ name, ...rule }) => [name, [rule]]));
      expect(tool(own(change))?.refuse).toEqual(rules);
    }
  });
});
