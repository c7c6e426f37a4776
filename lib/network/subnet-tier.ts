import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import type { PlannedSubnet } from "./plan-subnets";

/** The subnets of one tier. */
export interface SubnetTierProps {
  readonly on: Deployment;
  readonly vpcId: string;
  /** All of one tier, zones distinct. */
  readonly subnets: readonly PlannedSubnet[];
  /** What has to be there first, such as the internet gateway of a public tier. @default nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** One tier: a subnet and a route table per zone, so that a zone's routes can change alone. No public addresses on launch. */
export class SubnetTier extends Construct {
  public readonly subnetIds: string[] = [];
  /** By zone. */
  public readonly subnetIdOf: Record<string, string> = {};
  /** By zone. */
  public readonly routeTableIds: Record<string, string> = {};

  public constructor(scope: Construct, id: string, props: SubnetTierProps) {
    super(scope, id);
    const { on, vpcId } = props;
    for (const { tier, zone, cidr } of props.subnets) {
      const inZone = new Construct(this, zone);
      const tags = { ...on.tags, Name: on.naming.name(`${tier}-${zone}`, 255) };
      const subnet = new Subnet(inZone, "resource", {
        vpcId,
        availabilityZone: zone,
        cidrBlock: cidr,
        mapPublicIpOnLaunch: false,
        tags,
        ...(props.after ? { dependsOn: [...props.after] } : {}),
      });
      const subnetId = subnet.id;
      const routeTableId = new RouteTable(inZone, "routes", { vpcId, tags }).id;
      new RouteTableAssociation(inZone, "association", { subnetId, routeTableId });
      this.subnetIds.push(subnetId);
      this.subnetIdOf[zone] = subnetId;
      this.routeTableIds[zone] = routeTableId;
    }
  }
}
