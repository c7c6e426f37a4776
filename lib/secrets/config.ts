import type { CharacterClass } from "../runtime/rotation-env";
import type { MysqlSecretConfig, PostgresSecretConfig } from "./database-config";

export type { CharacterClass } from "../runtime/rotation-env";
export type { DatabaseSecretConfig, MysqlSecretConfig, PostgresSecretConfig } from "./database-config";

/** A secret of a server: made, kept and changed at run time. No value ever enters Terraform. */
export type SecretConfig =
  GeneratedSecretConfig | PostgresSecretConfig | MysqlSecretConfig | ExistingSecretConfig;

/** A random text that the server alone knows. Its value is JSON: `{ current, previous, next }` and what `template` adds. */
export interface GeneratedSecretConfig {
  readonly kind: "generated";
  /** Environment variable that holds the current value, `[A-Z][A-Z0-9_]*`. */
  readonly env: string;
  /** Characters, 16 to 128. @default 48 */
  readonly length?: number;
  /** Characters to choose from, 10 to 94 different ones of printable ASCII without the blank. @default letters and digits */
  readonly alphabet?: string;
  /** Classes of which every value holds one character at least; the alphabet must hold each. @default none */
  readonly require?: readonly CharacterClass[];
  /**
   * Further fields of the value, each a text around `{{value}}`: `{ url: "redis://:{{value}}@cache:6379" }`. No
   * secret may stand here: Terraform knows the text. @default none
   */
  readonly template?: Readonly<Record<string, string>>;
  /**
   * What the variable holds: `current`, a field of `template`, or `json` for the whole value, with which a server
   * accepts what was made with the generation before or after.
   * @default "current"
   */
  readonly inject?: string;
  /** Days between changes, 2 to 90: tasks take new values once a day (1 with `rotation.pickUp: "fast"`). @default 30 */
  readonly rotateDays?: number;
}

/** A secret that somebody else makes and changes. */
export interface ExistingSecretConfig {
  readonly kind: "existing";
  readonly env: string;
  readonly arn: string;
  /** Field of a JSON value. @default the whole value */
  readonly field?: string;
  /** The customer key it is encrypted under, if any. @default the account's own `aws/secretsmanager` key */
  readonly keyArn?: string;
  /** Who keeps it up to date from outside of AWS: a role is made for him. @default nobody: its owner has rights already */
  readonly writer?: SecretWriterConfig;
}

/**
 * Vault's or Doppler's sync, or anybody who writes a secret from outside. Gets a role that may put a value into this one
 * secret and describe it: neither read it, nor make, delete or share any. Cost: an alarm (0.10 US dollars a month).
 */
export interface SecretWriterConfig {
  /** The role or user that he comes as, of his own account: a whole account is refused. */
  readonly principalArn: string;
  /**
   * Text that he must give with every call (`sts:ExternalId`), 8 to 1224 characters, so that another customer of his
   * cannot make him write here. Not a secret, but nobody else's: take the one that he shows you.
   */
  readonly externalId: string;
  /** Days in which he promises a new value, 1 to 365. A value that is older alarms. */
  readonly maxAgeDays: number;
}
