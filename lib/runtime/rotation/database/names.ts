import type { MysqlSettings, PostgresSettings } from "../../rotation-env";

/** Settings of either kind. */
export type DatabaseSettings = PostgresSettings | MysqlSettings;

/** What both servers and both quotations leave as it is. They stand in statements: nothing else may. */
const NAME = /^[a-z_][a-z0-9_]*$/;
/** PostgreSQL cuts longer names; MySQL refuses longer users. */
const LONGEST = { postgres: 63, mysql: 32, mariadb: 32 } as const;
/** Goes into a connection and a URL, never into a statement. */
const DATABASE = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,62}$/;
/** A DNS name, no address: certificates name names, and one of the drivers checks no addresses. */
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const FILE = /^\/[A-Za-z0-9._/-]{1,254}$/;

/** Throws on the first setting that is not what it must be. They come from a model that checked them before. */
export function checkSettings(settings: DatabaseSettings): void {
  const { engine, host, port, database, role, users, adminSecretArn, tls = {} } = settings;
  if (!isHost(host)) refuse("host", "a DNS name");
  if (!isPort(port)) refuse("port", "1 to 65535");
  if (!DATABASE.test(database)) refuse("database", "1 to 63 letters, digits, _ and -");
  const names = [...users, ...(role === undefined ? [] : [role])];
  if (users.length < 1 || users.length > 2 || new Set(names).size !== names.length)
    refuse("users", "one or two names, none of them the role's");
  for (const name of names) if (!isName(name, engine)) refuse("users or role", nameForm(engine));
  if (role === undefined && users.length === 2) refuse("role", "a name: two users share what one role owns");
  if (!/^arn:[^\s]+$/.test(adminSecretArn)) refuse("adminSecretArn", "an ARN");
  for (const file of [tls.caFile, tls.clientCaFile])
    if (file !== undefined && !FILE.test(file))
      refuse("tls", "absolute paths of letters, digits, . _ - and /");
  if (engine !== "postgres" && settings.urlFor === "mysql2" && tls.clientCaFile !== undefined)
    refuse("tls.clientCaFile", "absent: mysql2 takes no file in a URL, only Node's own NODE_EXTRA_CA_CERTS");
}

/** Whether a user or role may be called so. */
export function isName(name: unknown, engine: DatabaseSettings["engine"]): name is string {
  return (
    typeof name === "string" && NAME.test(name) && name.length <= LONGEST[engine] && !name.startsWith("pg_")
  );
}

/** Whether a certificate can carry it. */
export function isHost(host: unknown): host is string {
  return typeof host === "string" && HOST.test(host);
}

/** Whether a server can listen there. */
export function isPort(port: unknown): port is number {
  return Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535;
}

function nameForm(engine: DatabaseSettings["engine"]): string {
  return `1 to ${LONGEST[engine]} small letters, digits and _, not beginning with pg_ or a digit`;
}

function refuse(setting: string, expected: string): never {
  throw new Error(`the setting ${setting} is not ${expected}`);
}
