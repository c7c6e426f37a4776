import { createHash } from "node:crypto";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { GATEWAY, resourceMetadataPath } from "../gateway/contract";
import type { Deployment } from "../terraform";

/** Which requests go to which server. */
export interface ServerRouteProps {
  readonly on: Deployment;
  /** The server's name. */
  readonly name: string;
  readonly hostname: string;
  /** The MCP endpoint, as `/orders/mcp`. Letters, digits and `/_.-` only: the load balancer reads `*` and `?` as wildcards. */
  readonly path: string;
  readonly listenerArn: string;
  readonly vpcId: string;
  /** Seconds that calls under way may take on a task that leaves, 0 to 3600. */
  readonly deregistrationSeconds: number;
  /**
   * Whether this server also answers `/.well-known/oauth-protected-resource` without a path, which old clients ask
   * for. One server of a host at most.
   * @default false
   */
  readonly root?: boolean;
}

/** Where the gateways of one service are listed. */
export interface ServerTargets {
  readonly arn: string;
  /** `targetgroup/NAME/ID`, a dimension of its metrics. */
  readonly suffix: string;
  /** A service can use the target group when the listener does: it has to wait for this. */
  readonly ready: readonly ITerraformDependable[];
}

/** What forces a new target group, so that its name changes with it and the new one can stand beside the old. */
const TARGET = { port: GATEWAY.port, protocol: "HTTPS", protocolVersion: "HTTP2", targetType: "ip" } as const;

/**
 * The way of one server: a target group of its gateways, and one listener rule for its path and its RFC 9728 document.
 */
export class ServerRoute extends Construct {
  public readonly targets: ServerTargets;

  public constructor(scope: Construct, id: string, props: ServerRouteProps) {
    super(scope, id);
    const { on, path } = props;
    const digest = createHash("sha256").update(JSON.stringify(TARGET)).digest("hex").slice(0, 6);
    const targets = new LbTargetGroup(this, "targets", {
      ...TARGET,
      name: on.naming.name(`${props.name}-${digest}`, 32),
      vpcId: props.vpcId,
      ipAddressType: "ipv4",
      deregistrationDelay: String(props.deregistrationSeconds),
      // Calls differ in length by a thousandfold; taking turns would pile the long ones up.
      loadBalancingAlgorithmType: "least_outstanding_requests",
      healthCheck: {
        enabled: true,
        protocol: "HTTPS",
        port: "traffic-port",
        path: GATEWAY.healthPath,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: { ...on.tags },
      lifecycle: { createBeforeDestroy: true },
    });
    const root = props.root ? [resourceMetadataPath("")] : [];
    const rule = new LbListenerRule(this, "rule", {
      listenerArn: props.listenerArn,
      // No priority: AWS takes the next free one. Paths are exact and disjoint, so the order decides nothing, and
      // counting them here would move the rules of other servers whenever one is added.
      condition: [
        { hostHeader: { values: [props.hostname] } },
        { pathPattern: { values: [path, resourceMetadataPath(path), ...root] } },
      ],
      action: [{ type: "forward", targetGroupArn: targets.arn }],
      tags: { ...on.tags },
    });
    this.targets = { arn: targets.arn, suffix: targets.arnSuffix, ready: [rule] };
  }
}
