import { page } from "../html/page";
import type { Report, Source } from "../report";
import { junit } from "./junit";
import { markdown } from "./markdown";
import { sarif } from "./sarif";
import { table } from "./table";

/** Name of a format. */
export type Format = "table" | "json" | "markdown" | "sarif" | "junit" | "html";

/** How a report is written. A page also draws what stands in the files. */
export const FORMATS: Readonly<Record<Format, (report: Report, sources: readonly Source[]) => string>> = {
  table,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
  markdown,
  sarif,
  junit,
  html: page,
};
