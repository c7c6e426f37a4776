import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { TerraformStack, Testing } from "cdktf";
import { breaks, fails, HOLDS, judge, plan, type Control } from "../../lib/testing";

const named: Control = {
  id: "mine.bucket-named",
  item: 6,
  says: "Every bucket has a name",
  why: "It could not be found.",
  on: ["aws_s3_bucket"],
  judge: ({ body }) => (body.bucket === undefined ? fails("it has none") : HOLDS),
};

function stack(...buckets: readonly object[]): TerraformStack {
  const made = new TerraformStack(Testing.app(), "stack");
  for (const [index, bucket] of buckets.entries()) new S3Bucket(made, `bucket-${index}`, bucket);
  return made;
}

describe("for users' own tests", () => {
  test("a stack is opened as it would be written", () => {
    const [block] = plan(stack({ bucket: "x" })).blocks("aws_s3_bucket");
    expect(block).toMatchObject({ path: "stack/bucket-0", body: { bucket: "x" } });
  });
  test("own controls are judged like the library's", () => {
    const verdicts = judge(plan(stack({ bucket: "x" }, {})), [named]);
    expect(verdicts.map(({ result }) => result)).toEqual(["pass", "fail"]);
  });
});

describe("a control is proven by breaking it", () => {
  const good = plan(stack({ bucket: "x" }));
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as a user's mutation would
  const unname = (json: any) => {
    for (const bucket of Object.values<Record<string, unknown>>(json.resource.aws_s3_bucket))
      delete bucket.bucket;
  };
  test("gives what was found, and leaves the plan as it was", () => {
    expect(breaks(named, good, unname)).toEqual({ holds: false, says: "it has none" });
    expect(judge(good, [named])[0]?.result).toBe("pass");
  });
  test.each<[string, () => unknown, RegExp]>([
    [
      "nothing to judge",
      () => breaks(named, plan(stack()), unname),
      /mine.bucket-named has no block to judge/,
    ],
    ["not holding before", () => breaks(named, plan(stack({})), unname), /does not hold before: it has none/],
    ["a mutation that it overlooks", () => breaks(named, good, () => undefined), /overlooks the mutation/],
  ])("%s is no proof", (_what, attempt, message) => expect(attempt).toThrow(message));
});
