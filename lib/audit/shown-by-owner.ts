import { unknown, type Finding } from "../checklist/control";
import { declaredOf } from "../checklist/engine";
import type { Block, Plan } from "../terraform/plan";

/** What the owner of a bucket shows, and the call of `aws s3api` that tells it. */
export type Shown = readonly [what: string, call: string];

/** A bucket that a block writes to, and that is not made in its file. */
export interface ElsewhereBucket {
  /** How the constructs of ours that the block belongs to name it, where it was given. */
  readonly given: "archive" | "log-bucket";
  /** What is kept in it, and what it is itself, as beginnings of a sentence. */
  readonly what: string;
  readonly bucket: string;
  /** As the block names it: a reference, an ARN or a name. */
  readonly reference: unknown;
}

/** Of a bucket that is not in this file nobody can tell: what its owner has to show, where one was given. */
export function shownByOwner(block: Block, plan: Plan, of: ElsewhereBucket, [what, call]: Shown): Finding {
  const isGiven = declaredOf(block, plan).some(({ existing }) => existing?.includes(of.given));
  if (!isGiven) return unknown(`${of.bucket} is not in this stack`);
  return unknown(
    `${of.what} is given, and kept by somebody else, who has to show ${what}: ` +
      `aws s3api ${call} --bucket ${nameOf(of.reference, plan)}`,
  );
}

/** Name of a bucket, as far as it is known; otherwise what to put in its place. */
function nameOf(reference: unknown, plan: Plan): string {
  const written = plan.target(reference)?.body.bucket ?? reference;
  const name = typeof written === "string" ? (/:s3:::([^/]+)$/.exec(written)?.[1] ?? written) : undefined;
  return name === undefined || name.includes("${") ? "BUCKET" : name;
}
