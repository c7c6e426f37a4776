import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { SecretsmanagerSecret } from "@cdktf/provider-aws/lib/secretsmanager-secret";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { each, made, perhaps, type NodesOf } from "./table";

/** What one service is made of. */
const serviceNodes = (at: "" | "write/", route: "" | "write-") => ({
  service: made(EcsService, `${at}service/resource`),
  taskDefinition: made(EcsTaskDefinition, `${at}service/definition`),
  targetGroup: made(LbTargetGroup, `route/${route}targets`),
  listenerRule: made(LbListenerRule, `route/${route}rule`),
  securityGroup: made(SecurityGroup, `${at}service/group`),
  taskRole: made(IamRole, `${at}service/task/resource`),
  /** The server's own rights; nothing where it has none. */
  taskRights: perhaps(IamRolePolicy, `${at}service/task/rights`),
  executionRole: made(IamRole, `${at}service/execution/resource`),
  executionRights: made(IamRolePolicy, `${at}service/execution/rights`),
  scaling: perhaps(AppautoscalingTarget, `${at}service/scaling`),
  scalingByCpu: perhaps(AppautoscalingPolicy, `${at}service/scaling-by-cpu`),
  auditLogGroup: made(CloudwatchLogGroup, `${at}logs/audit/resource`),
  serverLogGroup: made(CloudwatchLogGroup, `${at}logs/server/resource`),
  /** By the ids of the catalogue. */
  alarms: each(CloudwatchMetricAlarm, `${at}alarms/*/resource`),
  /** Endpoints of `privateLink` targets, by the names of `downstream`. */
  downstreamEndpoints: each(VpcEndpoint, `${at}downstream/*/resource`),
  egressService: perhaps(EcsService, `${at}egress/resource`),
  egressTaskDefinition: perhaps(EcsTaskDefinition, `${at}egress/definition`),
  egressLogGroup: perhaps(CloudwatchLogGroup, `${at}egress/logs/resource`),
});

/** Of a server; of a split one these are what reads. */
export const SERVER_NODES = {
  ...serviceNodes("", ""),
  secrets: {
    nodes: {
      /** By the names of clients that have an API key. */
      clientKeys: each(SecretsmanagerSecret, "secrets/client-*/resource"),
      clientKeyRotations: each(LambdaFunction, "secrets/client-*-rotation/resource"),
      /** By the names of `secrets`. */
      own: each(SecretsmanagerSecret, "secrets/own-*/resource"),
      ownRotations: each(LambdaFunction, "secrets/own-*-rotation/resource"),
      gatewayKeyPair: made(SecretsmanagerSecret, "secrets/tls/resource"),
      gatewayKeyPairRotation: made(LambdaFunction, "secrets/tls-rotation/resource"),
      rotationSecurityGroup: perhaps(SecurityGroup, "secrets/rotation/group"),
      deadLetters: perhaps(SqsQueue, "secrets/rotation/dead-letters/resource"),
    },
  },
  mirroredKeys: {
    nodes: {
      bucket: perhaps(S3Bucket, "keys/bucket/bucket/resource"),
      function: perhaps(LambdaFunction, "keys/function/resource"),
    },
  },
  limits: { nodes: { store: perhaps(ElasticacheReplicationGroup, "limits/store/resource") } },
} as const;

/** Of the tools of a split server that write. */
export const WRITE_NODES = serviceNodes("write/", "write-");

/** Resources of a server. What is not asked for is `undefined`, or missing from its record. */
export type ServerNodes = NodesOf<typeof SERVER_NODES> & {
  /** What writes, of a split server. */
  readonly write: NodesOf<typeof WRITE_NODES> | undefined;
};
