// Every field that is built so far: two servers, API keys and OAuth tokens, windows, secrets, downstream, grants.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp, image } from "hardened-mcp";
import { issuerKeys } from "./issuer-keys";

const account = "123456789012";
const registry = `${account}.dkr.ecr.eu-west-1.amazonaws.com`;
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;

const app = new App();
const stack = new TerraformStack(app, "complete");
new AwsProvider(stack, "aws", { region: "eu-west-1" });

new HardenedMcp(stack, "mcp", {
  name: "acme",
  environment: "prod",
  posture: "production",
  lifecycle: "protected",
  tags: { team: "platform", "cost-centre": "4711" },
  iam: { path: "/mcp/" },
  network: {
    kind: "new",
    cidr: "10.40.0.0/20",
    zones: ["eu-west-1a", "eu-west-1b"],
    flowLogs: { retainDays: 365 },
  },
  edge: {
    hostname: "mcp.example.com",
    certificate: { kind: "route53", zoneId: "Z0123456789ABCDEFGHIJ" },
    record: { kind: "route53", zoneId: "Z0123456789ABCDEFGHIJ" },
    reach: { kind: "internet" },
  },
  ingress: {
    tls: "strict",
    idleSeconds: 300,
    clientKeepAliveSeconds: 3600,
    logs: { retainDays: 400 },
    deletionProtection: "on",
  },
  waf: {
    perIp: { requests: 600, windowSeconds: 60 },
    ipReputation: "block",
    anonymousIps: "block",
    knownBadInputs: "block",
    commonRules: "block",
    acceptExtraCapacity: false,
    logs: { retainDays: 400 },
  },
  gateway: {
    image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`),
    cpuUnits: 256,
    memoryMib: 256,
    maxBodyKib: 64,
    allowedOrigins: ["https://app.example.com"],
    requestsPerSecond: 500,
  },
  audit: { retainDays: 400, archive: { retainDays: 365, mode: "COMPLIANCE" } },
  alarms: {
    notify: { emails: ["oncall@example.com"] },
    expectedCountries: ["IE", "GB"],
    thresholds: { "tool-denied": 10 },
  },
  servers: {
    orders: {
      path: "/orders/mcp",
      era: "both",
      sessions: "none",
      run: {
        image: image(`${registry}/orders@sha256:${"b".repeat(64)}`),
        port: 3000,
        tasks: { min: 2, max: 6 },
        cpuUnits: 512,
        memoryMib: 1024,
        architecture: "arm64",
        env: { LOG_LEVEL: "info" },
        command: ["node", "server.js"],
        user: "1000:1000",
        writablePaths: ["/tmp"],
        healthPath: "/health",
      },
      auth: {
        jwt: {
          issuer: "https://login.example.com/",
          keys: { kind: "inline", jwks: issuerKeys },
          maxLifetimeMinutes: 60,
        },
      },
      clients: {
        "ci-bot": {
          identity: { kind: "apiKey", rotateDays: 30, readers: [role("ci")] },
          tools: ["search"],
          callsPerMinute: 60,
        },
        support: {
          identity: { kind: "jwt", claim: "client_id", equals: "support-app" },
          tools: ["search", "refund"],
        },
      },
      tools: {
        search: {
          access: "read",
          callsPerMinute: 600,
          callsPerMinutePerClient: 30,
          timeoutSeconds: 10,
          arguments: {
            query: { type: "string", maxLength: 400, required: true, log: true },
            sort: { type: "string", maxLength: 8, enum: ["newest", "oldest"] },
            page: { type: "integer", minimum: 1, maximum: 1000 },
          },
        },
        refund: {
          access: "destructive",
          scopes: ["mcp:refund"],
          callsPerMinute: 5,
          timeoutSeconds: 30,
          window: "month-end",
          arguments: {
            order: { type: "string", maxLength: 14, pattern: "ord_[0-9]{4,10}", required: true, log: true },
            reasons: { type: "array", maxItems: 5, items: { type: "string", maxLength: 80 } },
            amount: {
              type: "object",
              required: true,
              properties: {
                cents: { type: "integer", minimum: 1, maximum: 100000, required: true },
                currency: { type: "string", maxLength: 3, enum: ["EUR", "GBP"], required: true },
              },
            },
          },
        },
      },
      windows: { "month-end": [{ from: "2026-12-31T20:00Z", to: "2026-12-31T23:00Z" }] },
      secrets: {
        "cookie-key": { kind: "generated", env: "COOKIE_KEY", length: 48, rotateDays: 30 },
        ledger: {
          kind: "existing",
          env: "LEDGER_PASSWORD",
          arn: `arn:aws:secretsmanager:eu-west-1:${account}:secret:ledger-AbCdEf`,
          field: "password",
          keyArn: `arn:aws:kms:eu-west-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
        },
      },
      downstream: {
        ledger: {
          to: { securityGroup: "sg-0123456789abcdef0" },
          port: 5432,
          because: "refund posts to the ledger",
        },
        warehouse: {
          to: { cidr: "10.60.0.0/24" },
          port: 443,
          because: "search asks the warehouse for stock",
        },
      },
      grants: {
        ReadReceipts: {
          actions: ["s3:GetObject"],
          on: { resources: ["arn:aws:s3:::acme-receipts/orders/*"] },
          because: "search shows receipts of orders",
        },
      },
    },
    docs: {
      path: "/docs/mcp",
      era: "modern",
      run: { image: image(`${registry}/docs@sha256:${"c".repeat(64)}`), port: 8080 },
      clients: {
        assistant: { identity: { kind: "apiKey", rotateDays: 60 }, tools: ["lookup"], callsPerMinute: 120 },
      },
      tools: {
        lookup: {
          access: "read",
          callsPerMinute: 300,
          timeoutSeconds: 5,
          arguments: { page: { type: "string", maxLength: 200, required: true, log: true } },
        },
      },
    },
  },
});

app.synth();
