import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryService } from "@cdktf/provider-aws/lib/service-discovery-service";
import { dependable, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { GrantModel } from "../access/model";
import { GATEWAY } from "../gateway/contract";
import { json, type Deployment, type Statement } from "../terraform";
import { serverContainer, type InjectedSecret } from "./containers";
import { FARGATE_SERVICE, ONE_AT_A_TIME } from "./fargate-service";
import type { Image } from "./image";
import type { RunModel } from "./model";
import { recordRun, type RunRecord } from "./recorded";
import { executionRole, taskRole } from "./roles";

/** A server's task and everything it is made of. */
export interface ServiceProps {
  readonly on: Deployment;
  readonly name: string;
  readonly slice: RunModel;
  /** Variables of ours for the server. @default none */
  readonly told?: Readonly<Record<string, string>>;
  readonly cluster: { readonly arn: string; readonly name: string; readonly namespaceId: string };
  readonly vpcId: string;
  readonly taskSubnetIds: readonly string[];
  /** Groups of somebody else that tasks are in beside their own. @default none */
  readonly taskSecurityGroupIds?: readonly string[] | undefined;
  /** From `gatewayContainer()`. */
  readonly gatewayContainer: Readonly<Record<string, unknown>>;
  readonly gatewayImage: Image;
  /** Containers of ours beside the two. @default none */
  readonly beside?: readonly {
    readonly image: Image;
    readonly container: Readonly<Record<string, unknown>>;
  }[];
  readonly serverSecrets: readonly InjectedSecret[];
  /** Every secret that is injected into either container. */
  readonly readableSecrets: readonly { readonly arn: string; readonly keyArn: string | undefined }[];
  readonly logs: Readonly<Record<"audit" | "server", { readonly name: string; readonly arn: string }>>;
  readonly grants: readonly GrantModel[];
  /** From `Isolation`: where and with which rights more the task's role is made. @default no users are told apart */
  readonly isolation?: { readonly on: Deployment; readonly taskRights: readonly Statement[] } | undefined;
  readonly targetGroupArn: string;
  /** Seconds that a call may still run once its task is asked to stop; Fargate gives 120 at most. */
  readonly stopSeconds: number;
  /** What must be there before the first task starts: values of secrets, the listener's rule. */
  readonly waitFor: readonly ITerraformDependable[];
}

/** CPU load, in percent, at which another task is added. */
const TARGET_CPU_PERCENT = 60;

/** An ECS service on Fargate: gateway and server in one task, in private subnets, between the bounds of `tasks`. */
export class Service extends Construct {
  public readonly resource: EcsService;
  public readonly taskDefinition: EcsTaskDefinition;
  public readonly serviceName: string;
  /** Group of the tasks; closed until a `Connection` opens it. */
  public readonly securityGroupId: string;
  public readonly taskRoleArn: string;
  public readonly executionRoleArn: string;
  /** What the server's container is told, for the checklist. */
  public readonly recorded: RunRecord;

  public constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { on, name, slice: run, cluster, beside = [] } = props;
    const tags = { ...on.tags };
    const execution = executionRole(this, {
      on,
      name,
      images: [props.gatewayImage, run.image, ...beside.map(({ image }) => image)],
      logGroupArns: [props.logs.audit.arn, props.logs.server.arn],
      secrets: props.readableSecrets,
    });
    const task = taskRole(this, props.isolation?.on ?? on, name, props.grants, props.isolation?.taskRights);
    this.executionRoleArn = execution.arn;
    const told = { run, told: props.told ?? {}, secrets: props.serverSecrets };
    this.recorded = recordRun(told);
    this.taskRoleArn = task.arn;
    this.taskDefinition = new EcsTaskDefinition(this, "definition", {
      family: on.naming.name(name, 255),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(run.cpuUnits),
      memory: String(run.memoryMib),
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: run.architecture === "arm64" ? "ARM64" : "X86_64",
      },
      executionRoleArn: execution.arn,
      taskRoleArn: task.arn,
      containerDefinitions: json([
        props.gatewayContainer,
        serverContainer({
          ...told,
          logGroupName: props.logs.server.name,
          region: on.account.region,
          stopSeconds: props.stopSeconds,
        }),
        ...beside.map(({ container }) => container),
      ]),
      tags,
    });
    const group = new SecurityGroup(this, "group", {
      name: on.naming.name(`${name}-task`, 255),
      description: `Tasks of ${name}`,
      vpcId: props.vpcId,
      tags,
    });
    this.securityGroupId = group.id;
    const peers = new ServiceDiscoveryService(this, "peers", {
      name,
      description: `Tasks of ${name}, which share its limits`,
      dnsConfig: {
        namespaceId: cluster.namespaceId,
        routingPolicy: "MULTIVALUE",
        dnsRecords: [{ type: "A", ttl: 10 }],
      },
      forceDestroy: true,
      tags,
    });
    this.serviceName = on.naming.name(name, 255);
    this.resource = new EcsService(this, "resource", {
      name: this.serviceName,
      cluster: cluster.arn,
      taskDefinition: this.taskDefinition.arn,
      desiredCount: run.tasks.min,
      ...FARGATE_SERVICE,
      ...(run.single && ONE_AT_A_TIME),
      healthCheckGracePeriodSeconds: 60,
      networkConfiguration: {
        // Not copied: it may be one list token.
        subnets: props.taskSubnetIds as string[],
        securityGroups: [group.id, ...(props.taskSecurityGroupIds ?? [])],
        assignPublicIp: false,
      },
      loadBalancer: [
        {
          targetGroupArn: props.targetGroupArn,
          containerName: GATEWAY.containers.gateway,
          containerPort: GATEWAY.port,
        },
      ],
      serviceRegistries: { registryArn: peers.arn },
      tags,
      // Autoscaling owns the number of tasks; where it is one, nobody does.
      ...(run.single ? {} : { lifecycle: { ignoreChanges: ["desired_count"] } }),
      dependsOn: [
        ...props.waitFor,
        ...(execution.policy ? [execution.policy] : []),
        ...(task.policy ? [task.policy] : []),
      ],
    });
    if (!run.single) this.scale(run, `service/${cluster.name}/${this.serviceName}`, tags);
  }

  /** Tasks start only when they may connect: else the first pull of an image races the security group rules. */
  public waitFor(dependables: readonly ITerraformDependable[]): void {
    // `dependable` gives the bare address: an `fqn` is an expression, which Terraform refuses in `depends_on`.
    this.resource.dependsOn = [...(this.resource.dependsOn ?? []), ...dependables.map(dependable)];
  }

  private scale(run: RunModel, resourceId: string, tags: Record<string, string>): void {
    const target = new AppautoscalingTarget(this, "scaling", {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId,
      minCapacity: run.tasks.min,
      maxCapacity: run.tasks.max,
      tags,
      dependsOn: [this.resource],
    });
    new AppautoscalingPolicy(this, "scaling-by-cpu", {
      name: "cpu",
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: TARGET_CPU_PERCENT,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
        scaleInCooldown: 300,
        scaleOutCooldown: 60,
      },
    });
  }
}
