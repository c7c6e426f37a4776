import type { DatabaseValue, PostgresSettings } from "../rotation-env";
import { database } from "./database/database";
import type { Dialect } from "./database/dialect";
import { postgresSessions } from "./database/postgres-session";
import type { Connect, Session } from "./database/session";
import { scramVerifier } from "./database/verifiers";
import type { Kind } from "./kind";
import type { SecretStore } from "./store";

/** A login of PostgreSQL. The administrator needs CREATEROLE, and from version 16 on ADMIN OPTION on role and users. */
export function postgres(
  settings: PostgresSettings,
  store: Pick<SecretStore, "read">,
  connect: Connect = postgresSessions(settings.tls?.caFile),
): Kind<DatabaseValue> {
  return database(settings, { store, connect, dialect: dialect(settings) });
}

function dialect({ role: owner, tls = {} }: PostgresSettings): Dialect {
  return {
    scheme: "postgresql",
    query: {
      sslmode: "verify-full",
      ...(tls.clientCaFile === undefined ? {} : { sslrootcert: tls.clientCaFile }),
    },
    set: (admin, user, password, role) => locked(admin, role ?? user, () => set(admin, user, password, role)),
    shutOut: (admin, user) =>
      locked(admin, owner ?? user, async () => {
        if ((await rolesNamed(admin, [user])).length > 0)
          await admin.query(`shutting out ${user}`, `ALTER ROLE ${quoted(user)} PASSWORD NULL`);
      }),
    roleOf: async (session) => {
      const [row] = await session.query("asking who we are", "SELECT current_user AS role");
      return String(row?.["role"]);
    },
  };
}

async function set(admin: Session, user: string, password: string, role: string | undefined): Promise<void> {
  const found = await rolesNamed(admin, role === undefined ? [user] : [user, role]);
  if (role !== undefined) refuseOwner(role, found);
  const known = found.find(({ rolname }) => rolname === user);
  if (known?.powerful)
    throw new Error(`${user} may administer: it is no application's login, and was left untouched`);
  if (known === undefined && role === undefined)
    throw new Error(`${user} does not exist: make it with its rights, or name a role that has them`);
  const verifier = `PASSWORD '${scramVerifier(password)}' VALID UNTIL 'infinity'`;
  await (known === undefined
    ? admin.query(
        `making ${user}`,
        `CREATE ROLE ${quoted(user)} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION ${verifier}`,
      )
    : admin.query(`changing ${user}`, `ALTER ROLE ${quoted(user)} WITH LOGIN ${verifier}`));
  if (role === undefined) return;
  await admin.query(`making ${user} a member`, `GRANT ${quoted(role)} TO ${quoted(user)}`);
  // What it makes belongs to the role: the other user must be able to change it.
  await admin.query(`${user}'s role`, `ALTER ROLE ${quoted(user)} SET role TO ${quoted(role)}`);
}

interface FoundRole {
  readonly rolname: string;
  readonly rolcanlogin: boolean;
  readonly powerful: boolean;
}

async function rolesNamed(admin: Session, names: readonly string[]): Promise<readonly FoundRole[]> {
  const rows = await admin.query(
    "reading roles",
    "SELECT rolname, rolcanlogin, rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls AS powerful " +
      "FROM pg_catalog.pg_roles WHERE rolname = ANY ($1)",
    [names],
  );
  return rows as unknown as readonly FoundRole[];
}

function refuseOwner(role: string, found: readonly FoundRole[]): void {
  const owner = found.find(({ rolname }) => rolname === role);
  if (owner === undefined)
    throw new Error(
      `the role ${role} does not exist: CREATE ROLE ${role} NOLOGIN, and grant it what is needed`,
    );
  if (owner.rolcanlogin) throw new Error(`the role ${role} can log in: ALTER ROLE ${role} NOLOGIN`);
  if (owner.powerful)
    throw new Error(`the role ${role} may administer: use one that holds an application's rights`);
}

/** All or nothing, and one at a time: another function may keep users of the same role. */
async function locked(admin: Session, what: string, work: () => Promise<void>): Promise<void> {
  await admin.query("beginning", "BEGIN");
  await admin.query("waiting for the lock", "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [
    `hardened-mcp rotation ${what}`,
  ]);
  // What throws ends the session, and with it the transaction.
  await work();
  await admin.query("committing", "COMMIT");
}

/** Names were checked: they hold no quotation mark. */
function quoted(name: string): string {
  return `"${name}"`;
}
