import { Eip } from "@cdktf/provider-aws/lib/eip";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import type { PlannedSubnet } from "./plan-subnets";
import { SubnetTier } from "./subnet-tier";

/** Where egress proxies stand. */
export interface EgressSubnetsProps {
  readonly on: Deployment;
  readonly vpcId: string;
  readonly subnets: readonly PlannedSubnet[];
  /** The public tier, where NAT gateways stand. */
  readonly outer: SubnetTier;
  readonly natGateways: "each-zone" | "one";
}

/**
 * Subnets with a way to the internet and none from it: a NAT gateway for each zone, or one for all. Others may allow the
 * gateways' addresses, which stay. Cost: about 33 US dollars a month per gateway, and 0.045 per GB.
 */
export class EgressSubnets extends SubnetTier {
  public constructor(scope: Construct, id: string, props: EgressSubnetsProps) {
    super(scope, id, props);
    const { on, outer } = props;
    const zones = Object.keys(this.routeTableIds);
    const gateways: Record<string, string> = {};
    for (const zone of props.natGateways === "one" ? zones.slice(0, 1) : zones) {
      const tags = { ...on.tags, Name: on.naming.name(`egress-${zone}`, 255) };
      const inZone = new Construct(this, `nat-${zone}`);
      const address = new Eip(inZone, "address", { domain: "vpc", tags });
      const subnetId = outer.subnetIdOf[zone] ?? "";
      gateways[zone] = new NatGateway(inZone, "gateway", { allocationId: address.id, subnetId, tags }).id;
    }
    const [first = ""] = Object.values(gateways);
    for (const [zone, routeTableId] of Object.entries(this.routeTableIds)) {
      new Route(this, `internet-${zone}`, {
        routeTableId,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: gateways[zone] ?? first,
      });
    }
  }
}
