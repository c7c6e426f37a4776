import { CreateSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import type { DatabaseValue } from "../../lib/runtime/rotation-env";
import { freshBuild } from "../support/built";
import { describeWithDatabases, startDatabase, type DatabaseServer } from "../support/databases";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith } from "../support/toolchain";
import { sessionsOf, settingsOf } from "./database-bench";
import { EmulatedAccount } from "./emulated-account";

/** What is left out of the drivers in the bundles must not be missed. */
describeWith(["python"], "in an emulated account", () => {
  describeWithDatabases(["postgres", "mariadb"], "the bundled functions of databases", () => {
    let emulator: Emulator;
    let account: EmulatedAccount;
    let servers: readonly DatabaseServer[] = [];
    beforeAll(async () => {
      await freshBuild();
      emulator = await startEmulator("database-bundle");
      account = new EmulatedAccount(emulator);
      await account.createRole();
      servers = await Promise.all([startDatabase("postgres", "bundle"), startDatabase("mariadb", "bundle")]);
    }, 180_000);
    afterAll(async () => {
      await Promise.all(servers.map((server) => server.stop()));
      await emulator?.stop();
    });

    test.each([
      ["postgres", 0],
      ["mysql", 1],
    ] as const)(
      "%s: is seeded, rotated, and both users log in",
      async (kind, index) => {
        const server = servers[index]!;
        const { ARN: adminSecretArn } = await account.client.send(
          new CreateSecretCommand({ Name: `boss-${kind}`, SecretString: JSON.stringify(server.admin) }),
        );
        const settings = { ...settingsOf(server), adminSecretArn };
        const { arn, functionArn } = await account.deploy(kind, `login-${kind}`, undefined, settings);
        expect(await account.invoke(`login-${kind}`, { action: "seed", secretId: arn })).toEqual({
          failed: false,
          text: "{}",
        });
        const read = async () => JSON.parse(await account.text(arn)) as DatabaseValue;
        const first = await read();
        await account.client.send(new RotateSecretCommand({ SecretId: arn, RotationLambdaARN: functionArn }));
        const second = await read();
        expect([first.username, second.username]).toEqual(["app_a", "app_b"]);
        expect(await account.stages(arn)).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
        for (const value of [first, second]) await (await sessionsOf(server)(value)).close();
        for (const { password } of [first, second]) expect(server.log()).not.toContain(password);
        expect(emulator.violations()).toEqual([]);
      },
      120_000,
    );
  });
});
