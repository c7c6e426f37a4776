import { LoginRefused, type Connect, type Login } from "../../lib/runtime/rotation/database/session";
import type { Kind } from "../../lib/runtime/rotation/kind";
import { mysql } from "../../lib/runtime/rotation/mysql";
import { postgres } from "../../lib/runtime/rotation/postgres";
import type { DatabaseValue, MysqlSettings, PostgresSettings } from "../../lib/runtime/rotation-env";

const ADMIN_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:boss-AbCdEf";
const common = {
  host: "db.internal",
  port: 5432,
  database: "app",
  role: "app",
  users: ["app_a", "app_b"],
  adminSecretArn: ADMIN_ARN,
} as const;
export const POSTGRES: PostgresSettings = { ...common, engine: "postgres" };
export const MARIADB: MysqlSettings = { ...common, engine: "mariadb", port: 3306 };
export const MYSQL: MysqlSettings = { ...MARIADB, engine: "mysql" };

/** A server that says what it was asked, and answers as told. */
export class Asked {
  public readonly logins: Login[] = [];
  public readonly statements: string[] = [];
  /** Who cannot log in. */
  public readonly refuses = new Set<string>();
  public admin: string | undefined = JSON.stringify({ username: "boss", password: "hunter2-of-the-boss" });
  public answers: Readonly<Record<string, readonly Record<string, unknown>[]>> = {};

  public readonly connect: Connect = async (login) => {
    this.logins.push(login);
    if (this.refuses.has(login.username)) throw new LoginRefused("was refused");
    return {
      query: async (_what, statement, values = []) => {
        this.statements.push([statement, ...values.map((value) => JSON.stringify(value))].join(" -- "));
        return Object.entries(this.answers).find(([part]) => statement.includes(part))?.[1] ?? [];
      },
      close: async () => void this.statements.push("close"),
    };
  };
  public readonly store = {
    read: async (arn: string) =>
      arn === ADMIN_ARN && this.admin !== undefined
        ? { id: "1", text: this.admin, createdAt: new Date(0) }
        : undefined,
  };

  public kind(settings: PostgresSettings | MysqlSettings): Kind<DatabaseValue> {
    return settings.engine === "postgres"
      ? postgres(settings, this.store, this.connect)
      : mysql(settings, this.store, this.connect);
  }
}
