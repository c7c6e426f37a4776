import type { PeerTarget } from "../downstream/config";
import type { Waiver } from "../validation";

/**
 * A PostgreSQL login. Two users take turns, so that nobody is refused while it changes; both act as the owner role, so
 * that what one makes belongs to the other too. How to prepare the database: docs/secrets.md. Cost: a secret (0.40 US
 * dollars a month), its alarms and log group.
 */
export interface PostgresSecretConfig extends DatabaseSecretConfig {
  readonly kind: "postgres";
}

/** A MySQL or MariaDB login, with users in turn as for PostgreSQL. Cost: as for PostgreSQL. */
export interface MysqlSecretConfig extends DatabaseSecretConfig {
  readonly kind: "mysql";
  /** Which of the two it is: their statements differ. @default "mysql" */
  readonly engine?: "mysql" | "mariadb";
  /** Whose names for TLS options stand in the URL: MySQL's own, or those of Node's `mysql2`. @default "mysql" */
  readonly urlFor?: "mysql" | "mysql2";
}

/** What the database kinds share. */
export interface DatabaseSecretConfig {
  /** Environment variable that holds the login, `[A-Z][A-Z0-9_]*`. */
  readonly env: string;
  /**
   * What the variable holds: `url` one line with user, password, host and checked TLS; `json` the whole value
   * (`username`, `password`, `host`, `port`, `database`, `url`, `previous`).
   * @default "url"
   */
  readonly inject?: "url" | "json";
  /** DNS name of the database, as its certificate says it: an address in digits is refused. */
  readonly host: string;
  /** TCP port. @default 5432 for postgres, 3306 for mysql */
  readonly port?: number;
  /** Name of the database, letters, digits, `_` and `-`. */
  readonly database: string;
  /**
   * The role that owns the tables and cannot log in, `[a-z_][a-z0-9_]*`, 61 characters at most (30 for mysql). You make
   * it; its users `ROLE_a` and `ROLE_b` are made by rotation.
   */
  readonly role: string;
  /**
   * `alternating`: two users in turn, of whom the one in use is never changed. `single`: `ROLE_a` alone, whose password
   * changes in place, so that tasks are refused new connections until they are started anew. Production takes a single
   * user only with a waiver, in its place: `{ waive: "the vendor sells one login", until: "2026-12-31" }`.
   */
  readonly users: "alternating" | "single" | Waiver;
  /**
   * Secret `{ username, password }` of who may make users, as RDS keeps it. The rotation function reads it; the server
   * never gets it.
   */
  readonly adminSecretArn: string;
  /** The customer key it is encrypted under, if any. @default the account's own `aws/secretsmanager` key */
  readonly adminKeyArn?: string;
  /** Where the rotation function reaches the database. The server's own way is an entry of `downstream`. */
  readonly reach: PeerTarget;
  /** PEM file of authorities in the server's container, named in the URL. @default what the server's driver trusts */
  readonly clientCaFile?: string;
  /** Days between changes, 2 to 90: tasks take new values once a day (1 with `rotation.pickUp: "fast"`). @default 30 */
  readonly rotateDays?: number;
}
