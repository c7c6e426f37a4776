import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { CONTROLS } from "../checklist/controls";
import { today } from "../checklist/day";
import { FORMATS, type Format } from "../checklist/formats";
import { report, summary } from "../checklist/report";
import { oneOf, readArguments, readDay } from "./arguments";
import { CliError, type Command, type Io } from "./io";
import { readSources } from "./stacks";

const OPTIONS = {
  "as-of": { type: "string" },
  format: { type: "string" },
  out: { type: "string" },
} as const;

/** `hardened-mcp check`: judges written files by the checklist. */
export const check: Command = {
  usage: "[cdktf.out | STACK FOLDER | FILE] [--as-of DATE] [--format FORMAT] [--out FILE]",
  says: "judge what was synthesised by the checklist",
  help: [
    "Judges every control over the written Terraform JSON, whatever overrides have done to it.",
    "",
    "  --as-of DATE     day on which waivers are judged, YYYY-MM-DD (default: today, UTC)",
    `  --format FORMAT  ${Object.keys(FORMATS).join(", ")} (default: table)`,
    "  --out FILE       write the report there and one line here",
    "",
    "Exit codes: 0 nothing failed; 1 something failed, has a waiver that has ended, or is not built; 2 could not judge.",
  ].join("\n"),
  run: (args, io) => {
    const { values, positionals } = readArguments(args, OPTIONS, 1);
    const format = oneOf(values.format ?? "table", Object.keys(FORMATS) as Format[], "format");
    const asOf = readDay(values["as-of"] ?? today(), "as-of");
    const result = report(readSources(positionals[0], io), CONTROLS, asOf);
    const text = FORMATS[format](result);
    if (values.out === undefined) io.out(text);
    else {
      write(values.out, text, io);
      io.out(`${values.out}: ${summary(result)}\n`);
    }
    return result.ok ? 0 : 1;
  },
};

function write(file: string, text: string, io: Io): void {
  try {
    writeFileSync(resolve(io.cwd, file), text);
  } catch (error) {
    throw new CliError(`${file} cannot be written: ${(error as Error).message}`);
  }
}
