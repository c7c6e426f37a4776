import { Ec2ManagedPrefixList } from "@cdktf/provider-aws/lib/ec2-managed-prefix-list";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { Endpoints } from "./endpoints";
import { MandatedGroups } from "./mandated-groups";
import type { ExistingNetworkModel, NetworkModel } from "./model";
import { NewNetwork } from "./new-network";
import { PUBLIC_BLOCKS } from "./public-blocks";

/** The network's slice, and the key of its flow logs. */
export interface NetworkProps {
  readonly on: Deployment;
  readonly slice: NetworkModel;
  /** Customer key that CloudWatch Logs may use. */
  readonly logsKeyArn: string;
}

/** The ends that tasks reach AWS through. */
export interface NetworkEndpoints {
  /** Group of the interface endpoints: connect to it on 443. */
  readonly securityGroupId: string;
  /** Prefix list of S3: connect to it on 443. */
  readonly s3PrefixListId: string;
  /** The S3 gateway endpoint, where it is known. */
  readonly s3EndpointId?: string;
  /** The interface endpoints, where they are made here. */
  readonly ready?: readonly TerraformResource[];
}

/** Where egress proxies stand, and what they may reach. */
export interface NetworkEgress {
  readonly subnetIds: readonly string[];
  /** Prefix list of the public internet, which nothing but a proxy's group may refer to. */
  readonly publicPrefixListId: string;
}

/** Where everything runs: a VPC that is made here, or one that is there already. Both look the same from outside. */
export class Network extends Construct {
  public readonly vpcId: string;
  public readonly vpcCidr: string;
  public readonly loadBalancerSubnetIds: string[];
  public readonly taskSubnetIds: string[];
  /** Groups of somebody else that every task is in. */
  public readonly taskSecurityGroupIds: readonly string[];
  public readonly endpoints: NetworkEndpoints;
  /** Absent: no server can reach public names. */
  public readonly egress: NetworkEgress | undefined;

  public constructor(scope: Construct, id: string, { on, slice, logsKeyArn }: NetworkProps) {
    super(scope, id);
    if (slice.kind === "new") {
      const made = new NewNetwork(this, "vpc", { on, slice, logsKeyArn });
      this.vpcId = made.vpcId;
      this.vpcCidr = slice.cidr;
      this.loadBalancerSubnetIds = made.loadBalancerSubnetIds;
      this.taskSubnetIds = made.taskSubnetIds;
      this.taskSecurityGroupIds = [];
      this.endpoints = made.endpoints;
      this.egress = this.egressOf(on, made.egressSubnetIds);
    } else {
      this.vpcId = slice.vpcId;
      this.vpcCidr = slice.vpcCidr;
      // Not copied: each may be one list token.
      this.loadBalancerSubnetIds = slice.loadBalancerSubnetIds as string[];
      this.taskSubnetIds = slice.taskSubnetIds as string[];
      this.taskSecurityGroupIds = slice.taskSecurityGroupIds;
      if (slice.taskSecurityGroupIds.length > 0)
        new MandatedGroups(this, "mandated", slice.taskSecurityGroupIds);
      this.endpoints = this.endpointsOf(on, slice);
      this.egress = this.egressOf(on, slice.egress?.subnetIds);
    }
  }

  private egressOf(on: Deployment, subnetIds: readonly string[] | undefined): NetworkEgress | undefined {
    if (subnetIds === undefined) return undefined;
    const list = new Ec2ManagedPrefixList(this, "public", {
      name: on.naming.name("public-internet", 255),
      addressFamily: "IPv4",
      maxEntries: PUBLIC_BLOCKS.length,
      entry: PUBLIC_BLOCKS.map((cidr) => ({ cidr })),
      tags: { ...on.tags },
    });
    return { subnetIds, publicPrefixListId: list.id };
  }

  private endpointsOf(on: Deployment, slice: ExistingNetworkModel): NetworkEndpoints {
    const { endpoints, vpcId } = slice;
    if (endpoints.kind === "existing") return endpoints;
    return new Endpoints(this, "endpoints", {
      on,
      vpcId,
      subnetIds: slice.taskSubnetIds,
      routeTableIds: endpoints.taskRouteTableIds,
      mirroredKeysOf: slice.mirroredKeysOf,
    });
  }
}
