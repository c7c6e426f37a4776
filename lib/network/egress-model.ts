import type { Check, Fields } from "../validation";
import { checkIds } from "./check-id";
import type { ExistingEgressConfig, ExistingNetworkConfig, NewEgressConfig } from "./config";

/** Resolves NAT gateways, whose proxies stand where the zones g and h would. `check` stands at it. */
export function resolveNewEgress(
  egress: NewEgressConfig | undefined,
  zones: readonly string[],
  check: Check,
): Required<NewEgressConfig> | undefined {
  if (egress === undefined) return undefined;
  if (!check.object(egress, { natGateways: true } satisfies Fields<NewEgressConfig>)) return undefined;
  const late = zones.find((zone) => /[gh]$/.test(zone));
  if (late !== undefined)
    check.problem("conflict", `takes the addresses of ${late}`, "use zones whose letters are a to f");
  const { natGateways = "each-zone" } = egress as NewEgressConfig;
  return check.at("natGateways").oneOf(natGateways, ["each-zone", "one"]) ? { natGateways } : undefined;
}

/** Resolves the proxies' subnets in a VPC that is there. A task in one of them would have their route. `check` stands at it. */
export function resolveExistingEgress(
  { egress, taskSubnetIds, loadBalancerSubnetIds }: ExistingNetworkConfig,
  check: Check,
): ExistingEgressConfig | undefined {
  if (egress === undefined) return undefined;
  if (!check.object(egress, { subnetIds: true } satisfies Fields<ExistingEgressConfig>)) return undefined;
  const { subnetIds } = egress as ExistingEgressConfig;
  checkIds(subnetIds, check.at("subnetIds"), "subnet", 2);
  if (check.isToken(subnetIds) || !Array.isArray(subnetIds)) return { subnetIds };
  const others: unknown[] = [taskSubnetIds, loadBalancerSubnetIds].flatMap((ids) =>
    Array.isArray(ids) ? [...ids] : [],
  );
  for (const [index, id] of subnetIds.entries()) {
    if (check.isToken(id) || !others.includes(id)) continue;
    check
      .at("subnetIds", index)
      .problem(
        "unsafe",
        `is ${check.show(id)}, where tasks or the load balancer stand too`,
        "give the proxies subnets of their own: whoever is there has their route",
      );
  }
  return { subnetIds };
}
