import { CORPUS } from "./corpus";
import { occurrences } from "./places";
import { FIELDS, lines, outcomes } from "./outcomes";

const COLD_S = 60;
jest.setTimeout(COLD_S * 1000);

/** Declarations that no right configuration has, because this version refuses whatever stands there. */
const REFUSED_ALWAYS = [/^JwtConfig\.keys<fetched>/];

/** Refusals with another code, which name the field and say in their own words why it must be known. */
const OTHER_WORDS: Readonly<Record<string, RegExp>> = {
  // Where the policy lies in a store, it counts by its digest.
  "ClientConfig.identity<jwt>.equals text":
    /known only at deployment; write audience and identities of clients out/,
  "JwtConfig.audience text": /known only at deployment; write audience and identities of clients out/,
};

test("every field of the configuration's types has a configuration that sets it", () => {
  const set = new Set<string>();
  for (const config of Object.values(CORPUS))
    for (const field of FIELDS) if (occurrences(config, field).length > 0) set.add(field.declared);
  const bare = FIELDS.filter(({ declared }) => !set.has(declared)).filter(
    ({ declared }) => !REFUSED_ALWAYS.some((known) => known.test(declared)),
  );
  // A field that is listed here is new: set it in a configuration of test/tokens/corpus.ts, or in an example.
  expect([...new Set(bare.map(({ declared, path }) => `${declared}: ${path}`))]).toEqual([]);
});

describe.each(Object.entries(CORPUS))("in %s, a value that is known only at deployment", (_name, config) => {
  const all = outcomes(config);

  test("is taken, or refused by the name of its own field", () => {
    const wrong = all
      .filter(({ problems }) => problems.length > 0)
      .filter(({ path, declared, problems }) => {
        // What follows from a choice that is not made yet may be told beside it, never instead of it.
        const named = problems.filter((one) => one.path === path && one.code === "token-not-allowed");
        return named.length !== 1 && !lines(problems).some((line) => OTHER_WORDS[declared]?.test(line));
      });
    expect(wrong.map(({ path, problems }) => `${path}: ${lines(problems).join(" | ")}`)).toEqual([]);
  });

  test("is refused with one error where nothing else follows from the field", () => {
    const several = all.filter(({ problems }) => problems.length > 1);
    expect(several.filter(({ kind }) => kind === "number" || kind === "boolean" || kind === "list")).toEqual(
      [],
    );
  });

  test("is taken at some places and refused at others", () => {
    expect(all.filter(({ problems }) => problems.length === 0).length).toBeGreaterThan(10);
    expect(all.filter(({ problems }) => problems.length > 0).length).toBeGreaterThan(40);
  });
});
