import fc from "fast-check";
import { resolveNaming } from "../../lib/naming-model";
import { Naming } from "../../lib/terraform";
import { Check, formatProblem } from "../../lib/validation";

const OF = { name: "acme", environment: "prod" };
const problems = (config: unknown): string[] => {
  const check = Check.start(() => false);
  resolveNaming(config as never, OF, check.at("naming"));
  return check.problems.map(formatProblem);
};

test("a pattern stands around every name, which is cut within it", () => {
  const naming = new Naming("acme-prod", "corp-{what}-of-{prefix}");
  expect(naming.name("orders")).toBe("corp-orders-of-acme-prod");
  expect(naming.name("a-name-that-is-much-too-long-for-it", 40)).toMatch(
    /^corp-a-name-that-is-[0-9a-f]{6}-of-acme-prod$/,
  );
});

const what = fc.stringMatching(/^[a-z][a-z0-9-]{0,80}$/);
const pattern = fc.constantFrom(
  "{prefix}-{what}",
  "corp-{prefix}-{what}",
  "{what}-{prefix}",
  "x-{what}-in-{prefix}-eu",
);

test("whatever the pattern: never longer than AWS takes, never the same for two things, never another name tomorrow", () => {
  fc.assert(
    fc.property(pattern, what, what, fc.constantFrom(32, 36, 64, 255), (form, one, other, max) => {
      const naming = new Naming("acme-prod", form);
      const name = naming.name(one, max);
      expect(name.length).toBeLessThanOrEqual(max);
      expect(name).toContain("acme-prod");
      expect(new Naming("acme-prod", form).name(one, max)).toBe(name);
      if (one !== other) expect(naming.name(other, max)).not.toBe(name);
    }),
    { numRuns: 500 },
  );
});

describe("a form of names that cannot be is refused", () => {
  test.each<[string, unknown, string[]]>([
    ["the plain one", undefined, []],
    ["a prefix of their own", { prefix: "corp-eu1-mcp" }, []],
    ["a pattern of their own", { pattern: "corp-{prefix}-{what}-eu" }, []],
    ["an upper-case prefix", { prefix: "Corp" }, ["naming.prefix is"]],
    ["a prefix that AWS keeps for itself", { prefix: "internal-mcp" }, ["naming.prefix is"]],
    ["a prefix that leaves no room", { prefix: "a".repeat(34) }, ["naming.prefix has 34"]],
    ["no place for the thing", { pattern: "{prefix}-mcp" }, ["naming.pattern is"]],
    ["no place for the deployment", { pattern: "corp-{what}" }, ["naming.pattern is"]],
    ["a place twice", { pattern: "{prefix}-{what}-{what}" }, ["naming.pattern names a place twice"]],
    ["nothing between them", { pattern: "{prefix}{what}" }, ["naming.pattern gives names"]],
    ["a dash at the end", { pattern: "{prefix}-{what}-" }, ["naming.pattern gives names"]],
    ["a digit first", { pattern: "1-{prefix}-{what}" }, ["naming.pattern gives names"]],
    ["another place", { pattern: "{prefix}-{what}-{region}" }, ["naming.pattern is"]],
    ["much around", { pattern: "corporation-{prefix}-{what}-eu" }, ["naming.pattern has 16 characters"]],
    ["a field that is none", { prefx: "x" }, ["naming.prefx is not a field here"]],
  ])("%s", (_name, config, begins) => {
    const found = problems(config);
    expect(found).toEqual(begins.map((begin) => expect.stringContaining(begin)));
  });
});
