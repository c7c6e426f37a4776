import { texts } from "../audit/read";
import { fails, HOLDS, unknown, type Control } from "../checklist/control";
import { declaredOf, ofOurs } from "../checklist/engine";
import { POSTURES } from "../posture";
import { isExpression, type Block, type Plan } from "../terraform/plan";
import { allowing, conditionOf, isForEverybody, judgeStatements, sidOf } from "./read-policy";

const KEY = "aws_kms_key";

/** Days that the block's deployment keeps a deleted key, by its posture; the longest where nothing says. */
function leastDays(block: Block, plan: Plan): number {
  const days = declaredOf(block, plan).map(({ posture }) => POSTURES[posture].keyDeletionDays);
  return days.length === 0 ? POSTURES.production.keyDeletionDays : Math.min(...days);
}

const recoverable: Control = ofOurs({
  id: "access.keys-recoverable",
  item: 10,
  says: "A key whose deletion was asked for can be kept for 30 days, in a sandbox for 7",
  why: "With its key the archive and every secret is gone: whoever would clean up behind himself deletes that instead.",
  on: [KEY],
  judge: (block, plan) => {
    // KMS's own default is 30 days.
    const { deletion_window_in_days: days = POSTURES.production.keyDeletionDays } = block.body;
    if (isExpression(days)) return unknown("how long it can be kept is known only at deployment");
    return Number(days) >= leastDays(block, plan) ? HOLDS : fails(`it is gone after ${String(days)} days`);
  },
});

/** What a reader or writer of an encrypted secret asks of its key. */
const BY_READERS = ["kms:Decrypt", "kms:GenerateDataKey*"];

const throughService: Control = ofOurs({
  id: "access.keys-through-service",
  item: 6,
  says: "What a key lets everybody of the account do goes through one named service, and is enough to read and write there",
  why: "Without the service's name whoever gets hold of a ciphertext decrypts it by himself, past the policy of the secret it comes from.",
  on: [KEY],
  judge: ({ body }) =>
    judgeStatements(body.policy, (statements) => {
      for (const statement of allowing(statements).filter(isForEverybody)) {
        const services = conditionOf(statement, ["StringEquals"], "kms:ViaService");
        if (services.length === 0 || services.some((service) => /[*?]/.test(service)))
          return fails(`${sidOf(statement)} is not through a named service`);
        const missing = BY_READERS.find((action) => !texts(statement.Action).includes(action));
        if (missing !== undefined) return fails(`${sidOf(statement)} does not let anybody ${missing}`);
      }
      return HOLDS;
    }),
});

/** Controls of keys beside their rotation. */
export const keyControls: readonly Control[] = [recoverable, throughService];
