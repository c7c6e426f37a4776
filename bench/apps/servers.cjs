// One platform with N servers of five tools and three clients each, from compiled code. usage: servers.cjs N
require("./report.cjs");
const { AwsProvider } = require("@cdktf/provider-aws/lib/provider");
const { App, TerraformStack } = require("cdktf");
const { HardenedMcp, image } = require("hardened-mcp");

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const tool = {
  access: "read",
  callsPerMinute: 60,
  timeoutSeconds: 10,
  arguments: { query: { type: "string", maxLength: 400 } },
};
const tools = Object.fromEntries(["find", "list", "read", "count", "sum"].map((name) => [name, tool]));
const client = { identity: { kind: "apiKey" }, tools: Object.keys(tools) };
const servers = Object.fromEntries(
  Array.from({ length: Number(process.argv[2]) }, (_, i) => [
    `server-${i + 1}`,
    {
      path: `/server-${i + 1}/mcp`,
      run: { image: image(`${registry}/server@sha256:${"b".repeat(64)}`), port: 3000 },
      clients: { one: client, two: client, three: client },
      tools,
    },
  ]),
);
const app = new App();
const stack = new TerraformStack(app, "servers");
new AwsProvider(stack, "aws", { region: "eu-west-1" });
new HardenedMcp(stack, "mcp", {
  name: "bench",
  environment: "prod",
  posture: "production",
  network: { kind: "new", cidr: "10.40.0.0/20", zones: ["eu-west-1a", "eu-west-1b"] },
  edge: {
    hostname: "mcp.example.com",
    certificate: { kind: "route53", zoneId: "Z0123456789ABCDEFGHIJ" },
    reach: { kind: "internet" },
  },
  gateway: { image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`) },
  alarms: { notify: { emails: ["oncall@example.com"] } },
  servers,
});
app.synth();
