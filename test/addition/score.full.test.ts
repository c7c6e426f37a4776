import { besideControls } from "../../lib/beside/controls";
import { exampleFile } from "../deletion/subjects";
import { printed, saidOf, wrong, type Said } from "./score";

describe("what somebody adds beside the complete example, and opens something by it, is seen", () => {
  let said: readonly Said[];
  beforeAll(() => {
    const started = performance.now();
    said = saidOf(exampleFile("complete"));
    const seconds = Math.round((performance.now() - started) / 1000);
    process.stderr.write(`${printed(said)}[addition] ${said.length} additions, ${seconds} s\n`);
  }, 300_000);

  test("by a verdict, or by name where nothing of ours can be wrong about it; and diff says so", () => {
    expect(said.flatMap((one) => (wrong(one) === undefined ? [] : [`${one.key}: ${wrong(one)}`]))).toEqual(
      [],
    );
  });

  test("and each control of what stands beside is woken by one of them at least", () => {
    const woken = new Set(said.flatMap(({ controls }) => controls));
    expect(besideControls.map(({ id }) => id).filter((id) => !woken.has(id))).toEqual([]);
  });
});
