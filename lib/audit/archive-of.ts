import type { Finding } from "../checklist/control";
import type { Block, Plan } from "../terraform/plan";
import { blockAt } from "./read";
import { shownByOwner, type Shown } from "./shown-by-owner";

function referenceOf({ body }: Block): unknown {
  return blockAt(body, "extended_s3_configuration").bucket_arn;
}

/** The bucket that a stream delivers to, where it is made in the same file. */
export function archiveOf(stream: Block, plan: Plan): Block | undefined {
  const found = plan.target(referenceOf(stream));
  return found?.mode === "resource" ? found : undefined;
}

/** What there is to say of an archive that is not in this file. */
export function archiveShown(stream: Block, plan: Plan, shown: Shown): Finding {
  const archive = { given: "archive", what: "the archive", bucket: "the archive's bucket" } as const;
  return shownByOwner(stream, plan, { ...archive, reference: referenceOf(stream) }, shown);
}
