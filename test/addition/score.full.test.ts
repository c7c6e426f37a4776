import { besideControls } from "../../lib/beside/controls";
import { exampleFile } from "../deletion/subjects";
import { BESIDE, INSIDE, printed, saidOf, wrong, type Said } from "./score";

/**
 * A construct of ours writes such blocks, too, and a path below one is believed: only a review of the code tells who has
 * written them. `diff` says each that widens what tasks, roles or ways reach.
 */
const UNSEEN_INSIDE: readonly string[] = [
  "groups: the load balancer may call anything",
  "groups: the endpoints are open to a block",
  "routes: a namespace answers in the VPC",
  "buckets: an object of somebody else",
  "buckets: an object by its older name",
  "alarms: somebody else hears the alarms",
];

describe("what somebody adds beside the complete example, and opens something by it, is seen", () => {
  let said: readonly Said[];
  beforeAll(() => {
    const started = performance.now();
    said = saidOf(exampleFile("complete"), BESIDE);
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
    // What is added to a block of ours is no block.
    const beside = besideControls.map(({ id }) => id).filter((id) => id !== "beside.attributes-known");
    expect(beside.filter((id) => !woken.has(id))).toEqual([]);
  });

  const unseenBy = (path?: string) =>
    saidOf(exampleFile("complete"), path)
      .filter(
        ({ addition: { expected }, controls, isNamed }) =>
          expected !== "quiet" && controls.length === 0 && !isNamed,
      )
      .map(({ key }) => key);

  test("also where a hand writes it, which says no construct", () => {
    expect(unseenBy()).toEqual([]);
  }, 300_000);

  test("and where somebody writes it inside a construct of ours, but for what looks like ours there", () => {
    expect(unseenBy(INSIDE)).toEqual(UNSEEN_INSIDE);
  }, 300_000);
});
