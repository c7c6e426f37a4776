import type { Check } from "../../validation";

const PLACE = "[a-z0-9-]+:\\d{12}";

/** Forms of the ARNs that grants take, in words. */
const FORMS = {
  bucket: [/^arn:aws[a-z-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the ARN of a bucket"],
  table: [
    new RegExp(`^arn:aws[a-z-]*:dynamodb:${PLACE}:table/[\\w.-]{3,255}$`),
    "the ARN of a table, without an index",
  ],
  queue: [new RegExp(`^arn:aws[a-z-]*:sqs:${PLACE}:[\\w-]{1,80}(\\.fifo)?$`), "the ARN of a queue"],
  key: [
    new RegExp(`^arn:aws[a-z-]*:kms:${PLACE}:key/[A-Za-z0-9-]+$`),
    "the ARN of a key itself; IAM knows no aliases",
  ],
  secret: [
    new RegExp(`^arn:aws[a-z-]*:secretsmanager:${PLACE}:secret:[\\w/+=.@!-]+-[A-Za-z0-9]{6}$`),
    "the whole ARN of a secret, with its six last characters",
  ],
} satisfies Record<string, [RegExp, string]>;

/** Checks that an ARN is one of this kind, and one thing alone. */
export function checkArn(arn: unknown, kind: keyof typeof FORMS, check: Check): void {
  const [pattern, form] = FORMS[kind];
  if (check.text(arn, { pattern, form, fix: "name one" })) checkPlain(arn, check);
}

/**
 * Checks that a text stands for itself in a policy. Text around a token counts: what the token brings does not, because
 * nobody can see it, and no name that AWS makes has such characters.
 */
export function checkPlain(text: string, check: Check): boolean {
  const around = text.replace(/\$\{TfToken\[[^\]]*\]\}/g, "");
  if (!/[*?]|\$\{/.test(around)) return true;
  return check.problem(
    "unsafe",
    `is ${check.show(text)}, and *, ? and \${…} stand for others in a policy`,
    "name one by itself",
  );
}

/** Checks a key that may be left out. */
export function checkKey(keyArn: string | undefined, check: Check): void {
  if (keyArn !== undefined) checkArn(keyArn, "key", check);
}

/** Checks the begin of names, ending with `/`. */
export function checkFolder(prefix: unknown, check: Check): void {
  const form = "a folder such as orders/, ending with /";
  if (check.text(prefix, { pattern: /^[^/]([^\n]*[^\n/])?\/$/, form, max: 500, fix: "end it with /" }))
    checkPlain(prefix, check);
}
