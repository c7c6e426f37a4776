import type { HardenedMcpConfig, ServerConfig } from "../../lib/config";
import { HardenedMcp } from "../../lib/hardened-mcp";
import type { Plan } from "../../lib/terraform/plan";
import { goodConfig, goodServer } from "../support/config";
import { synthPlan } from "../support/plan";

/** A server that reaches public names. */
export function callingServer(domains: readonly string[], change: Partial<ServerConfig> = {}): ServerConfig {
  return goodServer({
    downstream: { partners: { to: { domains }, port: 443, because: "orders are sent to partners" } },
    ...change,
  });
}

/** Two servers with proxies and one without. */
export function egressConfig(change: Partial<HardenedMcpConfig> = {}): HardenedMcpConfig {
  return goodConfig({
    network: { kind: "new", cidr: "10.40.0.0/20", zones: ["eu-west-1a", "eu-west-1b"], egress: {} },
    servers: {
      notes: goodServer(),
      orders: callingServer(["api.example.com", "*.partner.example.net"], { path: "/orders/mcp" }),
      mail: callingServer(["smtp.example.org"], { path: "/mail/mcp" }),
    },
    ...change,
  });
}

/** The deployment, validated by the whole checklist. */
export function egressPlan(change: Partial<HardenedMcpConfig> = {}): Plan {
  return synthPlan((stack) => void new HardenedMcp(stack, "mcp", egressConfig(change)));
}
