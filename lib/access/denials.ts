import { deny, type Statement } from "../terraform/allow";

/** Services that a role of the library may use at all, by its own policy. Others are outside the boundary. */
export const GRANTABLE_SERVICES = [
  "athena",
  "bedrock",
  "cloudwatch",
  "dynamodb",
  "ec2",
  "ecr",
  "ecs",
  "elasticache",
  "events",
  "execute-api",
  "firehose",
  "glue",
  "kinesis",
  "kms",
  "lambda",
  "logs",
  "rds-data",
  "rds-db",
  "s3",
  "secretsmanager",
  "ses",
  "sns",
  "sqs",
  "ssm",
  "states",
  "xray",
] as const;

const everything = { everythingBecause: "a denial is meant to be broad" };

/** What nobody of ours may do, whatever a policy says: by reason. */
const DENIALS: Readonly<Record<string, readonly string[]>> = {
  NoLogTampering: [
    "logs:Delete*",
    "logs:PutRetentionPolicy",
    "logs:PutLogGroupDeletionProtection",
    "logs:AssociateKmsKey",
    "logs:DisassociateKmsKey",
    "logs:PutSubscriptionFilter",
    "logs:PutMetricFilter",
    "logs:PutDataProtectionPolicy",
    "logs:PutTransformer",
    "logs:PutResourcePolicy",
    "logs:PutAccountPolicy",
    "logs:CreateExportTask",
    "firehose:DeleteDeliveryStream",
    "firehose:UpdateDestination",
    "firehose:StopDeliveryStreamEncryption",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DisableAlarmActions",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:SetAlarmState",
  ],
  NoKeyTampering: [
    "kms:CreateGrant",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:UpdateAlias",
  ],
  NoArchiveTampering: [
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket*",
    "s3:DeleteObjectVersion",
    "s3:PutBucket*",
    "s3:PutLifecycleConfiguration",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
  ],
  NoSecretSharing: [
    "secretsmanager:DeleteResourcePolicy",
    "secretsmanager:DeleteSecret",
    "secretsmanager:PutResourcePolicy",
  ],
  NoNetworkChange: [
    "ec2:AttachInternetGateway",
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CreateRoute",
    "ec2:CreateVpcPeeringConnection",
    "ec2:DeleteFlowLogs",
    "ec2:DeleteVpcEndpoints",
    "ec2:ModifySecurityGroupRules",
    "ec2:ModifyVpcEndpoint",
    "ec2:ReplaceRoute",
    "ec2:RunInstances",
  ],
  NoCodeChange: [
    "ecs:ExecuteCommand",
    "ecs:RegisterTaskDefinition",
    "ecs:RunTask",
    "lambda:AddPermission",
    "lambda:CreateFunction",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "ssm:SendCommand",
    "ssm:StartSession",
  ],
};

/** Every action that is denied, as `service:Action` or `service:Prefix*`. */
export const DENIED_ACTIONS: readonly string[] = Object.values(DENIALS).flat();

/**
 * Statements that every role carries, as its boundary or beside an organisation's own boundary. Rights on identities
 * (`iam`, `sts`, `organizations` and all other services) need no denial: they are outside `GRANTABLE_SERVICES`; under
 * an organisation's boundary they are denied here by name.
 */
export function boundaryDenials(): Statement[] {
  return [
    ...Object.entries(DENIALS).map(([sid, actions]) => deny(sid, { actions, on: everything })),
    deny("NoIdentityChange", {
      actions: [
        "account:*",
        "iam:*",
        "organizations:*",
        "sso:*",
        "sts:AssumeRole",
        "wafv2:*",
        "elasticloadbalancing:*",
      ],
      on: everything,
    }),
  ];
}
