import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { EcsClusterCapacityProviders } from "@cdktf/provider-aws/lib/ecs-cluster-capacity-providers";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import { LogGroup } from "../audit/log-group";
import type { ClusterModel } from "../given-model";
import { isToken, type Deployment } from "../terraform";

/** Where tasks run and find each other. */
export interface ClusterProps {
  readonly on: Deployment;
  readonly slice: ClusterModel;
  /** Customer key of the insights' log group. */
  readonly logsKeyArn: string;
  readonly vpcId: string;
  /** Private DNS zone, as `acme-prod.internal`. Seen inside the VPC alone. */
  readonly namespaceName: string;
}

/**
 * An ECS cluster for Fargate alone, with insights, or one that is given; and the private zone in which tasks of a service
 * find each other.
 */
export class Cluster extends Construct {
  public readonly arn: string;
  public readonly name: string;
  public readonly namespaceId: string;
  public readonly namespaceName: string;

  public constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    const { on, slice, namespaceName } = props;
    const { arn, name } = slice.kind === "existing" ? given(slice.arn) : this.make(props);
    this.arn = arn;
    this.name = name;
    this.namespaceId = new ServiceDiscoveryPrivateDnsNamespace(this, "namespace", {
      name: namespaceName,
      vpc: props.vpcId,
      description: "Tasks of a service find each other here, to share limits",
      tags: { ...on.tags },
    }).id;
    this.namespaceName = namespaceName;
  }

  private make({ on, logsKeyArn }: ClusterProps): { readonly arn: string; readonly name: string } {
    const name = on.naming.name("mcp", 200);
    // ECS would make this group itself, without our key and for ever.
    const insights = new LogGroup(this, "insights", {
      on,
      name: `/aws/ecs/containerinsights/${name}/performance`,
      keyArn: logsKeyArn,
      retainDays: on.defaults.logRetainDays,
    });
    const cluster = new EcsCluster(this, "resource", {
      name,
      setting: [{ name: "containerInsights", value: "enhanced" }],
      tags: { ...on.tags },
      dependsOn: [insights.resource],
    });
    new EcsClusterCapacityProviders(this, "capacity", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE"],
    });
    return { arn: cluster.arn, name };
  }
}

/** The name is the ARN's end, also where that is known only at deployment. */
function given(arn: string): { readonly arn: string; readonly name: string } {
  const name = isToken(arn) ? (Fn.element(Fn.split("/", arn), 1) as string) : (arn.split("/")[1] ?? "");
  return { arn, name };
}
