import { awsStore } from "../../lib/runtime/rotation/aws-store";
import { mysqlSessions } from "../../lib/runtime/rotation/database/mysql-session";
import { postgresSessions } from "../../lib/runtime/rotation/database/postgres-session";
import type { Connect, Session } from "../../lib/runtime/rotation/database/session";
import { mysql } from "../../lib/runtime/rotation/mysql";
import { postgres } from "../../lib/runtime/rotation/postgres";
import { rotation } from "../../lib/runtime/rotation/rotation";
import type { DatabaseValue, MysqlSettings, PostgresSettings } from "../../lib/runtime/rotation-env";
import type { DatabaseServer } from "../support/databases";
import { ARN, FakeSecretsManager, type Crash } from "./fake-secrets-manager";
import { MIN_AGE_SECONDS, STEPS } from "./fixture";

export const ADMIN_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:boss-AbCdEf";

/** What both kinds are told of a server, with what a test wants otherwise. */
export interface SettingsChange {
  readonly host?: string;
  readonly users?: readonly [string, string] | readonly [string];
  readonly role?: string;
  readonly caFile?: string;
  readonly clientCaFile?: string;
  readonly urlFor?: "mysql2";
}

/** Settings of a login at a server. */
export function settingsOf(
  { engine, host, port, caFile }: DatabaseServer,
  change: SettingsChange = {},
): PostgresSettings | MysqlSettings {
  const { caFile: otherCa = caFile, clientCaFile, urlFor, ...rest } = change;
  return {
    engine,
    host,
    port,
    database: "app",
    role: "app",
    users: ["app_a", "app_b"],
    adminSecretArn: ADMIN_ARN,
    tls: { caFile: otherCa, ...(clientCaFile === undefined ? {} : { clientCaFile }) },
    ...(urlFor === undefined ? {} : { urlFor }),
    ...rest,
  } as PostgresSettings | MysqlSettings;
}

/** Sessions as servers of an application open them. */
export function sessionsOf({ engine, caFile }: DatabaseServer): Connect {
  return engine === "postgres" ? postgresSessions(caFile) : mysqlSessions(caFile);
}

/** A secret, its function and its database. Every call to either is counted, and one can be lost. */
export class DatabaseBench {
  public readonly manager = new FakeSecretsManager();
  public readonly said: string[] = [];
  public calls: string[] = [];
  public crash: Crash | undefined;
  private readonly handler: (event: unknown) => Promise<unknown>;
  private readonly connect: Connect;

  public constructor(
    private readonly server: DatabaseServer,
    settings = settingsOf(server),
    minAgeSeconds = MIN_AGE_SECONDS,
  ) {
    this.connect = sessionsOf(server);
    this.manager.others.set(ADMIN_ARN, JSON.stringify({ ...server.admin, port: server.port }));
    const store = awsStore({
      send: (command: object) =>
        this.call(command.constructor.name, () => this.manager.client.send(command as never)),
    } as never);
    const caFile = settings.tls?.caFile;
    const kind =
      settings.engine === "postgres"
        ? postgres(settings, store, this.counted(postgresSessions(caFile)))
        : mysql(settings, store, this.counted(mysqlSessions(caFile)));
    this.handler = rotation({
      secretArn: ARN,
      kind,
      store,
      minAgeSeconds,
      log: (line) => this.said.push(line),
      now: () => this.manager.now,
    });
  }

  public async send(event: object): Promise<unknown> {
    try {
      return await this.handler(event);
    } catch (error) {
      const { message, stack, cause } = error as Error;
      this.said.push(message, String(stack), JSON.stringify(cause ?? null));
      throw error;
    }
  }

  public seed = (): Promise<unknown> => this.send({ action: "seed", secretId: ARN });
  public revoke = (): Promise<unknown> => this.send({ action: "revoke", secretId: ARN });
  public step = (Step: string, ClientRequestToken: string): Promise<unknown> =>
    this.send({ Step, SecretId: ARN, ClientRequestToken });

  /** A day later, a rotation begins. */
  public begin(): string {
    this.manager.now += 86_400_000;
    return this.manager.beginRotation();
  }

  public async rotate(
    act: (step: () => Promise<unknown>) => Promise<unknown> = (step) => step(),
  ): Promise<void> {
    const token = this.begin();
    for (const step of STEPS) await act(() => this.step(step, token));
  }

  /** Repeats what was cut off, as Secrets Manager and Terraform do. In between, a current value that was told works. */
  public retried(cuts = { count: 0 }): (act: () => Promise<unknown>) => Promise<void> {
    return async (act) => {
      const isTold = this.said.includes("seed");
      try {
        await act();
      } catch {
        cuts.count++;
        if (isTold) expect(await this.logIn()).toBe("app");
        await act();
      }
    };
  }

  /** The next calls are counted from 0. */
  public crashAt(crash: Crash | undefined): void {
    this.calls = [];
    this.crash = crash;
  }

  public value(stage = "AWSCURRENT"): DatabaseValue {
    return JSON.parse(this.manager.text(stage) ?? "{}") as DatabaseValue;
  }

  /** A new connection as a task makes it; the role it acts as. Throws when it is refused. */
  public async logIn(
    { username, password }: Pick<DatabaseValue, "username" | "password"> = this.value(),
  ): Promise<string> {
    const { host, port, engine } = this.server;
    const session = await this.connect({ host, port, database: "app", username, password });
    try {
      const statement =
        engine === "postgres" ? "SELECT current_user AS role" : "SELECT CURRENT_ROLE() AS role";
      const [row] = await session.query("asking", statement);
      return String(row?.["role"]);
    } finally {
      await session.close();
    }
  }

  /** Every password that ever stood in a version, and the administrator's. */
  public passwords(): string[] {
    const found = this.manager.secrets().filter((text) => /^[A-Za-z0-9]{40}$/.test(text));
    return [...found, this.server.admin.password];
  }

  /** Neither what was said nor what the server logged holds a password, a token or a URL with one. */
  public expectSilence(): void {
    expect(this.passwords().length).toBeGreaterThan(1);
    const log = this.server.log();
    expect(log.length).toBeGreaterThan(1000);
    for (const password of this.passwords()) expect(log).not.toContain(password);
    for (const line of this.said)
      for (const secret of [...this.passwords(), ...this.manager.tokens]) expect(line).not.toContain(secret);
  }

  private counted(connect: Connect): Connect {
    return async (login) => {
      const { session } = await this.call(`connect ${login.username}`, async () => {
        const opened = await connect(login);
        return { session: opened, undo: () => opened.close() };
      });
      return {
        query: (what, statement, values) =>
          this.call(statement.split(" ").slice(0, 2).join(" "), () => session.query(what, statement, values)),
        close: () => session.close(),
      } satisfies Session;
    };
  }

  private async call<Result>(name: string, perform: () => Promise<Result>): Promise<Result> {
    const number = this.calls.push(name) - 1;
    const when = this.crash?.call === number ? this.crash.when : undefined;
    if (when === "before") throw new Error("cut before its effect");
    if (when === undefined) return perform();
    // Whatever the answer was, it is lost.
    const result = await perform().catch(() => undefined);
    await (result as { undo?: () => Promise<void> } | undefined)?.undo?.();
    throw new Error("cut after its effect");
  }
}

/** Once before and once after every call. */
export function crashes(calls: number): Crash[] {
  return Array.from({ length: calls }, (_, call) => [
    { call, when: "before" } as const,
    { call, when: "after" } as const,
  ]).flat();
}

/** Removes users, as if nobody had ever made them. */
export async function dropUsers(server: DatabaseServer, ...users: readonly string[]): Promise<void> {
  const statement = server.engine === "postgres" ? "DROP ROLE IF EXISTS" : "DROP USER IF EXISTS";
  await server.root(...users.map((user) => `${statement} ${user}`));
}
