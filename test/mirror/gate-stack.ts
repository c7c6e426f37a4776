import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { App, TerraformStack } from "cdktf";
import { join } from "node:path";
import { KeyMirror } from "../../lib/key-mirror/key-mirror";
import { DeadLetters } from "../../lib/secrets/dead-letters";
import { SecretsKey } from "../../lib/secrets/secrets-key";
import { testDeployment } from "../support/plan";

/** Stands in for a service: something that must not exist before the keys do. */
export const SERVICE = "aws_ssm_parameter.service";

/** Writes a stack with a mirror of an issuer, and what must wait for it. Gives the path of its `cdk.tf.json`. */
export function writeMirrorStack(outdir: string, uri: string): string {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "mirror");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  const on = testDeployment(stack, "sandbox");
  const vpc = new Vpc(stack, "vpc", { cidrBlock: "10.0.0.0/16" });
  const endpoint = new VpcEndpoint(stack, "s3", {
    vpcId: vpc.id,
    serviceName: "com.amazonaws.eu-west-1.s3",
  });
  const { keyArn } = new SecretsKey(stack, "key", { on });
  const topicArn = new SnsTopic(stack, "topic", { name: "oncall" }).arn;
  const { ready } = new KeyMirror(stack, "keys", {
    on,
    slice: { uri, everyMinutes: 15, overlapMinutes: 60 },
    server: "orders",
    s3EndpointId: endpoint.id,
    keyArn,
    logs: { keyArn, retainDays: 7 },
    deadLetters: new DeadLetters(stack, "dead-letters", { on, server: "orders", keyArn, topicArn }),
    topicArn,
  });
  new SsmParameter(stack, "service", {
    name: "service",
    type: "String",
    insecureValue: "started",
    dependsOn: [...ready],
  });
  app.synth();
  return join(outdir, "stacks", "mirror", "cdk.tf.json");
}
