import { page } from "../html/page";
import type { Report } from "../report";
import { junit } from "./junit";
import { markdown } from "./markdown";
import { sarif } from "./sarif";
import { table } from "./table";

/** Name of a format. */
export type Format = "table" | "json" | "markdown" | "sarif" | "junit" | "html";

/** How a report is written. All that is written stands in the report. */
export const FORMATS: Readonly<Record<Format, (report: Report) => string>> = {
  table,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  markdown,
  sarif,
  junit,
  html: page,
};
