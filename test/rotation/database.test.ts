import type { Connect, Login } from "../../lib/runtime/rotation/database/session";
import { codeOf, LoginRefused, sqlError } from "../../lib/runtime/rotation/database/session";
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
const POSTGRES: PostgresSettings = { ...common, engine: "postgres" };
const MARIADB: MysqlSettings = { ...common, engine: "mariadb", port: 3306 };
const MYSQL: MysqlSettings = { ...MARIADB, engine: "mysql" };

/** A server that says what it was asked, and answers as told. */
class Asked {
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

const OWNER = { rolname: "app", rolcanlogin: false, powerful: false };
const USER = { rolname: "app_b", rolcanlogin: true, powerful: false };

describe("settings", () => {
  const both = [POSTGRES, MARIADB] as const;
  test.each<[string, object, string]>([
    ...[
      "",
      "App",
      "app-a",
      "1app",
      'app"',
      "app'",
      "app`",
      "app;--",
      "app a",
      "app\0",
      "äpp",
      "a".repeat(64),
      "pg_app",
    ].map((name): [string, object, string] => [
      `user ${JSON.stringify(name)}`,
      { users: [name, "app_b"] },
      "users or role",
    ]),
    ["role", { role: 'app" SUPERUSER' }, "users or role"],
    ["user that is no text", { users: [7, "app_b"] }, "users or role"],
    ["second user", { users: ["app_a", "app'b"] }, "users or role"],
    ["same users", { users: ["app_a", "app_a"] }, "the setting users"],
    ["user that is the role", { users: ["app_a", "app"] }, "the setting users"],
    ["three users", { users: ["app_a", "app_b", "app_c"] }, "the setting users"],
    ["two users without a role", { role: undefined }, "the setting role"],
    ["address as host", { host: "10.0.0.1" }, "the setting host"],
    ["host with a path", { host: "db.internal/x" }, "the setting host"],
    ["host with a user", { host: "a@db.internal" }, "the setting host"],
    ["no port", { port: 0 }, "the setting port"],
    ["port that is a text", { port: "5432" }, "the setting port"],
    ["database with a query", { database: "app?sslmode=disable" }, "the setting database"],
    ["file with a query", { tls: { clientCaFile: "/a&sslmode=disable" } }, "the setting tls"],
    ["relative file", { tls: { caFile: "ca.pem" } }, "the setting tls"],
    ["no ARN", { adminSecretArn: "boss" }, "the setting adminSecretArn"],
  ])("with a hostile or wrong %s are refused", (_class, change, message) => {
    for (const settings of both)
      expect(() => new Asked().kind({ ...settings, ...change } as PostgresSettings)).toThrow(message);
  });
  test("allow longer users in PostgreSQL than in MySQL", () => {
    const users = ["a".repeat(63), "app_b"] as const;
    new Asked().kind({ ...POSTGRES, users });
    expect(() => new Asked().kind({ ...MARIADB, users })).toThrow("users or role");
  });
  test("of mysql2's url allow no file, which it cannot take", () => {
    const change = { urlFor: "mysql2", tls: { clientCaFile: "/etc/ca.pem" } } as const;
    expect(() => new Asked().kind({ ...MARIADB, ...change })).toThrow("tls.clientCaFile");
  });
});

describe("a value", () => {
  test.each<[string, PostgresSettings | MysqlSettings, string, string]>([
    ["PostgreSQL", POSTGRES, "postgresql:", "?sslmode=verify-full"],
    [
      "PostgreSQL with a file",
      { ...POSTGRES, tls: { clientCaFile: "/etc/ca.pem" } },
      "postgresql:",
      "?sslmode=verify-full&sslrootcert=%2Fetc%2Fca.pem",
    ],
    ["MySQL", MYSQL, "mysql:", "?ssl-mode=VERIFY_IDENTITY"],
    [
      "MariaDB with a file",
      { ...MARIADB, tls: { clientCaFile: "/etc/ca.pem" } },
      "mysql:",
      "?ssl-mode=VERIFY_IDENTITY&ssl-ca=%2Fetc%2Fca.pem",
    ],
    [
      "MariaDB for mysql2",
      { ...MARIADB, urlFor: "mysql2" },
      "mysql:",
      "?ssl=%7B%22rejectUnauthorized%22%3Atrue%2C%22verifyIdentity%22%3Atrue%7D",
    ],
  ])("of %s carries a url that checks certificate and name", (_name, settings, protocol, search) => {
    const { url, username, password, port } = new Asked().kind(settings).first();
    const parsed = new URL(url);
    expect([parsed.protocol, parsed.hostname, parsed.port, parsed.pathname, parsed.search]).toEqual([
      protocol,
      "db.internal",
      String(port),
      "/app",
      search,
    ]);
    expect([parsed.username, parsed.password]).toEqual([username, password]);
  });

  test("alternates between two users, and holds the one before: over ten rotations", () => {
    const kind = new Asked().kind(POSTGRES);
    let value = kind.first();
    expect([value.username, value.previous]).toEqual(["app_a", null]);
    const passwords = new Set([value.password]);
    for (let round = 0; round < 10; round++) {
      const { username, password } = value;
      value = kind.next(value);
      expect(value.username).toBe(username === "app_a" ? "app_b" : "app_a");
      expect(value.previous).toEqual({ username, password });
      expect(kind.fault({ ...value })).toBeUndefined();
      passwords.add(value.password);
    }
    expect(passwords.size).toBe(11);
  });

  test("of one user stays with it; of renamed users goes to the new ones, and still holds the old", () => {
    const one = new Asked().kind({ ...POSTGRES, users: ["app_one"] });
    expect(one.next(one.first())).toMatchObject({ username: "app_one", previous: null });
    const renamed = new Asked().kind(POSTGRES).next(one.first());
    expect(renamed).toMatchObject({ username: "app_a", previous: { username: "app_one" } });
  });

  test("after a revocation is about the other user, and holds none before", () => {
    const kind = new Asked().kind(POSTGRES);
    expect(kind.fresh(kind.first())).toMatchObject({ username: "app_b", previous: null });
  });

  const kind = new Asked().kind(POSTGRES);
  const value = kind.next(kind.first());
  test.each<[string, object, string, boolean]>([
    ["another engine", { engine: "mysql" }, "another engine", true],
    ["a hostile user", { username: 'app_a"' }, "username is none", true],
    ["another's user", { username: "other" }, "not one of the configured", false],
    ["no password", { password: undefined }, "password is not", true],
    ["a short password", { password: "hunter2" }, "password is not", true],
    [
      "a password that is not its own SASLprep",
      { password: "pässword-of-16-chars" },
      "password is not",
      true,
    ],
    ["no previous", { previous: undefined }, "previous is neither", true],
    [
      "itself as previous",
      { previous: { username: value.username, password: value.password } },
      "previous is neither",
      true,
    ],
    ["another host", { host: "old.internal" }, "host is not what", false],
    ["another port", { port: 1 }, "port is not what", false],
    ["another database", { database: "x" }, "database is not what", false],
    ["a url without checks", { url: value.url.replace("verify-full", "require") }, "url is not what", false],
  ])(
    "of %s does not fit; what settings change can still be followed",
    (_class, change, fault, isUnfollowable) => {
      expect(kind.fault({ ...value })).toBeUndefined();
      expect(kind.fault({ ...value, ...change })).toContain(fault);
      expect(kind.unfollowable?.({ ...value, ...change }) !== undefined).toBe(isUnfollowable);
    },
  );
});

describe("statements", () => {
  test("of PostgreSQL: one transaction under a lock, with a verifier and no password", async () => {
    const asked = new Asked();
    const kind = asked.kind(POSTGRES);
    asked.answers = { pg_roles: [OWNER], current_user: [{ role: "app" }] };
    const current = kind.first();
    const pending = kind.next(current);
    await kind.outside?.set(pending, current);
    asked.answers = { pg_roles: [OWNER, USER] };
    await kind.outside?.set(pending, current);
    const verifier = /SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=/;
    const frame = (change: string) => [
      "BEGIN",
      'SELECT pg_advisory_xact_lock(hashtextextended($1, 0)) -- "hardened-mcp rotation app"',
      expect.stringMatching(
        /FROM pg_catalog.pg_roles WHERE rolname = ANY \(\$1\) -- \["app_b","app"\]$/,
      ) as string,
      `${change} PASSWORD 'VERIFIER' VALID UNTIL 'infinity'`,
      'GRANT "app" TO "app_b"',
      'ALTER ROLE "app_b" SET role TO "app"',
      "COMMIT",
      "close",
    ];
    expect(asked.statements.map((text) => text.replace(verifier, "VERIFIER"))).toEqual([
      ...frame('CREATE ROLE "app_b" WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION'),
      ...frame('ALTER ROLE "app_b" WITH LOGIN'),
    ]);
    expect(asked.logins).toEqual(
      Array(2).fill({
        host: "db.internal",
        port: 5432,
        database: "app",
        username: "boss",
        password: "hunter2-of-the-boss",
      }),
    );
  });

  test.each<[MysqlSettings, string, string, string]>([
    [
      MARIADB,
      "10.11.19-MariaDB-log",
      "VIA mysql_native_password USING '*HASH'",
      "SET DEFAULT ROLE `app` FOR 'app_b'@'%'",
    ],
    [MYSQL, "8.4.3", "WITH caching_sha2_password AS 'SHA2'", "SET DEFAULT ROLE `app` TO 'app_b'@'%'"],
  ])(
    "of $engine: under a lock, with a verifier and no password",
    async (settings, version, identified, role) => {
      const asked = new Asked();
      const kind = asked.kind(settings);
      asked.answers = { "VERSION()": [{ version }], GET_LOCK: [{ locked: 1 }] };
      const current = kind.first();
      await kind.outside?.set(kind.next(current), current);
      const told = asked.statements.map((text) =>
        text.replace(/'\*[0-9A-F]{40}'/, "'*HASH'").replace(/'\$A\$005\$[./A-Za-z0-9]{63}'/, "'SHA2'"),
      );
      expect(told).toEqual([
        "SELECT VERSION() AS version",
        'SELECT GET_LOCK(?, ?) AS locked -- "hardened-mcp app" -- 5',
        expect.stringContaining("FROM information_schema.user_privileges") as string,
        `CREATE USER IF NOT EXISTS 'app_b'@'%' IDENTIFIED ${identified} REQUIRE SSL`,
        `ALTER USER 'app_b'@'%' IDENTIFIED ${identified} REQUIRE SSL ACCOUNT UNLOCK`,
        "GRANT `app` TO 'app_b'@'%'",
        role,
        "close",
      ]);
      expect(asked.logins).toMatchObject([{ username: "boss", database: undefined }]);
    },
  );

  test("of MySQL are not sent without the lock, nor to MariaDB", async () => {
    const asked = new Asked();
    const kind = asked.kind(MYSQL);
    asked.answers = { "VERSION()": [{ version: "8.4.3" }], GET_LOCK: [{ locked: 0 }] };
    const current = kind.first();
    await expect(kind.outside?.set(kind.next(current), current)).rejects.toThrow("holds the lock");
    asked.answers = { "VERSION()": [{ version: "11.4-MariaDB" }], GET_LOCK: [{ locked: 1 }] };
    await expect(kind.outside?.set(kind.next(current), current)).rejects.toThrow("the server is MariaDB");
    expect(asked.statements.filter((text) => /CREATE|ALTER/.test(text))).toEqual([]);
  });

  test("never change the user that is in use, where there are two", async () => {
    const asked = new Asked();
    const kind = asked.kind(POSTGRES);
    const current = kind.first();
    await expect(kind.outside?.set({ ...current }, current)).rejects.toThrow("in use");
    expect(asked.logins).toEqual([]);
  });

  test("change no user of one without a role that does not exist, and leave its rights alone", async () => {
    const asked = new Asked();
    const { role: _role, ...rest } = POSTGRES;
    const kind = asked.kind({ ...rest, users: ["app_b"] });
    asked.answers = { pg_roles: [] };
    const current = kind.first();
    await expect(kind.outside?.set(kind.next(current), current)).rejects.toThrow("app_b does not exist");
    asked.answers = { pg_roles: [USER] };
    await kind.outside?.set(kind.next(current), current);
    expect(asked.statements.filter((text) => /GRANT|SET role|CREATE/.test(text))).toEqual([]);
  });
});

describe("a seed", () => {
  test("of a login that works asks nobody else", async () => {
    const asked = new Asked();
    asked.answers = { current_user: [{ role: "app" }] };
    await asked.kind(POSTGRES).outside?.seed(asked.kind(POSTGRES).first());
    expect(asked.logins.map(({ username }) => username)).toEqual(["app_a"]);
  });
  test("of a login that acts as another, or is refused, has it made, and logs in again", async () => {
    for (const isRefused of [false, true]) {
      const asked = new Asked();
      const kind = asked.kind(POSTGRES);
      asked.answers = { pg_roles: [OWNER], current_user: [{ role: "app_a" }] };
      if (isRefused) asked.refuses.add("app_a");
      await expect(kind.outside?.seed(kind.first())).rejects.toThrow(
        isRefused ? "was refused" : "does not act as app",
      );
      expect(asked.logins.map(({ username }) => username)).toEqual(["app_a", "boss", "app_a"]);
    }
  });
  test("that cannot reach the server asks no administrator", async () => {
    const asked = new Asked();
    const kind = postgres(POSTGRES, asked.store, () => Promise.reject(new Error("failed with ECONNREFUSED")));
    await expect(kind.outside?.seed(kind.first())).rejects.toThrow("ECONNREFUSED");
  });
});

describe("the administrator's secret", () => {
  const CANARY = "canary-5e1f";
  test.each<[string, string | undefined, string]>([
    ["nothing", undefined, "has no value"],
    ["no JSON", `{"username":"${CANARY}`, "is not a JSON object"],
    ["a text", JSON.stringify(CANARY), "is not a JSON object"],
    ["no password", JSON.stringify({ username: CANARY }), "username and password"],
    [
      "an address",
      JSON.stringify({ username: CANARY, password: CANARY, host: "10.0.0.1" }),
      "host that is no DNS name",
    ],
    ["a wrong port", JSON.stringify({ username: CANARY, password: CANARY, port: "x" }), "port that is none"],
    [
      "a user to change",
      JSON.stringify({ username: "app_b", password: CANARY }),
      "one of the users to change",
    ],
    ["the role", JSON.stringify({ username: "app", password: CANARY }), "one of the users to change"],
  ])("that holds %s is refused without a word of it", async (_class, text, message) => {
    const asked = new Asked();
    asked.admin = text;
    const kind = asked.kind(POSTGRES);
    const current = kind.first();
    const error = await kind.outside?.set(kind.next(current), current).then(
      () => new Error("was taken"),
      (caught: Error) => caught,
    );
    expect(error?.message).toContain(message);
    expect(String(error?.stack)).not.toContain(CANARY);
    expect(asked.logins).toEqual([]);
  });
  test.each([{ port: 5433 }, { port: "5433" }])("may name another endpoint: %o", async ({ port }) => {
    const asked = new Asked();
    asked.admin = JSON.stringify({ username: "boss", password: "p", host: "writer.internal", port });
    asked.answers = { pg_roles: [OWNER] };
    const kind = asked.kind(POSTGRES);
    const current = kind.first();
    await kind.outside?.set(kind.next(current), current);
    expect(asked.logins).toMatchObject([{ host: "writer.internal", port: 5433 }]);
  });
});

describe("an error", () => {
  test.each<[unknown, string]>([
    [{ code: "28P01", message: "quotes hunter2" }, "28P01"],
    [{ code: "ER_WRONG_NAME", errno: 1045, message: "quotes hunter2" }, "error 1045"],
    [{ code: "ECONNREFUSED", errno: -111 }, "ECONNREFUSED"],
    [new Error("Connection terminated unexpectedly"), "a lost connection"],
    [new Error("timeout expired"), "a timeout"],
    [new Error("The server does not support SSL connections"), "no TLS at the server"],
    [new Error("hunter2"), "an unknown error"],
    [{ code: "hunter2 as a code" }, "an unknown error"],
    ["hunter2", "an unknown error"],
  ])("of a server or driver is told by its code: %p", (error, code) => {
    expect(codeOf(error)).toBe(code);
    expect(String(sqlError("changing app_a", error).stack)).not.toContain("hunter2");
  });
});
