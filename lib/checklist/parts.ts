import type { Declared } from "./manifest";
import type { ReportedStack } from "./report";

/** Constructs that can be used on their own, and the types of which each makes a block whatever it is told. */
export const PARTS = {
  "alarm-set": { types: ["aws_cloudwatch_metric_alarm"] },
  "audit-archive": { types: ["aws_iam_role", "aws_iam_role_policy", "aws_kinesis_firehose_delivery_stream"] },
  /** Its task definition is its owner's, and has to stand in the same file. */
  gateway: {
    types: [
      "aws_cloudwatch_log_group",
      "aws_ecs_task_definition",
      "aws_iam_role",
      "aws_secretsmanager_secret",
      "aws_secretsmanager_secret_rotation",
    ],
  },
  network: {
    types: [
      "aws_default_security_group",
      "aws_flow_log",
      "aws_iam_role",
      "aws_subnet",
      "aws_vpc",
      "aws_vpc_endpoint",
    ],
  },
  "rotated-secret": {
    types: ["aws_iam_role", "aws_secretsmanager_secret", "aws_secretsmanager_secret_rotation"],
  },
  "web-acl": { types: ["aws_wafv2_web_acl", "aws_wafv2_web_acl_association"] },
} as const satisfies Readonly<Record<string, { readonly types: readonly string[] }>>;

/** Name of a part, as manifests write it. */
export type PartName = keyof typeof PARTS;

/** Whether one of a control's types is looked for in what a part of a deployment makes. A part that nobody knows makes nothing. */
export function partMakes({ kind, part }: Declared, on: readonly string[]): boolean {
  if (kind !== "part" || part === undefined || !Object.hasOwn(PARTS, part)) return false;
  const types: readonly string[] = PARTS[part as PartName].types;
  return on.some((type) => types.includes(type));
}

/** For each stack that holds parts and neither platform nor server: that nothing is said of the rest of the way. */
export function alone(stacks: readonly ReportedStack[]): string[] {
  return stacks.flatMap(({ stack, declared }) => {
    if (declared.length === 0 || declared.some(({ kind }) => kind !== "part")) return [];
    const parts = [...new Set(declared.map(({ part }) => part ?? "of no name"))].sort();
    return [
      `${stack} holds ${parts.join(", ")} alone: items are judged by what these parts make, and nothing is said of the rest of a request's way`,
    ];
  });
}
