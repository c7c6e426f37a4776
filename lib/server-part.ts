import type { Construct } from "constructs";
import type { Isolation } from "./access/isolation";
import { ServerAlarms } from "./alarms/server-alarms";
import { ServerLogs } from "./audit/server-logs";
import { Downstream } from "./downstream/downstream";
import { Egress } from "./egress/egress";
import { proxyEnvironment } from "./egress/model";
import { GATEWAY } from "./gateway/contract";
import { gatewayContainer } from "./gateway/container";
import type { ServerTargets } from "./ingress/server-route";
import { withKeysHost } from "./gateway/envoy";
import { limitsContainer } from "./limits/container";
import { LIMITS } from "./limits/contract";
import { LimitAlarms } from "./limits/limit-alarms";
import type { ReachedStore } from "./limits/model";
import type { KeyMirror } from "./key-mirror/key-mirror";
import { Connection } from "./network/connection";
import type { PlatformAttributes } from "./platform-attributes";
import { PolicyStore } from "./policy-store/policy-store";
import { PickUp } from "./secrets/delivery/pick-up";
import { Redelivery } from "./secrets/redelivery";
import type { PartSecrets, ServerSecrets } from "./secrets/server-secrets";
import type { PartModel, ServerModel } from "./server-model";
import { FailedDeployments } from "./task/failed-deployments";
import { Service } from "./task/service";
import type { Deployment } from "./terraform";

/** What a service of a server is made from. */
export interface ServerPartProps {
  readonly on: Deployment;
  readonly platform: PlatformAttributes;
  readonly model: Pick<ServerModel, "gateway" | "limits" | "deregistrationSeconds" | "delivery">;
  /** Where limits are counted, made here or given; absent where they are not counted in one place. */
  readonly store: ReachedStore | undefined;
  readonly part: PartModel;
  readonly secrets: PartSecrets;
  readonly surroundings: ServerSecrets["surroundings"];
  readonly targets: ServerTargets;
  /** The issuer's keys, where they are mirrored. */
  readonly keys: Pick<KeyMirror, "host" | "ready"> | undefined;
  readonly isolation: Isolation | undefined;
}

/**
 * One service of a server and all that is its own: logs, roles, tasks, ways out, redelivery, alarms. A server has one;
 * one that is split has two. Children stand under `scope`: the server itself, so that splitting it moves nothing.
 */
export function serve(scope: Construct, props: ServerPartProps): Service {
  const { on, platform, model, part, secrets, targets, keys } = props;
  const { name } = part;
  const exact =
    model.limits.scope === "exact" && props.store ? { ...model.limits, store: props.store } : undefined;
  // The login to a store that is made here is among the server's own secrets.
  const login =
    model.limits.scope === "exact" && model.limits.store.kind === "existing"
      ? model.limits.store.login
      : undefined;
  const { vpcId, taskSubnetIds, endpoints } = platform.network;
  const logs = new ServerLogs(scope, "logs", {
    on,
    name,
    retainDays: platform.audit.retainDays,
    keyArn: platform.audit.keyArn,
    delivery: platform.audit,
  });
  const downstream = new Downstream(scope, "downstream", {
    on,
    slice: part.downstream,
    server: name,
    vpcId,
    taskSubnetIds,
  });
  const store =
    part.stored.length === 0
      ? undefined
      : new PolicyStore(scope, "store", { on, name, texts: part.stored, keyArn: platform.secrets.keyArn });
  const readable = [...secrets.readable, ...(store?.readable ?? [])];
  const service = new Service(scope, "service", {
    on,
    name,
    slice: part.run,
    told: {
      ...downstream.environment,
      ...props.isolation?.environment,
      ...proxyEnvironment(part, on.account.region),
    },
    cluster: platform.cluster,
    vpcId,
    taskSubnetIds,
    taskSecurityGroupIds: platform.network.taskSecurityGroupIds,
    gatewayContainer: {
      ...(exact && { dependsOn: [{ containerName: LIMITS.name, condition: "START" }] }),
      ...gatewayContainer({
        gateway: model.gateway,
        rendered: keys ? withKeysHost(part.rendered, keys.host) : part.rendered,
        stored: part.stored,
        secrets: [...secrets.gateway, ...(store?.injected ?? [])],
        logGroupName: logs.audit.name,
        region: on.account.region,
      }),
    },
    gatewayImage: model.gateway.image,
    ...(exact && {
      beside: [
        {
          image: exact.image,
          container: limitsContainer({
            limits: exact,
            logGroupName: logs.server.name,
            region: on.account.region,
          }),
        },
      ],
    }),
    serverSecrets: secrets.server,
    readableSecrets: login ? [...readable, { arn: login.secretArn, keyArn: login.keyArn }] : readable,
    logs: { audit: logs.audit, server: logs.server },
    grants: part.grants,
    isolation: props.isolation,
    targetGroupArn: targets.arn,
    stopSeconds: model.deregistrationSeconds,
    waitFor: [...secrets.ready, ...targets.ready, ...(keys?.ready ?? []), ...(store?.ready ?? [])],
  });
  const { securityGroupId } = service;
  const task = { securityGroupId };
  new Connection(scope, "from-ingress", {
    on,
    from: { securityGroupId: platform.ingress.securityGroupId },
    to: task,
    port: GATEWAY.port,
    because: `the load balancer speaks only to the gateway of ${name}`,
    open: platform.ingress.owned === false ? "to" : "both",
  });
  const toEndpoints = new Connection(scope, "to-endpoints", {
    on,
    from: task,
    to: { securityGroupId: endpoints.securityGroupId },
    port: 443,
    because: `${name} pulls images, writes logs and reads secrets through endpoints`,
    open: endpoints.owned ? "both" : "from",
  });
  const toS3 = new Connection(scope, "to-s3", {
    on,
    from: task,
    to: { prefixListId: endpoints.s3PrefixListId },
    port: 443,
    because: `layers of the images of ${name} lie in S3`,
  });
  service.waitFor([...toEndpoints.rules, ...toS3.rules]);
  downstream.open(securityGroupId);
  if (exact) {
    const { store } = exact;
    const toStore = new Connection(scope, "to-limits", {
      on,
      from: task,
      to: { securityGroupId: store.securityGroupId },
      port: store.port,
      because: `limits of ${name} are counted there`,
    });
    service.waitFor(toStore.rules);
  }
  if (part.egress && platform.network.egress) {
    const { egress } = platform.network;
    new Egress(scope, "egress", { on, slice: part.egress, platform, egress }).open(securityGroupId);
  }
  new FailedDeployments(scope, "failed-deployments", {
    on,
    server: name,
    clusterName: platform.cluster.name,
    serviceName: service.serviceName,
    topicArn: platform.alarms.topicArn,
  });
  new Redelivery(scope, "redelivery", {
    on,
    server: name,
    cluster: platform.cluster,
    serviceName: service.serviceName,
    keyArn: platform.secrets.keyArn,
    deadLetters: props.surroundings.deadLetters,
  });
  if (model.delivery.pickUp === "fast") {
    new PickUp(scope, "pick-up", {
      on,
      server: name,
      cluster: platform.cluster,
      serviceName: service.serviceName,
      heard: login ? [...secrets.heard, login.secretArn] : secrets.heard,
      keyArn: platform.secrets.keyArn,
      topicArn: platform.alarms.topicArn,
    });
  }
  if (model.limits.watched) {
    new LimitAlarms(scope, "limits-alarms", {
      on,
      slice: model.limits,
      server: name,
      auditLogGroupName: logs.audit.name,
      topicArn: platform.alarms.topicArn,
      thresholds: platform.alarms.thresholds ?? {},
    });
  }
  new ServerAlarms(scope, "alarms", {
    on,
    slice: { thresholds: platform.alarms.thresholds ?? {} },
    topicArn: platform.alarms.topicArn,
    name,
    auditLogGroupName: logs.audit.name,
    loadBalancerSuffix: platform.ingress.loadBalancerSuffix,
    targetGroupSuffix: targets.suffix,
    clusterName: platform.cluster.name,
    serviceName: service.serviceName,
    tools: Object.keys(part.policy.tools),
  });
  return service;
}
