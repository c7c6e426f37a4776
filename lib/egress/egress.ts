import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { Construct } from "constructs";
import { CatalogueAlarm } from "../alarms/catalogue-alarm";
import { LogGroup } from "../audit/log-group";
import { Connection } from "../network/connection";
import type { PlatformAttributes } from "../platform-attributes";
import { FailedDeployments } from "../task/failed-deployments";
import { FARGATE_SERVICE } from "../task/fargate-service";
import { executionRole, taskRole } from "../task/roles";
import { json, type Deployment } from "../terraform";
import { EGRESS_ALARMS } from "./alarms";
import { EGRESS_SIZE, egressContainer } from "./container";
import { EGRESS, egressName } from "./contract";
import type { EgressModel } from "./model";

/** A server's proxy and what it stands on. */
export interface EgressProps {
  readonly on: Deployment;
  readonly slice: EgressModel;
  readonly platform: Pick<PlatformAttributes, "network" | "cluster" | "audit" | "alarms">;
  readonly egress: NonNullable<PlatformAttributes["network"]["egress"]>;
}

/**
 * The way of one server to public names: an Envoy in subnets with a NAT gateway, in a group that only this server's
 * tasks enter, on one port, and that reaches nothing but public addresses on 443. It has a role without rights, no
 * secret, and a log group of its own that goes to the archive.
 */
export class Egress extends Construct {
  public readonly service: EcsService;
  public readonly securityGroupId: string;
  private readonly on: Deployment;
  private readonly server: string;

  public constructor(scope: Construct, id: string, props: EgressProps) {
    super(scope, id);
    const { on, slice, platform } = props;
    this.on = on;
    this.server = slice.server;
    const tags = { ...on.tags };
    const name = egressName(slice.server);
    const logs = this.logs(props, name);
    const execution = executionRole(this, {
      on,
      name,
      images: [slice.image],
      logGroupArns: [logs.arn],
      secrets: [],
    });
    const definition = new EcsTaskDefinition(this, "definition", {
      family: on.naming.name(name, 255),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(EGRESS_SIZE.cpuUnits),
      memory: String(EGRESS_SIZE.memoryMib),
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: slice.architecture === "arm64" ? "ARM64" : "X86_64",
      },
      executionRoleArn: execution.arn,
      taskRoleArn: taskRole(this, on, name, []).arn,
      containerDefinitions: json([
        egressContainer({
          image: slice.image,
          bootstrap: slice.bootstrap,
          logGroupName: logs.name,
          region: on.account.region,
        }),
      ]),
      tags,
    });
    const group = new SecurityGroup(this, "group", {
      name: on.naming.name(name, 255),
      description: `Egress proxy of ${slice.server}`,
      vpcId: platform.network.vpcId,
      tags,
    });
    this.securityGroupId = group.id;
    const ways = this.waysOut(props);
    const peers = new ServiceDiscoveryService(this, "name", {
      name,
      description: `Egress proxy of ${slice.server}`,
      dnsConfig: {
        namespaceId: platform.cluster.namespaceId,
        routingPolicy: "MULTIVALUE",
        dnsRecords: [{ type: "A", ttl: 10 }],
      },
      forceDestroy: true,
      tags,
    });
    const serviceName = on.naming.name(name, 255);
    this.service = new EcsService(this, "resource", {
      name: serviceName,
      cluster: platform.cluster.arn,
      taskDefinition: definition.arn,
      desiredCount: slice.tasks,
      ...FARGATE_SERVICE,
      networkConfiguration: {
        // Not copied: it may be one list token.
        subnets: props.egress.subnetIds as string[],
        securityGroups: [group.id, ...(platform.network.taskSecurityGroupIds ?? [])],
        assignPublicIp: false,
      },
      serviceRegistries: { registryArn: peers.arn },
      tags,
      dependsOn: [...ways, ...(execution.policy ? [execution.policy] : [])],
    });
    this.alarms(props, logs.name, serviceName);
  }

  /** Lets the tasks in this group, and nobody else, use the proxy. */
  public open(securityGroupId: string): void {
    new Connection(this, "from-tasks", {
      on: this.on,
      from: { securityGroupId },
      to: { securityGroupId: this.securityGroupId },
      port: EGRESS.port,
      because: `${this.server} reaches public names through its own proxy alone`,
    });
  }

  private logs({ on, platform: { audit } }: EgressProps, name: string): LogGroup {
    const group = new LogGroup(this, "logs", {
      on,
      name: `/hardened-mcp/${on.naming.name(name, 400)}`,
      retainDays: audit.retainDays,
      keyArn: audit.keyArn,
    });
    new CloudwatchLogSubscriptionFilter(this, "archive", {
      name: "archive",
      logGroupName: group.name,
      destinationArn: audit.streamArn,
      roleArn: audit.subscriptionRoleArn,
      // Every line, as of the gateway's record.
      filterPattern: "",
      distribution: "ByLogStream",
    });
    return group;
  }

  private waysOut({ on, slice, platform, egress }: EgressProps): Connection["rules"] {
    const { endpoints } = platform.network;
    const from = { securityGroupId: this.securityGroupId };
    const toEndpoints = new Connection(this, "to-endpoints", {
      on,
      from,
      to: { securityGroupId: endpoints.securityGroupId },
      port: 443,
      because: `the proxy of ${slice.server} pulls its image and writes its log through endpoints`,
      open: endpoints.owned ? "both" : "from",
    });
    const toS3 = new Connection(this, "to-s3", {
      on,
      from,
      to: { prefixListId: endpoints.s3PrefixListId },
      port: 443,
      because: "layers of its image lie in S3",
    });
    const toInternet = new Connection(this, "to-internet", {
      on,
      from,
      to: { prefixListId: egress.publicPrefixListId },
      port: EGRESS.targetPort,
      because: `public addresses of the names that ${slice.server} may reach`,
    });
    return [...toEndpoints.rules, ...toS3.rules, ...toInternet.rules];
  }

  private alarms({ on, slice, platform }: EgressProps, auditLogGroupName: string, serviceName: string): void {
    const { topicArn, thresholds = {} } = platform.alarms;
    const values = {
      "audit-log-group": auditLogGroupName,
      cluster: platform.cluster.name,
      service: serviceName,
    };
    new FailedDeployments(this, "failed-deployments", {
      on,
      server: `${slice.server}-egress`,
      clusterName: platform.cluster.name,
      serviceName,
      topicArn,
    });
    for (const alarm of EGRESS_ALARMS) {
      const threshold = thresholds[alarm.id] ?? alarm.threshold;
      new CatalogueAlarm(this, alarm.id, { on, alarm, server: slice.server, threshold, topicArn, values });
    }
  }
}
