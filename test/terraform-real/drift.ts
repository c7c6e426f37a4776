import {
  ListBucketsCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  ListSecretsCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { byHand, deployedIn, type Deployed } from "../support/emulator/by-hand";
import { clientOf, type Emulator } from "../support/emulator/emulator";

const s3 = (emulator: Emulator) => new S3Client({ ...clientOf(emulator), forcePathStyle: true });

/** The resource of a type whose address has `part` in it; there must be one. */
function one(folder: string, type: string, part: string): Deployed {
  const found = deployedIn(folder).find((each) => each.type === type && each.address.includes(part));
  if (found === undefined) throw new Error(`no ${type} with ${part} in its address`);
  return found;
}

/** What autoscaling does to every service. */
export async function scaled(emulator: Emulator, folder: string, desiredCount: number): Promise<void> {
  const services = deployedIn(folder).filter(({ type }) => type === "aws_ecs_service");
  if (services.length === 0) throw new Error("there is no service to scale");
  for (const { values } of services)
    await byHand(emulator, "ecs", "UpdateService", {
      cluster: values["cluster"],
      service: values["name"],
      desiredCount,
    });
}

/** What a schedule does to clients' keys. */
export async function rotated(emulator: Emulator): Promise<void> {
  const client = new SecretsManagerClient(clientOf(emulator));
  const { SecretList = [] } = await client.send(new ListSecretsCommand({ MaxResults: 100 }));
  const keys = SecretList.filter(({ Name = "" }) => Name.includes("/client-"));
  if (keys.length === 0) throw new Error("there is no key to rotate");
  for (const { ARN: SecretId } of keys)
    await client.send(new RotateSecretCommand({ SecretId, RotateImmediately: true }));
}

/** Calls that were made more often than before. */
export const grown = (
  before: Readonly<Record<string, number>>,
  now: Readonly<Record<string, number>>,
): string[] => Object.keys(now).filter((call) => (now[call] ?? 0) > (before[call] ?? 0));

/** Changes what Terraform made, one thing of each kind, and says what a plan must do about it. */
export async function driftByHand(emulator: Emulator, folder: string): Promise<string[]> {
  const told: string[] = [];
  const expect = (action: string, { address }: Deployed) => told.push(`${action} ${address}`);

  const service = one(folder, "aws_ecs_service", "orders");
  const [network] = service.values["network_configuration"] as {
    subnets: string[];
    security_groups: string[];
  }[];
  await byHand(emulator, "ecs", "UpdateService", {
    cluster: service.values["cluster"],
    service: service.values["name"],
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: network?.subnets,
        securityGroups: network?.security_groups,
        assignPublicIp: "ENABLED",
      },
    },
  });
  expect("update", service);

  const rule = one(folder, "aws_vpc_security_group_egress_rule", "");
  await byHand(emulator, "ec2", "RevokeSecurityGroupEgress", {
    GroupId: rule.values["security_group_id"],
    "SecurityGroupRuleId.1": rule.values["security_group_rule_id"],
  });
  expect("create", rule);

  const policy = one(folder, "aws_iam_role_policy", "");
  await byHand(emulator, "iam", "PutRolePolicy", {
    RoleName: policy.values["role"],
    PolicyName: policy.values["name"],
    PolicyDocument: EVERYTHING,
  });
  expect("update", policy);

  const logs = one(folder, "aws_cloudwatch_log_group", "audit");
  await byHand(emulator, "logs", "PutRetentionPolicy", {
    logGroupName: logs.values["name"],
    retentionInDays: 1,
  });
  expect("update", logs);

  const balancer = one(folder, "aws_lb", "");
  await byHand(emulator, "elasticloadbalancing", "ModifyLoadBalancerAttributes", {
    LoadBalancerArn: balancer.values["arn"],
    "Attributes.member.1.Key": "routing.http.drop_invalid_header_fields.enabled",
    "Attributes.member.1.Value": "false",
  });
  expect("update", balancer);

  const block = one(folder, "aws_s3_bucket_public_access_block", "archive");
  await s3(emulator).send(
    new PutPublicAccessBlockCommand({
      Bucket: block.values["bucket"] as string,
      PublicAccessBlockConfiguration: { BlockPublicPolicy: false },
    }),
  );
  expect("update", block);
  return told;
}

const EVERYTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

/** Adds what no resource of the file stands for: a plan does not look for it. */
export async function besideByHand(emulator: Emulator, folder: string): Promise<void> {
  const role = one(folder, "aws_iam_role", "task");
  await byHand(emulator, "iam", "PutRolePolicy", {
    RoleName: role.values["name"],
    PolicyName: "beside",
    PolicyDocument: EVERYTHING,
  });
  const group = one(folder, "aws_security_group", "orders");
  await byHand(emulator, "ec2", "AuthorizeSecurityGroupIngress", {
    GroupId: group.values["id"],
    "IpPermissions.1.IpProtocol": "tcp",
    "IpPermissions.1.FromPort": "22",
    "IpPermissions.1.ToPort": "22",
    "IpPermissions.1.IpRanges.1.CidrIp": "0.0.0.0/0",
  });
}

/** Writes what a load balancer writes, so that its bucket is not empty when it is destroyed. */
export async function logged(emulator: Emulator, folder: string): Promise<void> {
  const { values } = one(folder, "aws_s3_bucket", "ingress_logs");
  await s3(emulator).send(
    new PutObjectCommand({ Bucket: values["bucket"] as string, Key: "access/1.log", Body: "a line" }),
  );
}

/** Names of the buckets that are there. */
export async function bucketsOf(emulator: Emulator): Promise<string[]> {
  const { Buckets = [] } = await s3(emulator).send(new ListBucketsCommand({}));
  return Buckets.map(({ Name = "" }) => Name).sort();
}
