import Ajv2020 from "ajv/dist/2020";
import fc from "fast-check";
import { POLICY_SCHEMA } from "../../lib/policy/schema";
import type { PolicyDocument } from "../../lib/policy";
import { run, set } from "./fixture";
import { declarations } from "./generate";

const valid = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false }).compile(POLICY_SCHEMA);
/** As a reader gets it: without what JSON has no word for. */
const written = (policy: PolicyDocument) => JSON.parse(JSON.stringify(policy)) as Record<string, unknown>;

const bit = fc.boolean();
const maybe = (path: string, of: fc.Arbitrary<unknown>) =>
  fc.option(
    of.map((value) => set(path, value)),
    { nil: () => undefined },
  );
const changes = fc.tuple(
  declarations.map((table) => set("tools.search.arguments", table)),
  maybe("era", fc.constantFrom("modern", "legacy", "both")),
  maybe("tools.search.access", fc.constantFrom("read", "write", "destructive")),
  maybe("tools.search.callsPerMinute", fc.integer({ min: 1, max: 100_000 })),
  maybe("tools.search.callsPerMinutePerClient", fc.integer({ min: 1, max: 100_000 })),
  maybe("tools.search.timeoutSeconds", fc.integer({ min: 1, max: 3600 })),
  maybe("tools.search.scopes", fc.constantFrom([], ["a"], ["mcp:search", "b"])),
  maybe("tools.search.window", fc.constant("month-end")),
  maybe("clients.ci-bot.callsPerMinute", fc.integer({ min: 1, max: 100_000 })),
  bit.map((keys) => (keys ? () => undefined : set("auth.jwt.maxLifetimeMinutes", 5))),
);

test("whatever the model takes is as the schema says", () => {
  let checked = 0;
  fc.assert(
    fc.property(changes, (all) => {
      const { policy, check } = run((config) => all.forEach((change) => change(config)));
      if (check.problems.length > 0) return;
      checked++;
      if (!valid(written(policy))) throw new Error(JSON.stringify(valid.errors));
    }),
    { numRuns: 1500, seed: 4 },
  );
  expect(checked).toBeGreaterThan(500);
});

const full = () =>
  written(
    run((config) => {
      set("clients.ci-bot.methods", ["resources/read"])(config);
      set("methods", {
        "resources/read": { callsPerMinute: 1, callsPerMinutePerClient: 1, log: true, allow: ["a:b"] },
        "prompts/get": { callsPerMinute: 1, allow: [{ startsWith: "a/" }] },
        "subscriptions/listen": { callsPerMinute: 1 },
      })(config);
      set("tools.search.arguments", {
        text: { type: "string", maxLength: 9, pattern: "a+", required: true, log: true },
        when: { type: "string", format: "date" },
        count: { type: "integer", exclusiveMinimum: 0, maximum: 9, multipleOf: 3, nullable: true },
        sure: { type: "boolean", const: true },
        tags: { type: "array", maxItems: 2, uniqueItems: true, items: { type: "string", enum: ["a"] } },
        where: { type: "object", minProperties: 1, properties: { x: { type: "number", minimum: 0.5 } } },
        pay: {
          type: "object",
          oneOf: ["card", "cash"].map((kind) => ({
            type: "object",
            properties: { kind: { type: "string", const: kind, required: true } },
          })),
        },
      })(config);
    }).policy,
  );

/** Every object of a document with the keys that lead to it. */
function objects(value: unknown, keys: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  const below = Object.entries(value).flatMap(([key, item]) => objects(item, [...keys, key]));
  return Array.isArray(value) ? below : [keys, ...below];
}

const at = (document: Record<string, unknown>, keys: string[]) =>
  keys.reduce((inner, key) => inner[key] as Record<string, unknown>, document);
/** Tables of names, where another name is no mistake; and public keys, which are the issuer's own. */
const OPEN =
  /^(clients|tools|openedMethods|windows|protocolVersions|issuers\.0\.jwks.*|.*\.(arguments|properties))$/;
/** What may be left out. */
const OPTIONAL =
  /(^|\.)(window|sessions|openedMethods|methods|era|allow|maxValueLength|callsPerMinutePerClient|callsAtOncePerTask|required|nullable|log|pattern|format|enum|const|minimum|maximum|exclusive\w+|multipleOf|uniqueItems|m(in|ax)(Properties|Items|Length))$/;

describe("a broken document is refused:", () => {
  test("the whole one is taken", () => {
    valid(full());
    expect(valid.errors ?? []).toEqual([]);
  });
  test("a field that nobody knows, anywhere", () => {
    const places = objects(full()).filter((keys) => !OPEN.test(keys.join(".")));
    expect(places.length).toBeGreaterThan(20);
    const taken = places.filter((keys) => {
      const document = full();
      at(document, keys)["unknown-1"] = 1;
      return valid(document);
    });
    expect(taken.map((keys) => keys.join("."))).toEqual([]);
  });
  test("a field of another type, or missing, anywhere", () => {
    const fields = objects(full())
      .filter((keys) => !OPEN.test(keys.join(".")))
      .flatMap((keys) => Object.keys(at(full(), keys)).map((key) => [keys, key] as const));
    const taken = fields.filter(([keys, key]) => {
      const wrong = full();
      at(wrong, keys)[key] = null;
      const missing = full();
      delete at(missing, keys)[key];
      const name = [...keys, key].join(".");
      return valid(wrong) || (!OPTIONAL.test(name) && valid(missing));
    });
    expect(taken.map(([keys, key]) => [...keys, key].join("."))).toEqual([]);
  });
  test.each([
    ["another version", "version", 3],
    ["a client's name", "clients", { "A b": {} }],
    ["a tool's name", "tools", { "a b": full()["tools"] }],
    ["two issuers", "issuers", [0, 1].map(() => (full()["issuers"] as object[])[0])],
    ["keys and a mirror", "issuers", [{ ...(full()["issuers"] as object[])[0], mirror: {} }]],
    [
      "a time without a zone",
      "windows",
      { w: [{ from: "2026-01-01T00:00", to: "2026-01-01T00:00:00.000Z" }] },
    ],
  ])("%s", (_what, field, value) => {
    expect(valid({ ...full(), [field]: value })).toBe(false);
  });
});

test("everything in it says what it means", () => {
  const silent: string[] = [];
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    const { properties } = schema as {
      properties?: Record<string, { description?: string; const?: unknown }>;
    };
    // A schema whose property is called `properties`.
    const named = path.endsWith(".properties") ? {} : (properties ?? {});
    for (const [name, property] of Object.entries(named)) {
      if (!property.description && name !== "kind" && !path.endsWith(".jwks")) silent.push(`${path}.${name}`);
    }
    for (const [key, inner] of Object.entries(schema)) visit(inner, `${path}.${key}`);
  };
  visit(POLICY_SCHEMA, "");
  expect(silent).toEqual([]);
});
