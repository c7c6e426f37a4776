import { sha256 } from "./kind";

/** Stages that Secrets Manager gives to versions of a secret. */
export type Stage = "AWSCURRENT" | "AWSPENDING" | "AWSPREVIOUS";

/** A secret without its values. */
export interface Described {
  readonly arn: string;
  readonly createdAt: Date | undefined;
  readonly rotationEnabled: boolean;
  /** Stages by version. Versions without a stage are not in it. */
  readonly stages: Readonly<Record<string, readonly string[]>>;
}

/** One version of a secret, with its value. */
export interface Version {
  readonly id: string;
  readonly text: string;
  readonly createdAt: Date;
}

/** The four calls to Secrets Manager that rotation needs. No error of theirs quotes a value or a token. */
export interface SecretStore {
  describe(secretId: string): Promise<Described>;
  /** Undefined when there is no such version, or none with a value. */
  read(secretId: string, stage: Stage, versionId?: string): Promise<Version | undefined>;
  /**
   * Writes a version under a token of ours. Does nothing when the token has a value already: who was first has won,
   * and every caller reads what is there.
   */
  put(secretId: string, token: string, text: string, stage: Stage): Promise<void>;
  /** Gives a stage to one version and takes it from another; at least one is named. */
  move(
    secretId: string,
    stage: Stage,
    between: { readonly to?: string; readonly from?: string },
  ): Promise<void>;
}

/** A token that is the same for the same purpose. Secrets Manager takes 32 to 64 characters. */
export function tokenOf(...purpose: readonly string[]): string {
  return sha256(purpose.join("\n"));
}

/** The version that has a stage. */
export function versionAt(stages: Described["stages"], stage: Stage): string | undefined {
  return Object.keys(stages).find((version) => stages[version]?.includes(stage));
}
