import type { TerraformStack } from "cdktf";
import type { ReachModel } from "../../lib/edge/model";
import type { IngressConfig } from "../../lib/ingress/config";
import { Ingress } from "../../lib/ingress/ingress";
import { resolveIngress } from "../../lib/ingress/model";
import { ServerRoute, type ServerRouteProps } from "../../lib/ingress/server-route";
import type { Lifecycle, Posture } from "../../lib/posture";
import { isToken } from "../../lib/terraform";
import type { Plan } from "../../lib/terraform/plan";
import { Check } from "../../lib/validation";
import { synthPlan, testDeployment } from "../support/plan";

/** Where the load balancer of tests stands. */
export const NETWORK = {
  vpcId: "vpc-0123456789abcdef0",
  vpcCidr: "10.40.0.0/20",
  loadBalancerSubnetIds: ["subnet-a", "subnet-b"],
};

/** What a test may say differently. */
export interface IngressFixture {
  readonly config?: IngressConfig;
  readonly reach?: ReachModel;
  readonly network?: typeof NETWORK;
  readonly posture?: Posture;
  readonly route?: Partial<ServerRouteProps>;
  /** Names of servers; each has the path `/NAME/mcp`. */
  readonly servers?: readonly string[];
}

/** A load balancer with servers behind it. */
export function ingressPlan({
  servers = ["orders"],
  posture = "production",
  ...rest
}: IngressFixture = {}): Plan {
  return synthPlan((stack: TerraformStack) => {
    const on = testDeployment(stack, posture);
    const lifecycle: Lifecycle = on.lifecycle;
    const { listenerArn } = new Ingress(stack, "ingress", {
      on,
      slice: resolveIngress(rest.config, Check.start(isToken), { lifecycle }),
      reach: rest.reach ?? { kind: "internet" },
      network: rest.network ?? NETWORK,
      certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/x",
    });
    for (const name of servers) {
      new ServerRoute(stack, name, {
        on,
        name,
        hostname: "mcp.example.com",
        path: `/${name}/mcp`,
        listenerArn,
        vpcId: NETWORK.vpcId,
        deregistrationSeconds: 120,
        ...rest.route,
      });
    }
  });
}
