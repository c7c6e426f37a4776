import type { DatabaseValue, MysqlSettings } from "../rotation-env";
import { database } from "./database/database";
import type { Dialect } from "./database/dialect";
import { mysqlSessions } from "./database/mysql-session";
import { LIMITS, type Connect, type Session } from "./database/session";
import { cachingSha2Verifier, nativeVerifier } from "./database/verifiers";
import type { Kind } from "./kind";
import type { SecretStore } from "./store";

/** A login of MySQL 8 or MariaDB. The administrator needs CREATE USER, and the role WITH ADMIN OPTION. */
export function mysql(
  settings: MysqlSettings,
  store: Pick<SecretStore, "read">,
  connect: Connect = mysqlSessions(settings.tls?.caFile),
): Kind<DatabaseValue> {
  return database(settings, { store, connect, dialect: dialect(settings) });
}

/** MariaDB has other words than MySQL where a verifier or a default role is named. */
const WORDS = {
  mysql: {
    identified: (password: string) =>
      `IDENTIFIED WITH caching_sha2_password AS '${cachingSha2Verifier(password)}'`,
    defaultRole: "TO",
  },
  mariadb: {
    identified: (password: string) =>
      `IDENTIFIED VIA mysql_native_password USING '${nativeVerifier(password)}'`,
    defaultRole: "FOR",
  },
} as const;

function dialect({ engine, role: owner, tls = {}, urlFor = "mysql" }: MysqlSettings): Dialect {
  const words = WORDS[engine];
  return {
    scheme: "mysql",
    query:
      urlFor === "mysql2"
        ? { ssl: JSON.stringify({ rejectUnauthorized: true, verifyIdentity: true }) }
        : {
            "ssl-mode": "VERIFY_IDENTITY",
            ...(tls.clientCaFile === undefined ? {} : { "ssl-ca": tls.clientCaFile }),
          },
    set: async (admin, user, password, role) => {
      await refuseOtherEngine(admin, engine);
      await locked(admin, role ?? user);
      await refusePower(admin, user);
      const login = `${words.identified(password)} REQUIRE SSL`;
      // Each statement commits at once: each can be repeated, and the user is told to nobody before the last.
      if (role !== undefined)
        await admin.query(`making ${user}`, `CREATE USER IF NOT EXISTS ${account(user)} ${login}`);
      await admin.query(`changing ${user}`, `ALTER USER ${account(user)} ${login} ACCOUNT UNLOCK`);
      if (role === undefined) return;
      await admin.query(`giving ${user} the role ${role}`, `GRANT \`${role}\` TO ${account(user)}`);
      await admin.query(
        `${user}'s role`,
        `SET DEFAULT ROLE \`${role}\` ${words.defaultRole} ${account(user)}`,
      );
    },
    shutOut: async (admin, user) => {
      await locked(admin, owner ?? user);
      await admin.query(`shutting out ${user}`, `ALTER USER IF EXISTS ${account(user)} ACCOUNT LOCK`);
    },
    roleOf: async (session) => {
      const [row] = await session.query("asking who we are", "SELECT CURRENT_ROLE() AS role");
      // MySQL answers `app`@`%`, MariaDB app.
      return String(row?.["role"]).replace(/^`([^`]*)`@`%`$/, "$1");
    },
  };
}

async function refuseOtherEngine(admin: Session, engine: MysqlSettings["engine"]): Promise<void> {
  const [row] = await admin.query("asking for the version", "SELECT VERSION() AS version");
  const isMariaDb = /mariadb/i.test(String(row?.["version"]));
  if (isMariaDb !== (engine === "mariadb"))
    throw new Error(`the server is ${isMariaDb ? "MariaDB" : "MySQL"}, the setting engine says ${engine}`);
}

async function refusePower(admin: Session, user: string): Promise<void> {
  const powers = await admin.query(
    `reading the rights of ${user}`,
    "SELECT privilege_type FROM information_schema.user_privileges WHERE grantee = ? AND privilege_type <> 'USAGE'",
    [account(user)],
  );
  if (powers.length > 0)
    throw new Error(`${user} has rights everywhere: it is no application's login, and was left untouched`);
}

/** One at a time: another function may keep users of the same role. Ends with the session. */
async function locked(admin: Session, what: string): Promise<void> {
  const [row] = await admin.query("waiting for the lock", "SELECT GET_LOCK(?, ?) AS locked", [
    `hardened-mcp ${what}`,
    LIMITS.lockSeconds,
  ]);
  if (Number(row?.["locked"]) !== 1) throw new Error("another rotation holds the lock");
}

/** Names were checked: they hold no quotation mark. */
function account(name: string): string {
  return `'${name}'@'%'`;
}
