import type { MysqlSettings, PostgresSettings } from "../../lib/runtime/rotation-env";
import { Asked, MARIADB, MYSQL, POSTGRES } from "./asked";

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
