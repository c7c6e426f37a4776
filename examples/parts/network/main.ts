// The network alone, for services that somebody else makes in it.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { Network } from "hardened-mcp";

const app = new App();
const stack = new TerraformStack(app, "network");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new Network(stack, "mcp-network", {
  name: "acme",
  environment: "prod",
  posture: "production",
  cidr: "10.60.0.0/20",
  zones: ["eu-west-1a", "eu-west-1b"],
  reach: "internet",
});

app.synth();
