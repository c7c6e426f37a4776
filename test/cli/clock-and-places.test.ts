import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { docs, file, orders } from "./fixture";
import { cli, folder } from "./io";

const waived = {
  "//": {
    "hardened-mcp": {
      "s/mcp": {
        kind: "part",
        waivers: [{ field: "waf.commonRules", reason: "a demonstration", until: "2026-12-31" }],
      },
    },
  },
  resource: { aws_wafv2_web_acl: { acl: { rule: [], "//": { metadata: { path: "s/mcp/waf/resource" } } } } },
};
const good = file({ docs }) as { "//": Record<string, unknown>; resource: Record<string, unknown> };
const foreign = file({ orders }) as typeof good;
const root = folder({
  "waived/cdk.tf.json": waived,
  "pair/stacks/a/cdk.tf.json": good,
  "pair/stacks/b/cdk.tf.json": { ...good, resource: { ...good.resource, aws_lb: "none" } },
  "swapped/cdk.tf.json": { ...good, "//": foreign["//"] },
  "signed/cdk.tf.json": good,
  "big.json": JSON.stringify({
    resource: {
      random_pet: Object.fromEntries(
        Array.from({ length: 20_000 }, (_, index) => [`p${index}`, { prefix: "${x".repeat(1_600) }]),
      ),
    },
  }),
});
mkdirSync(join(root, "signed/review.json"));

interface Judged {
  readonly verdicts: readonly { control: string; result: string; detail?: string; waiver?: object }[];
}
const judged = async (...args: string[]) => {
  const { out } = await cli(root, "check", ...args, "--format", "json");
  return (JSON.parse(out) as Judged).verdicts;
};

describe("a waiver holds through its last day in UTC, by the clock alone", () => {
  afterEach(() => jest.useRealTimers());
  test.each<[string, string]>([
    ["2026-12-31T00:00:00.000Z", "waived"],
    ["2026-12-31T23:59:59.999Z", "waived"],
    ["2027-01-01T00:00:00.000Z", "fail"],
    // The day of whoever runs it does not count: it is still New Year's Eve in New York.
    ["2026-12-31T19:30:00.000-05:00", "fail"],
    ["2027-01-01T01:30:00.000+02:00", "waived"],
  ])("at %s it is %s", async (now, result) => {
    jest.useFakeTimers({ now: new Date(now), doNotFake: ["nextTick", "setImmediate", "queueMicrotask"] });
    const found = (await judged("waived")).filter(({ waiver }) => waiver !== undefined);
    expect(new Set(found.map((one) => one.result))).toEqual(new Set([result]));
  });
});

describe("one file does not speak for another", () => {
  test("of two stacks one is no Terraform: neither is judged, and the one is named", async () => {
    for (const args of [
      ["check", "pair"],
      ["diff", "pair", "pair"],
      ["review", "check", "pair"],
    ]) {
      const { code, out, err } = await cli(root, ...args);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(
        /^hardened-mcp: pair\/stacks\/b\/cdk.tf.json has a text at resource.aws_lb[^\n]*\n$/,
      );
    }
  });
  test("what another stack says of itself does not excuse this one", async () => {
    const verdicts = await judged("swapped");
    expect(verdicts.some(({ result }) => result === "fail")).toBe(true);
    expect(verdicts.filter(({ result }) => result === "waived")).toEqual([]);
  });
  test("a folder by the name of a review is no review", async () => {
    const verdicts = await judged("signed");
    const [review] = verdicts.filter(({ control }) => control === "review.signed");
    expect(review).toMatchObject({
      result: "fail",
      detail: "signed/review.json is a folder, expected a file",
    });
  });
});

test("a file of 100 MB is judged in seconds", async () => {
  const started = performance.now();
  expect((await cli(root, "check", "big.json")).code).toBe(0);
  expect(performance.now() - started).toBeLessThan(30_000);
}, 60_000);
