import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateSecretCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from "@aws-sdk/client-secrets-manager";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { App, TerraformStack } from "cdktf";
import { createConnection } from "mysql2/promise";
import { Client } from "pg";
import { SecretsKey } from "../../lib/secrets/secrets-key";
import { ServerSecrets } from "../../lib/secrets/server-secrets";
import { EmulatedAccount } from "../rotation/emulated-account";
import { readAllowList } from "../support/allow-lists";
import { freshBuild } from "../support/built";
import { describeWithDatabases, startDatabase, type DatabaseServer } from "../support/databases";
import { forEmulator } from "../support/emulated";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { testDeployment } from "../support/plan";
import { scratch } from "../support/scratch";
import { TerraformRun } from "../support/terraform";
import { LOGIN, resolve, WRITER } from "./kinds-fixture";

/** Seconds of each part; together below 150 on two idle cores. */
const BUDGET_S = { start: 180, apply: 150, plan: 100, destroy: 150 };
const GROUP = "sg-0123456789abcdef0";

describeWithDatabases(["postgres", "mariadb"], "every kind of secret, applied", () => {
  let emulator: Emulator;
  let account: EmulatedAccount;
  let run: TerraformRun;
  const servers: DatabaseServer[] = [];
  beforeAll(async () => {
    await freshBuild();
    emulator = await startEmulator("kinds");
    await emulator.seed({ region: "eu-west-1", securityGroups: [GROUP] });
    account = new EmulatedAccount(emulator);
    for (const engine of ["postgres", "mariadb"] as const) servers.push(await startDatabase(engine, "kinds"));
    const arns: string[] = [];
    for (const { engine, admin } of servers) arns.push(await create(`rds/${engine}`, JSON.stringify(admin)));
    const synced = await create("sync/crm", "first");
    const file = write(scratch("kinds-written"), servers, { arns, synced });
    const emulated = await forEmulator(file, "kinds", emulator);
    run = await TerraformRun.start(emulated.file, { name: "kinds", ...emulated });
  }, BUDGET_S.start * 1000);
  afterAll(async () => {
    for (const server of servers) await server.stop();
    await emulator.stop();
  });

  const create = async (Name: string, SecretString: string): Promise<string> => {
    const { ARN = "" } = await account.client.send(new CreateSecretCommand({ Name, SecretString }));
    return ARN;
  };
  const value = (name: string) => account.value(`acme-test/orders/own-${name}`);

  it(
    "makes logins that work, and texts of their shape",
    async () => {
      const { errors } = await run.apply();
      expect(errors).toEqual([]);
      const [postgres, mariadb] = servers;
      const ledger = await value("ledger");
      const client = new Client({
        connectionString: ledger["url"]?.replace("sslmode=verify-full", ""),
        ssl: { ca: readFileSync(postgres?.caFile ?? "", "utf8"), servername: "localhost" },
      });
      await client.connect();
      const { rows } = await client.query("SELECT session_user AS login, current_user AS role");
      await client.end();
      expect(rows).toEqual([{ login: "app_a", role: "app" }]);
      const reports = await value("reports");
      const connection = await createConnection({
        host: "localhost",
        port: Number(reports["port"]),
        user: String(reports["username"]),
        password: String(reports["password"]),
        database: "app",
        ssl: { ca: readFileSync(mariadb?.caFile ?? "", "utf8"), verifyIdentity: true },
      });
      const [found] = await connection.query("SELECT CURRENT_ROLE() AS role");
      await connection.end();
      expect(found).toEqual([{ role: "app" }]);
      const cache = await value("cache");
      expect(cache["current"]).toMatch(/^(?=.*[0-9])(?=.*[A-Z])[A-Z0-9_-]{40}$/);
      expect(cache["url"]).toBe(`rediss://:${cache["current"]}@cache.example.com:6379`);
    },
    BUDGET_S.apply * 1000,
  );

  it(
    "leaves an empty plan, also after somebody else has written; no value is in anything that Terraform wrote",
    async () => {
      await account.client.send(
        new PutSecretValueCommand({ SecretId: "sync/crm", SecretString: "second-of-the-writer" }),
      );
      const allowed = readAllowList("residues");
      const differences = (await run.plan()).flatMap(({ type, actions, attributes }) =>
        actions.join() === "update"
          ? attributes.map((attribute) => `${type}.${attribute}`)
          : [`${actions.join()} ${type}`],
      );
      expect(differences.filter((each) => allowed[each] === undefined)).toEqual([]);
      const text = readdirSync(run.folder)
        .filter((name) => /tfstate|\.jsonl$|tfplan/.test(name))
        .map((name) => readFileSync(join(run.folder, name), "latin1"))
        .join("\n");
      expect(text).toContain("acme-test/orders/own-ledger");
      const logs = servers.map((server) => server.log()).join("\n");
      expect(logs).toContain("app_a");
      const passwords = servers.map(({ admin }) => admin.password);
      const { SecretList = [] } = await account.client.send(new ListSecretsCommand({}));
      for (const { Name = "" } of SecretList.filter(({ Name }) => Name?.startsWith("acme-test/"))) {
        const { current, next, password, key } = await account.value(Name);
        passwords.push(
          ...[current, next, password, key?.split("\n")[1]].filter((each) => each !== undefined),
        );
      }
      expect(passwords.length).toBeGreaterThan(6);
      for (const each of [...passwords, "second-of-the-writer"]) {
        expect(text).not.toContain(each);
        expect(logs).not.toContain(each);
      }
    },
    BUDGET_S.plan * 1000,
  );

  it(
    "is taken down, and never sent a request that AWS's own models refuse",
    async () => {
      const { errors } = await run.destroy();
      expect(errors).toEqual([]);
      expect(emulator.violations()).toEqual([]);
    },
    BUDGET_S.destroy * 1000,
  );
});

/** Writes a stack with one secret of every kind that a server can ask for. */
function write(
  outdir: string,
  servers: readonly DatabaseServer[],
  { arns, synced }: { readonly arns: readonly string[]; readonly synced: string },
): string {
  const login = (index: number) => ({
    ...LOGIN,
    host: "localhost",
    port: servers[index]?.port,
    database: "app",
    role: "app",
    adminSecretArn: arns[index],
    reach: { cidr: "10.0.0.0/24" },
  });
  const downstream = Object.fromEntries(servers.map(({ engine, port }) => [engine, { port }]));
  const { model, problems } = resolve(
    {
      ledger: login(0),
      reports: { ...login(1), kind: "mysql", engine: "mariadb", env: "REPORTS", inject: "json" },
      cache: {
        kind: "generated",
        env: "CACHE_URL",
        length: 40,
        alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-",
        require: ["digit", "upper"],
        template: { url: "rediss://:{{value}}@cache.example.com:6379" },
        inject: "url",
      },
      crm: { kind: "existing", env: "CRM_TOKEN", arn: synced, writer: WRITER },
    },
    { downstream, posture: "sandbox" },
  );
  expect(problems).toEqual([]);
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "kinds");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  const on = testDeployment(stack, "sandbox");
  const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = new Subnet(stack, "subnet", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
  const { keyArn } = new SecretsKey(stack, "key", { on });
  new ServerSecrets(stack, "secrets", {
    on,
    name: "orders",
    slice: {
      ...model,
      // The servers of this test have an authority of their own; Lambda's runtime knows that of RDS.
      databases: model.databases.map((each, index) => ({
        ...each,
        settings: { ...each.settings, tls: { caFile: servers[index]?.caFile ?? "" } },
      })),
    },
    keyArn,
    logs: { keyArn, retainDays: 7 },
    network: {
      vpcId: vpc.id,
      taskSubnetIds: [subnet.id],
      endpoints: { securityGroupId: GROUP, s3PrefixListId: "pl-1", owned: false },
    },
    topicArn: new SnsTopic(stack, "topic", { name: "oncall" }).arn,
  });
  app.synth();
  return join(outdir, "stacks", "kinds", "cdk.tf.json");
}
