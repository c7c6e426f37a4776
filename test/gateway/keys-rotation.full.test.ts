import { execFileSync } from "node:child_process";
import { CreateSecretCommand, RotateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { awsStore } from "../../lib/runtime/rotation/aws-store";
import { clientKey } from "../../lib/runtime/rotation/client-key";
import { rotation } from "../../lib/runtime/rotation/rotation";
import { EmulatedAccount } from "../rotation/emulated-account";
import { STEPS } from "../rotation/fixture";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith, ROOT } from "../support/toolchain";
import { Fleet, period, withoutNext, type FleetOptions, type KeyStore } from "./keys-rotation";

/** Twelve clients, six rotations each, three tasks: on two cores about a minute. */
const BUDGET_S = 120;
const CLIENTS = Array.from({ length: 12 }, (_, index) => `client-${index + 1}`);
const ROTATIONS = 6;
const GATEWAYS = 3;

describeWith(["envoy", "python"], "keys rotated by the real handler in an emulated account", () => {
  let emulator: Emulator;
  let account: EmulatedAccount;
  beforeAll(async () => {
    emulator = await startEmulator("keys-rotation");
    account = new EmulatedAccount(emulator);
    await account.createRole();
  }, 180_000);
  afterAll(() => emulator.stop());

  it(
    "refuse nobody in six rotations; refuse a key of three generations ago, and whoever was revoked alone",
    async () => {
      const store = await storeOf(account, "all", CLIENTS);
      const options: FleetOptions = { store, clients: CLIENTS, gateways: GATEWAYS };
      const history: string[] = [];
      const note = async () => history.push((await store.value("client-1")).key ?? "");
      const fleet = await Fleet.start(options);
      try {
        fleet.load();
        await note();
        for (let round = 0; round < ROTATIONS; round++) {
          await period(fleet, options, 3);
          await note();
        }
        const { ok, refused, other } = fleet.tally;
        process.stderr.write(
          `[keys] ${CLIENTS.length} clients, ${ROTATIONS} rotations of all at once, ${GATEWAYS} tasks started anew ${ROTATIONS} times: ` +
            `${ok} calls, ${sum(refused)} refused, ${other.length} failed otherwise\n`,
        );
        expect([refused, other]).toEqual([{}, []]);
        expect(ok).toBeGreaterThan(2000);

        const [oldest, older, previous, current] = history.slice(-4) as [string, string, string, string];
        for (const [key, status] of [
          [oldest, 401],
          [older, 401],
          [previous, 200],
          [current, 200],
        ] as const)
          expect(await fleet.attempts(key)).toEqual([status, status, status]);

        // The one who is revoked goes on with what has leaked; the others notice nothing.
        const leaked = await store.value("client-12");
        for (const client of CLIENTS) await fleet.refresh(client);
        await store.revoke("client-12");
        const before = fleet.tally.ok;
        await fleet.redeploy();
        for (const key of [leaked.key, leaked.next, leaked.previous])
          expect(await fleet.attempts(key ?? "")).toEqual([401, 401, 401]);
        const fresh = (await store.value("client-12")).key ?? "";
        expect(await fleet.attempts(fresh)).toEqual([200, 200, 200]);
        await fleet.finish();
        expect(Object.keys(fleet.tally.refused)).toEqual(["client-12"]);
        expect(fleet.tally.other).toEqual([]);
        expect(fleet.tally.ok - before).toBeGreaterThan(100);
      } finally {
        await fleet.finish();
      }
      // No key stands in what Envoy says.
      expect(fleet.log.length).toBeGreaterThan(1000);
      expect(history.filter((key) => fleet.log.includes(key))).toEqual([]);
    },
    BUDGET_S * 1000,
  );

  it("refuse the early ones when nothing was announced: the test can fail", async () => {
    const clients = CLIENTS.slice(0, 4);
    const store = await storeOf(account, "mutant", clients);
    const options = { store, clients, gateways: 2, mount: withoutNext };
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
});

/** Secrets of these clients, under names that begin so, and the real handler for each. */
async function storeOf(
  account: EmulatedAccount,
  prefix: string,
  clients: readonly string[],
): Promise<KeyStore> {
  const RotationLambdaARN = await announcer(account, prefix);
  const own = new Map<string, { readonly arn: string; handle(event: object): Promise<unknown> }>();
  for (const client of clients) {
    const Name = `${prefix}/${client}`;
    const { ARN: arn = "" } = await account.client.send(new CreateSecretCommand({ Name }));
    const handle = rotation({
      secretArn: arn,
      kind: clientKey({ client }),
      store: awsStore(account.client),
      minAgeSeconds: 0,
      log: () => undefined,
    });
    own.set(client, { arn, handle });
  }
  const of = (client: string) => {
    const found = own.get(client);
    if (found === undefined) throw new Error(`there is no client ${client}`);
    return found;
  };
  const act = (action: string) => (client: string) => {
    const { arn, handle } = of(client);
    return handle({ action, secretId: arn });
  };
  return {
    seed: act("seed"),
    revoke: act("revoke"),
    rotate: async (client) => {
      const { arn: SecretId, handle } = of(client);
      const { VersionId: ClientRequestToken } = await account.client.send(
        new RotateSecretCommand({
          SecretId,
          RotationLambdaARN,
          RotationRules: { AutomaticallyAfterDays: 30 },
        }),
      );
      for (const Step of STEPS) await handle({ Step, SecretId, ClientRequestToken });
    },
    value: (client) => account.value(of(client).arn),
  };
}

/**
 * A function that ends at once. Secrets Manager announces a version, calls it, and leaves the version pending, which the
 * handler then takes through its steps in this process: a program for every step would cost more than all of the rest.
 */
async function announcer(account: EmulatedAccount, name: string): Promise<string> {
  const program = `import { zip } from "./scripts/zip.mjs"; process.stdout.write(zip({ "index.js": "throw 1" }))`;
  const zip = execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: ROOT });
  return (await account.deploy("client-key", name, zip)).functionArn;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
