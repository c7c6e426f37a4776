import { ACCOUNT, REGION } from "../support/deployed-policies";

const HERE = `${REGION}:${ACCOUNT}`;
const log = (name: string) => `arn:aws:logs:${HERE}:log-group:${name}:log-stream:1`;
/** ARN of a deployed resource. */
export const secret = (name: string) => `arn:aws:secretsmanager:${HERE}:secret:acme-prod/${name}-AbCdEf`;
const image = (name: string) => `arn:aws:ecr:${HERE}:repository/${name}`;
const service = (name: string) => `arn:aws:ecs:${HERE}:service/acme-prod-mcp/${name}`;
const lambda = (name: string) => `arn:aws:lambda:${HERE}:function:acme-prod-${name}`;
/** ARN of a deployed resource. */
export const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/mcp/acme-prod-${name}`;
/** ARN of a deployed resource. */
export const queue = (name: string) => `arn:aws:sqs:${HERE}:acme-prod-${name}-undelivered`;
const cluster = `arn:aws:ecs:${HERE}:cluster/acme-prod-mcp`;
const stream = `arn:aws:firehose:${HERE}:deliverystream/acme-prod-audit`;
/** ARN of a deployed resource. */
export const archive = "arn:aws:s3:::acme-prod-audit-0001";
const interfaces = `arn:aws:ec2:${HERE}:network-interface/eni-1`;
const logsKey = `arn:aws:kms:${HERE}:key/audit-key`;
const secretsKey = `arn:aws:kms:${HERE}:key/secrets-key`;
const by = (name: string) => ({ "kms:ViaService": `${name}.${REGION}.amazonaws.com` });

/** Another tenant's resource of the same name. */
const elsewhere = (arn: string) => arn.replace(ACCOUNT, "999999999999");

/** `forbidden` by a statement that denies, `denied` because nothing allows it. */
export type Outcome = "allowed" | "denied" | "forbidden";

/** A call and what must come of it. */
export type Row = readonly [
  action: string,
  resource: string,
  outcome: Outcome,
  context?: Record<string, string>,
];

const rotates = {
  ...by("secretsmanager"),
  "kms:EncryptionContext:SecretARN": secret("orders/client-ci-bot"),
};
const undelivered: Row[] = [
  ["sqs:SendMessage", queue("orders"), "allowed"],
  ["sqs:SendMessage", queue("docs"), "denied"],
  ["sqs:ReceiveMessage", queue("orders"), "denied"],
  ["kms:GenerateDataKey", secretsKey, "allowed", by("sqs")],
  ["kms:GenerateDataKey", logsKey, "denied", by("sqs")],
  ["kms:Encrypt", secretsKey, "denied", by("sqs")],
  ["kms:GenerateDataKey", secretsKey, "denied"],
];

/** What each role may do to its own, and may not do to its neighbours', other accounts' and with other actions. */
export const OWN: Readonly<Record<string, readonly Row[]>> = {
  "acme-prod-orders-task": [
    ["s3:GetObject", "arn:aws:s3:::acme-receipts/orders/1.pdf", "allowed"],
    ["s3:GetObject", "arn:aws:s3:::acme-receipts/payroll/1.pdf", "denied"],
    ["s3:PutObject", "arn:aws:s3:::acme-receipts/orders/1.pdf", "denied"],
    ["secretsmanager:GetSecretValue", secret("orders/tls"), "denied"],
    ["logs:PutLogEvents", log("/hardened-mcp/acme-prod-orders-audit"), "denied"],
    ["kms:Decrypt", secretsKey, "denied", by("secretsmanager")],
  ],
  "acme-prod-docs-task": [
    ["s3:GetObject", "arn:aws:s3:::acme-receipts/orders/1.pdf", "denied"],
    ["secretsmanager:GetSecretValue", secret("docs/tls"), "denied"],
  ],
  "acme-prod-orders-execution": [
    ["ecr:GetAuthorizationToken", "*", "allowed"],
    ["ecr:DescribeRegistry", "*", "denied"],
    ["ecr:BatchGetImage", image("orders"), "allowed"],
    ["ecr:BatchGetImage", image("envoy"), "allowed"],
    ["ecr:BatchGetImage", image("docs"), "denied"],
    ["ecr:BatchGetImage", elsewhere(image("orders")), "denied"],
    ["ecr:PutImage", image("orders"), "forbidden"],
    ["ecr:DescribeImages", image("orders"), "denied"],
    ["logs:PutLogEvents", log("/hardened-mcp/acme-prod-orders-audit"), "allowed"],
    ["logs:CreateLogStream", log("/hardened-mcp/acme-prod-orders-server"), "allowed"],
    ["logs:PutLogEvents", log("/hardened-mcp/acme-prod-docs-audit"), "denied"],
    ["logs:PutLogEvents", log("aws-waf-logs-acme-prod-web-acl"), "denied"],
    ["logs:GetLogEvents", log("/hardened-mcp/acme-prod-orders-audit"), "denied"],
    ["secretsmanager:GetSecretValue", secret("orders/client-ci-bot"), "allowed"],
    ["secretsmanager:GetSecretValue", secret("docs/tls"), "denied"],
    ["secretsmanager:GetSecretValue", elsewhere(secret("orders/tls")), "denied"],
    ["secretsmanager:PutSecretValue", secret("orders/client-ci-bot"), "denied"],
    ["kms:Decrypt", secretsKey, "allowed", rotates],
    ["kms:Decrypt", secretsKey, "denied"],
    ["kms:Decrypt", secretsKey, "denied", by("secretsmanager")],
    ["kms:Decrypt", secretsKey, "denied", { ...rotates, ...by("s3") }],
    [
      "kms:Decrypt",
      secretsKey,
      "denied",
      { ...rotates, "kms:EncryptionContext:SecretARN": secret("docs/tls") },
    ],
    ["kms:Decrypt", logsKey, "denied", rotates],
    ["kms:Encrypt", secretsKey, "denied", rotates],
  ],
  "acme-prod-audit-delivery": [
    ["s3:PutObject", `${archive}/2026/11/25/x.gz`, "allowed"],
    ["s3:PutObject", "arn:aws:s3:::acme-receipts/x", "denied"],
    ["s3:GetObject", `${archive}/2026/11/25/x.gz`, "denied"],
    ["s3:ListBucket", archive, "allowed"],
    ["s3:ListBucket", "arn:aws:s3:::acme-receipts", "denied"],
    ["s3:GetBucketPolicy", archive, "denied"],
    ["kms:GenerateDataKey", logsKey, "allowed", { ...by("s3"), "kms:EncryptionContext:aws:s3:arn": archive }],
    [
      "kms:GenerateDataKey",
      secretsKey,
      "denied",
      { ...by("s3"), "kms:EncryptionContext:aws:s3:arn": archive },
    ],
    ["kms:Encrypt", logsKey, "denied", { ...by("s3"), "kms:EncryptionContext:aws:s3:arn": archive }],
    ["kms:GenerateDataKey", logsKey, "denied", by("s3")],
    ["kms:GenerateDataKey", logsKey, "denied", { "kms:EncryptionContext:aws:s3:arn": archive }],
    [
      "logs:PutLogEvents",
      `arn:aws:logs:${HERE}:log-group:/aws/kinesisfirehose/acme-prod-audit:log-stream:delivery`,
      "allowed",
    ],
    ["logs:PutLogEvents", log("/hardened-mcp/acme-prod-orders-audit"), "denied"],
    [
      "logs:GetLogEvents",
      `arn:aws:logs:${HERE}:log-group:/aws/kinesisfirehose/acme-prod-audit:log-stream:delivery`,
      "denied",
    ],
  ],
  "acme-prod-audit-subscription": [
    ["firehose:PutRecordBatch", stream, "allowed"],
    ["firehose:PutRecordBatch", `arn:aws:firehose:${HERE}:deliverystream/other`, "denied"],
    ["firehose:PutRecordBatch", elsewhere(stream), "denied"],
    ["firehose:DescribeDeliveryStream", stream, "denied"],
  ],
  "acme-prod-network-flow": [
    ["logs:PutLogEvents", log("acme-prod-network-flow"), "allowed"],
    ["logs:PutLogEvents", log("/hardened-mcp/acme-prod-orders-audit"), "denied"],
    ["logs:GetLogEvents", log("acme-prod-network-flow"), "denied"],
    ["logs:DescribeLogGroups", `arn:aws:logs:${HERE}:log-group:x`, "allowed"],
    ["logs:DescribeLogGroups", elsewhere(`arn:aws:logs:${HERE}:log-group:x`), "denied"],
    ["logs:GetLogEvents", `arn:aws:logs:${HERE}:log-group:x`, "denied"],
  ],
  "acme-prod-orders_client-ci-bot_rotation": [
    ["secretsmanager:PutSecretValue", secret("orders/client-ci-bot"), "allowed"],
    ["secretsmanager:PutSecretValue", secret("orders/tls"), "denied"],
    ["secretsmanager:GetSecretValue", secret("docs/client-assistant"), "denied"],
    ["secretsmanager:UpdateSecret", secret("orders/client-ci-bot"), "forbidden"],
    ["secretsmanager:TagResource", secret("orders/client-ci-bot"), "denied"],
    ["kms:Decrypt", secretsKey, "allowed", rotates],
    ["kms:Encrypt", secretsKey, "denied", rotates],
    ["kms:Decrypt", logsKey, "denied", rotates],
    ["kms:Decrypt", secretsKey, "denied", by("secretsmanager")],
    [
      "kms:Decrypt",
      secretsKey,
      "denied",
      { ...rotates, "kms:EncryptionContext:SecretARN": secret("orders/tls") },
    ],
    ["kms:Decrypt", secretsKey, "denied", { ...rotates, ...by("ssm") }],
    [
      "kms:Decrypt",
      secretsKey,
      "allowed",
      { "kms:EncryptionContext:aws:lambda:FunctionArn": lambda("orders_client-ci-bot_rotation") },
    ],
    [
      "kms:Encrypt",
      secretsKey,
      "denied",
      { "kms:EncryptionContext:aws:lambda:FunctionArn": lambda("orders_client-ci-bot_rotation") },
    ],
    [
      "kms:Decrypt",
      logsKey,
      "denied",
      { "kms:EncryptionContext:aws:lambda:FunctionArn": lambda("orders_client-ci-bot_rotation") },
    ],
    [
      "kms:Decrypt",
      secretsKey,
      "denied",
      { "kms:EncryptionContext:aws:lambda:FunctionArn": lambda("orders_tls_rotation") },
    ],
    ["logs:PutLogEvents", log("/aws/lambda/acme-prod-orders_client-ci-bot_rotation"), "allowed"],
    ["logs:PutLogEvents", log("/hardened-mcp/acme-prod-orders-audit"), "denied"],
    ["logs:GetLogEvents", log("/aws/lambda/acme-prod-orders_client-ci-bot_rotation"), "denied"],
    ...undelivered,
    ["ec2:CreateNetworkInterface", interfaces, "allowed"],
    ["ec2:DescribeInstances", "*", "denied"],
    [
      "ec2:CreateNetworkInterface",
      interfaces,
      "forbidden",
      { "lambda:SourceFunctionArn": lambda("orders_client-ci-bot_rotation") },
    ],
  ],
  "acme-prod-orders-redelivery": [
    ["ecs:UpdateService", service("acme-prod-orders"), "allowed", { "ecs:cluster": cluster }],
    ["ecs:UpdateService", service("acme-prod-docs"), "denied", { "ecs:cluster": cluster }],
    ["ecs:UpdateService", service("acme-prod-orders"), "denied"],
    ["ecs:DescribeServices", service("acme-prod-orders"), "denied", { "ecs:cluster": cluster }],
    ["kms:Decrypt", secretsKey, "allowed", by("scheduler")],
    ["kms:Decrypt", logsKey, "denied", by("scheduler")],
    ["kms:Encrypt", secretsKey, "denied", by("scheduler")],
    ["kms:Decrypt", secretsKey, "denied"],
    ...undelivered,
  ],
};

/** What must not happen even when somebody gives a role everything: its boundary forbids it, or lets nothing through. */
export const TAMPERING: Readonly<Record<string, readonly Row[]>> = {
  logs: [
    ["logs:DeleteLogGroup", log("/hardened-mcp/acme-prod-orders-audit"), "forbidden"],
    ["logs:DeleteSubscriptionFilter", log("/hardened-mcp/acme-prod-orders-audit"), "forbidden"],
    ["logs:PutSubscriptionFilter", log("/hardened-mcp/acme-prod-orders-audit"), "forbidden"],
    ["logs:PutRetentionPolicy", log("/hardened-mcp/acme-prod-orders-audit"), "forbidden"],
    ["firehose:UpdateDestination", stream, "forbidden"],
    ["firehose:DeleteDeliveryStream", stream, "forbidden"],
    ["cloudwatch:DisableAlarmActions", `arn:aws:cloudwatch:${HERE}:alarm:x`, "forbidden"],
    ["cloudwatch:SetAlarmState", `arn:aws:cloudwatch:${HERE}:alarm:x`, "forbidden"],
    ["cloudtrail:StopLogging", `arn:aws:cloudtrail:${HERE}:trail/x`, "denied"],
  ],
  keys: [
    ["kms:ScheduleKeyDeletion", logsKey, "forbidden"],
    ["kms:DisableKey", logsKey, "forbidden"],
    ["kms:DisableKeyRotation", secretsKey, "forbidden"],
    ["kms:PutKeyPolicy", secretsKey, "forbidden"],
    ["kms:CreateGrant", secretsKey, "forbidden"],
    ["kms:UpdateAlias", secretsKey, "forbidden"],
  ],
  archive: [
    ["s3:DeleteObjectVersion", `${archive}/x`, "forbidden"],
    ["s3:BypassGovernanceRetention", `${archive}/x`, "forbidden"],
    ["s3:PutObjectRetention", `${archive}/x`, "forbidden"],
    ["s3:PutBucketPolicy", archive, "forbidden"],
    ["s3:PutBucketVersioning", archive, "forbidden"],
    ["s3:PutLifecycleConfiguration", archive, "forbidden"],
    ["s3:PutReplicationConfiguration", archive, "forbidden"],
    ["s3:PutEncryptionConfiguration", archive, "forbidden"],
    ["s3:DeleteBucketPolicy", archive, "forbidden"],
  ],
  secrets: [
    ["secretsmanager:PutResourcePolicy", secret("orders/tls"), "forbidden"],
    ["secretsmanager:DeleteResourcePolicy", secret("orders/tls"), "forbidden"],
    ["secretsmanager:DeleteSecret", secret("orders/tls"), "forbidden"],
    ["secretsmanager:CancelRotateSecret", secret("orders/tls"), "forbidden"],
    ["secretsmanager:ReplicateSecretToRegions", secret("orders/tls"), "forbidden"],
  ],
  network: [
    ["ec2:AuthorizeSecurityGroupEgress", `arn:aws:ec2:${HERE}:security-group/sg-1`, "forbidden"],
    ["ec2:ModifyNetworkInterfaceAttribute", interfaces, "forbidden"],
    ["ec2:AssociateAddress", interfaces, "forbidden"],
    ["ec2:CreateRoute", `arn:aws:ec2:${HERE}:route-table/rtb-1`, "forbidden"],
    ["ec2:DeleteFlowLogs", `arn:aws:ec2:${HERE}:vpc-flow-log/fl-1`, "forbidden"],
    ["wafv2:DisassociateWebACL", `arn:aws:wafv2:${HERE}:regional/webacl/x/1`, "forbidden"],
  ],
  identities: [
    ["iam:PassRole", role("orders-execution"), "forbidden"],
    ["iam:PutRolePolicy", role("orders-task"), "forbidden"],
    ["iam:DeleteRolePermissionsBoundary", role("orders-task"), "forbidden"],
    ["iam:CreatePolicyVersion", `arn:aws:iam::${ACCOUNT}:policy/mcp/acme-prod-boundary`, "forbidden"],
    ["iam:CreateAccessKey", `arn:aws:iam::${ACCOUNT}:user/x`, "forbidden"],
    ["sts:AssumeRole", role("audit-delivery"), "forbidden"],
    ["sts:AssumeRole", `arn:aws:iam::999999999999:role/x`, "forbidden"],
  ],
  code: [
    ["ecs:ExecuteCommand", `arn:aws:ecs:${HERE}:task/acme-prod-mcp/1`, "forbidden"],
    ["ecs:RunTask", `arn:aws:ecs:${HERE}:task-definition/acme-prod-orders:1`, "forbidden"],
    ["ecs:RegisterTaskDefinition", "*", "forbidden"],
    ["lambda:UpdateFunctionCode", lambda("orders_tls_rotation"), "forbidden"],
    ["lambda:AddPermission", lambda("orders_tls_rotation"), "forbidden"],
    ["ssm:StartSession", "*", "forbidden"],
    ["ecr:SetRepositoryPolicy", image("orders"), "forbidden"],
  ],
};
