/**
 * Actions that AWS cannot limit to a resource (Service Authorization Reference: no resource types), or that only work
 * with `*`. A right on everything may hold these alone. `*` at the end: everything that begins so.
 */
export const UNSCOPED_ACTIONS: readonly string[] = [
  "athena:ListDataCatalogs",
  "athena:ListWorkGroups",
  "bedrock:ListFoundationModels",
  "cloudwatch:GetMetricData",
  "cloudwatch:GetMetricStatistics",
  "cloudwatch:ListMetrics",
  "cloudwatch:PutMetricData",
  "dynamodb:DescribeLimits",
  "dynamodb:ListTables",
  // Lambda asks for the right to its network interfaces before they have a name.
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:UnassignPrivateIpAddresses",
  "ec2:Describe*",
  "ecr:GetAuthorizationToken",
  "ecs:DescribeTaskDefinition",
  "ecs:ListClusters",
  "ecs:ListTaskDefinitions",
  "firehose:ListDeliveryStreams",
  "kinesis:ListStreams",
  "kms:GenerateRandom",
  "kms:ListAliases",
  "kms:ListKeys",
  "lambda:ListFunctions",
  "logs:GetQueryResults",
  "logs:StopQuery",
  "s3:ListAllMyBuckets",
  "secretsmanager:GetRandomPassword",
  "secretsmanager:ListSecrets",
  "ses:GetSendQuota",
  "sns:ListTopics",
  "sqs:ListQueues",
  "ssm:DescribeParameters",
  "states:ListStateMachines",
  "xray:GetSamplingRules",
  "xray:GetSamplingStatisticSummaries",
  "xray:GetSamplingTargets",
  "xray:PutTelemetryRecords",
  "xray:PutTraceSegments",
];

/** Patterns are few, and asked again for each statement of each role. */
const compiled = new Map<string, RegExp>();

/** Whether an action, as a policy writes it, is among the patterns. IAM knows no capitals; `*` is any text. */
export function matchesAction(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => expressionOf(pattern).test(action));
}

function expressionOf(pattern: string): RegExp {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const source = pattern
    .split("*")
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  const made = new RegExp(`^${source}$`, "i");
  compiled.set(pattern, made);
  return made;
}
