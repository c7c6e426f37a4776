import type { ClusterConfig, KeysConfig } from "./config";
import type { Check, Fields } from "./validation";
import { isExisting } from "./validation/existing";

/** The cluster, given or to be made. */
export type ClusterModel = ClusterConfig;
/** Keys that are given; nothing: new ones. */
export type KeysModel = Partial<Record<"secrets" | "audit" | "alarms", string>>;

const CLUSTER_ARN = {
  pattern: /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/[A-Za-z0-9_-]{1,255}$/,
  form: "the ARN of a cluster, as arn:aws:ecs:eu-west-1:123456789012:cluster/shared",
};
/** Of a key, not of an alias: policies and roles name the key itself. */
export const KEY_ARN = {
  pattern: /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-)?[0-9a-f-]{32,36}$/,
  form: "the ARN of a key (not of an alias), as arn:aws:kms:eu-west-1:123456789012:key/…",
};

const EXISTING_KEYS = {
  kind: true,
  secretsKeyArn: true,
  auditKeyArn: true,
  alarmsKeyArn: true,
} satisfies Fields<Extract<KeysConfig, { kind: "existing" }>>;

/** Resolves where tasks run. */
export function resolveCluster(config: ClusterConfig | undefined, check: Check): ClusterModel {
  const made: ClusterModel = { kind: "new" };
  if (config === undefined || !isExisting(config, check)) return made;
  type Existing = Extract<ClusterConfig, { kind: "existing" }>;
  if (!check.object(config, { kind: true, arn: true } satisfies Fields<Existing>)) return made;
  check.at("arn").text(config.arn, CLUSTER_ARN);
  return config;
}

/** Resolves whose keys are used. */
export function resolveKeys(
  config: KeysConfig | undefined,
  check: Check,
  facts: { readonly topic: "new" | "existing" },
): KeysModel {
  if (config === undefined || !isExisting(config, check)) return {};
  if (!check.object(config, EXISTING_KEYS)) return {};
  const { secretsKeyArn, auditKeyArn, alarmsKeyArn } = config;
  check.at("secretsKeyArn").text(secretsKeyArn, KEY_ARN);
  check.at("auditKeyArn").text(auditKeyArn, KEY_ARN);
  const at = check.at("alarmsKeyArn");
  if (facts.topic === "new") at.text(alarmsKeyArn as string, KEY_ARN);
  else if (alarmsKeyArn !== undefined)
    at.problem("conflict", "is a key for a topic that is given", "leave it out: the topic has its own");
  return {
    secrets: secretsKeyArn,
    audit: auditKeyArn,
    ...(alarmsKeyArn !== undefined && { alarms: alarmsKeyArn }),
  };
}
