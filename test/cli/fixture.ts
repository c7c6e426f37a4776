import { MANIFEST_KEY, type ManifestEntry } from "../../lib/checklist/manifest";
import {
  GATEWAY,
  gatewayContainer,
  keyHashesVariable,
  renderGateway,
  resolveGateway,
} from "../../lib/gateway";
import { buildPolicy, type PolicyConfig, type PolicyDocument } from "../../lib/policy";
import type { Image } from "../../lib/task/image";
import { literal } from "../../lib/terraform/json";
import { Plan, type TerraformJson } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { TestIssuer } from "../support/tokens";

export const HOST = "mcp.example.com";
const image = `acme/envoy@sha256:${"a".repeat(64)}` as Image;
const jwks = new TestIssuer().jwks;

/** A server with a key client, a token client and a limit that a test can use up. */
export const orders: PolicyConfig = {
  path: "/orders/mcp",
  auth: {
    jwt: { issuer: "https://login.example.com/", keys: { kind: "inline", jwks }, maxLifetimeMinutes: 20 },
  },
  clients: {
    "ci-bot": { identity: { kind: "apiKey" }, tools: ["search"], callsPerMinute: 60 },
    support: {
      identity: { kind: "jwt", claim: "client_id", equals: "support-app" },
      tools: ["search", "refund"],
    },
  },
  tools: {
    search: {
      access: "read",
      callsPerMinute: 20,
      callsPerMinutePerClient: 5,
      timeoutSeconds: 2,
      arguments: { query: { type: "string", maxLength: 40, required: true } },
    },
    refund: {
      access: "destructive",
      scopes: ["mcp:refund"],
      callsPerMinute: 5,
      timeoutSeconds: 5,
      window: "month-end",
      arguments: { order: { type: "string", maxLength: 14 } },
    },
  },
  windows: { "month-end": [{ from: "2036-12-31T20:00Z", to: "2036-12-31T23:00Z" }] },
};

/** A server with API keys alone. */
export const docs: PolicyConfig = {
  path: "/docs/mcp",
  clients: { assistant: { identity: { kind: "apiKey" }, tools: ["lookup"] } },
  tools: { lookup: { access: "read", callsPerMinute: 300, timeoutSeconds: 5 } },
};

export function policyOf(name: string, config: PolicyConfig, hostname = HOST): PolicyDocument {
  const check = Check.start(() => false);
  const facts = { hostname, maxBodyKib: 64, maxTasks: 2, allowedOrigins: ["https://app.example.com"] };
  const policy = buildPolicy(name, config, facts, check);
  if (check.problems.length > 0) throw new Error(JSON.stringify(check.problems));
  return policy;
}

/** A task definition as it is written, its container definitions one literal text. */
export function taskDefinition(policy: PolicyDocument): Record<string, unknown> {
  const check = Check.start(() => false);
  const gateway = resolveGateway({ image }, check);
  const keys = Object.entries(policy.clients).filter(([, client]) => client.identity.kind === "apiKey");
  const names = [
    GATEWAY.env.tlsCertificate,
    GATEWAY.env.tlsKey,
    ...keys.map(([name]) => keyHashesVariable(name)),
  ];
  const container = gatewayContainer({
    gateway,
    rendered: renderGateway(policy, gateway, {
      serverPort: 3000,
      serverHealthPath: "/health",
      peersHostname: `${policy.server}.acme-prod.internal`,
    }),
    secrets: names.map((name) => ({ name, valueFrom: `\${aws_secretsmanager_secret.s.arn}:${name}::` })),
    logGroupName: "/mcp/audit",
    region: "${data.aws_region.r.id}",
  });
  return {
    family: `acme-prod-${policy.server}`,
    container_definitions: literal(JSON.stringify([container, { name: "server", image: "acme/server" }])),
  };
}

const base = {
  version: "0.0.0",
  deployment: "acme-prod",
  posture: "production",
  lifecycle: "protected",
  waivers: [],
} as const;

/** A written file with these servers. */
export function file(servers: Readonly<Record<string, PolicyConfig>>, platform: Partial<ManifestEntry> = {}) {
  const policies = Object.entries(servers).map(([name, config]) => policyOf(name, config));
  return {
    "//": {
      metadata: { stackName: "test" },
      [MANIFEST_KEY]: {
        "test/mcp/platform": { ...base, kind: "platform", ...platform },
        ...Object.fromEntries(
          policies.map((policy) => [`test/mcp/server-${policy.server}`, { ...base, kind: "server", policy }]),
        ),
      },
    },
    resource: {
      aws_ecs_task_definition: Object.fromEntries(
        policies.map((policy) => [`task_${policy.server}`, taskDefinition(policy)]),
      ),
    },
  };
}

export function plan(servers: Readonly<Record<string, PolicyConfig>>): Plan {
  return new Plan(JSON.parse(JSON.stringify(file(servers))) as TerraformJson);
}
