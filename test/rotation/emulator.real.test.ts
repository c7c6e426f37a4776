import { connect, createServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
} from "@aws-sdk/client-secrets-manager";
import { freshBuild } from "../support/built";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith } from "../support/toolchain";
import { EmulatedAccount, KIND_NAMES, SETTINGS } from "./emulated-account";

describeWith(["python"], "the bundled functions, in an emulated account", () => {
  let emulator: Emulator;
  let account: EmulatedAccount;
  beforeAll(async () => {
    await freshBuild();
    emulator = await startEmulator("rotation");
    account = new EmulatedAccount(emulator);
    await account.createRole();
  }, 180_000);
  afterAll(() => emulator.stop());

  test.each(KIND_NAMES)(
    "%s is seeded twice with one value, set up without rotating, rotated three times, revoked",
    async (kind) => {
      const name = `whole-${kind}`;
      const { arn, functionArn } = await account.deploy(kind, name);
      const seed = { action: "seed", secretId: arn };
      expect(await account.invoke(name, seed)).toEqual({ failed: false, text: "{}" });
      const first = await account.value(arn);
      expect(await account.invoke(name, seed)).toEqual({ failed: false, text: "{}" });
      const rules = { RotationLambdaARN: functionArn, RotationRules: { AutomaticallyAfterDays: 30 } };
      await account.client.send(
        new RotateSecretCommand({ SecretId: arn, ...rules, RotateImmediately: false }),
      );
      expect(await account.value(arn)).toEqual(first);

      for (let before = first, round = 0; round < 3; round++) {
        await account.client.send(new RotateSecretCommand({ SecretId: arn }));
        const after = await account.value(arn);
        expect(after).not.toEqual(before);
        expect(await account.value(arn, "AWSPREVIOUS")).toEqual(before);
        if (kind === "client-key")
          expect([after["key"], after["previous"]]).toEqual([before["next"], before["key"]]);
        expect(await account.stages(arn)).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
        before = after;
      }

      const leaked = Object.values(await account.value(arn)).filter((text) => text.length >= 16);
      expect(await account.invoke(name, { action: "revoke", secretId: arn })).toEqual({
        failed: false,
        text: "{}",
      });
      for (const text of Object.values(await account.value(arn))) expect(leaked).not.toContain(text);
    },
    120_000,
  );

  test("a foreign value is refused without a word of it, and stays", async () => {
    const { arn } = await account.deploy("client-key", "foreign");
    const SecretString = `{"key":"canary-3f9c"`;
    await account.client.send(new PutSecretValueCommand({ SecretId: arn, SecretString }));
    const { failed, text } = await account.invoke("foreign", { action: "seed", secretId: arn });
    expect([failed, (JSON.parse(text) as { errorMessage: string }).errorMessage]).toEqual([
      true,
      expect.stringContaining("does not fit: it is not JSON"),
    ]);
    expect(text).not.toContain("canary");
    const kept = await account.client.send(new GetSecretValueCommand({ SecretId: arn }));
    expect(kept.SecretString).toBe(SecretString);
  });

  test("the gateway's pair, as it lies in the secret, serves TLS", async () => {
    const { arn } = await account.deploy("tls-certificate", "served");
    await account.invoke("served", { action: "seed", secretId: arn });
    const { certificate = "", key = "" } = await account.value(arn);
    const server = createServer({ cert: certificate, key }, (socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const socket = await new Promise<TLSSocket>((resolve, reject) => {
      const servername = SETTINGS["tls-certificate"].name;
      const made = connect({ host: "127.0.0.1", port, servername, ca: certificate }, () => resolve(made));
      made.once("error", reject);
    });
    expect([socket.authorized, socket.getProtocol()]).toEqual([true, "TLSv1.3"]);
    socket.destroy();
    server.close();
  });

  test("no request broke a rule of AWS's own models", () => {
    expect(emulator.violations()).toEqual([]);
  });
});
