import type { HardenedMcpConfig } from "../../lib/config";
import { HardenedMcp } from "../../lib/hardened-mcp";
import type { ExactLimitsConfig, NewLimitStoreConfig } from "../../lib/limits/config";
import { image } from "../../lib/task/image";
import type { Plan } from "../../lib/terraform/plan";
import { goodConfig, goodServer } from "../support/config";
import { synthPlan, writtenPlan } from "../support/plan";

const account = "123456789012";

/** Exact limits without any fault. */
export function exactLimits(change: Partial<ExactLimitsConfig> = {}): ExactLimitsConfig {
  return {
    scope: "exact",
    image: image(`${account}.dkr.ecr.eu-west-1.amazonaws.com/ratelimit@sha256:${"c".repeat(64)}`),
    store: {
      kind: "existing",
      host: "master.limits.abc123.euw1.cache.amazonaws.com",
      securityGroupId: "sg-0123456789abcdef0",
      login: {
        secretArn: `arn:aws:secretsmanager:eu-west-1:${account}:secret:limits-AbCdEf`,
        field: "login",
        keyArn: `arn:aws:kms:eu-west-1:${account}:key/11111111-2222-3333-4444-555555555555`,
      },
    },
    onFailure: "closed",
    ...change,
  };
}

/** Exact limits with a store of their own. */
export function ownStore(change: Partial<NewLimitStoreConfig> = {}): ExactLimitsConfig {
  return exactLimits({ store: { kind: "new", ...change } });
}

/** A server whose limits are counted in a store that is made for it. */
export function ownStoreConfig(change: Partial<HardenedMcpConfig> = {}): HardenedMcpConfig {
  return goodConfig({
    servers: { orders: goodServer({ path: "/orders/mcp", limits: ownStore() }) },
    ...change,
  });
}

/** That deployment, validated by the whole checklist, with what our constructs say of themselves. */
export function ownStorePlan(change: Partial<HardenedMcpConfig> = {}): Plan {
  return writtenPlan((stack) => void new HardenedMcp(stack, "mcp", ownStoreConfig(change)));
}

/** A server with exact limits, and one with limits that are shared. */
export function limitsConfig(change: Partial<HardenedMcpConfig> = {}): HardenedMcpConfig {
  return goodConfig({
    servers: {
      notes: goodServer(),
      orders: goodServer({ path: "/orders/mcp", limits: exactLimits() }),
    },
    ...change,
  });
}

/** The deployment, validated by the whole checklist. */
export function limitsPlan(change: Partial<HardenedMcpConfig> = {}): Plan {
  return synthPlan((stack) => void new HardenedMcp(stack, "mcp", limitsConfig(change)));
}
