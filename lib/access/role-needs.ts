import { blockAt, texts } from "../audit/read";
import { escapePattern } from "../policy/pattern";
import { MIRROR_ENV, MIRROR_OBJECT } from "../runtime/mirror-env";
import { ROTATION_ENV } from "../runtime/rotation-env";
import { opened, type Block, type Plan } from "../terraform/plan";

/** What one condition key must be compared with. */
type Compared = (values: readonly string[]) => boolean;

/** One statement that a role must have, and as narrowly. */
export interface Need {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  /** Resources of which the statement must name every one. */
  readonly on: readonly (string | RegExp)[];
  /** Condition keys: these, and no others. */
  readonly when: Readonly<Record<string, Compared>>;
}

const allows = (actions: readonly string[], on: Need["on"], when: Need["when"] = {}): Need => ({
  effect: "Allow",
  actions,
  on,
  when,
});

const via =
  (service: string): Compared =>
  (values) =>
    values.length === 1 && (values[0] ?? "").startsWith(`${service}.`) && !(values[0] ?? "").includes("*");
const only =
  (...wanted: readonly unknown[]): Compared =>
  (values) =>
    values.length === wanted.length && wanted.every((one) => values.includes(String(one)));
const anAccount: Compared = ([account = "", ...more]) =>
  more.length === 0 && /^(\d{12}|\$\{.+\})$/.test(account);
const ending =
  (end: string): Compared =>
  (values) =>
    values.length === 1 && (values[0] ?? "").endsWith(end);

const texted = (value: unknown): string[] => texts(value).filter((one) => one !== "");

/** A right to write to a log group that is named by its name. */
function logs(group: unknown, actions: readonly string[], end: string, plan: Plan): Need[] {
  const found = plan.target(group);
  return found?.mode === "resource" ? [allows(actions, [`\${${found.address}.arn}${end}`])] : [];
}

/** Rights to leave what failed in a queue, under the queue's key where it has one. */
function deadLetters(queue: unknown, plan: Plan): Need[] {
  const [arn] = texted(queue);
  if (arn === undefined) return [];
  const [key] = texted(plan.target(arn)?.body.kms_master_key_id);
  return [
    allows(["sqs:SendMessage"], [arn]),
    ...(key === undefined
      ? []
      : [allows(["kms:Decrypt", "kms:GenerateDataKey"], [key], { "kms:ViaService": via("sqs") })]),
  ];
}

/** The folder that everything of a stream lies in: what the names of lines and of failures begin with together. */
function folderOf({ prefix, error_output_prefix: failed }: Readonly<Record<string, unknown>>): string {
  const [lines = "", failures = ""] = [prefix, failed].map((each) => texts(each)[0]?.split("!{")[0]);
  let shared = 0;
  while (shared < lines.length && lines[shared] === failures[shared]) shared += 1;
  // Up to a whole folder, or to the end of what is known only at deployment.
  return /^(.*[/}])?/s.exec(lines.slice(0, shared))?.[0] ?? "";
}

function delivery({ body }: Block, plan: Plan): Need[] {
  const to = blockAt(body, "extended_s3_configuration");
  const [bucket, key] = [texted(to.bucket_arn)[0], texted(to.kms_key_arn)[0]];
  if (bucket === undefined) return [];
  const objects = `${bucket}/${folderOf(to)}*`;
  // The name of a bucket that is made elsewhere may be somebody else's one day.
  const owned = plan.target(bucket)?.mode === "resource" ? {} : { "s3:ResourceAccount": anAccount };
  return [
    allows(["s3:PutObject", "s3:AbortMultipartUpload"], [objects], owned),
    allows(["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], [bucket], owned),
    ...(key === undefined
      ? []
      : [
          allows(["kms:GenerateDataKey", "kms:Decrypt"], [key], {
            "kms:ViaService": via("s3"),
            "kms:EncryptionContext:aws:s3:arn": only(bucket, objects),
          }),
        ]),
    ...logs(blockAt(to, "cloudwatch_logging_options").log_group_name, ["logs:PutLogEvents"], "", plan).map(
      (need) => ({
        ...need,
        // Of one stream.
        on: need.on.map((group) => new RegExp(`^${escapePattern(String(group))}:(log-stream:[^*]+|\\*)$`)),
      }),
    ),
  ];
}

/** What Lambda does to give a function its place in a network: needed by Lambda, denied to the code. */
const PLACES = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

function ofFunction({ body }: Block, plan: Plan): Need[] {
  const [name, key] = [texted(body.function_name)[0] ?? "", texted(body.kms_key_arn)[0]];
  const self = ending(`:function:${name}`);
  const group = blockAt(body, "logging_config").log_group;
  const isInNetwork = blockAt(body.vpc_config).subnet_ids !== undefined;
  return [
    ...rotating(blockAt(body, "environment", "variables")[ROTATION_ENV.secretArn], plan),
    ...mirroring(blockAt(body, "environment", "variables")[MIRROR_ENV.bucket], plan),
    ...(key === undefined
      ? []
      : [allows(["kms:Decrypt"], [key], { "kms:EncryptionContext:aws:lambda:FunctionArn": self })]),
    ...logs(group, ["logs:CreateLogStream", "logs:PutLogEvents"], ":*", plan),
    ...deadLetters(blockAt(body.dead_letter_config).target_arn, plan),
    ...(isInNetwork
      ? [
          allows(PLACES, ["*"]),
          { effect: "Deny" as const, actions: PLACES, on: ["*"], when: { "lambda:SourceFunctionArn": self } },
        ]
      : []),
  ];
}

/** What the function that makes a secret's values does with the secret and its key. */
function rotating(secret: unknown, plan: Plan): Need[] {
  const [arn] = texted(secret);
  if (arn === undefined) return [];
  const [key] = texted(plan.target(arn)?.body.kms_key_id);
  const calls = ["DescribeSecret", "GetSecretValue", "PutSecretValue", "UpdateSecretVersionStage"];
  return [
    allows(
      calls.map((call) => `secretsmanager:${call}`),
      [arn],
    ),
    ...(key === undefined
      ? []
      : [
          allows(["kms:Decrypt", "kms:GenerateDataKey"], [key], {
            "kms:ViaService": via("secretsmanager"),
            "kms:EncryptionContext:SecretARN": only(arn),
          }),
        ]),
  ];
}

/** What the function that copies an issuer's keys does with their bucket. */
function mirroring(bucket: unknown, plan: Plan): Need[] {
  const found = plan.target(bucket);
  if (found?.mode !== "resource") return [];
  const arn = `\${${found.address}.arn}`;
  return [
    allows(["s3:GetObject", "s3:PutObject"], [`${arn}/${MIRROR_OBJECT}`]),
    // Else S3 answers 403 where there is no object yet, and a lack of rights would look the same.
    allows(["s3:ListBucket"], [arn]),
  ];
}

function ofSchedule({ body }: Block, plan: Plan): Need[] {
  const target = blockAt(body, "target");
  const [key] = texted(body.kms_key_arn);
  return [
    ...called(target, plan),
    ...(key === undefined ? [] : [allows(["kms:Decrypt"], [key], { "kms:ViaService": via("scheduler") })]),
    ...deadLetters(blockAt(target.dead_letter_config).arn, plan),
  ];
}

function called({ arn, input }: Readonly<Record<string, unknown>>, plan: Plan): Need[] {
  if (String(arn).endsWith(":aws-sdk:ecs:updateService")) {
    const { Cluster, Service } = blockAt(opened(input));
    // The name of a cluster that is known only at deployment is taken out of its ARN, by an expression with a slash in it.
    const service = new RegExp(`:service/([^/*]+|\\$\\{[^}*]+\\})/${escapePattern(String(Service))}$`);
    return [allows(["ecs:UpdateService"], [service], { "ecs:cluster": only(Cluster ?? "no cluster") })];
  }
  const call = {
    aws_sfn_state_machine: "states:StartExecution",
    aws_lambda_function: "lambda:InvokeFunction",
  }[plan.target(arn)?.type ?? ""];
  return call === undefined ? [] : [allows([call], [String(arn)])];
}

/** The role that an ARN is of, also where the ARN is made out of the name that the role's policy knows, to wait for that. */
function roleNamed(arn: unknown, plan: Plan): Block | undefined {
  const [, policy] = /:role\/[^$]*\$\{(aws_iam_role_policy\.[^.}]+)\.role\}$/.exec(String(arn)) ?? [];
  return plan.target(policy === undefined ? arn : plan.target(`\${${policy}.id}`)?.body.role);
}

/** Something that acts by a role: the role, where it is of the same file, and what it needs there. */
interface Actor {
  readonly role: (block: Block, plan: Plan) => Block | undefined;
  readonly needs: (block: Block, plan: Plan) => Need[];
}

/** Who acts by a role, by type. */
export const ACTORS: Readonly<Record<string, Actor>> = {
  aws_cloudwatch_log_subscription_filter: {
    role: ({ body }, plan) => roleNamed(body.role_arn, plan),
    needs: ({ body }) =>
      texted(body.destination_arn).map((stream) =>
        allows(["firehose:PutRecord", "firehose:PutRecordBatch"], [stream]),
      ),
  },
  aws_kinesis_firehose_delivery_stream: {
    role: ({ body }, plan) => plan.target(blockAt(body, "extended_s3_configuration").role_arn),
    needs: delivery,
  },
  aws_lambda_function: { role: ({ body }, plan) => plan.target(body.role), needs: ofFunction },
  aws_scheduler_schedule: {
    role: ({ body }, plan) => plan.target(blockAt(body, "target").role_arn),
    needs: ofSchedule,
  },
};

/** Whether a resource of a statement is the one that is meant. */
export function isNamed(wanted: string | RegExp, resources: readonly string[]): boolean {
  return resources.some((one) => (typeof wanted === "string" ? one === wanted : wanted.test(one)));
}
