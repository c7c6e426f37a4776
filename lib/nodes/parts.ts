import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { ALARM_NODES, AUDIT_NODES, NETWORK_NODES, WAF_NODES } from "./platform";
import { each, made, perhaps, type NodesOf } from "./table";

/** Of a firewall on its own. */
export const WEB_ACL_NODES = { ...WAF_NODES, key: perhaps(KmsKey, "key/resource") } as const;

/** Of an archive on its own. */
export const AUDIT_ARCHIVE_NODES = { ...AUDIT_NODES, key: perhaps(KmsKey, "key/resource") } as const;

/** Of a network on its own. */
export const NETWORK_PART_NODES = { ...NETWORK_NODES, key: perhaps(KmsKey, "key/resource") } as const;

/** Of alarms on their own. */
export const ALARM_SET_NODES = ALARM_NODES;

/** Of a secret on its own. */
export const ROTATED_SECRET_NODES = {
  secret: made(SecretsmanagerSecret, "secret/resource"),
  rotation: made(LambdaFunction, "secret-rotation/resource"),
  rotationSecurityGroup: perhaps(SecurityGroup, "rotation/group"),
  deadLetters: made(SqsQueue, "rotation/dead-letters/resource"),
  key: perhaps(KmsKey, "key/resource"),
  logsKey: perhaps(KmsKey, "logs-key/resource"),
} as const;

/** Of a gateway on its own. */
export const GATEWAY_PART_NODES = {
  auditLogGroup: made(CloudwatchLogGroup, "logs/audit/resource"),
  /** By the names of clients that have an API key. */
  clientKeys: each(SecretsmanagerSecret, "secrets/client-*/resource"),
  clientKeyRotations: each(LambdaFunction, "secrets/client-*-rotation/resource"),
  gatewayKeyPair: made(SecretsmanagerSecret, "secrets/tls/resource"),
  gatewayKeyPairRotation: made(LambdaFunction, "secrets/tls-rotation/resource"),
  rotationSecurityGroup: perhaps(SecurityGroup, "secrets/rotation/group"),
  deadLetters: perhaps(SqsQueue, "secrets/rotation/dead-letters/resource"),
  key: perhaps(KmsKey, "key/resource"),
  logsKey: perhaps(KmsKey, "logs-key/resource"),
} as const;

/** See `NETWORK_PART_NODES`. */
export type NetworkPartNodes = NodesOf<typeof NETWORK_PART_NODES>;
/** See `WEB_ACL_NODES`. */
export type WebAclNodes = NodesOf<typeof WEB_ACL_NODES>;
/** See `AUDIT_ARCHIVE_NODES`. */
export type AuditArchiveNodes = NodesOf<typeof AUDIT_ARCHIVE_NODES>;
/** See `ALARM_SET_NODES`. */
export type AlarmSetNodes = NodesOf<typeof ALARM_SET_NODES>;
/** See `ROTATED_SECRET_NODES`. */
export type RotatedSecretNodes = NodesOf<typeof ROTATED_SECRET_NODES>;
/** See `GATEWAY_PART_NODES`. */
export type GatewayPartNodes = NodesOf<typeof GATEWAY_PART_NODES>;
