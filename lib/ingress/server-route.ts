import { createHash } from "node:crypto";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { dependable, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { GATEWAY, resourceMetadataPath } from "../gateway/contract";
import type { Deployment } from "../terraform";
import { sharedListenerProblems, type ListenerShare } from "./shared-listener";
import { lastPriority, NAME_HEADER, writeRules } from "./split-rules";

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
  /**
   * A second target group for calls of some tools, told by the header `Mcp-Name`.
   * @default everything goes to one
   */
  readonly split?: SplitRoute;
}

/** Which calls go to the second service of a server. */
export interface SplitRoute {
  /** Names of the tools. One that is added at the end moves no other from rule to rule. */
  readonly tools: readonly string[];
  /** First of its 50 priorities, which no other rule of the listener may have. */
  readonly rulesFrom: number;
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
 * A split server has a second target group, and a rule before the other for every three tools that go there. The load
 * balancer only sorts: it believes a header, and each gateway refuses what is not its own.
 */
export class ServerRoute extends Construct {
  public readonly targets: ServerTargets;
  /** Of the second service, where there is one. */
  public readonly writeTargets: ServerTargets | undefined;
  private readonly rule: LbListenerRule;
  private readonly listenerArn: string;
  private readonly share: ListenerShare;

  public constructor(scope: Construct, id: string, props: ServerRouteProps) {
    super(scope, id);
    const { on, path, split } = props;
    const tags = { ...on.tags };
    this.listenerArn = props.listenerArn;
    this.share = {
      place: this.node.path.split("/").slice(0, -1).join("/"),
      name: `${on.naming.prefix}-${props.name}`,
      address: props.hostname + path,
      split,
    };
    this.node.addValidation({ validate: () => this.sharingProblems() });
    const targets = this.group("targets", props);
    const root = props.root ? [resourceMetadataPath("")] : [];
    this.rule = new LbListenerRule(this, "rule", {
      listenerArn: props.listenerArn,
      // Without a split no priority: AWS takes the next free one. Paths are exact and disjoint, so the order decides
      // nothing, and counting them here would move the rules of other servers whenever one is added.
      ...(split ? { priority: lastPriority(split.rulesFrom) } : {}),
      condition: [
        { hostHeader: { values: [props.hostname] } },
        { pathPattern: { values: [path, resourceMetadataPath(path), ...root] } },
      ],
      action: [{ type: "forward", targetGroupArn: targets.arn }],
      tags,
    });
    this.targets = { arn: targets.arn, suffix: targets.arnSuffix, ready: [this.rule] };
    this.writeTargets = split && this.second(props, split);
  }

  /** Lets the server's other calls pass only once this is there: what is split off must have somewhere to go. */
  public waitFor(resource: ITerraformDependable): void {
    this.rule.dependsOn = [...(this.rule.dependsOn ?? []), dependable(resource)];
  }

  /** Of all servers in the program that share the listener: told once, by the first of them. */
  private sharingProblems(): string[] {
    const routes = this.node.root.node
      .findAll()
      .filter((each) => each instanceof ServerRoute)
      .filter(({ listenerArn }) => listenerArn === this.listenerArn);
    return routes[0] === this ? sharedListenerProblems(routes.map(({ share }) => share)) : [];
  }

  private second(props: ServerRouteProps, split: SplitRoute): ServerTargets {
    const targets = this.group("write-targets", props, "write");
    const rules = writeRules(split.tools, split.rulesFrom).map(
      ({ priority, names }, place) =>
        // Places of a list, not things: what stands in one changes without the rule being made anew.
        new LbListenerRule(this, place === 0 ? "write-rule" : `write-rule-${place + 1}`, {
          listenerArn: props.listenerArn,
          priority,
          condition: [
            { hostHeader: { values: [props.hostname] } },
            { pathPattern: { values: [props.path] } },
            { httpHeader: { httpHeaderName: NAME_HEADER, values: [...names] } },
          ],
          action: [{ type: "forward", targetGroupArn: targets.arn }],
          tags: { ...props.on.tags },
        }),
    );
    return { arn: targets.arn, suffix: targets.arnSuffix, ready: rules };
  }

  private group(id: string, props: ServerRouteProps, half?: "write"): LbTargetGroup {
    const { on } = props;
    const kind = JSON.stringify(half === undefined ? TARGET : { ...TARGET, half });
    const digest = createHash("sha256").update(kind).digest("hex").slice(0, 6);
    return new LbTargetGroup(this, id, {
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
  }
}
