import { CONTROLS } from "../../lib/checklist/controls";
import { judgePlan } from "../../lib/checklist/engine";
import { synthExample } from "../support/examples";

const verdicts = (name: "complete" | "existing-network") =>
  judgePlan(synthExample(name), CONTROLS, { asOf: "2026-11-26" }).filter(
    ({ control }) => control === "network.flow-logs",
  );

test("whether a given network records its connections is not known, and said", () =>
  expect(verdicts("existing-network")).toEqual([
    expect.objectContaining({
      result: "unknown",
      detail: expect.stringContaining("the network is given, and kept by somebody else"),
    }),
  ]));

test("a new one does", () => expect(verdicts("complete").map(({ result }) => result)).toEqual(["pass"]));
