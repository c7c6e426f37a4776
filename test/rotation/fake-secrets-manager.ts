import { createHash } from "node:crypto";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

/** One version, with the stages it has. */
interface FakeVersion {
  text: string | undefined;
  readonly stages: Set<string>;
  readonly createdAt: Date;
}

interface Input {
  readonly SecretId: string;
  readonly VersionStage: string;
  readonly VersionId?: string;
  readonly ClientRequestToken: string;
  readonly SecretString: string;
  readonly VersionStages: readonly string[];
  readonly MoveToVersionId?: string;
  readonly RemoveFromVersionId?: string;
}

/** A call that ends in an error, before or after it has had its effect. */
export interface Crash {
  readonly call: number;
  readonly when: "before" | "after";
}

/** An error as the AWS SDK throws it. Its message quotes what was sent, as validation errors of AWS may. */
export class FakeError extends Error {
  public constructor(
    public override readonly name: string,
    input: unknown,
  ) {
    super(`refused ${JSON.stringify(input)}`);
  }
}

export const ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme-test/orders/x-AbCdEf";

/** One secret in Secrets Manager, with its rules about stages and tokens. */
export class FakeSecretsManager {
  public rotationEnabled = true;
  public now = Date.parse("2026-01-01T00:00:00Z");
  public calls: string[] = [];
  public crash: Crash | undefined;
  public readonly tokens: string[] = [];
  /** Values of other secrets, by ARN, which can only be read. */
  public readonly others = new Map<string, string>();
  /** Deletion was asked for: nothing can be read or written, and the versions stay. */
  public deleted = false;
  private readonly versions = new Map<string, FakeVersion>();
  private readonly createdAt = new Date(this.now);

  /** The client as the library sees it. */
  public get client(): Pick<SecretsManagerClient, "send"> {
    return { send: (command: unknown) => this.send(command as { input: Input }) } as never;
  }

  /** Begins a rotation as RotateSecret does: an empty version is pending. */
  public beginRotation(): string {
    for (const { stages } of this.versions.values()) {
      if (stages.has("AWSPENDING") && !stages.has("AWSCURRENT"))
        throw new FakeError("InvalidRequestException", "a previous rotation is not complete");
    }
    const token = this.token();
    this.holder("AWSPENDING")?.stages.delete("AWSPENDING");
    this.versions.set(token, {
      text: undefined,
      stages: new Set(["AWSPENDING"]),
      createdAt: new Date(this.now),
    });
    return token;
  }

  /** Puts a value there by hand. */
  public plant(text: string): void {
    this.put({
      ...empty,
      ClientRequestToken: this.token(),
      SecretString: text,
      VersionStages: ["AWSCURRENT"],
    });
  }

  public value(stage: string): Record<string, string> | undefined {
    const text = this.text(stage);
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, string>);
  }

  public text(stage: string): string | undefined {
    return this.holder(stage)?.text;
  }

  /** Every text that ever stood in a value, and every token. */
  public secrets(): string[] {
    const texts = [...this.versions.values()].flatMap(({ text }) =>
      text === undefined ? [] : fieldsOf(text),
    );
    return [...texts, ...this.tokens, ...this.versions.keys()];
  }

  private async send(command: { input: Input }): Promise<unknown> {
    const operation = command.constructor.name.replace(/Command$/, "");
    const number = this.calls.push(operation) - 1;
    const crashes = this.crash?.call === number ? this.crash.when : undefined;
    // Elsewhere a moment passes at every call, in which others may come first.
    await Promise.resolve();
    if (crashes === "before") throw new FakeError("TimeoutError", command.input);
    const result = this.perform(operation, command.input);
    if (crashes === "after") throw new FakeError("TimeoutError", command.input);
    return result;
  }

  private perform(operation: string, input: Input): unknown {
    const other = this.others.get(input.SecretId);
    if (operation === "GetSecretValue" && other !== undefined)
      return { VersionId: "1", SecretString: other, CreatedDate: this.createdAt };
    if (input.SecretId !== ARN) throw new FakeError("ResourceNotFoundException", input);
    if (this.deleted && operation !== "DescribeSecret") throw new FakeError("InvalidRequestException", input);
    switch (operation) {
      case "DescribeSecret":
        return {
          ARN,
          CreatedDate: this.createdAt,
          RotationEnabled: this.rotationEnabled,
          VersionIdsToStages: Object.fromEntries(
            [...this.versions].filter(([, v]) => v.stages.size > 0).map(([id, v]) => [id, [...v.stages]]),
          ),
        };
      case "GetSecretValue":
        return this.get(input);
      case "PutSecretValue":
        return this.put(input);
      case "UpdateSecretVersionStage":
        return this.move(input);
      default:
        throw new Error(`no such operation here: ${operation}`);
    }
  }

  private get(input: Input): unknown {
    const found = [...this.versions].find(([, { stages }]) => stages.has(input.VersionStage));
    const [id, version] = found ?? [];
    if (version?.text === undefined || (input.VersionId !== undefined && input.VersionId !== id))
      throw new FakeError("ResourceNotFoundException", input);
    return { VersionId: id, SecretString: version.text, CreatedDate: version.createdAt };
  }

  private put(input: Input): unknown {
    const { ClientRequestToken: token, SecretString: text, VersionStages: stages } = input;
    if (token.length < 32 || token.length > 64) throw new FakeError("ValidationException", input);
    const known = this.versions.get(token);
    if (known?.text !== undefined) {
      if (known.text !== text) throw new FakeError("ResourceExistsException", input);
      return {};
    }
    const version = known ?? { text, stages: new Set<string>(), createdAt: new Date(this.now) };
    version.text = text;
    this.versions.set(token, version);
    for (const stage of stages) this.give(stage, token);
    return {};
  }

  private move(input: Input): unknown {
    const { VersionStage: stage, MoveToVersionId: to, RemoveFromVersionId: from } = input;
    const holder = [...this.versions].find(([, { stages }]) => stages.has(stage))?.[0];
    const isAllowed =
      (to === undefined || this.versions.get(to)?.text !== undefined) &&
      (from === undefined ? holder === undefined || holder === to : holder === from) &&
      !(stage === "AWSCURRENT" && to === undefined);
    if (!isAllowed) throw new FakeError("InvalidParameterException", input);
    if (to !== undefined) this.give(stage, to);
    else this.versions.get(from ?? "")?.stages.delete(stage);
    return {};
  }

  private give(stage: string, id: string): void {
    const before = this.holder(stage);
    const next = this.versions.get(id);
    if (before === next) return;
    before?.stages.delete(stage);
    next?.stages.add(stage);
    if (stage !== "AWSCURRENT") return;
    this.holder("AWSPREVIOUS")?.stages.delete("AWSPREVIOUS");
    before?.stages.add("AWSPREVIOUS");
  }

  private holder(stage: string): FakeVersion | undefined {
    return [...this.versions.values()].find(({ stages }) => stages.has(stage));
  }

  private token(): string {
    const token = createHash("sha256").update(`${this.tokens.length}`).digest("hex").slice(0, 36);
    this.tokens.push(token);
    return token;
  }
}

const empty = { SecretId: ARN, VersionStage: "" };

function fieldsOf(text: string): string[] {
  try {
    const fields = Object.values(JSON.parse(text) as Record<string, unknown>);
    // Short ones, and the client's name, are no secrets.
    return fields.filter((field): field is string => typeof field === "string" && field.length >= 16);
  } catch {
    return [text];
  }
}
