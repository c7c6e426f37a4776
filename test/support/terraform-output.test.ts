import { differences, slowest, summarise } from "./terraform-output";

const line = (event: object) => JSON.stringify(event);
const hook = (type: string, addr: string, action = "create") =>
  line({ type, hook: { action, resource: { addr }, elapsed_seconds: addr.length } });

describe("what Terraform says", () => {
  it("is summed up: done, failed, problems; reading data is no change", () => {
    const events = [
      "not JSON",
      hook("apply_complete", "aws_vpc.v"),
      hook("apply_complete", "data.aws_region.r", "read"),
      hook("apply_errored", "aws_lb.l"),
      line({ type: "diagnostic", diagnostic: { severity: "warning", summary: "old", detail: "" } }),
      line({ type: "diagnostic", diagnostic: { severity: "error", summary: "no", detail: "" } }),
    ].join("\n");
    const summary = summarise(events, 7);
    expect(summary).toEqual({
      done: { "aws_vpc.v": 9 },
      failed: ["aws_lb.l"],
      errors: [{ severity: "error", summary: "no", detail: "" }],
      seconds: 7,
    });
    expect(slowest(summary, 1)).toEqual(["9 s aws_vpc.v"]);
  });

  it.each([
    ["nothing", { actions: ["no-op"], before: { a: 1 }, after: { a: 1 } }, []],
    ["a read", { actions: ["read"], before: null, after: {} }, []],
    ["a creation", { actions: ["create"], before: null, after: { a: 1 } }, [[["create"], []]]],
    [
      "a change",
      { actions: ["update"], before: { a: 1, b: 2 }, after: { a: 1, b: 3 } },
      [[["update"], ["b"]]],
    ],
    [
      "a replacement by a value that is not known yet",
      { actions: ["delete", "create"], before: { a: 1 }, after: {}, after_unknown: { a: true } },
      [[["delete", "create"], ["a"]]],
    ],
  ])("%s in a plan", (_, change, expected) => {
    const plan = { resource_changes: [{ address: "aws_vpc.v", type: "aws_vpc", change }] };
    expect(differences(plan).map(({ actions, attributes }) => [actions, attributes])).toEqual(expected);
  });
});
