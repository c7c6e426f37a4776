import type { EcsServiceConfig } from "@cdktf/provider-aws/lib/ecs-service";

/**
 * What every service of ours has in common: Fargate, no shell into a task, and a deployment that first starts new tasks
 * and is rolled back when they do not become healthy.
 */
export const FARGATE_SERVICE = {
  launchType: "FARGATE",
  platformVersion: "LATEST",
  availabilityZoneRebalancing: "ENABLED",
  enableExecuteCommand: false,
  enableEcsManagedTags: true,
  propagateTags: "SERVICE",
  deploymentMinimumHealthyPercent: 100,
  deploymentMaximumPercent: 200,
  deploymentCircuitBreaker: { enable: true, rollback: true },
} as const satisfies Partial<EcsServiceConfig>;

/**
 * What differs where there may be one task alone: a deployment stops it before it starts the next one, and still is rolled
 * back. There is nothing to be spread over zones.
 */
export const ONE_AT_A_TIME = {
  availabilityZoneRebalancing: "DISABLED",
  deploymentMinimumHealthyPercent: 0,
  deploymentMaximumPercent: 100,
} as const satisfies Partial<EcsServiceConfig>;
