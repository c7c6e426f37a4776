import { resolveIam, type IamModel } from "../access/model";
import { resolveNetwork, type NetworkModel } from "../network/model";
import type { Inherited } from "../tags/model";
import { Check, type Fields, type IsToken } from "../validation";
import type { NetworkPartConfig } from "./config";
import { PART, resolveKey, resolvePart, type ResolvedPart } from "./model";

/** A network that is used on its own, with every default resolved. */
export interface NetworkPartModel {
  readonly network: NetworkModel;
  readonly iam: IamModel;
  /** Absent: a new key. */
  readonly keyArn: string | undefined;
}

const FIELDS = {
  ...PART,
  cidr: true,
  zones: true,
  mirroredKeysOf: true,
  flowLogs: true,
  egress: true,
  reach: true,
  iam: true,
  key: true,
} satisfies Fields<NetworkPartConfig>;

/**
 * Resolves a network that is used on its own.
 * @throws ConfigurationError with every problem
 */
export function resolveNetworkPart(
  config: NetworkPartConfig,
  isToken: IsToken,
  inherited?: Inherited,
): ResolvedPart<NetworkPartModel> {
  const check = Check.start(isToken);
  return resolvePart(config, { check, inherited }, FIELDS, ({ defaults }) => {
    const { cidr, zones, mirroredKeysOf, flowLogs, egress, reach } = config;
    const known = check.at("reach").oneOf(reach, ["internet", "internal"]) ? reach : "internet";
    const made = {
      ...{ kind: "new" as const, cidr, zones },
      ...(mirroredKeysOf !== undefined && { mirroredKeysOf }),
      ...(flowLogs !== undefined && { flowLogs }),
      ...(egress !== undefined && { egress }),
    };
    return {
      network: resolveNetwork(made, check, { reach: known, logRetainDays: defaults.logRetainDays }),
      iam: resolveIam(config.iam, check.at("iam")),
      keyArn: resolveKey(config.key, check.at("key")),
    };
  });
}
