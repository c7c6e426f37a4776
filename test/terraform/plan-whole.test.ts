import { planProblem } from "../../lib/terraform/plan-whole";
import type { ShownPlan } from "../../lib/terraform/plan-shown";

const bucket = (values: object, address = "aws_s3_bucket.b") => ({
  address,
  mode: "managed",
  type: "aws_s3_bucket",
  name: "b",
  values,
});
const change = (after: unknown, address = "aws_s3_bucket.b", mode = "managed") => ({
  address,
  mode,
  change: { after },
});
const plan = (planned: object[], changes: object[], more: object = {}) =>
  ({
    format_version: "1.2",
    planned_values: { root_module: { resources: planned } },
    resource_changes: changes,
    ...more,
  }) as unknown as ShownPlan;

describe("a printed plan that tells what will be there", () => {
  test.each<[string, ShownPlan]>([
    ["says the same twice", plan([bucket({ a: 1 })], [change({ a: 1 })])],
    ["knows nothing of something yet", plan([{ ...bucket({}), values: undefined }], [change({})])],
    ["takes something away", plan([], [change(null)])],
    ["reads something at deployment", plan([], [change({ a: 1 }, "data.aws_region.r", "data")])],
    ["is complete", plan([], [], { complete: true, errored: false })],
    ["is of a version that tells no changes", { planned_values: {} }],
    ["is a state", { values: {} }],
    [
      "has modules",
      {
        planned_values: {
          root_module: { child_modules: [{ resources: [bucket({ a: 1 }, "module.m.aws_s3_bucket.b")] }] },
        },
        resource_changes: [change({ a: 1 }, "module.m.aws_s3_bucket.b")],
      } as unknown as ShownPlan,
    ],
  ])("%s", (_what, shown) => expect(planProblem(shown)).toBeUndefined());
});

describe("one that does not", () => {
  const differ = "contradicts itself: planned_values and resource_changes differ about aws_s3_bucket.b";
  test.each<[string, ShownPlan, string]>([
    ["other values", plan([bucket({ a: 1 })], [change({ a: 2 })]), differ],
    ["a value less", plan([bucket({})], [change({ a: 2 })]), differ],
    ["a resource less", plan([], [change({ a: 1 })]), differ],
    ["a resource more", plan([bucket({})], []), differ],
    ["one that is taken away and stays", plan([bucket({})], [change(null)]), differ],
    [
      "a part",
      plan([], [], { complete: false }),
      "is a plan of a part, by -target or because something waits: plan the whole",
    ],
    [
      "an error",
      plan([], [], { errored: true }),
      "is a plan that ended in an error: what it holds is a part",
    ],
  ])("%s", (_what, shown, says) => expect(planProblem(shown)).toBe(says));
});
