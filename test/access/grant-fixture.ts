import type { GrantConfig } from "../../lib/access/config";
import { resolveGrants, type GrantModel } from "../../lib/access/model";
import { isToken } from "../../lib/terraform";
import { Check, formatProblem } from "../../lib/validation";

const HERE = "eu-west-1:123456789012";
/** A reason that is long enough. */
export const because = "search shows them";
/** Where the things of these tests are. */
export const account = {
  region: "eu-west-1",
  arn: (service: string, rest: string): string => `arn:aws:${service}:${HERE}:${rest}`,
};
/** A customer's key. */
export const KEY = account.arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab");
/** A bucket. */
export const BUCKET = "arn:aws:s3:::acme-orders";
/** A table. */
export const TABLE = account.arn("dynamodb", "table/baskets");
/** A queue. */
export const QUEUE = account.arn("sqs", "jobs.fifo");
/** A secret. */
export const SECRET = account.arn("secretsmanager", "secret:partner/key-AbCdEf");

const WINDOWS = {
  "month-end": [
    { from: "2026-12-31T20:00:00.000Z", to: "2026-12-31T23:00:00.000Z" },
    { from: "2027-01-31T20:00:00.000Z", to: "2027-01-31T23:00:30.000Z" },
  ],
};

/** What grants come to, and what is wrong with them. */
export function resolved(config: Readonly<Record<string, unknown>>): {
  readonly model: readonly GrantModel[];
  readonly problems: readonly string[];
} {
  const check = Check.start(isToken).at("grants");
  const model = resolveGrants(config as Record<string, GrantConfig>, check, WINDOWS);
  return { model, problems: check.problems.map(formatProblem) };
}
