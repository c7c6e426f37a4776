import type { ServerConfig } from "../../lib/config";
import { POSTURES, type Posture } from "../../lib/posture";
import { resolveSecrets, type SecretsModel } from "../../lib/secrets/model";
import { Check, formatProblem } from "../../lib/validation";
import { isTestToken, TOKEN } from "../support/config";

export const ADMIN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds/ledger-admin-AbCdEf";
export const ADMIN_KEY = "arn:aws:kms:eu-west-1:123456789012:key/admins";
export const LATER = TOKEN;

/** A login without any fault. */
export const LOGIN = {
  kind: "postgres",
  env: "LEDGER_URL",
  host: "ledger.example.com",
  database: "ledger",
  role: "ledger_app",
  users: "alternating",
  adminSecretArn: ADMIN,
  reach: { securityGroup: "sg-0123456789abcdef0" },
} as const;

/** The server's own way to that database. */
export const WAY = {
  ledger: { to: LOGIN.reach, port: 5432, because: "refunds are posted there" },
} as const;

/** A secret that is written from outside. */
export const SYNCED = {
  kind: "existing",
  env: "CRM_TOKEN",
  arn: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sync/crm-GhIjKl",
} as const;

/** Who writes it. */
export const WRITER = {
  principalArn: "arn:aws:iam::299900769157:user/doppler-integration-operator",
  externalId: "acme-7f3b0c",
  maxAgeDays: 7,
} as const;

/** What a server has beside its secrets. */
export interface Around {
  readonly downstream?: unknown;
  readonly posture?: Posture;
}

/** A server's secrets and what is wrong with them. */
export function resolve(
  secrets: unknown,
  { downstream = WAY, posture = "production" }: Around = {},
): { model: SecretsModel; problems: string[] } {
  const check = Check.start(isTestToken);
  const model = resolveSecrets(secrets as ServerConfig["secrets"], [], check, {
    posture,
    defaults: POSTURES[posture],
    downstream: downstream as ServerConfig["downstream"],
  });
  return { model, problems: check.problems.map(formatProblem) };
}
