import { fails, HOLDS, unknown, type Control } from "../../lib/checklist/control";
import { judgePlan, type Verdict } from "../../lib/checklist/engine";
import { ITEMS } from "../../lib/checklist/items";
import { MANIFEST_KEY, type ManifestEntry, type ManifestWaiver } from "../../lib/checklist/manifest";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";

const encrypted: Control = {
  id: "store.bucket-encrypted",
  waivedBy: "store.encryption",
  item: 6,
  says: "Every bucket is encrypted",
  why: "A lost disk tells nothing then.",
  on: ["aws_s3_bucket"],
  judge: ({ body }) =>
    body.key === undefined
      ? fails("it has no key")
      : body.key === "?"
        ? unknown("its key is a token")
        : HOLDS,
};

interface Buckets {
  readonly [name: string]: { key?: string; at?: string };
}

function plan(buckets: Buckets, entries: Readonly<Record<string, Partial<ManifestEntry>>> = {}): Plan {
  const base = {
    version: "1",
    deployment: "acme",
    posture: "production",
    lifecycle: "protected",
    waivers: [],
  };
  return new Plan({
    "//": {
      [MANIFEST_KEY]: Object.fromEntries(
        Object.entries(entries).map(([path, entry]) => [path, { ...base, kind: "platform", ...entry }]),
      ),
    },
    resource: {
      aws_s3_bucket: Object.fromEntries(
        Object.entries(buckets).map(([name, { at, ...body }]) => [
          name,
          { ...body, "//": { metadata: { path: at ?? `stack/mcp/${name}` } } },
        ]),
      ),
    },
  } as TerraformJson);
}

const asOf = "2026-11-25";
const results = (verdicts: readonly Verdict[]) =>
  verdicts.map(({ address, result }) => `${address ?? "-"} ${result}`);
const judge = (of: Plan, control = encrypted) =>
  judgePlan(of, [control], { asOf }).filter(({ result }) => result !== "not-built");
const waiver = (over: Partial<ManifestWaiver> = {}): ManifestWaiver => ({
  field: "store.encryption",
  reason: "a demonstration",
  until: "2026-12-31",
  ...over,
});

describe("a verdict for every block", () => {
  test("pass, fail and unknown side by side, each with its place and reason", () => {
    const verdicts = judge(plan({ a: { key: "k" }, b: {}, c: { key: "?" } }));
    expect(results(verdicts)).toEqual([
      "aws_s3_bucket.a pass",
      "aws_s3_bucket.b fail",
      "aws_s3_bucket.c unknown",
    ]);
    expect(verdicts[1]).toMatchObject({ path: "stack/mcp/b", detail: "it has no key", item: 6 });
    expect(verdicts[2]).toMatchObject({ detail: "its key is a token" });
  });
  test("a control that stumbles has not shown anything", () => {
    const stumbling = {
      ...encrypted,
      judge: () => {
        throw new Error("no such field");
      },
    };
    expect(judge(plan({ a: {} }), stumbling)).toEqual([
      expect.objectContaining({ result: "fail", detail: "cannot be judged as it is written: no such field" }),
    ]);
  });
});

describe("nothing to judge", () => {
  const needed = { ...encrypted, needed: true };
  const balancer = { ...needed, on: ["aws_lb"] };
  const GIVEN_ONE = ["load-balancer"];
  test.each<[string, Control, Record<string, Partial<ManifestEntry>>, string]>([
    ["is not applicable", encrypted, { "stack/mcp": {} }, "not-applicable"],
    ["is a fault where ours must have made one", needed, { "stack/mcp": {} }, "fail"],
    ["is not applicable in a file of somebody else", needed, {}, "not-applicable"],
    [
      "is not applicable where nobody asks, whatever must be there",
      { ...needed, asked: () => false },
      { "stack/mcp": {} },
      "not-applicable",
    ],
    ["is a fault where somebody asks", { ...needed, asked: () => true }, { "stack/mcp": {} }, "fail"],
    [
      "is not applicable where only a server is ours",
      needed,
      { "stack/mcp": { kind: "server" } },
      "not-applicable",
    ],
    ["is unknown where it was given", balancer, { "stack/mcp": { existing: GIVEN_ONE } }, "unknown"],
    [
      "is not applicable where it was given and need not be",
      { ...balancer, needed: false },
      { "stack/mcp": { existing: GIVEN_ONE } },
      "not-applicable",
    ],
    ["is a fault where something else was given", needed, { "stack/mcp": { existing: GIVEN_ONE } }, "fail"],
    [
      "is a fault where it is of a type that was given and one that was not",
      { ...needed, on: ["aws_lb", "aws_s3_bucket"] },
      { "stack/mcp": { existing: GIVEN_ONE } },
      "fail",
    ],
    [
      "is a fault where one of two deployments must have made one",
      balancer,
      { "stack/a": { existing: GIVEN_ONE }, "stack/b": {} },
      "fail",
    ],
    ["can be waived", needed, { "stack/mcp": { waivers: [waiver()] } }, "waived"],
  ])("%s", (_what, control, entries, result) => {
    expect(results(judge(plan({}, entries), control))).toEqual([`- ${result}`]);
  });
  test("what was given is named", () => {
    const [verdict] = judge(plan({}, { "stack/mcp": { existing: GIVEN_ONE } }), balancer);
    expect(verdict?.detail).toBe("there is no aws_lb: the load balancer is given, and kept by somebody else");
  });
  test("a type that servers make is looked for where a server is", () => {
    const service = { ...needed, on: ["aws_ecs_service"] };
    expect(results(judge(plan({}, { "stack/s": { kind: "server" } }), service))).toEqual(["- fail"]);
    expect(results(judge(plan({}, { "stack/p": {} }), service))).toEqual(["- not-applicable"]);
  });
});

describe("waivers", () => {
  const waived = (...waivers: ManifestWaiver[]) => ({ "stack/mcp": { waivers } });
  test("one that holds excuses what is not known, too; one that has ended does not", () => {
    const unknown = (until: string) => results(judge(plan({ a: { key: "?" } }, waived(waiver({ until })))));
    expect(unknown("2026-12-31")).toEqual(["aws_s3_bucket.a waived"]);
    expect(unknown("2026-11-24")).toEqual(["aws_s3_bucket.a unknown"]);
  });
  test.each<[string, ManifestWaiver, string]>([
    ["by the field", waiver(), "waived"],
    ["by the control's id", waiver({ field: "store.x", control: encrypted.id }), "waived"],
    ["on its last day", waiver({ until: asOf }), "waived"],
    ["the day after", waiver({ until: "2026-11-24" }), "fail"],
    ["of another field", waiver({ field: "store.other" }), "fail"],
    ["of another control", waiver({ control: "store.other" }), "fail"],
  ])("%s", (_what, given, result) => {
    expect(results(judge(plan({ a: {} }, waived(given))))).toEqual([`aws_s3_bucket.a ${result}`]);
  });
  test("one that has ended says so, and is marked", () => {
    const [verdict] = judge(plan({ a: {} }, waived(waiver({ until: "2026-01-01" }))));
    expect(verdict).toMatchObject({
      detail: "it has no key; its waiver ended on 2026-01-01",
      waiver: { lapsed: true, reason: "a demonstration" },
    });
  });
  test("of two the later one counts", () => {
    const two = waived(waiver({ until: "2026-01-01" }), waiver({ until: "2027-01-01" }));
    expect(results(judge(plan({ a: {} }, two)))).toEqual(["aws_s3_bucket.a waived"]);
  });
  test("one excuses only what its construct has made", () => {
    const of = plan({ a: {}, other: { at: "stack/mcp-2/other" } }, waived(waiver()));
    expect(results(judge(of))).toEqual(["aws_s3_bucket.a waived", "aws_s3_bucket.other fail"]);
  });
  test("what holds is a pass, waived or not", () => {
    expect(results(judge(plan({ a: { key: "k" } }, waived(waiver()))))).toEqual(["aws_s3_bucket.a pass"]);
  });
});

describe("what is not built", () => {
  test("stands in the verdicts of a file of ours, and in no other", () => {
    const ours = judgePlan(plan({}, { "stack/mcp": {} }), [], { asOf });
    const parts = ITEMS.flatMap(({ notBuilt }) => notBuilt);
    expect(ours.map(({ control, result, detail }) => [control, result, detail])).toEqual(
      parts.map(({ id, missing }) => [id, "not-built", missing]),
    );
    expect(judgePlan(plan({}), [], { asOf })).toEqual([]);
  });
});
