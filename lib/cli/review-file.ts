import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Source } from "../checklist/report";
import { openReview, type Review } from "../checklist/review/review";
import { CliError, type Io } from "./io";
import { firstLine, readText } from "./read-text";

/** Where a review lies when nobody says otherwise. */
export const REVIEW_FILE = "review.json";

/**
 * The review of a stack: the named file, or `review.json` beside the stack's own file, or where the command runs. The
 * reason, as a sentence, where there is none that counts.
 */
export function readReview(named: string | undefined, source: Source, io: Pick<Io, "cwd">): Review | string {
  const places =
    named === undefined
      ? [join(dirname(resolve(io.cwd, source.file)), REVIEW_FILE), join(io.cwd, REVIEW_FILE)]
      : [resolve(io.cwd, named)];
  const file = places.find((place) => existsSync(place));
  if (file === undefined)
    return `there is no ${named ?? REVIEW_FILE}: review the deployment, then run \`hardened-mcp review sign\``;
  const shown = relative(io.cwd, file);
  try {
    const review = openReview(JSON.parse(readText(file, shown)));
    return typeof review === "string" ? `${shown} ${review}` : review;
  } catch (error) {
    return error instanceof CliError ? error.message : `${shown} cannot be read as JSON: ${firstLine(error)}`;
  }
}
