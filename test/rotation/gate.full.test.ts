import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ListSecretsCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { generated } from "../../lib/runtime/rotation/generated";
import { readAllowList } from "../support/allow-lists";
import { freshBuild } from "../support/built";
import { forEmulator } from "../support/emulated";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { scratch } from "../support/scratch";
import { readStack, TerraformRun } from "../support/terraform";
import { describeWith } from "../support/toolchain";
import { EmulatedAccount } from "./emulated-account";
import { SERVICE, writeGateStack } from "./gate-stack";

const COOKIE_KEY = "acme-test/orders/own-cookie-key";
const CANARY = "canary-71c0ffee";

describeWith(["terraform", "python"], "a first deployment", () => {
  let emulator: Emulator;
  let account: EmulatedAccount;
  let run: TerraformRun;
  beforeAll(async () => {
    await freshBuild();
    emulator = await startEmulator("gate");
    await emulator.seed({ region: "eu-west-1", securityGroups: ["sg-0123456789abcdef0"] });
    account = new EmulatedAccount(emulator);
    const emulated = await forEmulator(writeGateStack(scratch("gate-written")), "gate", emulator);
    run = await TerraformRun.start(emulated.file, { name: "gate", ...emulated });
  }, 180_000);
  afterAll(() => emulator.stop());

  /** Breaks the seed of one secret by another event, or mends it. */
  const breakSeed = (event: string | undefined) => {
    const file = join(run.folder, "broken_override.tf.json");
    if (event === undefined) return rmSync(file);
    const names = Object.keys(
      readStack(join(run.folder, "cdk.tf.json")).resource?.["aws_lambda_invocation"] ?? {},
    );
    const name = names.find((each) => each.includes("cookie-key")) ?? "";
    writeFileSync(
      file,
      JSON.stringify({ resource: { aws_lambda_invocation: { [name]: { input: event } } } }),
    );
  };
  const told = (errors: readonly { summary: string; detail: string }[]) =>
    errors.map(({ summary, detail }) => `${summary} ${detail}`).join("\n");
  /** Everything that Terraform has written: state, backup, plans, event lines. */
  const written = () =>
    readdirSync(run.folder)
      .filter((name) => /tfstate|\.jsonl$|tfplan/.test(name))
      .map((name) => readFileSync(join(run.folder, name), "latin1"))
      .join("\n");

  it("stops where a first value cannot be made, in one message, before what needs it", async () => {
    breakSeed(JSON.stringify({ action: "sow", secretId: "x" }));
    const { errors } = await run.apply();
    expect(errors).toHaveLength(1);
    expect(told(errors)).toContain("this function keeps another secret");
    const state = await run.state();
    expect(state).not.toContain(SERVICE);
    // The others have gone their way.
    expect(state.filter((address) => address.startsWith("aws_secretsmanager_secret_rotation."))).toHaveLength(
      2,
    );
  }, 180_000);

  it("refuses a value that somebody else has put there, and quotes nothing of it", async () => {
    breakSeed(undefined);
    const SecretString = JSON.stringify({ password: CANARY });
    await account.client.send(new PutSecretValueCommand({ SecretId: COOKIE_KEY, SecretString }));
    const { errors } = await run.apply();
    expect(errors).toHaveLength(1);
    expect(told(errors)).toContain(
      "already holds a value that does not fit: expected the texts current, previous",
    );
    expect(await account.text(COOKIE_KEY)).toBe(SecretString);
    expect(await run.state()).not.toContain(SERVICE);
    expect(written()).not.toContain(CANARY);
  }, 180_000);

  it("goes on once a fitting value is there, keeps it, and starts the service with every value", async () => {
    const own = JSON.stringify(generated({ length: 48 }).first());
    await account.client.send(new PutSecretValueCommand({ SecretId: COOKIE_KEY, SecretString: own }));
    const { errors } = await run.apply();
    expect(errors).toEqual([]);
    expect(await run.state()).toContain(SERVICE);
    expect(await account.text(COOKIE_KEY)).toBe(own);
    const { SecretList = [] } = await account.client.send(new ListSecretsCommand({}));
    expect(SecretList.map(({ Name, RotationEnabled }) => [Name, RotationEnabled]).sort()).toEqual([
      ["acme-test/orders/client-ci-bot", true],
      ["acme-test/orders/own-cookie-key", true],
      ["acme-test/orders/tls", true],
    ]);
  }, 180_000);

  it("leaves an empty plan, and no value in anything that Terraform wrote", async () => {
    const allowed = readAllowList("residues");
    const differences = (await run.plan()).flatMap(({ type, actions, attributes }) =>
      actions.join() === "update"
        ? attributes.map((attribute) => `${type}.${attribute}`)
        : [`${actions.join()} ${type}`],
    );
    expect(differences.filter((each) => allowed[each] === undefined)).toEqual([]);
    const { SecretList = [] } = await account.client.send(new ListSecretsCommand({}));
    const text = written();
    expect(text).toContain("acme-test/orders/tls");
    let searched = 0;
    for (const { Name = "" } of SecretList) {
      for (const value of Object.values(await account.value(Name))) {
        if (value.length < 16) continue;
        // Line ends are escaped in JSON: a line of a key is as good as the whole.
        const line =
          value.split("\n").find((each) => each.length >= 16 && !each.startsWith("-----")) ?? value;
        expect(text).not.toContain(line);
        searched++;
      }
    }
    expect(searched).toBeGreaterThan(7);
  }, 180_000);

  it("is taken down without calling a function again", async () => {
    const { errors } = await run.destroy();
    expect(errors).toEqual([]);
    expect(emulator.violations()).toEqual([]);
  }, 180_000);
});
