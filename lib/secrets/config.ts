/** A secret of a server: made, kept and changed at run time. No value ever enters Terraform. */
export type SecretConfig =
  GeneratedSecretConfig | PostgresSecretConfig | MysqlSecretConfig | ExistingSecretConfig;

/** A random text that the server alone knows. */
export interface GeneratedSecretConfig {
  readonly kind: "generated";
  /** Environment variable that holds the current value, `[A-Z][A-Z0-9_]*`. */
  readonly env: string;
  /** Characters, 16 to 128. @default 48 */
  readonly length?: number;
  /** Days between changes, 2 to 90: tasks take new values once a day. @default 30 */
  readonly rotateDays?: number;
}

/** A PostgreSQL login with alternating users. Not supported yet: refused at synth. */
export interface PostgresSecretConfig extends DatabaseSecretConfig {
  readonly kind: "postgres";
}

/** A MySQL or MariaDB login with alternating users. Not supported yet: refused at synth. */
export interface MysqlSecretConfig extends DatabaseSecretConfig {
  readonly kind: "mysql";
}

/** What the database kinds share. */
export interface DatabaseSecretConfig {
  readonly env: string;
  /** Two users in turn: the one in use is never the one being changed. */
  readonly users: "alternating";
  /** Secret of the administrator who makes the users. */
  readonly adminSecretArn: string;
  /** Days between changes, 2 to 90: tasks take new values once a day. @default 30 */
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
}
