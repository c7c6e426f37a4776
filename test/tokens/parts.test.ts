import { isToken } from "../../lib/terraform";
import { PARTS } from "./corpus-parts";
import { fieldsOf } from "./fields";
import { FIELDS, lines, outcomesOf } from "./outcomes";
import { occurrences } from "./places";

const COLD_S = 60;
jest.setTimeout(COLD_S * 1000);

/** Fields that stand in a platform's configuration too, and have a configuration there. */
const SHARED = new Set(FIELDS.map(({ declared }) => declared));

describe.each(Object.entries(PARTS))("in %s, a value that is known only at deployment", (_name, part) => {
  const fields = fieldsOf({ "parts/config.ts": [part.type] });
  // The other branch of the one union that parts have of their own.
  const made = { kind: "new" };
  const configs = [
    part.config,
    { ...part.config, key: made, ...("logsKey" in part.config && { logsKey: made }) },
  ];
  const all = configs.flatMap((config) =>
    outcomesOf(config, fields, (changed) => part.resolve(changed as never, isToken)),
  );

  test("is handed over at every field of its own", () => {
    const bare = fields
      .filter(({ declared }) => !SHARED.has(declared))
      .filter((field) => configs.every((config) => occurrences(config, field).length === 0));
    // A field that is listed here is new: set it in test/tokens/corpus-parts.ts.
    expect(bare.map(({ path }) => path)).toEqual([]);
    for (const config of configs) expect(() => part.resolve(config, isToken)).not.toThrow();
  });

  test("is taken, or refused by the name of its own field", () => {
    const wrong = all
      .filter(({ problems }) => problems.length > 0)
      .filter(
        ({ path, problems }) =>
          problems.filter((one) => one.path === path && one.code === "token-not-allowed").length !== 1,
      );
    expect(wrong.map(({ path, problems }) => `${path}: ${lines(problems).join(" | ")}`)).toEqual([]);
  });

  test("is taken where only AWS reads it, and refused where names and blocks are made of it", () => {
    const taken = all.filter(({ problems }) => problems.length === 0).map(({ path }) => path);
    const refused = all.filter(({ problems }) => problems.length > 0).map(({ path }) => path);
    expect(taken).toContain("key.arn");
    expect(taken).toContain("tags.team");
    expect(refused).toEqual(expect.arrayContaining(["name", "posture", "lifecycle", "key.kind"]));
  });
});
