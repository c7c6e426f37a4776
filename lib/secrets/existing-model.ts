import type { Check, Fields } from "../validation";
import type { ExistingSecretConfig, SecretWriterConfig } from "./config";
import { checkKeyArn, checkSecretArn } from "./rules";

/** A secret of somebody else's. */
export interface ExistingModel {
  readonly name: string;
  readonly env: string;
  readonly arn: string;
  readonly field: string | undefined;
  readonly keyArn: string | undefined;
  /** Who writes it from outside; absent where its owner has his rights already. */
  readonly writer: SecretWriterConfig | undefined;
}

/** A role or user: a whole account (`:root`) would let everybody of it in. */
const PRINCIPAL_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;

/** Fields of the kind. */
export const EXISTING = {
  kind: true,
  env: true,
  arn: true,
  field: true,
  keyArn: true,
  writer: true,
} satisfies Fields<ExistingSecretConfig>;

/** Resolves a secret that is there. */
export function resolveExisting(name: string, secret: ExistingSecretConfig, check: Check): ExistingModel {
  const { env, arn, field, keyArn, writer } = secret;
  checkSecretArn(arn, check.at("arn"));
  if (field !== undefined)
    check.at("field").text(field, { pattern: /^[^:]+$/, form: "the name of a field, without :", max: 128 });
  checkKeyArn(keyArn, check.at("keyArn"));
  return { name, env, arn, field, keyArn, writer: resolveWriter(writer, check.at("writer")) };
}

function resolveWriter(writer: SecretWriterConfig | undefined, check: Check): SecretWriterConfig | undefined {
  if (writer === undefined) return undefined;
  const fields = {
    principalArn: true,
    externalId: true,
    maxAgeDays: true,
  } satisfies Fields<SecretWriterConfig>;
  if (!check.object(writer, fields)) return undefined;
  const { principalArn, externalId, maxAgeDays } = writer as SecretWriterConfig;
  check.at("principalArn").text(principalArn, {
    pattern: PRINCIPAL_ARN,
    form: "the ARN of one role or user",
    fix: "take the ARN that he shows you, not his whole account",
  });
  check.at("externalId").text(externalId, {
    pattern: /^[\w+=,.@:/-]+$/,
    form: "letters, digits and _+=,.@:/-",
    min: 8,
    max: 1224,
    fix: "take the one that he shows you for your workspace",
  });
  check.at("maxAgeDays").integer(maxAgeDays, { min: 1, max: 365, unit: "days" });
  return { principalArn, externalId, maxAgeDays };
}
