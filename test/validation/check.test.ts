import { inspect } from "node:util";
import { Check, ConfigurationError, formatProblem, NAME, type Problem } from "../../lib/validation";

const isToken = (value: unknown): boolean => value === "${TOKEN}" || value === -7;
const codes = (problems: readonly Problem[]): string[] =>
  problems.map((problem) => `${problem.path} ${problem.code}`);

/** Runs one rule at `field` and gives what it reported. */
function found(rule: (check: Check) => unknown): string[] {
  const root = Check.start(isToken);
  rule(root.at("field"));
  return root.problems.map(formatProblem);
}

describe("paths read as TypeScript", () => {
  test.each([
    [["servers", "orders", "tools"], "servers.orders.tools"],
    [["servers", "ci-bot", "x"], 'servers["ci-bot"].x'],
    [["zones", 1], "zones[1]"],
    [["tools", "a.b"], 'tools["a.b"]'],
  ])("%j", (keys, path) => expect(Check.start(isToken).at(...keys).path).toBe(path));
});

describe("every class of mistake has its message", () => {
  test.each<[string, (check: Check) => unknown, string]>([
    ["missing", (c) => c.text(undefined), "field is missing; set it [required]"],
    ["null", (c) => c.integer(null, { min: 1, max: 2 }), "field is missing; set it [required]"],
    ["wrong type", (c) => c.text(5), "field is a number, expected text; correct it [wrong-type]"],
    [
      "number as text",
      (c) => c.integer("5", { min: 1, max: 9, unit: "days" }),
      "field is a string, expected 1 to 9 days; use a number [wrong-type]",
    ],
    [
      "too high",
      (c) => c.integer(5000, { min: 1, max: 4000, unit: "seconds" }),
      "field is 5000, expected 1 to 4000 seconds; lower it [out-of-range]",
    ],
    [
      "too low",
      (c) => c.integer(0, { min: 1, max: 4000 }),
      "field is 0, expected 1 to 4000; raise it [out-of-range]",
    ],
    [
      "a fraction",
      (c) => c.integer(1.5, { min: 1, max: 9 }),
      "field is 1.5, expected 1 to 9; use a whole number [out-of-range]",
    ],
    [
      "not a number",
      (c) => c.integer(NaN, { min: 1, max: 9 }),
      "field is NaN, expected 1 to 9; use a whole number [out-of-range]",
    ],
    [
      "too long",
      (c) => c.text("abcd", { max: 3 }),
      "field has 4 characters, expected at most 3; correct it [too-long]",
    ],
    [
      "too short",
      (c) => c.text("a", { min: 3 }),
      "field has 1 characters, expected at least 3; correct it [wrong-form]",
    ],
    [
      "wrong form",
      (c) => c.text("A", { pattern: /^a$/, form: "an a" }),
      'field is "A", expected an a; correct it [wrong-form]',
    ],
    [
      "a slip of the pen",
      (c) => c.oneOf("prodution", ["production", "sandbox"]),
      'field is "prodution", expected one of production, sandbox; did you mean production? [unknown-kind]',
    ],
    [
      "another word",
      (c) => c.oneOf("x", ["production"]),
      'field is "x", expected one of production; choose one of them [unknown-kind]',
    ],
    [
      "token where a kind decides",
      (c) => c.oneOf("${TOKEN}", ["a"]),
      "field is known only at deployment; write the value itself; what is built depends on it [token-not-allowed]",
    ],
    [
      "not an object",
      (c) => c.object([], {}),
      "field is a list, expected an object; see the type's documentation [wrong-type]",
    ],
    [
      "unknown field",
      (c) => c.object({ idelSeconds: 1 }, { idleSeconds: true }),
      "field.idelSeconds is not a field here; did you mean idleSeconds? [unknown-field]",
    ],
    [
      "not a list",
      (c) => c.list("a" as never),
      "field is a string, expected a list; write it in [ ] [wrong-type]",
    ],
    [
      "too few",
      (c) => c.list(["a"], { min: 2 }),
      "field has 1 entries, expected at least 2; add some [too-few]",
    ],
    [
      "too many",
      (c) => c.list(["a", "b"], { max: 1 }),
      "field has 2 entries, expected at most 1; remove some [over-budget]",
    ],
    [
      "bad key",
      (c) => c.entries({ Big: 1 }, NAME),
      "field.Big is a name, expected lower-case letters, digits and dashes, beginning with a letter; rename it [wrong-form]",
    ],
    [
      "long key",
      (c) => c.entries({ ["a".repeat(33)]: 1 }, NAME),
      `field.${"a".repeat(33)} is a name of 33 characters, expected at most 32; shorten it [too-long]`,
    ],
    [
      "token key",
      (c) => c.entries({ "${TOKEN}": 1 }, NAME),
      "field has a key that is known only at deployment; addresses derive from names: write the name itself [token-not-allowed]",
    ],
    [
      "boolean",
      (c) => c.boolean("yes"),
      "field is a string, expected true or false; use a boolean [wrong-type]",
    ],
    [
      "not built",
      (c) => c.notSupportedYet("a mirror", "use inline keys"),
      "field asks for a mirror, which this version does not build yet; use inline keys [not-supported-yet]",
    ],
  ])("%s", (_name, rule, message) => expect(found(rule)).toEqual([message]));
});

describe("what is right passes", () => {
  test.each<[string, (check: Check) => unknown]>([
    ["text", (c) => c.text("abc", { min: 3, max: 3, pattern: /^abc$/ })],
    ["bounds are inside", (c) => [c.integer(1, { min: 1, max: 2 }), c.integer(2, { min: 1, max: 2 })]],
    ["string token", (c) => c.text("${TOKEN}", { pattern: /^x$/, max: 1 })],
    ["number token", (c) => c.integer(-7, { min: 1, max: 2 })],
    ["list token", (c) => c.list("${TOKEN}" as never, { min: 3, token: true })],
    ["names", (c) => c.entries({ "ci-bot": 1 }, NAME)],
    ["absent map", (c) => c.entries(undefined, NAME)],
  ])("%s", (_name, rule) => expect(found(rule)).toEqual([]));
});

test("one mistake does not hide the next, and the error lists them all", () => {
  const check = Check.start(isToken);
  check.at("a").text(1);
  check.at("b").integer("x", { min: 1, max: 2 });
  expect(codes(check.problems)).toEqual(["a wrong-type", "b wrong-type"]);
  const error = new ConfigurationError(check.problems);
  expect(error.message).toBe(
    "hardened-mcp: 2 problems in the configuration\n" +
      "  a is a number, expected text; correct it [wrong-type]\n" +
      "  b is a string, expected 1 to 2; use a number [wrong-type]",
  );
});

test("an error that nobody catches says each problem once, and whose configuration it is", () => {
  const check = Check.start(isToken);
  check.at("a").text(1);
  const error = new ConfigurationError(check.problems, 'server "orders"');
  expect(error.problems).toEqual(check.problems);
  const printed = inspect(error);
  expect(printed).toContain(
    'hardened-mcp: 1 problem in the configuration of server "orders"\n  a is a number',
  );
  expect(printed.match(/is a number/g)).toHaveLength(1);
});

test("a secret's value is never repeated, whatever is wrong with it", () => {
  const check = Check.start(isToken).secret();
  check.at("value").text("hunter2", { pattern: /^x$/ });
  check.at("kind").oneOf("hunter2", ["a"]);
  check.at("days").integer(4711, { min: 1, max: 2 });
  const text = check.problems.map(formatProblem).join("\n");
  expect(check.problems).toHaveLength(3);
  expect(text).not.toMatch(/hunter2|4711/);
});

test("what is known only at deployment is refused where something is made from it", () => {
  const check = Check.start(isToken);
  check.at("items").list("${TOKEN}" as never);
  check.at("days").integer("${TOKEN}", { min: 1, max: 2, known: true });
  check.at("open").boolean("${TOKEN}");
  expect(check.problems.map(({ path, code }) => `${path} ${code}`)).toEqual([
    "items token-not-allowed",
    "days token-not-allowed",
    "open token-not-allowed",
  ]);
});
