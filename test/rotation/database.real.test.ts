import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DatabaseValue } from "../../lib/runtime/rotation-env";
import { Authority, describeWithDatabases, startDatabase, type DatabaseServer } from "../support/databases";
import { scratch } from "../support/scratch";
import { ROOT } from "../support/toolchain";
import { DatabaseBench, dropUsers, sessionsOf, settingsOf, type SettingsChange } from "./database-bench";
import { STEPS } from "./fixture";

const run = promisify(execFile);

describe.each(["postgres", "mariadb"] as const)("%s", (engine) => {
  describeWithDatabases([engine], "a login of a real database", () => {
    let server: DatabaseServer;
    const benches: DatabaseBench[] = [];
    const bench = (change?: SettingsChange) => {
      const made = new DatabaseBench(server, settingsOf(server, change));
      benches.push(made);
      return made;
    };
    beforeAll(async () => {
      server = await startDatabase(engine, "login");
    }, 60_000);
    beforeEach(() => dropUsers(server, "app_a", "app_b", "app_one"));
    afterAll(async () => {
      await server?.stop();
      // Every statement was logged, verifiers too: but no password.
      expect(server.log()).toMatch(engine === "postgres" ? /SCRAM-SHA-256\$4096:/ : /USING '\*[0-9A-F]{40}'/);
      for (const one of benches) one.expectSilence();
    });

    test("is made by a seed, changes hands, and its users own things together", async () => {
      const one = bench();
      await one.seed();
      expect(one.value()).toEqual({
        engine,
        username: "app_a",
        password: expect.stringMatching(/^[A-Za-z0-9]{40}$/) as string,
        host: "localhost",
        port: server.port,
        database: "app",
        url: `${engine === "postgres" ? "postgresql" : "mysql"}://app_a:${one.value().password}@localhost:${server.port}/app?${engine === "postgres" ? "sslmode=verify-full" : "ssl-mode=VERIFY_IDENTITY"}`,
        previous: null,
      });
      const first = one.value();
      await one.seed();
      expect(one.value()).toEqual(first);
      const statement = async (value: DatabaseValue, text: string): Promise<void> => {
        const session = await sessionsOf(server)(value);
        await session.query("a statement of the application", text).finally(() => session.close());
      };
      const schema = engine === "postgres" ? "own." : "";
      if (schema) await server.root("SELECT 1");
      if (schema) await statement(first, "CREATE SCHEMA IF NOT EXISTS own");
      await statement(first, `CREATE TABLE ${schema}things (id int)`);
      await one.rotate();
      expect(one.value()).toMatchObject({
        username: "app_b",
        previous: { username: "app_a", password: first.password },
      });
      await statement(one.value(), `ALTER TABLE ${schema}things ADD COLUMN more int`);
      await statement(one.value(), `DROP TABLE ${schema}things`);
      await one.rotate();
      expect(one.value().username).toBe("app_a");
      await expect(one.logIn(first)).rejects.toThrow("was refused");
      expect(await one.logIn(one.value().previous!)).toBe("app");
    });

    test("is reached by its url alone, with certificate and name checked", async () => {
      const other = new Authority(scratch(`login-${engine}-other`));
      const urls = async (caFile: string) => {
        await dropUsers(server, "app_a");
        const one = bench(engine === "postgres" ? { clientCaFile: caFile } : { urlFor: "mysql2" });
        await one.seed();
        return one.value().url;
      };
      const reach = async (caFile: string) => {
        const program =
          engine === "postgres"
            ? `const { Client } = require("pg"); const c = new Client({ connectionString: process.env.URL });
               c.connect().then(() => c.query("SELECT current_user AS role"))
                 .then(({ rows }) => { console.log(rows[0].role); return c.end(); })`
            : `require("mysql2/promise").createConnection(process.env.URL)
                 .then(async (c) => { console.log((await c.query("SELECT CURRENT_ROLE() AS role"))[0][0].role); await c.end(); })`;
        const env = { ...process.env, URL: await urls(caFile), NODE_EXTRA_CA_CERTS: caFile };
        const code = `${program}.catch((error) => { console.log("refused", error.code, error.message); process.exit(0); })`;
        return (await run(process.execPath, ["-e", code], { cwd: ROOT, env })).stdout.trim();
      };
      expect(await reach(server.caFile)).toBe("app");
      expect(await reach(other.file)).toMatch(/^refused .*(certificate|SELF_SIGNED|VERIFY)/);
    });

    test("is not looked for at a server with another name, or of an unknown authority", async () => {
      const one = bench();
      await one.seed();
      const before = one.value();
      const token = one.begin();
      await one.step("createSecret", token);
      await server.showCertificateOf("elsewhere.internal");
      try {
        await expect(one.step("setSecret", token)).rejects.toThrow(
          /ERR_TLS_CERT_ALTNAME_INVALID|HANDSHAKE_SSL_ERROR/,
        );
      } finally {
        await server.showCertificateOf("localhost");
      }
      const stranger = bench({ caFile: new Authority(scratch(`login-${engine}-stranger`)).file });
      await expect(stranger.seed()).rejects.toThrow(/UNABLE_TO_VERIFY|SELF_SIGNED|HANDSHAKE_SSL_ERROR/);
      expect(one.value()).toEqual(before);
      expect(await one.logIn()).toBe("app");
      for (const step of STEPS) await one.step(step, token);
      expect(await one.logIn()).toBe("app");
    });

    test("stays as it was while its database is down, and changes when it is back", async () => {
      const one = bench();
      await one.seed();
      const before = one.value();
      const token = one.begin();
      await one.step("createSecret", token);
      await server.stop();
      try {
        await expect(one.step("setSecret", token)).rejects.toThrow("failed with ECONNREFUSED");
        await expect(one.step("testSecret", token)).rejects.toThrow("failed with ECONNREFUSED");
        expect(one.value()).toEqual(before);
      } finally {
        await server.restart();
      }
      expect(await one.logIn()).toBe("app");
      for (const step of STEPS) await one.step(step, token);
      expect([one.value().username, await one.logIn()]).toEqual(["app_b", "app"]);
    });

    test("stays usable when its secret is deleted in the middle of a rotation", async () => {
      const one = bench();
      await one.seed();
      const token = one.begin();
      for (const step of ["createSecret", "setSecret"]) await one.step(step, token);
      one.manager.deleted = true;
      for (const step of ["testSecret", "finishSecret"])
        await expect(one.step(step, token)).rejects.toThrow(
          "GetSecretValue failed with InvalidRequestException",
        );
      await expect(one.revoke()).rejects.toThrow("failed with InvalidRequestException");
      expect(await one.logIn()).toBe("app");
    });

    test("two rotations of one secret at once, and of two secrets with one role, end with what was stored", async () => {
      const one = bench();
      const two = bench({ users: ["app_one"] });
      await Promise.all([one.seed(), one.seed(), two.seed()]);
      const tokens = [one.begin(), two.begin()] as const;
      for (const step of STEPS) {
        await Promise.all(
          [one.step(step, tokens[0]), one.step(step, tokens[0]), two.step(step, tokens[1])].map(
            // A second finishSecret may find the stage moved: it says so, and Secrets Manager asks again.
            (act) => act.catch(() => expect(step).toBe("finishSecret")),
          ),
        );
      }
      for (const each of [one, two]) expect(await each.logIn()).toBe("app");
      expect(one.value().username).toBe("app_b");
      expect(await one.logIn(one.value().previous!)).toBe("app");
    });

    test("waits for who else changes users of the same role", async () => {
      const one = bench();
      await one.seed();
      const token = one.begin();
      await one.step("createSecret", token);
      const database = engine === "postgres" ? "app" : undefined;
      const holder = await sessionsOf(server)({ ...server, ...server.admin, database });
      await holder.query(
        "holding the lock",
        engine === "postgres"
          ? "SELECT pg_advisory_lock(hashtextextended('hardened-mcp rotation app', 0))"
          : "SELECT GET_LOCK('hardened-mcp app', 1)",
      );
      const told: string[] = [];
      const set = one.step("setSecret", token).then(() => told.push("set"));
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      told.push("released");
      await holder.close();
      await set;
      expect(told).toEqual(["released", "set"]);
    });

    test("of one user is changed in place, and becomes one of two without a refusal", async () => {
      const one = bench({ users: ["app_one"] });
      await one.seed();
      const first = one.value();
      await one.rotate();
      expect(one.value()).toMatchObject({ username: "app_one", previous: null });
      await expect(one.logIn(first)).rejects.toThrow("was refused");
      expect(await one.logIn()).toBe("app");

      const two = bench();
      two.manager.plant(one.manager.text("AWSCURRENT") ?? "");
      await two.rotate();
      expect(two.value()).toMatchObject({ username: "app_a", previous: { username: "app_one" } });
      expect(await two.logIn()).toBe("app");
      expect(await two.logIn(two.value().previous!)).toBe("app");
    });

    test("that works is adopted as it is; one of another place is refused, and left", async () => {
      const one = bench();
      await one.seed();
      const text = one.manager.text("AWSCURRENT") ?? "";
      const adopting = bench();
      adopting.manager.plant(text);
      await adopting.seed();
      expect(adopting.manager.text("AWSCURRENT")).toBe(text);
      const elsewhere = text.replaceAll("localhost", "old.internal");
      const refusing = bench();
      refusing.manager.plant(elsewhere);
      await expect(refusing.seed()).rejects.toThrow("host is not what is configured");
      expect(refusing.manager.text("AWSCURRENT")).toBe(elsewhere);
      expect(await one.logIn()).toBe("app");
    });

    test("is not made of a user that may administer, under a role that is missing or no role", async () => {
      await server.root(
        ...(engine === "postgres"
          ? ["DROP ROLE IF EXISTS strong", "CREATE ROLE strong LOGIN CREATEROLE"]
          : ["CREATE OR REPLACE USER strong@'%'", "GRANT SELECT ON *.* TO strong@'%'"]),
      );
      await expect(bench({ users: ["strong", "app_b"] }).seed()).rejects.toThrow(/strong .*left untouched/);
      await expect(bench({ role: "missing" }).seed()).rejects.toThrow(
        engine === "postgres"
          ? "the role missing does not exist"
          : "giving app_a the role missing failed with error",
      );
      if (engine === "mariadb") return;
      await server.root("DROP ROLE IF EXISTS awake", "CREATE ROLE awake LOGIN");
      await expect(bench({ role: "awake" }).seed()).rejects.toThrow("the role awake can log in");
      await expect(bench({ role: "strong" }).seed()).rejects.toThrow("the role strong");
    });

    test("that has leaked is refused after a revocation, which ends a rotation under way", async () => {
      const one = bench();
      await one.seed();
      await one.rotate();
      const leaked = one.value();
      const token = one.begin();
      for (const step of ["createSecret", "setSecret"]) await one.step(step, token);
      await one.revoke();
      expect(await one.logIn()).toBe("app");
      for (const known of [leaked, leaked.previous!])
        await expect(one.logIn(known)).rejects.toThrow("was refused");
      await expect(one.step("finishSecret", token)).rejects.toThrow("not one of this secret");
      await one.rotate();
      expect(await one.logIn()).toBe("app");
    });

    test("is not tested away when the user acts as another", async () => {
      const one = bench();
      await one.seed();
      const token = one.begin();
      for (const step of ["createSecret", "setSecret"]) await one.step(step, token);
      await server.root(
        engine === "postgres" ? "ALTER ROLE app_b RESET role" : "SET DEFAULT ROLE NONE FOR app_b@'%'",
      );
      await expect(one.step("testSecret", token)).rejects.toThrow(
        /app_b (does not act as app|was refused)|as app_b was refused/,
      );
    });
  });
});

describeWithDatabases(["mariadb"], "MariaDB under the name of MySQL", () => {
  test("is refused before anything is changed", async () => {
    const server = await startDatabase("mariadb", "wrong-engine");
    try {
      const one = new DatabaseBench(server, { ...settingsOf(server), engine: "mysql" } as never);
      await expect(one.seed()).rejects.toThrow("the server is MariaDB, the setting engine says mysql");
      expect(await server.root("SELECT 1 FROM mysql.user WHERE user = 'app_a'")).toEqual([]);
    } finally {
      await server.stop();
    }
  });
});
