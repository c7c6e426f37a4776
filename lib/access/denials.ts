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

/**
 * Services that the library's own roles need and a server's code must not touch, whatever the resource: the end of a
 * sentence about an action of each.
 */
export const OURS_ALONE: Readonly<Record<string, string>> = {
  ecr: "a server does not change the images that run",
  ecs: "a server does not change what runs",
  logs: "a server's role cannot touch logs at all, so that nothing it writes can pass for the record",
};

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
    "logs:PutDestination*",
    "logs:CreateExportTask",
    "firehose:DeleteDeliveryStream",
    "firehose:UpdateDestination",
    "firehose:StopDeliveryStreamEncryption",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:DisableAlarmActions",
    "cloudwatch:PutCompositeAlarm",
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:SetAlarmState",
    // Alarms that reach nobody.
    "sns:AddPermission",
    "sns:Delete*",
    "sns:SetTopicAttributes",
    "sns:Unsubscribe",
    "events:Delete*",
    "events:Disable*",
    "events:PutRule",
    "events:PutTargets",
    "events:Remove*",
  ],
  NoKeyTampering: [
    "kms:CreateGrant",
    "kms:Delete*",
    "kms:Disable*",
    "kms:PutKeyPolicy",
    "kms:ReplicateKey",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:ScheduleKeyDeletion",
    "kms:Update*",
  ],
  NoArchiveTampering: [
    "s3:BypassGovernanceRetention",
    "s3:DeleteBucket*",
    "s3:DeleteObjectVersion",
    "s3:PutAccessPoint*",
    "s3:PutAccountPublicAccessBlock",
    "s3:PutBucket*",
    // Encryption, lifecycle, replication, inventory: what ends or copies a bucket's contents.
    "s3:Put*Configuration",
    "s3:PutObjectAcl",
    "s3:PutObjectLegalHold",
    "s3:PutObjectRetention",
    "s3:PutObjectVersionAcl",
  ],
  NoSecretSharing: [
    "secretsmanager:CancelRotateSecret",
    "secretsmanager:Delete*",
    "secretsmanager:PutResourcePolicy",
    "secretsmanager:ReplicateSecretToRegions",
    // Names the function that rotates it.
    "secretsmanager:RotateSecret",
    // Its key. A new version is `PutSecretValue`.
    "secretsmanager:UpdateSecret",
    "sqs:AddPermission",
    "sqs:DeleteQueue",
    "sqs:SetQueueAttributes",
  ],
  NoNetworkChange: [
    "ec2:Accept*",
    "ec2:Associate*",
    "ec2:Attach*",
    "ec2:Authorize*",
    // A network interface is all that functions make.
    "ec2:CreateNat*",
    "ec2:CreateNetworkAcl*",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:CreateRoute*",
    "ec2:CreateVpc*",
    "ec2:DeleteFlowLogs",
    "ec2:DeleteVpc*",
    "ec2:Modify*",
    "ec2:Replace*",
    "ec2:Revoke*",
    "ec2:Run*",
  ],
  NoCodeChange: [
    "ecr:BatchDelete*",
    "ecr:Delete*",
    "ecr:Put*",
    "ecr:SetRepositoryPolicy",
    "ecs:Create*",
    "ecs:Delete*",
    "ecs:ExecuteCommand",
    "ecs:RegisterTaskDefinition",
    "ecs:Run*",
    "ecs:Start*",
    "ecs:UpdateCluster*",
    // Not `UpdateService`: what restarts tasks after a rotation needs it, on one service.
    "lambda:Add*",
    "lambda:Create*",
    "lambda:Delete*",
    "lambda:Put*",
    "lambda:Remove*",
    "lambda:Update*",
    "ssm:SendCommand",
    "ssm:Start*",
    "states:Create*",
    "states:Delete*",
    "states:Update*",
  ],
};

/** Every action that is denied, as `service:Action`, `*` standing for any text. */
export const DENIED_ACTIONS: readonly string[] = Object.values(DENIALS).flat();

/**
 * Statements that every role carries, as its boundary or beside an organisation's own boundary. Rights on identities
 * (`iam`, `sts`, `organizations` and all other services) need no denial: they are outside `GRANTABLE_SERVICES`; under
 * an organisation's boundary they are denied here by name.
 *
 * @param assumable roles that this one role may take on nevertheless: those of its users
 */
export function boundaryDenials(assumable: readonly string[] = []): Statement[] {
  const assuming = "sts:AssumeRole*";
  return [
    ...Object.entries(DENIALS).map(([sid, actions]) => deny(sid, { actions, on: everything })),
    deny("NoIdentityChange", {
      actions: [
        "account:*",
        "elasticloadbalancing:*",
        "iam:*",
        "organizations:*",
        "sso:*",
        ...(assumable.length === 0 ? [assuming] : []),
        "sts:GetFederationToken",
        "wafv2:*",
      ],
      on: everything,
    }),
    ...(assumable.length === 0
      ? []
      : [deny("NoOtherRole", { actions: [assuming], on: { allBut: assumable } })]),
  ];
}
