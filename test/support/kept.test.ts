import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLES, runExample, synthExampleText } from "./examples";
import { digestOf } from "./kept";
import { scratch } from "./scratch";

describe("what is made of the same sources is made once", () => {
  const root = scratch("kept");
  const change = (what: () => void): [string, string] => {
    const before = digestOf(["lib", "lock"], root);
    what();
    return [before, digestOf(["lib", "lock"], root)];
  };
  mkdirSync(join(root, "lib/deep"), { recursive: true });
  writeFileSync(join(root, "lib/deep/a.ts"), "1");

  test.each<[string, () => void]>([
    ["a content", () => writeFileSync(join(root, "lib/deep/a.ts"), "2")],
    ["a file more", () => writeFileSync(join(root, "lib/b.lua"), "")],
    ["a file that was missing", () => writeFileSync(join(root, "lock"), "")],
    [
      "a name",
      () => {
        rmSync(join(root, "lib/b.lua"));
        writeFileSync(join(root, "lib/c.lua"), "");
      },
    ],
    [
      "a boundary between two files",
      () => {
        writeFileSync(join(root, "lib/deep/a.ts"), "");
        writeFileSync(join(root, "lib/deep/b.ts"), "2");
      },
    ],
  ])("%s makes them others", (_what, doIt) => {
    const [before, after] = change(doIt);
    expect(after).not.toBe(before);
  });
  test("nothing leaves them the same", () => {
    const [before, after] = change(() => undefined);
    expect(after).toBe(before);
  });
  test("what was kept is what is written now", () => {
    const name = EXAMPLES[0];
    expect(synthExampleText(name)).toBe(runExample(name));
  });
});
