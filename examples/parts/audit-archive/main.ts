// The archive alone, for log groups that somebody else has made.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { AuditArchive } from "hardened-mcp";

const app = new App();
const stack = new TerraformStack(app, "audit-archive");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new AuditArchive(stack, "archive", {
  name: "acme",
  environment: "prod",
  posture: "production",
  logGroups: { orders: "/ecs/orders-gateway", docs: "/ecs/docs-gateway" },
});

app.synth();
