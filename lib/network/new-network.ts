import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NetworkAcl } from "@cdktf/provider-aws/lib/network-acl";
import { NetworkAclRule } from "@cdktf/provider-aws/lib/network-acl-rule";
import { Route } from "@cdktf/provider-aws/lib/route";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { Construct } from "constructs";
import type { Deployment } from "../terraform";
import { EgressSubnets } from "./egress-subnets";
import { Endpoints } from "./endpoints";
import { FlowLogs } from "./flow-logs";
import type { NewNetworkModel } from "./model";
import { SubnetTier } from "./subnet-tier";

/** The VPC to be made. */
export interface NewNetworkProps {
  readonly on: Deployment;
  readonly slice: NewNetworkModel;
  readonly logsKeyArn: string;
}

/**
 * A VPC in which tasks have no way to the internet: no route, no public address. Only the load balancer's subnets have
 * an internet gateway, and only where somebody outside may call; only the egress proxies' have NAT gateways, and only
 * where it is asked for.
 */
export class NewNetwork extends Construct {
  public readonly vpcId: string;
  public readonly loadBalancerSubnetIds: string[];
  public readonly taskSubnetIds: string[];
  public readonly endpoints: Endpoints;
  /** Where proxies stand, if there may be any. */
  public readonly egressSubnetIds: string[] | undefined;

  public constructor(scope: Construct, id: string, props: NewNetworkProps) {
    super(scope, id);
    const { on, slice, logsKeyArn } = props;
    const vpc = new Vpc(this, "resource", {
      cidrBlock: slice.cidr,
      // Both are needed for the endpoints' private names.
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { ...on.tags, Name: on.naming.name("network", 255) },
    });
    const vpcId = vpc.id;
    this.vpcId = vpcId;
    // Without rules: Terraform takes away those that AWS puts there, so that what forgets its group reaches nothing.
    new DefaultSecurityGroup(this, "default-group", { vpcId, tags: { ...on.tags } });
    new FlowLogs(this, "flow-logs", { on, vpcId, retainDays: slice.flowLogRetainDays, logsKeyArn });

    const of = (tier: string) => slice.subnets.filter((subnet) => subnet.tier === tier);
    const isolated = new SubnetTier(this, "isolated", { on, vpcId, subnets: of("isolated") });
    const tasks = new SubnetTier(this, "private", { on, vpcId, subnets: of("private") });
    this.lockIsolated(on, slice.cidr, isolated.subnetIds);
    this.taskSubnetIds = tasks.subnetIds;
    const outer = of("public").length === 0 ? undefined : this.publicTier(on, of("public"));
    this.loadBalancerSubnetIds =
      slice.loadBalancerTier === "public" && outer ? outer.subnetIds : tasks.subnetIds;
    const egress =
      slice.egress && outer
        ? new EgressSubnets(this, "egress", {
            on,
            vpcId,
            subnets: of("egress"),
            outer,
            natGateways: slice.egress.natGateways,
          })
        : undefined;
    this.egressSubnetIds = egress?.subnetIds;
    this.endpoints = new Endpoints(this, "endpoints", {
      on,
      vpcId,
      subnetIds: isolated.subnetIds,
      routeTableIds: [...Object.values(tasks.routeTableIds), ...Object.values(egress?.routeTableIds ?? {})],
      mirroredKeysOf: slice.mirroredKeysOf,
    });
  }

  private publicTier(on: Deployment, subnets: NewNetworkModel["subnets"]): SubnetTier {
    const { vpcId } = this;
    const gateway = new InternetGateway(this, "internet-gateway", { vpcId, tags: { ...on.tags } });
    const gatewayId = gateway.id;
    // AWS refuses a public load balancer before the gateway is attached, and the gateway cannot leave before it.
    const tier = new SubnetTier(this, "public", { on, vpcId, subnets, after: [gateway] });
    for (const [zone, routeTableId] of Object.entries(tier.routeTableIds)) {
      new Route(this, `internet-${zone}`, { routeTableId, destinationCidrBlock: "0.0.0.0/0", gatewayId });
    }
    return tier;
  }

  /**
   * Endpoints are called on 443 from inside and call nobody: two stateless rules say so. The other tiers keep the
   * default list: a stateless one would have to open all high ports anyway, and holds 20 rules where reach has 50 ranges.
   */
  private lockIsolated(on: Deployment, cidrBlock: string, subnetIds: string[]): void {
    const { vpcId } = this;
    const acl = new NetworkAcl(this, "isolated-acl", { vpcId, subnetIds, tags: { ...on.tags } });
    const rule = { networkAclId: acl.id, ruleNumber: 100, ruleAction: "allow", protocol: "tcp", cidrBlock };
    new NetworkAclRule(this, "isolated-calls", { ...rule, egress: false, fromPort: 443, toPort: 443 });
    new NetworkAclRule(this, "isolated-answers", { ...rule, egress: true, fromPort: 1024, toPort: 65535 });
  }
}
