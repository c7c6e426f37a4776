import { CreateSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { DatabaseValue } from "../../lib/runtime/rotation-env";
import { freshBuild } from "../support/built";
import { describeWithDatabases, startDatabase, type DatabaseServer } from "../support/databases";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith } from "../support/toolchain";
import { sessionsOf, settingsOf } from "./database-bench";
import { EmulatedAccount } from "./emulated-account";

/**
 * Time budget: 100 s. In an account, two rotations are 20 hours apart at least and tasks are started anew every day;
 * here a value is 4 s old at least before it is followed, and callers stay with what they read for up to 4 s. What
 * must hold is the same: nobody is later than a whole period.
 */
const MIN_AGE_SECONDS = 4;
const LAG_MS = 4_000;
const ROTATIONS = 10;
const CALLERS = 8;

describeWith(["python"], "under load", () => {
  describeWithDatabases(["postgres", "mariadb"], "the bundled functions", () => {
    let emulator: Emulator;
    let account: EmulatedAccount;
    const servers: DatabaseServer[] = [];
    beforeAll(async () => {
      await freshBuild();
      emulator = await startEmulator("database-load");
      account = new EmulatedAccount(emulator);
      await account.createRole();
      for (const engine of ["postgres", "mariadb"] as const)
        servers.push(await startDatabase(engine, "load"));
    }, 180_000);
    afterAll(async () => {
      await Promise.all(servers.map((server) => server.stop()));
      await emulator?.stop();
    });

    test("ten rotations of each kind refuse none of the callers that are late", async () => {
      const told = await Promise.all(servers.map((server) => load(account, server)));
      for (const { engine, made, refused, seconds } of told) {
        console.log(
          `${engine}: ${ROTATIONS} rotations in ${seconds.toFixed(0)} s, ${CALLERS} callers up to ${LAG_MS / 1000} s late: ` +
            `${made} new connections, ${refused.length} refused`,
        );
        expect(refused).toEqual([]);
        expect(made).toBeGreaterThan(500);
      }
      expect(emulator.violations()).toEqual([]);
    }, 180_000);
  });
});

interface Load {
  readonly engine: string;
  readonly made: number;
  readonly refused: readonly string[];
  readonly seconds: number;
}

async function load(account: EmulatedAccount, server: DatabaseServer): Promise<Load> {
  const { engine } = server;
  const kind = engine === "postgres" ? "postgres" : "mysql";
  const { ARN: adminSecretArn = "" } = await account.client.send(
    new CreateSecretCommand({ Name: `boss-${engine}`, SecretString: JSON.stringify(server.admin) }),
  );
  const settings = { ...settingsOf(server), adminSecretArn };
  const name = `login-${engine}`;
  const { arn, functionArn } = await account.deploy(kind, name, undefined, settings, MIN_AGE_SECONDS);
  const seeded = await account.invoke(name, { action: "seed", secretId: arn });
  expect(seeded).toEqual({ failed: false, text: "{}" });

  const connect = sessionsOf(server);
  const passwords = new Set([server.admin.password]);
  const refused: string[] = [];
  let made = 0;
  let isOver = false;
  const caller = async (): Promise<void> => {
    while (!isOver) {
      const value = JSON.parse(await account.text(arn)) as DatabaseValue;
      passwords.add(value.password);
      // A task that was started now, and goes on with this value for its own time.
      const until = Date.now() + Math.random() * LAG_MS;
      do {
        try {
          const session = await connect(value);
          await session.query("working", "SELECT 1");
          await session.close();
          made++;
        } catch (error) {
          refused.push(String(error));
        }
        await pause(40);
      } while (!isOver && Date.now() < until);
    }
  };
  const started = Date.now();
  const callers = Array.from({ length: CALLERS }, caller);
  for (let round = 0; round < ROTATIONS; round++) {
    await pause(MIN_AGE_SECONDS * 1000 + 1_000);
    const before = await account.text(arn);
    await account.client.send(new RotateSecretCommand({ SecretId: arn, RotationLambdaARN: functionArn }));
    await until(async () => (await account.text(arn)) !== before);
  }
  const late = await account.text(arn);
  await account.client.send(new RotateSecretCommand({ SecretId: arn })).catch(() => undefined);
  // Too soon: refused, and nothing is changed.
  await pause(500);
  expect(await account.text(arn)).toBe(late);
  isOver = true;
  await Promise.all(callers);
  expect(passwords.size).toBeGreaterThan(ROTATIONS);
  for (const password of passwords) expect(server.log()).not.toContain(password);
  return { engine, made, refused, seconds: (Date.now() - started) / 1000 };
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await isSo()) return;
    await pause(100);
  }
  throw new Error("the rotation did not end");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
