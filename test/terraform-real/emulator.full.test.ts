import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { deployerPolicies } from "../../lib/deployer/policies";
import { SERVICES } from "../../lib/deployer/services";
import { actionsOf } from "../deployer/actions";
import { canaries, isSecret, search } from "../scan/canaries";
import { compareAllowList, readAllowList } from "../support/allow-lists";
import { synthesise, synthesiseEdited } from "../support/built";
import { EXAMPLE_ACCOUNT, forEmulator } from "../support/emulated";
import { synthExample } from "../support/examples";
import { clientOf, startEmulator, type Emulator } from "../support/emulator/emulator";
import { TerraformRun } from "../support/terraform";
import { slowest } from "../support/terraform-output";
import { describeWith, ROOT } from "../support/toolchain";
import { besideByHand, bucketsOf, driftByHand, grown, logged, rotated, scaled } from "./drift";

/** Seconds on two cores. The provider itself waits: 60 for a load balancer, 55 for a bucket's lifecycle. */
const BUDGET_S = { apply: 360, plan: 240, decommission: 480 };

/** What a user changes before he takes a protected deployment down, and what he changes then. */
const DISPOSABLE = [
  [`lifecycle: "protected"`, `lifecycle: "disposable"`],
  [`deletionProtection: "on"`, `deletionProtection: "off"`],
] as const;
const ENDED = [
  ["import { HardenedMcp,", "import { decommission, HardenedMcp,"],
  ["new HardenedMcp(", "const mcp = new HardenedMcp("],
  ["app.synth();", "decommission(mcp);\napp.synth();"],
] as const;

describeWith(["terraform", "python"], "the complete example in an emulated account", () => {
  let emulator: Emulator;
  let run: TerraformRun;
  let planned: readonly string[] = [];

  beforeAll(async () => {
    emulator = await startEmulator("complete");
    await emulator.seed(EXAMPLE_ACCOUNT);
    const file = await synthesise("emulator", "complete");
    const emulated = await forEmulator(file, "emulator-complete", emulator);
    run = await TerraformRun.start(emulated.file, { name: "emulator-complete", ...emulated });
  }, 180_000);
  afterAll(() => emulator.stop());

  it(
    "is applied",
    async () => {
      const applied = await run.apply();
      process.stderr.write(`[complete] ${applied.seconds.toFixed(0)} s; ${slowest(applied, 3).join(", ")}\n`);
      expect(applied.errors).toEqual([]);
      expect(applied.failed).toEqual([]);
      expect(Object.keys(applied.done).length).toBeGreaterThan(100);
    },
    BUDGET_S.apply * 1000,
  );

  it("has every first value, made by the secret's own function; none lies in Terraform's files", async () => {
    const client = new SecretsManagerClient(clientOf(emulator));
    const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }));
    const shapes: Record<string, string[]> = {};
    const lines: string[] = [];
    for (const { ARN: SecretId, Name = "" } of SecretList.filter(isSecret)) {
      const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId }));
      const value = JSON.parse(SecretString) as Record<string, string>;
      shapes[Name] = Object.keys(value).sort();
      lines.push(
        ...Object.values(value).flatMap((text) => text.split("\n").filter((line) => line.length >= 40)),
      );
    }
    const clientKey = ["client", "hashes", "header", "key", "next", "previous"];
    expect(shapes).toEqual({
      "acme-prod/orders/tls": ["certificate", "key"],
      "acme-prod/orders/client-ci-bot": clientKey,
      "acme-prod/orders/own-cookie-key": ["current", "next", "previous"],
      "acme-prod/docs/tls": ["certificate", "key"],
      "acme-prod/docs/client-assistant": clientKey,
    });
    expect(lines.length).toBeGreaterThan(20);
    for (const file of ["terraform.tfstate", "apply.jsonl"]) {
      const text = readFileSync(join(run.folder, file), "utf8");
      expect(lines.filter((line) => text.includes(line)).length).toBe(0);
    }
  });

  it(
    "is unchanged in a second plan after scaling and rotation, but for what the emulator forgets",
    async () => {
      await scaled(emulator, run.folder, 3);
      await rotated(emulator);
      const before = await emulator.deployed();
      const differences = await run.plan();
      planned = actionsOf(grown(before, await emulator.deployed()));
      const replaced = differences.filter(({ actions }) => actions.join() !== "update");
      expect(replaced.map(({ address, actions }) => `${actions.join("/")} ${address}`)).toEqual([]);
      const residues = differences.flatMap(({ type, attributes }) =>
        attributes.map((attribute) => `${type}.${attribute}`),
      );
      expect(compareAllowList(readAllowList("residues"), residues)).toEqual({ unexplained: [], stale: [] });
    },
    BUDGET_S.plan * 1000,
  );

  it("is planned with what a planner's policies give, and those change nothing", () => {
    const policies = deployerPolicies(synthExample("complete"), { planOnly: true });
    const given = policies.flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
    expect(planned.length).toBeGreaterThan(50);
    expect(planned.filter((action) => !given.includes(action))).toEqual([]);
  });

  it(
    "shows in a plan what somebody has changed past it, and not what stands beside it",
    async () => {
      const changed = await driftByHand(emulator, run.folder);
      await besideByHand(emulator, run.folder);
      const differences = await run.plan();
      const told = differences.map(({ address, actions }) => `${actions.join("/")} ${address}`);
      expect(told.sort()).toEqual(changed.sort());
    },
    BUDGET_S.plan * 1000,
  );

  it("has no value of any secret in what was written, planned, stored or said", async () => {
    const client = new SecretsManagerClient(clientOf(emulator));
    // One that is refused, so that the functions have said something about values that are there.
    const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }));
    const [one] = SecretList.filter(isSecret);
    await client.send(new RotateSecretCommand({ SecretId: one?.ARN, RotateImmediately: true }));
    const { secrets, texts } = await canaries(client);
    const folders = [run.folder, emulator.folder, join(ROOT, "lib"), join(ROOT, "examples")];
    const { found, bytes } = search(folders, texts);
    process.stderr.write(
      `[canaries] ${texts.length} texts of ${secrets} secrets in ${(bytes / 1e6).toFixed(1)} MB: ${found.length} found\n`,
    );
    expect(found).toEqual([]);
    expect(texts.length).toBeGreaterThan(secrets * 3);
    for (const name of ["cdk.tf.json", "terraform.tfstate", "apply.jsonl", "tfplan.json"])
      expect(existsSync(join(run.folder, name))).toBe(true);
    // The search sees these folders: one text, planted where the logs are, is found.
    writeFileSync(join(emulator.folder, "planted"), `{"did":"${texts[0]}"}`);
    expect(search([emulator.folder], texts).found).toEqual([expect.stringMatching(/^planted holds/)]);
    rmSync(join(emulator.folder, "planted"));
  }, 60_000);

  it(
    "is decommissioned in two steps: declared disposable, then ended; its archive is left, and nothing is managed",
    async () => {
      await logged(emulator, run.folder);
      for (const [step, edits] of [
        ["disposable", DISPOSABLE],
        ["ended", [...DISPOSABLE, ...ENDED]],
      ] as const) {
        const file = await synthesiseEdited(`emulator-${step}`, "complete", edits);
        const emulated = await forEmulator(file, `emulator-${step}`, emulator);
        run.replace(emulated.file);
        const applied = await run.apply();
        expect([step, applied.errors]).toEqual([step, []]);
      }
      expect((await run.state()).filter((address) => !address.startsWith("data."))).toEqual([]);
      // The archive, and the record of who read it.
      expect(await bucketsOf(emulator)).toEqual([
        expect.stringMatching(/^acme-prod-audit-\d+$/),
        expect.stringMatching(/^acme-prod-audit-access-\d+$/),
      ]);
    },
    BUDGET_S.decommission * 1000,
  );

  it("asked for exactly what its deployer's policies give, which a change or another example may widen", async () => {
    const seen = actionsOf(Object.keys(await emulator.deployed()));
    const plan = synthExample("complete");
    const given = deployerPolicies(plan).flatMap(({ Statement }) =>
      Statement.flatMap(({ Action }) => Action),
    );
    expect(seen.filter((action) => !given.includes(action))).toEqual([]);
    const types = plan.all.map(({ type }) => type);
    const learned = SERVICES.filter((service) => types.some((type) => service.types.test(type))).flatMap(
      ({ service, named, anywhere }) => [...named, ...anywhere].map((action) => `${service}:${action}`),
    );
    expect(learned.filter((action) => !seen.includes(action))).toEqual([]);
  });

  it("never sent a request that AWS's own models refuse", async () => {
    expect(emulator.violations()).toEqual([]);
    expect(await emulator.judged()).toBeGreaterThan(1000);
  });
});
