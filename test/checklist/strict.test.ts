import Ajv2020 from "ajv/dist/2020";
import addFormats from "ajv-formats";
import { unknown, type Control } from "../../lib/checklist/control";
import { FORMATS } from "../../lib/checklist/formats";
import { report, type Report } from "../../lib/checklist/report";
import { REPORT_SCHEMA } from "../../lib/checklist/report-schema";
import { Plan } from "../../lib/terraform/plan";
import { cli, folder } from "../cli/io";

const control: Control = {
  id: "store.bucket-encrypted",
  item: 6,
  says: "A bucket is encrypted",
  why: "A lost disk tells nothing then.",
  on: ["aws_s3_bucket"],
  judge: () => unknown("its key is known only at deployment"),
};
const sources = [
  { stack: "one", file: "one/cdk.tf.json", plan: new Plan({ resource: { aws_s3_bucket: { odd: {} } } }) },
];
const [plain, strict] = [false, true].map((is) =>
  report(sources, [control], "2026-11-25", [], { strict: is }),
) as [Report, Report];

test("what is unknown is well, and strictly it is not", () => {
  expect([plain.ok, strict.ok]).toEqual([true, false]);
  expect([plain.strict, strict.strict]).toEqual([undefined, true]);
  expect(strict.counts).toEqual(plain.counts);
});

test("strictly, what passes is well", () => {
  const passing = { ...control, judge: () => ({ holds: true }) as const };
  expect(report(sources, [passing], "2026-11-25", [], { strict: true }).ok).toBe(true);
});

test("both documents are what the schema says", () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats(ajv);
  const fits = ajv.compile(REPORT_SCHEMA);
  const read = (one: Report): unknown => JSON.parse(FORMATS.json(one));
  expect([fits(read(plain)), fits(read(strict)), fits.errors]).toEqual([true, true, null]);
  expect(fits({ ...(read(plain) as object), strict: false })).toBe(false);
});

describe("each format", () => {
  const differs = (
    format: "table" | "markdown" | "html" | "sarif" | "junit",
    inPlain: RegExp,
    inStrict: RegExp,
  ) => {
    const [one, other] = [FORMATS[format](plain), FORMATS[format](strict)];
    expect([inPlain.test(one), inStrict.test(one)]).toEqual([true, false]);
    expect([inPlain.test(other), inStrict.test(other)]).toEqual([false, true]);
  };
  test("for people says that it is not enough", () => {
    differs(
      "table",
      /^ok as of .*: 1 unknown$/m,
      /^not ok as of .*: 1 unknown \(which is not enough: --strict\)$/m,
    );
    differs(
      "markdown",
      /checklist: ok\n/,
      /checklist: not ok\n\n1 unknown \(which is not enough: --strict\);/,
    );
    differs("html", /The checklist holds/, /The checklist does not hold[\s\S]*which is not enough: --strict/);
  });
  test("for people shows it opened", () =>
    differs("html", /<details><summary>6\./, /<details open><summary>6\./));
  test("SARIF makes it an alert", () =>
    differs("sarif", /"kind": "open",\s+"level": "none"/, /"kind": "fail",\s+"level": "warning"/));
  test("JUnit makes it a failure, and counts it", () =>
    differs(
      "junit",
      /failures="0" skipped="1"[\s\S]*<skipped message=/,
      /failures="1" skipped="0"[\s\S]*<failure type="unknown" message=/,
    ));
});

describe("the command line", () => {
  const root = folder({
    "odd/cdk.tf.json": { resource: { aws_s3_bucket: { b: {} } }, module: { more: { source: "./more" } } },
    "whole/cdk.tf.json": { resource: { random_pet: { b: {} } } },
  });
  test("ends with 1 for what is unknown, and names it where the report lies in a file", async () => {
    const quiet = await cli(root, "check", "odd", "--format", "json", "--out", "a.json");
    const loud = await cli(root, "check", "odd", "--strict", "--out", "b.txt");
    expect(quiet.out).toMatch(/^a\.json: .*1 unknown[^(]*\n$/);
    expect(loud.code).toBe(1);
    expect(loud.out).toMatch(
      /1 unknown \(which is not enough: --strict\).*\n {2}unknown: file\.whole at stack odd: the module more makes what only a plan shows\n$/,
    );
  });
  test("ends with 0 where nothing is unknown", async () => {
    expect((await cli(root, "check", "whole", "--strict")).code).toBe(0);
    expect((await cli(root, "check", "--help")).out).toMatch(
      /--strict\s+what is unknown .* counts as failed/,
    );
  });
});
