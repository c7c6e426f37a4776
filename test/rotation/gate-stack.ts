import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { App, TerraformStack } from "cdktf";
import { join } from "node:path";
import { SecretsKey } from "../../lib/secrets/secrets-key";
import { ServerSecrets } from "../../lib/secrets/server-secrets";
import { testDeployment } from "../support/plan";

/** Stands in for a service: something that must not exist before every value does. */
export const SERVICE = "aws_ssm_parameter.service";

/**
 * Writes a stack with one secret of every kind and what must wait for their values, into a folder. Gives the path of
 * its `cdk.tf.json`.
 */
export function writeGateStack(outdir: string): string {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "gate");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  const on = testDeployment(stack, "sandbox");
  const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" });
  const subnet = new Subnet(stack, "subnet", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
  const { keyArn } = new SecretsKey(stack, "key", { on });
  const { ready } = new ServerSecrets(stack, "secrets", {
    on,
    name: "orders",
    slice: {
      clientKeys: [{ name: "ci-bot", rotateDays: 30, readers: ["arn:aws:iam::123456789012:role/ci"] }],
      generated: [
        { name: "cookie-key", env: "COOKIE_KEY", field: "current", settings: { length: 48 }, rotateDays: 30 },
      ],
      databases: [],
      existing: [],
      tls: { rotateDays: 30, validDays: 120 },
      recoveryDays: 0,
      waivers: [],
    },
    keyArn,
    logs: { keyArn, retainDays: 7 },
    network: {
      vpcId: vpc.id,
      taskSubnetIds: [subnet.id],
      endpoints: { securityGroupId: "sg-0123456789abcdef0", s3PrefixListId: "pl-1", owned: false },
    },
    topicArn: new SnsTopic(stack, "topic", { name: "oncall" }).arn,
  });
  new SsmParameter(stack, "service", {
    name: "service",
    type: "String",
    insecureValue: "started",
    dependsOn: [...ready],
  });
  app.synth();
  return join(outdir, "stacks", "gate", "cdk.tf.json");
}
