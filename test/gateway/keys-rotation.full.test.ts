import { RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { EmulatedAccount } from "../rotation/emulated-account";
import { freshBuild } from "../support/built";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith } from "../support/toolchain";
import { Fleet, period, withoutNext, type FleetOptions, type KeyStore } from "./keys-rotation";

/** Twelve clients, six rotations each, three tasks: on two cores about a minute. */
const BUDGET_S = 120;
const CLIENTS = Array.from({ length: 12 }, (_, index) => `client-${index + 1}`);
const ROTATIONS = 6;
const GATEWAYS = 3;

describeWith(
  ["envoy", "python"],
  "keys that the built function rotates in an emulated account, under load",
  () => {
    let emulator: Emulator;
    let account: EmulatedAccount;
    beforeAll(async () => {
      await freshBuild();
      emulator = await startEmulator("keys-rotation");
      account = new EmulatedAccount(emulator);
      await account.createRole();
    }, 180_000);
    afterAll(() => emulator.stop());

    /** Secrets and functions of these clients, by names that begin so. */
    const store = async (prefix: string, clients: readonly string[]): Promise<KeyStore> => {
      const arns = new Map<string, string>();
      for (const client of clients) {
        const name = `${prefix}-${client}`;
        const { arn, functionArn } = await account.deploy("client-key", name, undefined, { client });
        arns.set(client, arn);
        const RotationRules = { AutomaticallyAfterDays: 30 };
        const rotation = { SecretId: arn, RotationLambdaARN: functionArn, RotationRules };
        expect((await account.invoke(name, { action: "seed", secretId: arn })).failed).toBe(false);
        await account.client.send(new RotateSecretCommand({ ...rotation, RotateImmediately: false }));
      }
      const arn = (client: string): string => arns.get(client) ?? "";
      const value = (client: string) => account.value(arn(client));
      return {
        seed: (client) => account.invoke(`${prefix}-${client}`, { action: "seed", secretId: arn(client) }),
        rotate: async (client) => {
          const { key: before, next } = await value(client);
          await account.client.send(new RotateSecretCommand({ SecretId: arn(client) }));
          const { key: after } = await value(client);
          if (after === before || after !== next) throw new Error(`${client} was not rotated`);
        },
        revoke: (client) =>
          account.invoke(`${prefix}-${client}`, { action: "revoke", secretId: arn(client) }),
        value,
      };
    };

    it(
      "refuse nobody in six rotations of all; refuse a key of three generations ago, and whoever was revoked alone",
      async () => {
        const keys = await store("all", CLIENTS);
        const options: FleetOptions = { store: keys, clients: CLIENTS, gateways: GATEWAYS };
        const history: string[] = [];
        const note = async () => history.push((await keys.value("client-1")).key ?? "");
        const fleet = await Fleet.start(options);
        let running = true;
        try {
          fleet.load();
          await note();
          for (let round = 0; round < ROTATIONS; round++) {
            await period(fleet, options, 3);
            await note();
          }
          const { ok, refused, other } = fleet.tally;
          process.stderr.write(
            `[keys] ${CLIENTS.length} clients, ${ROTATIONS} rotations at once each, ${GATEWAYS} tasks started anew ${ROTATIONS} times: ` +
              `${ok} calls, ${sum(refused)} refused, ${other.length} failed otherwise\n`,
          );
          expect([refused, other]).toEqual([{}, []]);
          expect(ok).toBeGreaterThan(2000);

          const [oldest, older, previous, current] = history.slice(-4) as [string, string, string, string];
          expect(await fleet.attempts(oldest)).toEqual([401, 401, 401]);
          expect(await fleet.attempts(older)).toEqual([401, 401, 401]);
          expect(await fleet.attempts(previous)).toEqual([200, 200, 200]);
          expect(await fleet.attempts(current)).toEqual([200, 200, 200]);

          // The one who is revoked goes on with what has leaked; the others notice nothing.
          const leaked = await keys.value("client-12");
          for (const client of CLIENTS) await fleet.refresh(client);
          await keys.revoke("client-12");
          const before = fleet.tally.ok;
          await fleet.redeploy();
          for (const key of [leaked.key, leaked.next, leaked.previous])
            expect(await fleet.attempts(key ?? "")).toEqual([401, 401, 401]);
          expect(await fleet.attempts((await keys.value("client-12")).key ?? "")).toEqual([200, 200, 200]);
          await fleet.finish();
          running = false;
          expect(Object.keys(fleet.tally.refused)).toEqual(["client-12"]);
          expect(fleet.tally.other).toEqual([]);
          expect(fleet.tally.ok - before).toBeGreaterThan(100);
        } finally {
          if (running) await fleet.finish();
        }
        // No key stands in what Envoy says.
        expect(history.filter((key) => fleet.log.includes(key))).toEqual([]);
      },
      BUDGET_S * 1000,
    );

    it("refuse the early ones when nothing was announced: the test can fail", async () => {
      const clients = CLIENTS.slice(0, 4);
      const options = { store: await store("mutant", clients), clients, gateways: 2, mount: withoutNext };
      const fleet = await Fleet.start(options);
      try {
        fleet.load();
        await period(fleet, options, 1);
      } finally {
        await fleet.finish();
      }
      process.stderr.write(`[keys] the same without announced keys: ${sum(fleet.tally.refused)} refused\n`);
      expect(sum(fleet.tally.refused)).toBeGreaterThan(5);
    }, 60_000);

    test("no request broke a rule of AWS's own models", () => {
      expect(emulator.violations()).toEqual([]);
    });
  },
);

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
