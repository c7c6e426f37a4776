import { DataAwsLb } from "@cdktf/provider-aws/lib/data-aws-lb";
import { DataAwsLbListener } from "@cdktf/provider-aws/lib/data-aws-lb-listener";
import { LbListenerCertificate } from "@cdktf/provider-aws/lib/lb-listener-certificate";
import { Construct } from "constructs";
import { balancerDemands, listenerDemands, type Demand } from "./given-demands";
import type { GivenIngressModel } from "./given-model";
import { expressionOf } from "../terraform";
import type { LoadBalancer } from "./ingress";

/** Which load balancer, and what this deployment was written for. */
export interface GivenLoadBalancerProps {
  readonly slice: GivenIngressModel;
  /** Whether nobody on the internet may reach it. */
  readonly internal: boolean;
  readonly vpcId: string;
  /** A certificate that is made here, for the listener to show beside its own. @default it has the host's already */
  readonly certificateArn?: string | undefined;
}

/** A load balancer and a listener that are there already: read at every plan, which stops where they are not fit. */
export class GivenLoadBalancer extends Construct {
  public readonly loadBalancer: LoadBalancer;
  public readonly listenerArn: string;

  public constructor(
    scope: Construct,
    id: string,
    { slice, certificateArn, ...facts }: GivenLoadBalancerProps,
  ) {
    super(scope, id);
    const { arn, listenerArn, securityGroupId, idleSeconds } = slice;
    const demands = balancerDemands({
      internal: facts.internal,
      idleSeconds,
      vpcId: expressionOf(facts.vpcId),
      securityGroupId: expressionOf(securityGroupId),
    });
    const balancer = new DataAwsLb(this, "resource", { arn });
    balancer.lifecycle = { postcondition: written(demands, `load balancer ${arn}`) };
    const listener = new DataAwsLbListener(this, "listener", { arn: listenerArn });
    const own = listenerDemands({ arn: expressionOf(arn) });
    listener.lifecycle = { postcondition: written(own, `listener ${listenerArn}`) };
    if (certificateArn !== undefined)
      new LbListenerCertificate(this, "certificate", { listenerArn: listener.arn, certificateArn });
    this.loadBalancer = {
      arn: balancer.arn,
      arnSuffix: balancer.arnSuffix,
      dnsName: balancer.dnsName,
      zoneId: balancer.zoneId,
      securityGroupId,
    };
    // Of what was read, so that no rule is written to a listener that is not fit.
    this.listenerArn = listener.arn;
  }
}

function written(demands: readonly Demand[], what: string): { condition: string; errorMessage: string }[] {
  return demands.map(({ attribute, expected, condition }) => ({
    condition: `\${${condition}}`,
    errorMessage: `The ${what} is not fit for MCP servers: its ${attribute} has to be ${expected}, and is \${jsonencode(self.${attribute})}.`,
  }));
}
