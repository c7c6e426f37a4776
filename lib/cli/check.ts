import { CONTROLS } from "../checklist/controls";
import { today } from "../checklist/day";
import { FORMATS, type Format } from "../checklist/formats";
import { because, where } from "../checklist/formats/lines";
import { report, summary, type Report } from "../checklist/report";
import { REPORT_SCHEMA } from "../checklist/report-schema";
import { judgeReview } from "../checklist/review/review";
import { oneOf, readArguments, readDay } from "./arguments";
import { CliError, type Command } from "./io";
import { readReview, REVIEW_FILE } from "./review-file";
import { judging, readPlanned, readSources } from "./stacks";
import { writeOut } from "./write-out";

const OPTIONS = {
  "as-of": { type: "string" },
  format: { type: "string" },
  of: { type: "string" },
  out: { type: "string" },
  review: { type: "string" },
  schema: { type: "boolean" },
  strict: { type: "boolean" },
} as const;

/** `hardened-mcp check`: judges written files by the checklist. */
export const check: Command = {
  usage:
    "[cdktf.out | STACK FOLDER | FILE] [--of FOLDER] [--as-of DATE] [--format FORMAT] [--out FILE] [--review FILE] [--strict]",
  says: "judge what was synthesised by the checklist",
  help: [
    "Judges every control over the written Terraform JSON, whatever overrides have done to it.",
    "",
    "  --as-of DATE     day on which waivers are judged, YYYY-MM-DD (default: today, UTC)",
    `  --format FORMAT  ${Object.keys(FORMATS).join(", ")} (default: table)`,
    "  --of FOLDER      the stack that the plan FILE was made of: it is judged once the plan holds it and nothing else",
    "  --out FILE       write the report there and one line here",
    `  --review FILE    the signed review (default: ${REVIEW_FILE} beside the stack, or here)`,
    "  --strict         what is unknown (known only at deployment, or kept by somebody else) counts as failed",
    "  --schema         print the JSON Schema of --format json instead",
    "",
    "Exit codes: 0 nothing failed; 1 something failed, has a waiver that has ended, is not built or, with --strict, is",
    "unknown; 2 could not judge.",
  ].join("\n"),
  run: (args, io) => {
    const { values, positionals } = readArguments(args, OPTIONS, 1);
    if (values.schema === true) {
      writeOut(`${JSON.stringify(REPORT_SCHEMA, null, 2)}\n`, values.out, io);
      return 0;
    }
    const format = oneOf(values.format ?? "table", Object.keys(FORMATS) as Format[], "format");
    const asOf = readDay(values["as-of"] ?? today(), "as-of");
    const [place] = positionals;
    if (values.of !== undefined && place === undefined)
      throw new CliError("--of FOLDER needs the file of a plan: hardened-mcp check FILE --of FOLDER");
    const sources =
      values.of === undefined || place === undefined
        ? readSources(place, io)
        : [readPlanned(place, values.of, io)];
    const [result, text] = judging(sources, () => {
      const reviews = sources.flatMap((source) =>
        judgeReview(readReview(values.review, source, io), source, CONTROLS, asOf),
      );
      const judged = report(sources, CONTROLS, asOf, reviews, { strict: values.strict === true });
      return [judged, FORMATS[format](judged)];
    });
    writeOut(
      text,
      values.out,
      io,
      [summary(result), ...(values.out === undefined ? [] : notKnown(result))].join("\n"),
    );
    return result.ok ? 0 : 1;
  },
};

/** What a strict check failed for, a line each: the report lies in a file, and the exit code alone names nothing. */
function notKnown({ strict, verdicts }: Report): string[] {
  if (strict !== true) return [];
  return verdicts
    .filter(({ result }) => result === "unknown")
    .map((verdict) => `  unknown: ${verdict.control} at ${where(verdict)}: ${because(verdict)}`);
}
