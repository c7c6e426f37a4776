import { checkServerIdentity } from "node:tls";
import { Client } from "pg";
import { authorities, codeOf, endWithin, LIMITS, LoginRefused, sqlError, type Connect } from "./session";

/** SQLSTATE: wrong password; unknown user, no rule for it, or no login; no right to the database. */
const REFUSED = ["28P01", "28000", "42501"];

/** Opens sessions to PostgreSQL. */
export function postgresSessions(caFile: string | undefined): Connect {
  return async ({ host, port, database, username, password }) => {
    const client = new Client({
      host,
      port,
      ...(database === undefined ? {} : { database }),
      user: username,
      password,
      ssl: {
        ca: authorities(caFile),
        rejectUnauthorized: true,
        minVersion: "TLSv1.2",
        // Against the configured name, whatever the driver takes for it.
        checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
      },
      connectionTimeoutMillis: LIMITS.connectMs,
      query_timeout: LIMITS.queryMs,
      statement_timeout: LIMITS.queryMs,
      lock_timeout: LIMITS.lockSeconds * 1000,
      idle_in_transaction_session_timeout: LIMITS.queryMs,
      application_name: "hardened-mcp rotation",
    });
    // A connection that ends between two statements is noticed by the next one.
    client.on("error", () => undefined);
    const destroy = (): void => void client.connection.stream.destroy();
    try {
      await client.connect();
    } catch (error) {
      destroy();
      const what = `logging in to ${host} as ${username}`;
      throw REFUSED.includes(codeOf(error)) ? new LoginRefused(`${what} was refused`) : sqlError(what, error);
    }
    return {
      query: async (what, statement, values = []) => {
        try {
          return (await client.query<Record<string, unknown>>(statement, [...values])).rows;
        } catch (error) {
          throw sqlError(what, error);
        }
      },
      close: () => endWithin(client.end(), destroy),
    };
  };
}
