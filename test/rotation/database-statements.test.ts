import { codeOf, sqlError } from "../../lib/runtime/rotation/database/session";
import { postgres } from "../../lib/runtime/rotation/postgres";
import type { MysqlSettings } from "../../lib/runtime/rotation-env";
import { Asked, MARIADB, MYSQL, POSTGRES } from "./asked";

const OWNER = { rolname: "app", rolcanlogin: false, powerful: false };
const USER = { rolname: "app_b", rolcanlogin: true, powerful: false };

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
    const tried: string[] = [];
    const kind = postgres(POSTGRES, new Asked().store, ({ username }) => {
      tried.push(username);
      return Promise.reject(new Error("failed with ECONNREFUSED"));
    });
    await expect(kind.outside?.seed(kind.first())).rejects.toThrow("ECONNREFUSED");
    expect(tried).toEqual(["app_a"]);
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
