import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { boundaryDenials } from "./access/denials";
import { ServerAlarms } from "./alarms/server-alarms";
import { ServerLogs } from "./audit/server-logs";
import { attachChecklist } from "./checklist/validation";
import type { McpServerConfig } from "./config";
import { Downstream } from "./downstream/downstream";
import { GATEWAY } from "./gateway/contract";
import { gatewayContainer } from "./gateway/container";
import { ServerRoute } from "./ingress/server-route";
import { resolveMcpServer } from "./model";
import { Connection } from "./network/connection";
import type { PlatformAttributes } from "./platform-attributes";
import { POSTURES } from "./posture";
import { Redelivery } from "./secrets/redelivery";
import { ServerSecrets } from "./secrets/server-secrets";
import type { ServerModel } from "./server-model";
import { Service } from "./task/service";
import { Account, isToken, Naming, type Deployment } from "./terraform";
import { Manifest } from "./terraform/manifest";

/** What a team owns: tools, clients, the gateway beside the server, the task, its secrets and rights. */
export class McpServer extends Construct {
  public readonly service: Service;
  public readonly secrets: ServerSecrets;
  public readonly route: ServerRoute;
  /** The server's address for clients. */
  public readonly url: string;
  /** Secret of each client that has an API key, by the client's name: its `readers` paste the field `header`. */
  public readonly clientKeyArns: Readonly<Record<string, string>>;

  /**
   * @param resolved the configuration as `HardenedMcp` has already resolved it
   * @throws ConfigurationError with every problem of the configuration
   */
  public constructor(
    scope: Construct,
    id: string,
    config: McpServerConfig,
    resolved?: { readonly model: ServerModel; readonly on: Deployment },
  ) {
    super(scope, id);
    const { platform } = config;
    const model = resolved?.model ?? this.resolve(config);
    const on = resolved?.on ?? deploymentOf(this, platform);
    const { name } = model;
    const { vpcId, taskSubnetIds, endpoints } = platform.network;

    const logs = new ServerLogs(this, "logs", {
      on,
      name,
      retainDays: platform.audit.retainDays,
      keyArn: platform.audit.keyArn,
      delivery: platform.audit,
    });
    this.secrets = new ServerSecrets(this, "secrets", {
      on,
      slice: model.secrets,
      name,
      keyArn: platform.secrets.keyArn,
      logs: platform.audit,
      network: platform.network,
      topicArn: platform.alarms.topicArn,
    });
    this.route = new ServerRoute(this, "route", {
      on,
      name,
      hostname: platform.hostname,
      path: model.policy.path,
      listenerArn: platform.ingress.listenerArn,
      vpcId,
      deregistrationSeconds: model.deregistrationSeconds,
    });
    this.service = new Service(this, "service", {
      on,
      name,
      slice: model.run,
      cluster: platform.cluster,
      vpcId,
      taskSubnetIds,
      gatewayContainer: gatewayContainer({
        gateway: model.gateway,
        rendered: model.rendered,
        secrets: this.secrets.gateway,
        logGroupName: logs.audit.name,
        region: on.account.region,
      }),
      gatewayImage: model.gateway.image,
      serverSecrets: this.secrets.server,
      readableSecrets: this.secrets.readable,
      logs: { audit: logs.audit, server: logs.server },
      grants: model.grants,
      targetGroupArn: this.route.targetGroupArn,
      stopSeconds: model.deregistrationSeconds,
      waitFor: [...this.secrets.ready, ...this.route.ready],
    });
    const { securityGroupId } = this.service;
    const task = { securityGroupId };
    new Connection(this, "from-ingress", {
      on,
      from: { securityGroupId: platform.ingress.securityGroupId },
      to: task,
      port: GATEWAY.port,
      because: `the load balancer speaks only to the gateway of ${name}`,
    });
    const toEndpoints = new Connection(this, "to-endpoints", {
      on,
      from: task,
      to: { securityGroupId: endpoints.securityGroupId },
      port: 443,
      because: `${name} pulls images, writes logs and reads secrets through endpoints`,
      open: endpoints.owned ? "both" : "from",
    });
    const toS3 = new Connection(this, "to-s3", {
      on,
      from: task,
      to: { prefixListId: endpoints.s3PrefixListId },
      port: 443,
      because: `layers of the images of ${name} lie in S3`,
    });
    this.service.waitFor([...toEndpoints.rules, ...toS3.rules]);
    new Downstream(this, "downstream", { on, slice: model.downstream, from: securityGroupId });
    new Redelivery(this, "redelivery", {
      on,
      server: name,
      cluster: platform.cluster,
      serviceName: this.service.serviceName,
      keyArn: platform.secrets.keyArn,
      deadLetters: this.secrets.surroundings.deadLetters,
    });
    new ServerAlarms(this, "alarms", {
      on,
      slice: { thresholds: platform.alarms.thresholds ?? {} },
      topicArn: platform.alarms.topicArn,
      name,
      auditLogGroupName: logs.audit.name,
      loadBalancerSuffix: platform.ingress.loadBalancerSuffix,
      targetGroupSuffix: this.route.targetGroupSuffix,
      clusterName: platform.cluster.name,
      serviceName: this.service.serviceName,
      tools: Object.keys(model.policy.tools),
    });

    new Manifest(this, "manifest", {
      kind: "server",
      deployment: on.naming.prefix,
      posture: platform.posture,
      lifecycle: on.lifecycle,
      waivers: [],
      policy: model.policy,
    });
    this.url = model.policy.resource;
    this.clientKeyArns = this.secrets.clientKeyArns;
    if (!resolved) attachChecklist(this);
  }

  private resolve(config: McpServerConfig): ServerModel {
    const { model, warnings } = resolveMcpServer(config, isToken);
    for (const warning of warnings) Annotations.of(this).addWarning(warning);
    return model;
  }
}

function deploymentOf(scope: Construct, platform: PlatformAttributes): Deployment {
  const account = new Account(scope, "account");
  const defaults = POSTURES[platform.posture];
  return {
    naming: new Naming(`${platform.name}-${platform.environment}`),
    tags: platform.tags ?? {},
    account,
    lifecycle: platform.lifecycle ?? defaults.lifecycle,
    defaults,
    iam: {
      path: platform.iam.path ?? "/",
      boundaryArn: platform.iam.boundaryArn,
      denied: boundaryDenials(),
    },
  };
}
