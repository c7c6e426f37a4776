import { CONTROLS } from "../../lib/checklist/controls";
import { FORMATS } from "../../lib/checklist/formats";
import { report } from "../../lib/checklist/report";
import { changesAsMarkdown } from "../../lib/checklist/review/text";
import { Plan } from "../../lib/terraform/plan";

const MARKUP = '<img src="https://example.net/x">';

test("markup in what a file names stays text in a table that people read in a pull request", () => {
  const says = `${MARKUP} may now call it`;
  const changes = changesAsMarkdown([{ stack: "s", changes: [{ kind: "calls", widens: true, says }] }]);
  expect(changes).not.toContain("<img");
  expect(changes).toContain("&lt;img");
});

test("and in a report", () => {
  const bucket = { bucket: "a", "//": { metadata: { path: MARKUP } } };
  const plan = new Plan({ resource: { aws_s3_bucket: { b: bucket } }, module: { m: { source: "x" } } });
  const judged = report([{ stack: "s", file: MARKUP, plan }], CONTROLS, "2026-11-26", []);
  expect(
    FORMATS.markdown(judged)
      .split("\n")
      .filter((line) => line.startsWith("|") && line.includes("<img")),
  ).toEqual([]);
});
