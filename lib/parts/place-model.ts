import { checkId, checkIds } from "../network/check-id";
import type { Check, Fields } from "../validation";
import type { RotationNetworkConfig } from "./config";

const NETWORK = {
  vpcId: true,
  subnetIds: true,
  endpointSecurityGroupId: true,
  openEndpoints: true,
} satisfies Fields<RotationNetworkConfig>;

/** Resolves where functions stand that make and change secrets. `check` stands at `network`. */
export function resolvePlace(config: RotationNetworkConfig, check: Check): Required<RotationNetworkConfig> {
  const nowhere = { vpcId: "", subnetIds: [], endpointSecurityGroupId: "", openEndpoints: true };
  if (!check.present(config, "say where the function stands") || !check.object(config, NETWORK))
    return nowhere;
  const { vpcId, subnetIds, endpointSecurityGroupId, openEndpoints = true } = config as RotationNetworkConfig;
  checkId(vpcId, check.at("vpcId"), "vpc");
  checkIds(subnetIds, check.at("subnetIds"), "subnet", 2);
  checkId(endpointSecurityGroupId, check.at("endpointSecurityGroupId"), "sg");
  check.at("openEndpoints").boolean(openEndpoints);
  return { vpcId, subnetIds, endpointSecurityGroupId, openEndpoints };
}

/** The same as constructs ask for it. */
export function placeOf(network: Required<RotationNetworkConfig>): {
  readonly vpcId: string;
  readonly taskSubnetIds: readonly string[];
  readonly endpoints: { readonly securityGroupId: string; readonly owned: boolean };
} {
  const { vpcId, subnetIds, endpointSecurityGroupId, openEndpoints } = network;
  return {
    vpcId,
    taskSubnetIds: subnetIds,
    endpoints: { securityGroupId: endpointSecurityGroupId, owned: openEndpoints },
  };
}
