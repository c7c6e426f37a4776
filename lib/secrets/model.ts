import type { ServerConfig } from "../config";
import type { PostureDefaults } from "../posture";
import { NAME, type Check, type Fields } from "../validation";
import type {
  DatabaseSecretConfig,
  ExistingSecretConfig,
  GeneratedSecretConfig,
  MysqlSecretConfig,
  PostgresSecretConfig,
  SecretConfig,
} from "./config";

/** The secrets of a server with every default resolved. The gateway's own key pair is always among what is made. */
export interface SecretsModel {
  readonly clientKeys: readonly ClientKeyModel[];
  readonly generated: readonly GeneratedModel[];
  readonly existing: readonly ExistingModel[];
  readonly tls: { readonly rotateDays: number; readonly validDays: number };
  readonly recoveryDays: number;
}

/** The key of one client. */
export interface ClientKeyModel {
  readonly name: string;
  readonly rotateDays: number;
  /** Roles that may read it. */
  readonly readers: readonly string[];
}

/** A random text of the server's own. */
export interface GeneratedModel {
  readonly name: string;
  readonly env: string;
  readonly length: number;
  readonly rotateDays: number;
}

/** A secret of somebody else's. */
export interface ExistingModel {
  readonly name: string;
  readonly env: string;
  readonly arn: string;
  readonly field: string | undefined;
  readonly keyArn: string | undefined;
}

/** What a client with an API key asks for. */
export interface ClientKeyRequest {
  readonly name: string;
  readonly rotateDays: number | undefined;
  readonly readers: readonly string[] | undefined;
}

/** Defaults, each with its reason. */
const DEFAULTS = {
  // A month: short enough that a leaked value dies by itself, long enough to be noticed when it fails.
  rotateDays: 30,
  // 48 characters of 62 are 285 bits.
  length: 48,
} as const;

/**
 * Days between rotations at least: longer than the day between two starts of the tasks, so that between two rotations
 * every task has learnt the announced value.
 */
export const SHORTEST_ROTATION_DAYS = 2;

/**
 * Younger values are not rotated, whoever asks: in quick succession nobody would know what was announced. Less than
 * the 24 hours that lie between the end of one day and the beginning of the day after next, when schedules may fall.
 */
export const MIN_AGE_SECONDS = 20 * 3600;

/** A certificate outlives its rotation by this, so that a failed one can be noticed and mended. */
const CERTIFICATE_SPARE_DAYS = 90;

const ENV = { pattern: /^[A-Z][A-Z0-9_]*$/, form: "capital letters, digits and _", max: 128 } as const;
const SECRET_ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@-]+$/;
const KEY_ARN = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[A-Za-z0-9-]+$/;
const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** Resolves the secrets of a server. `check` stands at the server, because clients own secrets too. */
export function resolveSecrets(
  config: ServerConfig["secrets"],
  clients: readonly ClientKeyRequest[],
  check: Check,
  defaults: PostureDefaults,
): SecretsModel {
  const at = check.at("secrets");
  const entries = at.entries(config, NAME);
  const taken = new Map<string, string>();
  const usable = entries.filter(([name, secret, atSecret]) => checkCommon(name, secret, atSecret, taken));
  return {
    clientKeys: clients.map((client) =>
      resolveClientKey(client, check.at("clients", client.name, "identity")),
    ),
    generated: usable.flatMap(([name, secret, atSecret]) =>
      secret.kind === "generated" ? [resolveGenerated(name, secret, atSecret)] : [],
    ),
    existing: usable.flatMap(([name, secret, atSecret]) =>
      secret.kind === "existing" ? [resolveExisting(name, secret, atSecret)] : [],
    ),
    tls: { rotateDays: DEFAULTS.rotateDays, validDays: DEFAULTS.rotateDays + CERTIFICATE_SPARE_DAYS },
    recoveryDays: defaults.secretRecoveryDays,
  };
}

function resolveClientKey(
  { name, rotateDays, readers = [] }: ClientKeyRequest,
  check: Check,
): ClientKeyModel {
  for (const [reader, at] of check.at("readers").list(readers, { max: 20 })) {
    at.text(reader, {
      pattern: ROLE_ARN,
      form: "the ARN of a role",
      fix: "name the role whose software calls",
    });
  }
  return { name, readers, rotateDays: resolveDays(rotateDays, check.at("rotateDays")) };
}

/** What holds for every kind. Answers whether the kind can be made. */
function checkCommon(name: string, secret: SecretConfig, check: Check, taken: Map<string, string>): boolean {
  if (!check.at("kind").oneOf(secret?.kind, ["generated", "postgres", "mysql", "existing"])) return false;
  if (check.at("env").literal(secret.env) && check.at("env").text(secret.env, ENV)) {
    const other = taken.get(secret.env);
    if (other)
      check
        .at("env")
        .problem(
          "duplicate",
          `is ${secret.env}, the variable of ${other} too`,
          "give each a variable of its own",
        );
    taken.set(secret.env, name);
    if (secret.env === "PORT" || secret.env.startsWith("HMCP_"))
      check.at("env").problem("conflict", "is a name of ours", "choose another");
  }
  switch (secret.kind) {
    case "generated":
      return check.object(secret, {
        kind: true,
        env: true,
        length: true,
        rotateDays: true,
      } satisfies Fields<GeneratedSecretConfig>);
    case "existing":
      return check.object(secret, {
        kind: true,
        env: true,
        arn: true,
        field: true,
        keyArn: true,
      } satisfies Fields<ExistingSecretConfig>);
    case "postgres":
    case "mysql":
      check.object(secret, {
        kind: true,
        env: true,
        users: true,
        adminSecretArn: true,
        rotateDays: true,
      } satisfies Fields<PostgresSecretConfig & MysqlSecretConfig & DatabaseSecretConfig>);
      return check.notSupportedYet(
        `a database login of kind ${secret.kind}`,
        'make it yourself and use kind "existing"',
      );
  }
}

function resolveGenerated(name: string, secret: GeneratedSecretConfig, check: Check): GeneratedModel {
  const { env, length = DEFAULTS.length } = secret;
  check.at("length").integer(length, { min: 16, max: 128, unit: "characters" });
  return { name, env, length, rotateDays: resolveDays(secret.rotateDays, check.at("rotateDays")) };
}

function resolveExisting(name: string, secret: ExistingSecretConfig, check: Check): ExistingModel {
  const { env, arn, field, keyArn } = secret;
  check
    .at("arn")
    .text(arn, { pattern: SECRET_ARN, form: "the whole ARN of a secret, with its six last characters" });
  if (field !== undefined)
    check.at("field").text(field, { pattern: /^[^:]+$/, form: "the name of a field, without :", max: 128 });
  if (keyArn !== undefined) check.at("keyArn").text(keyArn, { pattern: KEY_ARN, form: "the ARN of a key" });
  return { name, env, arn, field, keyArn };
}

function resolveDays(days: number | undefined, check: Check): number {
  if (days === undefined) return DEFAULTS.rotateDays;
  check.integer(days, { min: SHORTEST_ROTATION_DAYS, max: 90, unit: "days" });
  return days;
}
