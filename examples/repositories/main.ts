// The earlier stack: repositories for the images that the other examples run.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { ImageRepositories } from "hardened-mcp";

const app = new App();
const stack = new TerraformStack(app, "repositories");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new ImageRepositories(stack, "images", {
  name: "acme",
  environment: "prod",
  posture: "production",
  repositories: ["envoy", "orders", "docs"],
});

app.synth();
