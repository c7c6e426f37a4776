// A server that moves money: tools that write run in tasks of their own, with a database login that only they have.
// Logins and keys change at run time, rights end with the window, calls outwards pass a list of names.
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { HardenedMcp, image } from "hardened-mcp";

const account = "123456789012";
const region = "eu-west-1";
const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;
const arn = (service: string, name: string) => `arn:aws:${service}:${region}:${account}:${name}`;
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;

const app = new App();
const stack = new TerraformStack(app, "payments");
new AwsProvider(stack, "aws", { region });

new HardenedMcp(stack, "mcp", {
  name: "acme",
  environment: "pay",
  posture: "production",
  network: {
    kind: "new",
    cidr: "10.60.0.0/20",
    zones: ["eu-west-1a", "eu-west-1b"],
    egress: { natGateways: "each-zone" },
  },
  edge: {
    hostname: "pay.example.com",
    certificate: { kind: "route53", zoneId: "Z0123456789ABCDEFGHIJ" },
    reach: { kind: "internet" },
  },
  gateway: { image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`) },
  alarms: { notify: { emails: ["oncall@example.com"] } },
  servers: {
    ledger: {
      path: "/ledger/mcp",
      era: "modern",
      run: {
        image: image(`${registry}/ledger@sha256:${"b".repeat(64)}`),
        port: 3000,
        tasks: { min: 2, max: 4, split: "read-write", writing: { min: 2, max: 2 } },
      },
      auth: {
        jwt: {
          issuer: "https://login.example.com/",
          keys: { kind: "mirrored", uri: "https://login.example.com/keys" },
        },
      },
      clients: {
        reports: { identity: { kind: "apiKey", readers: [role("reports")] }, tools: ["balance"] },
        desk: {
          identity: { kind: "jwt", claim: "client_id", equals: "desk" },
          tools: ["balance", "refund"],
        },
      },
      tools: {
        balance: {
          access: "read",
          scopes: ["ledger:read"],
          callsPerMinute: 600,
          timeoutSeconds: 10,
          arguments: {
            account: { type: "string", maxLength: 14, pattern: "acc_[0-9]{4,10}", required: true },
          },
        },
        refund: {
          access: "destructive",
          scopes: ["ledger:refund"],
          callsPerMinute: 5,
          timeoutSeconds: 30,
          window: "month-end",
          arguments: {
            order: { type: "string", maxLength: 14, pattern: "ord_[0-9]{4,10}", required: true, log: true },
            cents: { type: "integer", minimum: 1, maximum: 100_000, required: true, log: true },
          },
        },
      },
      windows: { "month-end": [{ from: "2026-12-31T20:00Z", to: "2026-12-31T23:00Z" }] },
      rotation: { pickUp: "fast", at: { days: ["MON", "WED", "FRI"], fromHour: 8, hours: 4 } },
      secrets: {
        database: {
          kind: "postgres",
          env: "DATABASE_URL",
          host: "ledger.cluster-abcdefgh1234.eu-west-1.rds.amazonaws.com",
          database: "ledger",
          role: "ledger_writer",
          users: "alternating",
          adminSecretArn: arn("secretsmanager", "secret:rds!cluster-admin-AbCdEf"),
          reach: { securityGroup: "sg-0123456789abcdef0" },
          rotateDays: 30,
          for: "write",
        },
        webhook: {
          kind: "generated",
          env: "WEBHOOK_AUTH",
          length: 40,
          require: ["lower", "upper", "digit"],
          template: { header: "Bearer {{value}}" },
          inject: "header",
          for: "write",
        },
        bank: {
          kind: "existing",
          env: "BANK_TOKEN",
          arn: arn("secretsmanager", "secret:bank/token-AbCdEf"),
          writer: {
            principalArn: "arn:aws:iam::210987654321:role/vault-sync",
            externalId: "acme-pay-bank",
            maxAgeDays: 30,
          },
          for: "write",
        },
      },
      downstream: {
        database: {
          to: { securityGroup: "sg-0123456789abcdef0" },
          port: 5432,
          because: "balances and refunds are kept there",
          for: "both",
        },
        bank: {
          to: { domains: ["api.bank.example"] },
          port: 443,
          because: "refunds are posted to the bank",
          for: "write",
        },
        queue: {
          to: {
            privateLink: {
              service: `com.amazonaws.${region}.sqs`,
              allow: { actions: ["sqs:SendMessage"], resources: [arn("sqs", "refunds")] },
            },
          },
          port: 443,
          because: "refunds are announced to accounting",
          for: "write",
        },
      },
      grants: {
        Announce: {
          kind: "sqs",
          queueArn: arn("sqs", "refunds"),
          may: "send",
          window: "month-end",
          because: "refunds are announced to accounting",
        },
        Login: {
          kind: "rdsIam",
          resourceId: "cluster-ABCDEFGH1234",
          dbUser: "ledger_reader",
          access: "read",
          because: "balances are read by a user without a password",
        },
      },
    },
    receipts: {
      path: "/receipts/mcp",
      run: { image: image(`${registry}/receipts@sha256:${"c".repeat(64)}`), port: 3000 },
      clients: { desk: { identity: { kind: "apiKey", readers: [role("desk")] }, tools: ["receipts"] } },
      tools: {
        receipts: {
          access: "read",
          callsPerMinute: 300,
          timeoutSeconds: 10,
          arguments: { user: { type: "string", maxLength: 64, pattern: "[a-z0-9-]+", required: true } },
        },
      },
      secrets: {
        index: {
          kind: "mysql",
          env: "INDEX_URL",
          urlFor: "mysql2",
          host: "index.cluster-abcdefgh1234.eu-west-1.rds.amazonaws.com",
          database: "receipts",
          role: "receipts_reader",
          users: "alternating",
          adminSecretArn: arn("secretsmanager", "secret:rds!cluster-index-AbCdEf"),
          reach: { securityGroup: "sg-0123456789abcdef1" },
        },
      },
      downstream: {
        index: {
          to: { securityGroup: "sg-0123456789abcdef1" },
          port: 3306,
          because: "receipts are found there",
        },
      },
      isolation: {
        may: {
          Receipts: {
            kind: "s3",
            bucketArn: "arn:aws:s3:::acme-pay-receipts",
            access: "read",
            because: "each user sees receipts of their own",
          },
        },
      },
    },
  },
});

app.synth();
