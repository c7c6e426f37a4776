// The firewall alone, in front of a load balancer that somebody else has made.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { WebAcl } from "hardened-mcp";

const app = new App();
const stack = new TerraformStack(app, "web-acl");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new WebAcl(stack, "firewall", {
  name: "acme",
  environment: "prod",
  posture: "production",
  loadBalancerArn:
    "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shared/0123456789abcdef",
  hostname: "mcp.example.com",
  paths: ["/orders/mcp", "/docs/mcp"],
});

app.synth();
