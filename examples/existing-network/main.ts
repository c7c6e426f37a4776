// Into a landing zone: VPC, subnets, endpoints, boundary and alarm topic that are there already, the audit archive in an
// account of its own, names of the company's form; reachable from the company's ranges only, by tokens only.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import { HardenedMcp, image } from "hardened-mcp";
import { issuerKeys } from "./issuer-keys";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const app = new App();
const stack = new TerraformStack(app, "existing-network");
const workload = new AwsProvider(stack, "workload", { region: "eu-west-1", alias: "workload" });
const archive = new AwsProvider(stack, "archive", {
  region: "eu-west-1",
  alias: "archive",
  assumeRole: [{ roleArn: "arn:aws:iam::210987654321:role/deploy-audit" }],
});
const text = (name: string) =>
  new TerraformVariable(stack, name, { type: "string", nullable: false }).stringValue;
const texts = (name: string) =>
  new TerraformVariable(stack, name, { type: "list(string)", nullable: false }).listValue;

new HardenedMcp(stack, "mcp", {
  name: "acme",
  environment: "stage",
  posture: "production",
  providers: { default: workload, archive },
  naming: { pattern: "corp-{prefix}-{what}" },
  iam: { boundaryArn: text("boundary_arn") },
  network: {
    kind: "existing",
    vpcId: text("vpc_id"),
    vpcCidr: text("vpc_cidr"),
    loadBalancerSubnetIds: texts("public_subnet_ids"),
    taskSubnetIds: texts("private_subnet_ids"),
    endpoints: {
      kind: "existing",
      securityGroupId: text("endpoint_security_group_id"),
      s3PrefixListId: text("s3_prefix_list_id"),
    },
  },
  edge: {
    hostname: "mcp.stage.example.com",
    certificate: { kind: "existing", arn: text("certificate_arn") },
    reach: { kind: "ranges", cidrs: ["198.51.100.0/24", "203.0.113.7/32"] },
  },
  gateway: { image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`) },
  alarms: { notify: { topicArn: text("topic_arn") } },
  servers: {
    search: {
      path: "/search/mcp",
      run: { image: image(`${registry}/search@sha256:${"b".repeat(64)}`), port: 3000 },
      auth: { jwt: { issuer: "https://login.example.com/", keys: { kind: "inline", jwks: issuerKeys } } },
      clients: {
        desk: { identity: { kind: "jwt", claim: "client_id", equals: "desk" }, tools: ["find"] },
      },
      tools: {
        find: {
          access: "read",
          scopes: ["mcp:find"],
          callsPerMinute: 300,
          timeoutSeconds: 15,
          arguments: { text: { type: "string", maxLength: 200, required: true } },
        },
      },
    },
  },
});

app.synth();
