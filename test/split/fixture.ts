import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import type { HardenedMcpConfig, ServerConfig } from "../../lib/config";
import { HardenedMcp } from "../../lib/hardened-mcp";
import type { ToolAccess, ToolConfig } from "../../lib/policy/config";
import { image } from "../../lib/task/image";
import type { Plan } from "../../lib/terraform/plan";
import { plan } from "../../lib/testing";
import { goodConfig } from "../support/config";
import { scratch } from "../support/scratch";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const tool = (access: ToolAccess, timeoutSeconds = 10): ToolConfig => ({
  access,
  callsPerMinute: 600,
  timeoutSeconds,
  arguments: { query: { type: "string", maxLength: 40 }, order: { type: "string", maxLength: 14 } },
});

/** A server of two halves: `search` and `secret` read, `refund` destroys; `reader` may only read. */
export function splitServer(change: Partial<ServerConfig> = {}): ServerConfig {
  return {
    path: "/orders/mcp",
    run: {
      image: image(`${registry}/orders@sha256:${"b".repeat(64)}`),
      port: 3000,
      tasks: { min: 2, max: 6, split: "read-write", writing: { min: 2, max: 3 } },
    },
    era: "modern",
    clients: {
      agent: { identity: { kind: "apiKey" }, tools: ["search", "secret", "refund"], callsPerMinute: 600 },
      reader: { identity: { kind: "apiKey" }, tools: ["search"] },
      writer: { identity: { kind: "apiKey" }, tools: ["refund"] },
    },
    tools: { search: tool("read"), secret: tool("read"), refund: tool("destructive") },
    grants: {
      ReadReceipts: {
        access: "read",
        actions: ["s3:GetObject"],
        on: { resources: ["arn:aws:s3:::acme-receipts/orders/*"] },
        because: "orders show their receipts",
      },
      WriteRefunds: {
        access: "write",
        actions: ["s3:PutObject"],
        on: { resources: ["arn:aws:s3:::acme-refunds/orders/*"] },
        because: "refunds are kept there",
      },
    },
    secrets: {
      shared: { kind: "generated", env: "SHARED_KEY", for: "both" },
      ledger: { kind: "generated", env: "LEDGER_KEY", for: "write" },
      index: { kind: "generated", env: "INDEX_KEY", for: "read" },
    },
    downstream: {
      database: {
        to: { securityGroup: "sg-0123456789abcdef0" },
        port: 5432,
        because: "both ask the database",
        for: "both",
      },
      ledger: {
        to: { securityGroup: "sg-0123456789abcdef1" },
        port: 5432,
        because: "refunds are booked there",
        for: "write",
      },
    },
    ...change,
  };
}

/** The same without the split. */
export function wholeServer(change: Partial<ServerConfig> = {}): ServerConfig {
  const { secrets, downstream, run, ...rest } = splitServer();
  const withoutFor = (given = {}) =>
    Object.fromEntries(
      Object.entries<object>(given).map(([name, entry]) => [name, { ...entry, for: undefined }]),
    );
  return {
    ...rest,
    run: { ...run, tasks: { min: 2, max: 6 } },
    secrets: withoutFor(secrets) as never,
    downstream: withoutFor(downstream) as never,
    ...change,
  };
}

/** A deployment of servers. */
export function deployment(servers: HardenedMcpConfig["servers"]): Plan {
  // Not by `Testing.synth`, which leaves out what our constructs say of themselves.
  const stack = new TerraformStack(new App({ outdir: scratch("split") }), "test");
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  new HardenedMcp(stack, "mcp", goodConfig({ servers }));
  return plan(stack);
}

/** A deployment of one split server. */
export const splitPlan = (change: Partial<ServerConfig> = {}): Plan =>
  deployment({ orders: splitServer(change) });
