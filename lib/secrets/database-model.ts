import type { ServerConfig } from "../config";
import { resolvePeer } from "../downstream/peer";
import type { Peer } from "../network/connection";
import type { Posture } from "../posture";
import type { MysqlSettings, PostgresSettings } from "../runtime/rotation-env";
import { checkWaiver, isWaiver, type Check, type Fields, type Waiver } from "../validation";
import type { DatabaseSecretConfig, MysqlSecretConfig, PostgresSecretConfig } from "./database-config";
import { checkKeyArn, checkSecretArn, type ResolveDays } from "./rules";

/** A login to a database. */
export interface DatabaseModel {
  readonly name: string;
  readonly env: string;
  readonly inject: "url" | "json";
  readonly kind: "postgres" | "mysql";
  /** What the function is told. */
  readonly settings: PostgresSettings | MysqlSettings;
  /** Key of the administrator's secret; absent where it is AWS's own. */
  readonly adminKeyArn: string | undefined;
  /** The other end of the function's way. */
  readonly reach: Peer;
  readonly rotateDays: number;
  /** Why production may have a single user. */
  readonly waiver: Waiver | undefined;
}

/** What differs: ports are the engines' own; MySQL takes 32 characters in a user's name, PostgreSQL 63. */
const ENGINES = {
  postgres: { port: 5432, longestRole: 61 },
  mysql: { port: 3306, longestRole: 30 },
} as const;

/** Where a wrong end leads. */
const NOWHERE: Peer = { cidr: "" };

/** The last part begins with a letter: addresses in digits are no names. */
const HOST = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

const COMMON = {
  env: true,
  inject: true,
  host: true,
  port: true,
  database: true,
  role: true,
  users: true,
  adminSecretArn: true,
  adminKeyArn: true,
  reach: true,
  clientCaFile: true,
  rotateDays: true,
} satisfies Fields<DatabaseSecretConfig>;

/** Fields of each kind. */
export const DATABASE_FIELDS = {
  postgres: { kind: true, ...COMMON } satisfies Fields<PostgresSecretConfig>,
  mysql: { kind: true, engine: true, urlFor: true, ...COMMON } satisfies Fields<MysqlSecretConfig>,
} as const;

/** Resolves a login. */
export function resolveDatabase(
  name: string,
  secret: PostgresSecretConfig | MysqlSecretConfig,
  check: Check,
  facts: { readonly posture: Posture; readonly resolveDays: ResolveDays },
): DatabaseModel {
  const { kind, env, inject = "url", adminSecretArn, adminKeyArn, clientCaFile } = secret;
  const engine = ENGINES[kind];
  const { host, port = engine.port, database, role } = secret;
  check.at("inject").oneOf(inject, ["url", "json"]);
  check.at("host").text(host, {
    pattern: HOST,
    form: "a DNS name in small letters, without port",
    fix: "give the name that the database's certificate carries: none proves an address",
  });
  check.at("port").integer(port, { min: 1, max: 65535, known: true });
  check.at("database").text(database, {
    pattern: /^\w[\w-]{0,62}$/,
    form: "1 to 63 letters, digits, _ and -, not beginning with -",
  });
  checkRole(role, check.at("role"), engine.longestRole);
  checkSecretArn(adminSecretArn, check.at("adminSecretArn"));
  checkKeyArn(adminKeyArn, check.at("adminKeyArn"));
  if (clientCaFile !== undefined) checkCaFile(secret, check.at("clientCaFile"));
  const common = {
    host,
    port,
    database,
    role,
    users: resolveUsers(secret, check.at("users"), facts.posture),
    adminSecretArn,
    ...(clientCaFile === undefined ? {} : { tls: { clientCaFile } }),
  };
  return {
    name,
    env,
    inject,
    kind,
    settings:
      kind === "postgres" ? { engine: kind, ...common } : { ...resolveMysql(secret, check), ...common },
    adminKeyArn,
    reach: resolveReach(secret.reach, check.at("reach")) ?? NOWHERE,
    rotateDays: facts.resolveDays(secret.rotateDays, check.at("rotateDays")),
    waiver: isWaiver(secret.users) ? secret.users : undefined,
  };
}

function checkCaFile(secret: PostgresSecretConfig | MysqlSecretConfig, check: Check): void {
  check.text(secret.clientCaFile, { pattern: /^\/[\w./-]{1,254}$/, form: "a whole path in the container" });
  if (secret.kind === "mysql" && secret.urlFor === "mysql2")
    check.problem(
      "conflict",
      "cannot stand in a URL for mysql2",
      "leave it out, and let the server name the file in NODE_EXTRA_CA_CERTS",
    );
}

/** Literal, because statements that make users are reviewed by it; `pg_` names are the engine's own. */
function checkRole(role: string, check: Check, max: number): void {
  if (!check.literal(role, "write the role itself: the names of its users are made of it")) return;
  check.text(role, {
    pattern: /^(?!pg_)[a-z_][a-z0-9_]*$/,
    form: "small letters, digits and _, not beginning with a digit or pg_",
    max,
    fix: "name the role that owns the tables and cannot log in",
  });
}

function resolveUsers(
  { users, role }: DatabaseSecretConfig,
  check: Check,
  posture: Posture,
): readonly [string, string] | readonly [string] {
  const [first, second] = [`${role}_a`, `${role}_b`] as const;
  if (isWaiver(users)) {
    checkWaiver(users, check);
    return [first];
  }
  if (!check.oneOf(users, ["alternating", "single"]) || users === "alternating") return [first, second];
  if (posture === "production") {
    check.problem(
      "unsafe",
      "is single: from a change until tasks are started anew they are refused new connections",
      'choose "alternating", or say why not: { waive: "…", until: "YYYY-MM-DD" }',
    );
  }
  return [first];
}

function resolveMysql(
  { engine = "mysql", urlFor }: Partial<MysqlSecretConfig>,
  check: Check,
): Pick<MysqlSettings, "engine" | "urlFor"> {
  check.at("engine").oneOf(engine, ["mysql", "mariadb"]);
  if (urlFor !== undefined) check.at("urlFor").oneOf(urlFor, ["mysql", "mysql2"]);
  return { engine, ...(urlFor === undefined ? {} : { urlFor }) };
}

const ENDS = { securityGroup: true, cidr: true, prefixList: true } as const;

/** Exactly one end, in the network: the function has no way to the internet. */
function resolveReach(reach: DatabaseSecretConfig["reach"], check: Check): Peer | undefined {
  const fix = "give one of securityGroup, cidr, prefixList: where the database stands in the network";
  if (!check.present(reach, fix)) return undefined;
  const known = check.problems.length;
  if (check.object(reach, ENDS) && check.problems.length === known && Object.keys(reach).length !== 1)
    check.problem("conflict", "names no end or several", fix);
  return check.problems.length === known ? resolvePeer(reach, check) : undefined;
}

/**
 * A login is of no use to a server that cannot reach its database. Judged by the port: the function's end and the
 * server's may be named differently, as a group here and a block there.
 */
export function checkServersWay(
  databases: readonly DatabaseModel[],
  downstream: ServerConfig["downstream"],
  check: Check,
): void {
  const ports = Object.values(downstream ?? {}).map((entry) => entry?.port);
  for (const { name, settings, reach } of databases) {
    const { port, host } = settings;
    if (reach === NOWHERE || ports.includes(port) || [port, ...ports].some((each) => check.isToken(each)))
      continue;
    check
      .at(name)
      .problem(
        "unknown-reference",
        `is a login to ${check.show(host)}, and no entry of downstream lets the server reach port ${port}`,
        `add downstream: { "${name}": { to: ${asTarget(reach)}, port: ${port}, because: "…" } }`,
      );
  }
}

function asTarget(reach: Peer): string {
  if ("securityGroupId" in reach) return `{ securityGroup: ${JSON.stringify(reach.securityGroupId)} }`;
  return "cidr" in reach
    ? `{ cidr: ${JSON.stringify(reach.cidr)} }`
    : `{ prefixList: ${JSON.stringify(reach.prefixListId)} }`;
}
