/** Variables of a rotation function, which the function reads and its construct sets. */
export const ROTATION_ENV = {
  secretArn: "SECRET_ARN",
  minAgeSeconds: "MIN_AGE_SECONDS",
  /** What the kind must know, as JSON. */
  settings: "SETTINGS",
} as const;

/** Classes of characters that a random text can be made to contain. */
export type CharacterClass = "lower" | "upper" | "digit" | "symbol";

/** Where a template takes the random text of its generation. */
export const TEMPLATE_PLACEHOLDER = "{{value}}";

/** Fields of a `generated` value that no template may name. */
export const GENERATED_FIELDS = ["current", "previous", "next"] as const;

/** SETTINGS of the kind `generated`. */
export interface GeneratedSettings {
  /** Characters, 16 to 128. */
  readonly length: number;
  /** Characters to choose from, 10 to 94 different ones of printable ASCII without the blank. @default letters and digits */
  readonly alphabet?: string;
  /** Classes of which every value holds one character at least; the alphabet must hold each. @default none */
  readonly require?: readonly CharacterClass[];
  /**
   * Further fields of the value, made of its current text: `{ url: "redis://:{{value}}@cache:6379" }`. Names are
   * `[a-zA-Z][a-zA-Z0-9_]*` and none of `GENERATED_FIELDS`; every text holds the placeholder. A change is taken with
   * the next rotation. @default none
   */
  readonly template?: Readonly<Record<string, string>>;
}

/** SETTINGS of both database kinds. Names are checked again by the function: `[a-z_][a-z0-9_]*`. */
interface DatabaseSettings {
  /** DNS name that the server's certificate must carry. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /**
   * The owner role that holds every right and cannot log in; it must exist. Users are made its members. Left out only
   * with one user, who then keeps the rights that it has.
   */
  readonly role?: string;
  /** Two names: in turn, nobody is refused. One name: changed in place, new connections are refused for a moment. */
  readonly users: readonly [string, string] | readonly [string];
  /** Secret `{ username, password, host?, port? }`, as RDS writes it, of who may make and change the users. */
  readonly adminSecretArn: string;
  readonly tls?: {
    /** PEM file of authorities, in the function. @default the one in Lambda's runtime, with those of RDS */
    readonly caFile?: string;
    /** PEM file of authorities where the server runs: goes into `url`. @default none: the driver's own */
    readonly clientCaFile?: string;
  };
}

/** SETTINGS of the kind `postgres`. */
export interface PostgresSettings extends DatabaseSettings {
  readonly engine: "postgres";
}

/** SETTINGS of the kind `mysql`, which serves MariaDB too. */
export interface MysqlSettings extends DatabaseSettings {
  readonly engine: "mysql" | "mariadb";
  /**
   * Whose names for TLS options stand in `url`: MySQL's own (`ssl-mode=VERIFY_IDENTITY`) or those of Node's mysql2
   * (`ssl={"rejectUnauthorized":true,…}`). @default "mysql"
   */
  readonly urlFor?: "mysql" | "mysql2";
}

/**
 * The value of a database secret. A task takes `url`, or the whole. Who starts late goes on with `previous`, whose
 * user works until the rotation after.
 */
export interface DatabaseValue {
  readonly engine: "postgres" | "mysql" | "mariadb";
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** All of it in one line, with certificate and host name checked. */
  readonly url: string;
  /** The user of the generation before, as long as it can log in; null before the first rotation and with one user. */
  readonly previous: { readonly username: string; readonly password: string } | null;
}

/** SETTINGS of the kind `store-user`: the store that limits are counted in. */
export interface StoreUserSettings {
  /** The user's id at ElastiCache, which is his name there too. */
  readonly userId: string;
  /** `https://` and the DNS name of the endpoint to ElastiCache's own interface that was made for this function. */
  readonly endpoint: string;
}
