import { createConnection, type Connection } from "mysql2";
import {
  authorities,
  codeOf,
  endWithin,
  LIMITS,
  LoginRefused,
  sqlError,
  type Connect,
  type Row,
} from "./session";

/**
 * Wrong password or unknown user; no right to the database, as after a seed that was cut off before the user had its
 * role; a locked account in MySQL, and in MariaDB.
 */
const REFUSED = ["error 1045", "error 1044", "error 3118", "error 4151"];

/** Opens sessions to MySQL and MariaDB. */
export function mysqlSessions(caFile: string | undefined): Connect {
  return async ({ host, port, database, username, password }) => {
    const connection = createConnection({
      host,
      port,
      ...(database === undefined ? {} : { database }),
      user: username,
      password,
      ssl: {
        ca: authorities(caFile),
        rejectUnauthorized: true,
        // Without it the driver takes any name. It checks no addresses: settings allow names only.
        verifyIdentity: true,
        minVersion: "TLSv1.2",
      },
      connectTimeout: LIMITS.connectMs,
      charset: "utf8mb4",
      // A server could ask for files of the function.
      flags: ["-LOCAL_FILES"],
      disableEval: true,
    });
    connection.on("error", () => undefined);
    const destroy = (): void => connection.destroy();
    try {
      await new Promise<void>((resolve, reject) =>
        connection.connect((error) => (error ? reject(error) : resolve())),
      );
    } catch (error) {
      destroy();
      const what = `logging in to ${host} as ${username}`;
      throw REFUSED.includes(codeOf(error)) ? new LoginRefused(`${what} was refused`) : sqlError(what, error);
    }
    return {
      query: async (what, statement, values = []) => {
        try {
          return await query(connection, statement, values);
        } catch (error) {
          throw sqlError(what, error);
        }
      },
      close: () => endWithin(new Promise<void>((resolve) => connection.end(() => resolve())), destroy),
    };
  };
}

function query(connection: Connection, sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
  return new Promise((resolve, reject) => {
    connection.query({ sql, values: [...values], timeout: LIMITS.queryMs }, (error, rows) =>
      error ? reject(error) : resolve(Array.isArray(rows) ? (rows as Row[]) : []),
    );
  });
}
