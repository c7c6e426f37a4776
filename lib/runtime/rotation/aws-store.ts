import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import type { SecretStore } from "./store";

/**
 * Secrets Manager itself. Its client comes with Lambda's runtime and finds region, rights and endpoint by itself.
 * @param client another client, in tests
 */
export function awsStore(
  client: Pick<SecretsManagerClient, "send"> = new SecretsManagerClient({}),
): SecretStore {
  return {
    describe: (SecretId) =>
      quiet("DescribeSecret", async () => {
        const found = await client.send(new DescribeSecretCommand({ SecretId }));
        return {
          arn: found.ARN ?? SecretId,
          createdAt: found.CreatedDate,
          rotationEnabled: found.RotationEnabled ?? false,
          stages: found.VersionIdsToStages ?? {},
        };
      }),
    read: (SecretId, VersionStage, VersionId) =>
      quiet("GetSecretValue", async () => {
        try {
          const found = await client.send(new GetSecretValueCommand({ SecretId, VersionStage, VersionId }));
          const { VersionId: id = "", SecretString: text, CreatedDate: createdAt = new Date(0) } = found;
          return text === undefined ? undefined : { id, text, createdAt };
        } catch (error) {
          if (nameOf(error) === "ResourceNotFoundException") return undefined;
          throw error;
        }
      }),
    put: (SecretId, ClientRequestToken, SecretString, stage) =>
      quiet("PutSecretValue", async () => {
        const version = { SecretId, ClientRequestToken, SecretString, VersionStages: [stage] };
        try {
          await client.send(new PutSecretValueCommand(version));
        } catch (error) {
          if (nameOf(error) !== "ResourceExistsException") throw error;
        }
      }),
    move: (SecretId, VersionStage, { to, from }) =>
      quiet("UpdateSecretVersionStage", async () => {
        const change = { SecretId, VersionStage, MoveToVersionId: to, RemoveFromVersionId: from };
        await client.send(new UpdateSecretVersionStageCommand(change));
      }),
  };
}

/** Errors by operation and name. Only a lack of rights is explained: other messages may quote what was sent. */
async function quiet<Result>(operation: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    const name = nameOf(error);
    const why = name === "AccessDeniedException" && error instanceof Error ? `: ${error.message}` : "";
    throw new Error(`${operation} failed with ${name}${why}`);
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "an unknown error";
}
