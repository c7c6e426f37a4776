import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { AddressInfo } from "node:net";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { freshBuild } from "../support/built";
import { startEmulator, type Emulator } from "../support/emulator/emulator";
import { describeWith, ROOT } from "../support/toolchain";

const SETTINGS = {
  generated: { length: 48 },
  "client-key": { client: "ci-bot" },
  "tls-certificate": { name: "orders.acme-test.internal", days: 120 },
} as const;
type KindName = keyof typeof SETTINGS;
const KINDS = Object.keys(SETTINGS) as KindName[];

describeWith(["python"], "the bundled functions, in an emulated account", () => {
  let emulator: Emulator;
  let client: SecretsManagerClient;
  beforeAll(async () => {
    await freshBuild();
    emulator = await startEmulator("rotation");
    client = new SecretsManagerClient({
      region: "eu-west-1",
      endpoint: emulator.url,
      credentials: { accessKeyId: "AKIAEMULATOR00000000", secretAccessKey: "fake" },
    });
    const trust = {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    await rest("iam", "POST", "/", {
      form: {
        Action: "CreateRole",
        Version: "2010-05-08",
        RoleName: "rotation",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: trust }),
      },
    });
  }, 180_000);
  afterAll(() => emulator.stop());

  async function rest(
    service: string,
    method: string,
    path: string,
    body: { readonly form: Record<string, string> } | { readonly json: object },
  ): Promise<Response> {
    const authorization = `AWS4-HMAC-SHA256 Credential=AKIAEMULATOR00000000/20260101/eu-west-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
    const content = "form" in body ? new URLSearchParams(body.form) : JSON.stringify(body.json);
    return fetch(`${emulator.url}${path}`, { method, headers: { authorization }, body: content });
  }

  /** A secret without a value and its function, as the constructs make them. */
  async function deploy(kind: KindName, name: string): Promise<{ arn: string; functionArn: string }> {
    const { ARN: arn = "" } = await client.send(new CreateSecretCommand({ Name: name }));
    const zip = readFileSync(join(ROOT, "dist", "runtime", "rotation", `${kind}.zip`));
    const response = await rest("lambda", "POST", "/2015-03-31/functions", {
      json: {
        FunctionName: name,
        Role: "arn:aws:iam::123456789012:role/rotation",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zip.toString("base64") },
        Environment: {
          Variables: { SECRET_ARN: arn, MIN_AGE_SECONDS: "0", SETTINGS: JSON.stringify(SETTINGS[kind]) },
        },
        Timeout: 30,
      },
    });
    const { FunctionArn: functionArn } = (await response.json()) as { FunctionArn: string };
    return { arn, functionArn };
  }
  const invoke = async (name: string, event: object) => {
    const response = await rest("lambda", "POST", `/2015-03-31/functions/${name}/invocations`, {
      json: event,
    });
    return { failed: response.headers.has("x-amz-function-error"), text: await response.text() };
  };
  const value = async (SecretId: string, VersionStage = "AWSCURRENT") => {
    const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
    return JSON.parse(SecretString) as Record<string, string>;
  };
  const stages = async (SecretId: string) => {
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    return Object.values(VersionIdsToStages).flat().sort();
  };

  test.each(KINDS)(
    "%s is seeded twice with one value, set up without rotating, rotated three times, revoked",
    async (kind) => {
      const name = `whole-${kind}`;
      const { arn, functionArn } = await deploy(kind, name);
      const seed = { action: "seed", secretId: arn };
      expect(await invoke(name, seed)).toEqual({ failed: false, text: "{}" });
      const first = await value(arn);
      expect(await invoke(name, seed)).toEqual({ failed: false, text: "{}" });
      const rules = { RotationLambdaARN: functionArn, RotationRules: { AutomaticallyAfterDays: 30 } };
      await client.send(new RotateSecretCommand({ SecretId: arn, ...rules, RotateImmediately: false }));
      expect(await value(arn)).toEqual(first);

      for (let before = first, round = 0; round < 3; round++) {
        await client.send(new RotateSecretCommand({ SecretId: arn }));
        const after = await value(arn);
        expect(after).not.toEqual(before);
        expect(await value(arn, "AWSPREVIOUS")).toEqual(before);
        if (kind === "client-key")
          expect([after["key"], after["previous"]]).toEqual([before["next"], before["key"]]);
        expect(await stages(arn)).toEqual(["AWSCURRENT", "AWSPREVIOUS"]);
        before = after;
      }

      const leaked = Object.values(await value(arn)).filter((text) => text.length >= 16);
      expect(await invoke(name, { action: "revoke", secretId: arn })).toEqual({ failed: false, text: "{}" });
      for (const text of Object.values(await value(arn))) expect(leaked).not.toContain(text);
    },
    120_000,
  );

  test("a foreign value is refused without a word of it, and stays", async () => {
    const { arn } = await deploy("client-key", "foreign");
    const SecretString = `{"key":"canary-3f9c"`;
    await client.send(new PutSecretValueCommand({ SecretId: arn, SecretString }));
    const { failed, text } = await invoke("foreign", { action: "seed", secretId: arn });
    expect([failed, (JSON.parse(text) as { errorMessage: string }).errorMessage]).toEqual([
      true,
      expect.stringContaining("does not fit: it is not JSON"),
    ]);
    expect(text).not.toContain("canary");
    const kept = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    expect(kept.SecretString).toBe(SecretString);
  });

  test("the gateway's pair, as it lies in the secret, serves TLS", async () => {
    const { arn } = await deploy("tls-certificate", "served");
    await invoke("served", { action: "seed", secretId: arn });
    const { certificate = "", key = "" } = await value(arn);
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
