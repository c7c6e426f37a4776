import { unknown, type Finding } from "../checklist/control";
import { declaredOf } from "../checklist/engine";
import type { Block, Plan } from "../terraform/plan";
import { blockAt } from "./read";

/** Name of the bucket that a stream delivers to, as far as it is known; otherwise what to put in its place. */
function nameOf(stream: Block, plan: Plan): string {
  const arn = blockAt(stream.body, "extended_s3_configuration").bucket_arn;
  const read = plan.target(arn)?.body.bucket;
  const name = typeof read === "string" ? read : /:s3:::([^/]+)$/.exec(String(arn))?.[1];
  return name === undefined || name.includes("${") ? "BUCKET" : name;
}

/** The bucket that a stream delivers to, where it is made in the same file. */
export function archiveOf(stream: Block, plan: Plan): Block | undefined {
  const found = plan.target(blockAt(stream.body, "extended_s3_configuration").bucket_arn);
  return found?.mode === "resource" ? found : undefined;
}

/** Of an archive that is not in this file nobody can tell: what its owner has to show, and by which call of `aws s3api`. */
export function shownByOwner(stream: Block, plan: Plan, what: string, call: string): Finding {
  const isGiven = declaredOf(stream, plan).some(({ existing }) => existing?.includes("archive"));
  return unknown(
    isGiven
      ? `the archive is given, and kept by somebody else, who has to show ${what}: aws s3api ${call} --bucket ${nameOf(stream, plan)}`
      : "the archive's bucket is not in this stack",
  );
}
