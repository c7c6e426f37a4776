import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { clientOf, signedFor, type Emulator } from "../support/emulator/emulator";
import { ROOT } from "../support/toolchain";

/** What each kind is told in these tests. */
export const SETTINGS = {
  generated: { length: 48 },
  "client-key": { client: "ci-bot" },
  "tls-certificate": { name: "orders.acme-test.internal", days: 120 },
} as const;

export type KindName = keyof typeof SETTINGS;
export const KIND_NAMES = Object.keys(SETTINGS) as KindName[];

/** A secret and the function that rotates it. */
export interface Deployed {
  readonly arn: string;
  readonly functionArn: string;
}

/** Secrets and functions in an emulated account. Lambda and IAM are spoken to without an SDK of theirs. */
export class EmulatedAccount {
  public readonly client: SecretsManagerClient;

  public constructor(private readonly emulator: Emulator) {
    this.client = new SecretsManagerClient(clientOf(emulator));
  }

  /** The role that every function here has. */
  public async createRole(): Promise<void> {
    const trust = {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    await this.rest("iam", "POST", "/", {
      form: {
        Action: "CreateRole",
        Version: "2010-05-08",
        RoleName: "rotation",
        AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: trust }),
      },
    });
  }

  /** A secret without a value and its function, as the constructs make them. `zip` stands in for the built code. */
  public async deploy(
    kind: KindName | "postgres" | "mysql",
    name: string,
    zip = built(kind),
    settings: object = SETTINGS[kind as KindName],
    minAgeSeconds = 0,
  ): Promise<Deployed> {
    const { ARN: arn = "" } = await this.client.send(new CreateSecretCommand({ Name: name }));
    const response = await this.rest("lambda", "POST", "/2015-03-31/functions", {
      json: {
        FunctionName: name,
        Role: "arn:aws:iam::123456789012:role/rotation",
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: { ZipFile: zip.toString("base64") },
        Environment: {
          Variables: {
            SECRET_ARN: arn,
            MIN_AGE_SECONDS: String(minAgeSeconds),
            SETTINGS: JSON.stringify(settings),
          },
        },
        Timeout: 30,
      },
    });
    const { FunctionArn: functionArn } = (await response.json()) as { FunctionArn: string };
    return { arn, functionArn };
  }

  public async invoke(name: string, event: object): Promise<{ failed: boolean; text: string }> {
    const path = `/2015-03-31/functions/${name}/invocations`;
    const response = await this.rest("lambda", "POST", path, { json: event });
    return { failed: response.headers.has("x-amz-function-error"), text: await response.text() };
  }

  public async text(SecretId: string, VersionStage = "AWSCURRENT"): Promise<string> {
    const { SecretString = "" } = await this.client.send(
      new GetSecretValueCommand({ SecretId, VersionStage }),
    );
    return SecretString;
  }

  public async value(secretId: string, stage?: string): Promise<Record<string, string>> {
    return JSON.parse(await this.text(secretId, stage)) as Record<string, string>;
  }

  public async stages(SecretId: string): Promise<string[]> {
    const { VersionIdsToStages = {} } = await this.client.send(new DescribeSecretCommand({ SecretId }));
    return Object.values(VersionIdsToStages).flat().sort();
  }

  private async rest(
    service: string,
    method: string,
    path: string,
    body: { readonly form: Record<string, string> } | { readonly json: object },
  ): Promise<Response> {
    const authorization = signedFor(service);
    const content = "form" in body ? new URLSearchParams(body.form) : JSON.stringify(body.json);
    return fetch(`${this.emulator.url}${path}`, { method, headers: { authorization }, body: content });
  }
}

function built(kind: string): Buffer {
  return readFileSync(join(ROOT, "dist", "runtime", "rotation", `${kind}.zip`));
}
