// The smallest deployment: one server, one tool, one client with an API key.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp, image } from "hardened-mcp";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const app = new App();
const stack = new TerraformStack(app, "minimal");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new HardenedMcp(stack, "mcp", {
  name: "acme",
  environment: "dev",
  posture: "sandbox",
  network: { kind: "new", cidr: "10.40.0.0/20", zones: ["eu-west-1a", "eu-west-1b"] },
  edge: {
    hostname: "mcp.example.com",
    certificate: { kind: "route53", zoneId: "Z0123456789ABCDEFGHIJ" },
    reach: { kind: "internet" },
  },
  gateway: { image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`) },
  alarms: { notify: { emails: ["oncall@example.com"] } },
  servers: {
    notes: {
      path: "/notes/mcp",
      run: { image: image(`${registry}/notes@sha256:${"b".repeat(64)}`), port: 3000 },
      clients: {
        assistant: {
          identity: { kind: "apiKey", readers: ["arn:aws:iam::123456789012:role/assistant"] },
          tools: ["search"],
        },
      },
      tools: {
        search: {
          access: "read",
          callsPerMinute: 120,
          timeoutSeconds: 10,
          arguments: { query: { type: "string", maxLength: 400, required: true } },
        },
      },
    },
  },
});

app.synth();
