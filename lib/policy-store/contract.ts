/**
 * Roles of every deployment of ours carry this tag: tasks, rotation functions, syncing services. Whoever deploys does not,
 * and writes. What anybody else wrote would be another version, which no task definition names.
 */
export const OUR_ROLES_TAG = "aws:PrincipalTag/hardened-mcp:name";

/** Calls that put another value in place, take one away, or change who may. */
export const STORE_WRITES: readonly string[] = [
  "secretsmanager:DeleteSecret",
  "secretsmanager:PutResourcePolicy",
  "secretsmanager:PutSecretValue",
  "secretsmanager:ReplicateSecretToRegions",
  "secretsmanager:UpdateSecret",
  "secretsmanager:UpdateSecretVersionStage",
];
