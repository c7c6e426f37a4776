// The gateway in the task definition of a service that somebody else runs.
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { Gateway, image } from "hardened-mcp";
import { issuerKeys } from "./issuer-keys";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const account = "arn:aws:iam::123456789012";
const app = new App();
const stack = new TerraformStack(app, "gateway");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

const gateway = new Gateway(stack, "gateway", {
  name: "acme",
  environment: "prod",
  posture: "production",
  serverName: "orders",
  hostname: "mcp.example.com",
  path: "/orders/mcp",
  gateway: { image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`) },
  server: { port: 3000, healthPath: "/health" },
  tasks: { max: 4 },
  auth: { jwt: { issuer: "https://login.example.com", keys: { kind: "inline", jwks: issuerKeys } } },
  clients: {
    support: {
      identity: { kind: "jwt", claim: "client_id", equals: "support-app" },
      tools: ["search", "refund"],
    },
    "ci-bot": { identity: { kind: "apiKey", readers: [`${account}:role/ci`] }, tools: ["search"] },
  },
  tools: {
    search: {
      access: "read",
      callsPerMinute: 600,
      timeoutSeconds: 10,
      arguments: { query: { type: "string", maxLength: 400, required: true } },
    },
    refund: {
      access: "destructive",
      scopes: ["mcp:refund"],
      callsPerMinute: 20,
      timeoutSeconds: 30,
      arguments: { order: { type: "string", pattern: "ord_[0-9]{4,10}", maxLength: 14, required: true } },
    },
  },
  executionRoleArn: `${account}:role/orders-execution`,
  service: { clusterName: "shared", name: "orders" },
  archive: {
    streamArn: "arn:aws:firehose:eu-west-1:123456789012:deliverystream/acme-prod-audit",
    subscriptionRoleArn: `${account}:role/acme-prod-audit-subscription`,
  },
  network: {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    endpointSecurityGroupId: "sg-0123456789abcdef0",
  },
  topicArn: "arn:aws:sns:eu-west-1:123456789012:oncall",
});

// What the role of ECS needs for the gateway, beside what it has for the server.
new IamRolePolicy(stack, "gateway-rights", {
  name: "gateway",
  role: "orders-execution",
  policy: gateway.executionPolicy(),
});

// The owner's own task. Its service names `gateway.containerName` and `gateway.port` as the load balancer's target.
new EcsTaskDefinition(stack, "orders", {
  family: "orders",
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: String(gateway.cpuUnits + 256),
  memory: String(gateway.memoryMib + 768),
  executionRoleArn: `${account}:role/orders-execution`,
  taskRoleArn: `${account}:role/orders`,
  dependsOn: [...gateway.ready],
  containerDefinitions: gateway.containerDefinitions([
    {
      name: "orders",
      image: image(`${registry}/orders@sha256:${"b".repeat(64)}`),
      essential: true,
      user: "1000:1000",
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ["ALL"] } },
      environment: [{ name: "LISTEN", value: "127.0.0.1:3000" }],
      stopTimeout: Math.min(120, gateway.stopSeconds),
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": "/ecs/orders",
          "awslogs-region": "eu-west-1",
          "awslogs-stream-prefix": "orders",
          mode: "non-blocking",
        },
      },
    },
  ]),
});

app.synth();
