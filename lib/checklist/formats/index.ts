import type { Report } from "../report";
import { junit } from "./junit";
import { markdown } from "./markdown";
import { sarif } from "./sarif";
import { table } from "./table";

/** How a report is written. */
export const FORMATS = {
  table,
  json: (report: Report) => `${JSON.stringify(report, null, 2)}\n`,
  markdown,
  sarif,
  junit,
} as const satisfies Readonly<Record<string, (report: Report) => string>>;

/** Name of a format. */
export type Format = keyof typeof FORMATS;
