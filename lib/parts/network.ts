import { Construct } from "constructs";
import { auditKey } from "../audit/key";
import { Network as SharedNetwork, type NetworkEgress, type NetworkEndpoints } from "../network/network";
import { NETWORK_PART_NODES, type NetworkPartNodes } from "../nodes/parts";
import { nodesOf } from "../nodes/table";
import { inheritedTags } from "../tags/inherited";
import { isToken } from "../terraform";
import type { NetworkPartConfig } from "./config";
import { resolveNetworkPart } from "./network-model";
import { finishPart, startPart } from "./part";

/**
 * The network alone: a VPC of subnets without a way to the internet, with endpoints for what tasks need of AWS, and a
 * record of every connection. Cost: about 7 US dollars a month per interface endpoint and zone, 1 for the key, 0.50 per GB
 * of flow logs, 33 per NAT gateway where `egress` asks for some.
 */
export class Network extends Construct {
  public readonly vpcId: string;
  public readonly vpcCidr: string;
  /** Public ones, or the tasks' where reach is `internal`. */
  public readonly loadBalancerSubnetIds: readonly string[];
  public readonly taskSubnetIds: readonly string[];
  /** The ends that tasks reach AWS through. */
  public readonly endpoints: NetworkEndpoints;
  /** Where egress proxies stand; nothing without `egress`. */
  public readonly egress: NetworkEgress | undefined;

  /** @throws ConfigurationError with every problem; nothing is made then */
  public constructor(scope: Construct, id: string, config: NetworkPartConfig) {
    const resolved = resolveNetworkPart(config, isToken, inheritedTags(scope, config));
    super(scope, id);
    const { base, slice } = resolved;
    const { network, keyArn } = slice;
    const on = startPart(this, config, resolved, { of: "network", iam: slice.iam });
    const called = { name: "network-logs", description: "Flow logs of the network" };
    const made = new SharedNetwork(this, "network", {
      on,
      slice: network,
      logsKeyArn: keyArn ?? auditKey(this, "key", on, called).arn,
    });
    this.vpcId = made.vpcId;
    this.vpcCidr = made.vpcCidr;
    this.loadBalancerSubnetIds = made.loadBalancerSubnetIds;
    this.taskSubnetIds = made.taskSubnetIds;
    this.endpoints = made.endpoints;
    this.egress = made.egress;
    finishPart(this, base, on, {
      part: "network",
      waivers: [],
      ...(keyArn !== undefined && { existing: ["keys"] }),
      chosen: {
        logDays: {
          all: base.defaults.logRetainDays,
          ...(network.kind === "new" && { network: network.flowLogRetainDays }),
        },
        thresholds: {},
      },
    });
  }

  /** The resources that are made here, to override an attribute or to read one: docs/overrides.md. */
  public get nodes(): NetworkPartNodes {
    return nodesOf(this, NETWORK_PART_NODES);
  }
}
