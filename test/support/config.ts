import type { HardenedMcpConfig, ServerConfig } from "../../lib/config";
import { image } from "../../lib/task/image";
import { ConfigurationError, formatProblem } from "../../lib/validation";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

/** A server without any fault. */
export function goodServer(change: Partial<ServerConfig> = {}): ServerConfig {
  return {
    path: "/notes/mcp",
    run: { image: image(`${registry}/notes@sha256:${"b".repeat(64)}`), port: 3000 },
    clients: { assistant: { identity: { kind: "apiKey" }, tools: ["search"] } },
    tools: {
      search: {
        access: "read",
        callsPerMinute: 120,
        timeoutSeconds: 10,
        arguments: { query: { type: "string", maxLength: 400, required: true } },
      },
    },
    ...change,
  };
}

/** A configuration without any fault: every fault in a test is the one that the test puts in. */
export function goodConfig(change: Partial<HardenedMcpConfig> = {}): HardenedMcpConfig {
  return {
    name: "acme",
    environment: "test",
    posture: "production",
    network: { kind: "new", cidr: "10.40.0.0/20", zones: ["eu-west-1a", "eu-west-1b"] },
    edge: {
      hostname: "mcp.example.com",
      certificate: { kind: "route53", zoneId: "Z0123456789ABCDEFGHIJ" },
      reach: { kind: "internet" },
    },
    gateway: { image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`) },
    alarms: { notify: { emails: ["oncall@example.com"] } },
    servers: { notes: goodServer() },
    ...change,
  };
}

/** The predicate of the tests: a text with this mark is known only at deployment. */
export const isTestToken = (value: unknown): boolean =>
  typeof value === "string" && value.includes("${TOKEN");
/** A value that is known only at deployment. */
export const TOKEN = "${TOKEN}";

/** What a model's function reports, a line each; nothing when it is content. Other errors are thrown on. */
export function problemsOf(resolve: () => unknown): string[] {
  try {
    resolve();
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(formatProblem);
  }
}
