import { readFileSync } from "node:fs";

/** Where to log in, and as whom. */
export interface Login {
  readonly host: string;
  readonly port: number;
  /** PostgreSQL needs one; MySQL lets an administrator in without, who may have no right to any. */
  readonly database: string | undefined;
  readonly username: string;
  readonly password: string;
}

/** A row of a result. */
export type Row = Readonly<Record<string, unknown>>;

/** A connection over TLS to a server whose certificate and name were checked. No error of it quotes a statement. */
export interface Session {
  /** `what` says in an error what was tried. */
  query(what: string, statement: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Never throws: what had to happen has happened. */
  close(): Promise<void>;
}

/** Opens a session; throws `LoginRefused` when the server knows no such user or password. */
export type Connect = (login: Login) => Promise<Session>;

/** The server was reached, and said no to this user with this password at this database. */
export class LoginRefused extends Error {}

/** Limits of a session: all of a step's calls must fit into the function's 60 seconds. */
export const LIMITS = { connectMs: 8_000, queryMs: 8_000, lockSeconds: 5, closeMs: 2_000 } as const;

/** The authorities that Lambda's Node.js runtimes carry, with those of RDS among them. */
const RUNTIME_CA = "/var/runtime/ca-cert.pem";

/** Authorities that a server's certificate must come from. */
export function authorities(caFile: string = RUNTIME_CA): string {
  try {
    return readFileSync(caFile, "utf8");
  } catch {
    throw new Error(`the file of authorities ${caFile} cannot be read`);
  }
}

/** What failed, and a code. Messages of servers and drivers are not passed on: they may quote the statement. */
export function sqlError(what: string, error: unknown): Error {
  return new Error(`${what} failed with ${codeOf(error)}`);
}

/** A server's SQLSTATE or number, Node's code, or what a driver says in words of its own. */
export function codeOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return "an unknown error";
  const { code, errno, message = "" } = error as { code?: unknown; errno?: unknown; message?: string };
  // A server's. The driver's names for them are MySQL's, and wrong for MariaDB's own. Node's numbers are negative.
  if (typeof errno === "number" && errno > 0) return `error ${errno}`;
  if (typeof code === "string" && /^[A-Z0-9_]{3,60}$/.test(code)) return code;
  if (/support (SSL|secure)/i.test(message)) return "no TLS at the server";
  if (/time(d )?out/i.test(message)) return "a timeout";
  return /terminated|closed|ended/i.test(message) ? "a lost connection" : "an unknown error";
}

/** Ends what may hang on a server that is gone. */
export async function endWithin(end: Promise<unknown>, destroy: () => void): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LIMITS.closeMs);
  });
  await Promise.race([end.catch(() => undefined), late]);
  clearTimeout(timer);
  destroy();
}
