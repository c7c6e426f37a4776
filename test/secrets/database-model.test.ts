import { ADMIN, ADMIN_KEY, LATER, LOGIN, resolve, WAY, type Around } from "./kinds-fixture";

const login = (change: object) => ({ ledger: { ...LOGIN, ...change } });
const mysql = (change: object = {}) => login({ kind: "mysql", ...change });

describe("a login is resolved", () => {
  test("with the engine's port, two users of its role, and a URL", () => {
    const { model, problems } = resolve(login({}));
    expect(problems).toEqual([]);
    expect(model.databases).toEqual([
      {
        name: "ledger",
        env: "LEDGER_URL",
        inject: "url",
        kind: "postgres",
        settings: {
          engine: "postgres",
          host: "ledger.example.com",
          port: 5432,
          database: "ledger",
          role: "ledger_app",
          users: ["ledger_app_a", "ledger_app_b"],
          adminSecretArn: ADMIN,
        },
        adminKeyArn: undefined,
        reach: { securityGroupId: "sg-0123456789abcdef0" },
        rotateDays: 30,
        waiver: undefined,
      },
    ]);
  });
  test("with everything that is given", () => {
    const change = {
      ...{ engine: "mariadb", urlFor: "mysql", port: 13306, inject: "json", rotateDays: 90 },
      ...{ adminKeyArn: ADMIN_KEY, clientCaFile: "/etc/ssl/rds.pem", reach: { cidr: "10.9.0.0/24" } },
    };
    const downstream = { db: { to: { cidr: "10.9.0.0/24" }, port: 13306, because: "refunds post there" } };
    const { model, problems } = resolve(mysql(change), { downstream });
    expect(problems).toEqual([]);
    expect(model.databases).toMatchObject([
      {
        inject: "json",
        kind: "mysql",
        settings: {
          engine: "mariadb",
          urlFor: "mysql",
          port: 13306,
          tls: { clientCaFile: "/etc/ssl/rds.pem" },
        },
        adminKeyArn: ADMIN_KEY,
        reach: { cidr: "10.9.0.0/24" },
        rotateDays: 90,
      },
    ]);
  });
  test.each([
    ["mysql's own port and engine", mysql({}), { port: 3306, engine: "mysql" }],
    [
      "what is known only at deployment",
      login({ host: LATER, database: LATER, adminSecretArn: LATER }),
      { host: LATER },
    ],
  ])("%s", (_says, secrets, settings) => {
    const { model, problems } = resolve(secrets, { downstream: { ...WAY, my: { port: 3306 } } });
    expect(problems).toEqual([]);
    expect(model.databases[0]?.settings).toMatchObject(settings);
  });
  test("a single user: in a sandbox, or in the open", () => {
    const waiver = { waive: "the vendor sells one login", until: "2026-12-31" };
    const sandbox = resolve(login({ users: "single" }), { posture: "sandbox" });
    const waived = resolve(login({ users: waiver }));
    for (const { model, problems } of [sandbox, waived]) {
      expect(problems).toEqual([]);
      expect(model.databases[0]?.settings.users).toEqual(["ledger_app_a"]);
    }
    expect(sandbox.model.waivers).toEqual([]);
    expect(waived.model.waivers).toEqual([
      { field: "secrets.users", control: "secrets.alternating-users", waiver },
    ]);
  });
});

const USERS_FIX = 'choose "alternating", or say why not: { waive: "…", until: "YYYY-MM-DD" }';
const at = "secrets.ledger";

describe("one fault, one message", () => {
  test.each<[string, unknown, string, Around?]>([
    ["no host", login({ host: undefined }), `${at}.host is missing;`],
    ["a host by its address", login({ host: "10.0.0.5" }), `${at}.host is "10.0.0.5", expected a DNS name`],
    [
      "a host with its port",
      login({ host: "db.example.com:5432" }),
      `${at}.host is "db.example.com:5432", expected`,
    ],
    [
      "a port that is none",
      login({ port: 70000 }),
      `${at}.port is 70000, expected 1 to 65535;`,
      { downstream: { a: { port: 70000 } } },
    ],
    [
      "another form of value",
      login({ inject: "password" }),
      `${at}.inject is "password", expected one of url, json;`,
    ],
    ["a database like an option", login({ database: "-x" }), `${at}.database is "-x", expected 1 to 63`],
    ["no role", login({ role: undefined }), `${at}.role is missing;`],
    ["a role known only later", login({ role: LATER }), `${at}.role is known only at deployment;`],
    [
      "a role with a quotation mark",
      login({ role: 'app";--' }),
      `${at}.role is "app\\";--", expected small letters`,
    ],
    [
      "the engine's own role",
      login({ role: "pg_monitor" }),
      `${at}.role is "pg_monitor", expected small letters`,
    ],
    [
      "a role whose users PostgreSQL would cut",
      login({ role: "a".repeat(62) }),
      `${at}.role has 62 characters, expected at most 61;`,
    ],
    [
      "a role whose users MySQL refuses",
      mysql({ role: "a".repeat(31) }),
      `${at}.role has 31 characters, expected at most 30;`,
      { downstream: { my: { port: 3306 } } },
    ],
    ["no users", login({ users: undefined }), `${at}.users is missing;`],
    [
      "other users",
      login({ users: "shared" }),
      `${at}.users is "shared", expected one of alternating, single;`,
    ],
    [
      "a single user in production",
      login({ users: "single" }),
      `${at}.users is single: from a change until tasks are started anew they are refused new connections; ${USERS_FIX} [unsafe]`,
    ],
    [
      "a waiver without a reason",
      login({ users: { waive: "no", until: "2026-12-31" } }),
      `${at}.users.waive has 2 characters, expected at least 8;`,
    ],
    [
      "a waiver without an end",
      login({ users: { waive: "the vendor sells one" } }),
      `${at}.users.until is missing;`,
    ],
    [
      "an administrator by name",
      login({ adminSecretArn: "admin" }),
      `${at}.adminSecretArn is "admin", expected the whole ARN of a secret`,
    ],
    [
      "a key by its alias",
      login({ adminKeyArn: "alias/rds" }),
      `${at}.adminKeyArn is "alias/rds", expected the ARN of a key;`,
    ],
    ["no way", login({ reach: undefined }), `${at}.reach is missing;`],
    [
      "two ways",
      login({ reach: { cidr: "10.0.0.0/8", prefixList: "pl-0123456789abcdef0" } }),
      `${at}.reach names no end or several;`,
    ],
    ["a way to nowhere", login({ reach: {} }), `${at}.reach names no end or several;`],
    [
      "a way by public names",
      login({ reach: { domains: ["db.example.com"] } }),
      `${at}.reach.domains is not a field here;`,
    ],
    [
      "a way to everywhere",
      login({ reach: { cidr: "0.0.0.0/0" } }),
      `${at}.reach.cidr is "0.0.0.0/0", most of the internet;`,
    ],
    [
      "a file that is not whole",
      login({ clientCaFile: "rds.pem" }),
      `${at}.clientCaFile is "rds.pem", expected a whole path`,
    ],
    [
      "a file that mysql2 cannot be told",
      mysql({ urlFor: "mysql2", clientCaFile: "/rds.pem" }),
      `${at}.clientCaFile cannot stand in a URL for mysql2;`,
      { downstream: { my: { port: 3306 } } },
    ],
    [
      "another engine",
      mysql({ engine: "percona" }),
      `${at}.engine is "percona", expected one of mysql, mariadb;`,
      { downstream: { my: { port: 3306 } } },
    ],
    [
      "another driver",
      mysql({ urlFor: "jdbc" }),
      `${at}.urlFor is "jdbc", expected one of mysql, mysql2;`,
      { downstream: { my: { port: 3306 } } },
    ],
    ["MySQL's options for PostgreSQL", login({ urlFor: "mysql2" }), `${at}.urlFor is not a field here;`],
    ["a password", login({ password: "hunter2" }), `${at}.password is not a field here;`],
    [
      "no way for the server",
      login({}),
      `${at} is a login to "ledger.example.com", and no entry of downstream lets the server reach port 5432; add downstream: { "ledger": { to: { securityGroup: "sg-0123456789abcdef0" }, port: 5432, because: "…" } } [unknown-reference]`,
      { downstream: { other: { port: 3306 } } },
    ],
    [
      "no way for the server, who reaches nothing",
      login({ reach: { cidr: "10.1.0.0/16" } }),
      `${at} is a login to "ledger.example.com", and no entry of downstream lets the server reach port 5432; add downstream: { "ledger": { to: { cidr: "10.1.0.0/16" }`,
      { downstream: {} },
    ],
    [
      "no way for the server, by a list",
      login({ reach: { prefixList: "pl-0123456789abcdef0" } }),
      `${at} is a login to "ledger.example.com", and no entry of downstream lets the server reach port 5432; add downstream: { "ledger": { to: { prefixList: "pl-0123456789abcdef0" }`,
      { downstream: {} },
    ],
    [
      "the administrator for the server",
      { ...login({}), admin: { kind: "existing", env: "ADMIN", arn: ADMIN } },
      "secrets.admin.arn is the secret of who makes the users of ledger, and would give the server all of the database; let the server use the login of ledger [unsafe]",
    ],
  ])("%s", (...row) => {
    // By rest: jest takes a fourth parameter that has no value for its callback.
    const [, config, begins, around] = row;
    const { problems } = resolve(config, around);
    expect(problems.map((problem) => problem.slice(0, begins.length))).toEqual([begins]);
  });
});

test("a port known only at deployment cannot be judged on the server's side, and is refused as the function's way", () => {
  const port = LATER as unknown as number;
  expect(resolve(login({ port })).problems).toEqual([
    expect.stringMatching(/\.port is known only at deployment/),
  ]);
  expect(resolve(login({}), { downstream: { db: { port } } }).problems).toEqual([]);
});
