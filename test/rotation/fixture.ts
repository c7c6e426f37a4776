import { awsStore } from "../../lib/runtime/rotation/aws-store";
import { clientKey } from "../../lib/runtime/rotation/client-key";
import { generated } from "../../lib/runtime/rotation/generated";
import type { Kind } from "../../lib/runtime/rotation/kind";
import { rotation } from "../../lib/runtime/rotation/rotation";
import { tlsCertificate } from "../../lib/runtime/rotation/tls-certificate";
import { ARN, FakeSecretsManager } from "./fake-secrets-manager";

export const KINDS: Readonly<Record<string, () => Kind<object>>> = {
  generated: () => generated({ length: 48 }) as Kind<object>,
  "client-key": () => clientKey({ client: "ci-bot" }) as Kind<object>,
  "tls-certificate": () => tlsCertificate({ name: "orders.acme-test.internal", days: 120 }) as Kind<object>,
};

export const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;
export const MIN_AGE_SECONDS = 3600;
const DAY = 86_400_000;

/** A secret, its function, and everything that the function said. */
export class Bench {
  public readonly manager = new FakeSecretsManager();
  public readonly said: string[] = [];
  private readonly handler: (event: unknown) => Promise<unknown>;

  public constructor(kind: Kind<object>) {
    this.handler = rotation({
      secretArn: ARN,
      kind,
      store: awsStore(this.manager.client),
      minAgeSeconds: MIN_AGE_SECONDS,
      log: (line) => this.said.push(line),
      now: () => this.manager.now,
    });
  }

  /** Calls the function. An error's message, stack and cause are kept too: Lambda logs them all. */
  public async call(event: object): Promise<unknown> {
    try {
      return await this.handler(event);
    } catch (error) {
      const { message, stack, cause } = error as Error;
      this.said.push(message, String(stack), JSON.stringify(cause ?? null));
      throw error;
    }
  }

  public seed = (): Promise<unknown> => this.call({ action: "seed", secretId: ARN });
  public revoke = (): Promise<unknown> => this.call({ action: "revoke", secretId: ARN });
  public step = (Step: string, ClientRequestToken: string): Promise<unknown> =>
    this.call({ Step, SecretId: ARN, ClientRequestToken });

  /** A day later, a whole rotation. */
  public async rotate(): Promise<void> {
    this.manager.now += DAY;
    const token = this.manager.beginRotation();
    for (const step of STEPS) await this.step(step, token);
  }

  /** Nothing that was said holds a value or a token. */
  public expectSilence(): void {
    const secrets = this.manager.secrets();
    expect(secrets.length).toBeGreaterThan(0);
    for (const line of this.said) for (const secret of secrets) expect(line).not.toContain(secret);
  }
}
