import { CloudwatchLogSubscriptionFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-subscription-filter";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { auditKey } from "../audit/key";
import { LogGroup, type LogGroupProps } from "../audit/log-group";
import { attachChecklist } from "../checklist/validation";
import { TASK_DEFINITION_BYTES } from "../gateway/budget";
import { gatewayContainer } from "../gateway/container";
import { GATEWAY } from "../gateway/contract";
import { holdersOf } from "../gateway/part-of";
import { recordGateway } from "../gateway/recorded";
import { GATEWAY_PART_NODES, type GatewayPartNodes } from "../nodes/parts";
import { nodesOf } from "../nodes/table";
import { PolicyStore } from "../policy-store/policy-store";
import { Redelivery } from "../secrets/redelivery";
import { secretsKey } from "../secrets/secrets-key";
import { ServerSecrets } from "../secrets/server-secrets";
import { startRights } from "../task/roles";
import { inheritedTags } from "../tags/inherited";
import { isToken, json, policyDocument, type Deployment, type Statement } from "../terraform";
import type { GatewayPartConfig } from "./gateway-config";
import { resolveGatewayPart, type GatewayPartModel } from "./gateway-model";
import { declarePart, startPart } from "./part";
import { placeOf } from "./place-model";

/** A container definition, as ECS reads it. */
export type ContainerDefinition = Readonly<Record<string, unknown>> & { readonly name: string };

/** What a container waits for, as ECS reads it. */
export interface ContainerDependency {
  readonly containerName: string;
  readonly condition: "START";
}

/**
 * The gateway alone, for a task definition that somebody else makes in the same stack: its container, what that needs to
 * start, and the record of every call on its way to the archive. Cost: 0.40 US dollars a month for its key pair and for each client's API key, 1 for
 * each of two new keys, 0.10 per alarm, about 0.50 per GB of log.
 */
export class Gateway extends Construct {
  /** The one container of the task that can be reached: for a service's `load_balancer.container_name`. */
  public readonly containerName = GATEWAY.containers.gateway;
  /** Its port, for the target group, the service and the task's security group. It speaks TLS: the target group's protocol is HTTPS. */
  public readonly port = GATEWAY.port;
  /** Path of the target group's health check, over HTTPS: answers 200 while the server behind it is well. */
  public readonly healthPath = GATEWAY.healthPath;
  /** What every other container of the task has to wait for, so that the gateway starts first and stops last. */
  public readonly dependsOn: readonly ContainerDependency[] = [
    { containerName: GATEWAY.containers.gateway, condition: "START" },
  ];
  /** CPU units and MiB that it takes out of the task's own. */
  public readonly cpuUnits: number;
  public readonly memoryMib: number;
  /** Seconds that the longest call may take on a task that leaves: deregistration delay, and `stopTimeout` of the server up to 120. */
  public readonly stopSeconds: number;
  /**
   * Its container definition, policy or its digest included. Put it in by `containerDefinitions`: cdktf's own text would let
   * Terraform read `${` in it, and an expression cannot be judged before it is deployed.
   */
  public readonly container: ContainerDefinition;
  /** What the role has to be allowed that starts the task, for its policy. The role of the containers needs nothing for it. */
  public readonly executionRights: readonly Statement[];
  /** What has to be there before a task starts: for `dependsOn` of the service. */
  public readonly ready: readonly ITerraformDependable[];
  /** The server's address for clients. */
  public readonly url: string;
  /** Every call, as docs/gateway.md describes it: for metrics and alarms of its owner. */
  public readonly auditLogGroupName: string;
  public readonly auditLogGroupArn: string;
  /** Secret of each client that has an API key, by the client's name: its `readers` paste the field `header`. */
  public readonly clientKeyArns: Readonly<Record<string, string>>;

  /** @throws ConfigurationError with every problem; nothing is made then */
  public constructor(scope: Construct, id: string, config: GatewayPartConfig) {
    const resolved = resolveGatewayPart(config, isToken, inheritedTags(scope, config));
    super(scope, id);
    const { base, slice } = resolved;
    const { serverName: name, policy, gateway, facts, logRetainDays, service } = slice;
    const on = startPart(this, config, resolved, { of: "gateway", iam: slice.iam });
    const keys = keysOf(this, on, slice);
    const logs = { keyArn: keys.logs, retainDays: logRetainDays };
    const audit = auditLog(this, on, { ...logs, name, archive: slice.archive });
    const secrets = new ServerSecrets(this, "secrets", {
      on,
      slice: slice.secrets,
      name,
      keyArn: keys.secrets,
      logs,
      network: placeOf(slice.network),
      topicArn: slice.topicArn,
      starters: [slice.executionRoleArn],
    });
    const store =
      slice.stored.length === 0
        ? undefined
        : new PolicyStore(this, "store", { on, name, texts: slice.stored, keyArn: keys.secrets });
    new Redelivery(this, "redelivery", {
      on,
      server: name,
      cluster: { arn: on.account.arn("ecs", `cluster/${service.clusterName}`), name: service.clusterName },
      serviceName: service.name,
      keyArn: keys.secrets,
      deadLetters: secrets.surroundings.deadLetters,
    });
    this.container = gatewayContainer({
      gateway,
      rendered: slice.rendered,
      stored: slice.stored,
      secrets: [...secrets.main.gateway, ...(store?.injected ?? [])],
      logGroupName: audit.name,
      region: on.account.region,
    }) as ContainerDefinition;
    this.executionRights = startRights(on.account, {
      images: [gateway.image],
      logGroupArns: [audit.arn],
      secrets: [...secrets.main.readable, ...(store?.readable ?? [])],
    });
    this.cpuUnits = gateway.cpuUnits;
    this.memoryMib = gateway.memoryMib;
    this.stopSeconds = slice.stopSeconds;
    this.ready = [...secrets.main.ready, ...(store?.ready ?? [])];
    this.url = policy.resource;
    this.auditLogGroupName = audit.name;
    this.auditLogGroupArn = audit.arn;
    this.clientKeyArns = secrets.clientKeyArns;
    declarePart(this, base, on, {
      part: "gateway",
      waivers: [],
      existing: ["topic", ...(slice.keyArn === undefined && slice.logsKeyArn === undefined ? [] : ["keys"])],
      chosen: { logDays: { all: logRetainDays }, thresholds: {} },
      policy,
      gateways: [recordGateway(policy, gateway, facts)],
    });
    // The task is somebody else's, and what he does to it undoes the gateway all the same.
    attachChecklist(this, { also: (plan) => holdersOf(this.node.path, plan) });
  }

  /**
   * The text of `container_definitions`: the gateway, and the containers of the task's owner, each of which waits for the
   * gateway if it does not say so itself. What they hold stands in it as it is given; texts of unresolved values are
   * filled in by Terraform, and must hold neither quotes nor backslashes.
   * @throws Error where a name is the gateway's, or the text is longer than ECS takes
   */
  public containerDefinitions(own: readonly ContainerDefinition[]): string {
    if (own.some(({ name }) => name === this.containerName))
      throw new Error(
        `hardened-mcp: a container beside the gateway is called ${this.containerName}: rename it`,
      );
    const all = [this.container, ...own.map((one) => this.waiting(one))];
    const bytes = Buffer.byteLength(JSON.stringify(all));
    if (bytes > TASK_DEFINITION_BYTES)
      throw new Error(
        `hardened-mcp: the containers take ${bytes} bytes of a task definition's ${TASK_DEFINITION_BYTES}: raise reservedBytes, so that policy and program go to a store`,
      );
    return json(all);
  }

  /** The policy of the role that starts the task, as text: `executionRights` alone. */
  public executionPolicy(): string {
    return json(policyDocument(this.executionRights));
  }

  /** The resources that are made here, to override an attribute or to read one: docs/overrides.md. */
  public get nodes(): GatewayPartNodes {
    return nodesOf(this, GATEWAY_PART_NODES);
  }

  private waiting(container: ContainerDefinition): ContainerDefinition {
    const { dependsOn = [] } = container as { readonly dependsOn?: readonly ContainerDependency[] };
    return dependsOn.some(({ containerName }) => containerName === this.containerName)
      ? container
      : { ...container, dependsOn: [...dependsOn, ...this.dependsOn] };
  }
}

/** The gateway's record, every line of which goes to the archive. */
function auditLog(
  scope: Construct,
  on: Deployment,
  slice: Pick<LogGroupProps, "keyArn" | "retainDays" | "name"> & Pick<GatewayPartModel, "archive">,
): LogGroup {
  const { archive, name, ...kept } = slice;
  const logs = new Construct(scope, "logs");
  const group = new LogGroup(logs, "audit", {
    on,
    name: `/hardened-mcp/${on.naming.name(`${name}-audit`, 400)}`,
    ...kept,
  });
  new CloudwatchLogSubscriptionFilter(logs, "archive", {
    name: "archive",
    logGroupName: group.name,
    destinationArn: archive.streamArn,
    roleArn: archive.subscriptionRoleArn,
    // Every line. A filter here would be a way around the archive.
    filterPattern: "",
    distribution: "ByLogStream",
  });
  return group;
}

/** Keys of secrets and of logs, made here unless they are given. */
function keysOf(
  scope: Construct,
  on: Deployment,
  { serverName, keyArn, logsKeyArn }: GatewayPartModel,
): { readonly secrets: string; readonly logs: string } {
  const secrets = {
    name: `${serverName}-gateway-secrets`,
    description: `Secrets of the gateway of ${serverName}`,
  };
  const logs = { name: `${serverName}-gateway-logs`, description: `Logs of the gateway of ${serverName}` };
  return {
    secrets: keyArn ?? secretsKey(scope, "key", on, secrets).arn,
    logs: logsKeyArn ?? auditKey(scope, "logs-key", on, logs).arn,
  };
}
