// Behind a load balancer that serves others too: its listener, certificate and web ACL, the VPC with its endpoints, the
// boundary and path of roles, tags, and a group for every task are there already. Two servers, nothing of the network made.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp, image } from "hardened-mcp";

const region = "eu-west-1";
const account = "123456789012";
// Written out, not read: so that `hardened-mcp deployer` can name each thing in the rights of whoever deploys.
const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;
const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;

const app = new App();
const stack = new TerraformStack(app, "existing-load-balancer");
new AwsProvider(stack, "aws", { region });

new HardenedMcp(stack, "mcp", {
  name: "acme",
  environment: "prod",
  posture: "production",
  naming: { pattern: "corp-{prefix}-{what}" },
  tags: { "cost-centre": "4711", "data-class": "internal", owner: "platform@example.com" },
  // What the organisation asks of every resource.
  requiredTags: {
    "cost-centre": { pattern: "[0-9]{4}" },
    "data-class": { oneOf: ["public", "internal"] },
    owner: "any",
  },
  iam: { boundaryArn: `arn:aws:iam::${account}:policy/corp/workload-boundary`, path: "/corp/mcp/" },
  network: {
    kind: "existing",
    vpcId: "vpc-0123456789abcdef0",
    vpcCidr: "10.80.0.0/16",
    taskSubnetIds: ["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"],
    taskSecurityGroupIds: ["sg-0123456789abcdef3"],
    endpoints: {
      kind: "existing",
      securityGroupId: "sg-0123456789abcdef2",
      s3PrefixListId: "pl-6da54004",
      // Mirrored keys are read through it alone.
      s3EndpointId: "vpce-0123456789abcdef0",
    },
  },
  edge: {
    hostname: "mcp.example.com",
    certificate: {
      kind: "existing",
      arn: arn("acm", "certificate/11111111-2222-3333-4444-555555555555"),
    },
    reach: { kind: "internal" },
  },
  ingress: {
    loadBalancer: {
      kind: "existing",
      arn: arn("elasticloadbalancing", "loadbalancer/app/shared/0123456789abcdef"),
      listenerArn: arn("elasticloadbalancing", "listener/app/shared/0123456789abcdef/fedcba9876543210"),
      securityGroupId: "sg-0123456789abcdef1",
    },
    // What the load balancer is set to. Every tool has to be faster.
    idleSeconds: 120,
  },
  waf: {
    webAcl: {
      kind: "existing",
      arn: arn("wafv2", "regional/webacl/shared/66666666-7777-8888-9999-000000000000"),
      metricName: "shared",
    },
  },
  gateway: { image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`) },
  alarms: { notify: { topicArn: arn("sns", "oncall") } },
  servers: {
    notes: {
      path: "/notes/mcp",
      run: { image: image(`${registry}/notes@sha256:${"b".repeat(64)}`), port: 3000 },
      clients: {
        assistant: {
          identity: { kind: "apiKey", readers: [`arn:aws:iam::${account}:role/corp/agents`] },
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
    orders: {
      path: "/orders/mcp",
      run: { image: image(`${registry}/orders@sha256:${"c".repeat(64)}`), port: 3000 },
      auth: {
        jwt: {
          issuer: "https://login.example.com/",
          keys: { kind: "mirrored", uri: "https://login.example.com/.well-known/jwks.json" },
        },
      },
      clients: {
        support: {
          identity: { kind: "jwt", claim: "client_id", equals: "support" },
          tools: ["find", "refund"],
        },
      },
      tools: {
        find: {
          access: "read",
          callsPerMinute: 300,
          timeoutSeconds: 15,
          arguments: { order: { type: "string", format: "uuid", required: true } },
        },
        refund: {
          access: "destructive",
          scopes: ["mcp:refund"],
          callsPerMinute: 5,
          callsPerMinutePerClient: 5,
          timeoutSeconds: 30,
          arguments: {
            order: { type: "string", format: "uuid", required: true },
            cents: { type: "integer", minimum: 1, maximum: 100_000, required: true },
          },
        },
      },
    },
  },
});

app.synth();
