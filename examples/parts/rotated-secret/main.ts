// One secret that changes by itself, for a role that somebody else has made.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { RotatedSecret } from "hardened-mcp";

const app = new App();
const stack = new TerraformStack(app, "rotated-secret");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new RotatedSecret(stack, "signing", {
  name: "acme",
  environment: "prod",
  posture: "production",
  secretName: "orders-signing",
  readers: ["arn:aws:iam::123456789012:role/orders-execution"],
  network: {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    endpointSecurityGroupId: "sg-0123456789abcdef0",
  },
  topicArn: "arn:aws:sns:eu-west-1:123456789012:oncall",
});

app.synth();
