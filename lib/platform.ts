import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { Boundary } from "./access/boundary";
import { boundaryDenials } from "./access/denials";
import { AlarmTopic } from "./alarms/alarm-topic";
import { PlatformAlarms } from "./alarms/platform-alarms";
import { Audit } from "./audit/audit";
import type { Given } from "./checklist/given";
import type { Chosen } from "./checklist/chosen";
import type { ManifestWaiver } from "./checklist/manifest";
import { attachChecklist } from "./checklist/validation";
import type { PlatformConfig } from "./config";
import { Certificate } from "./edge/certificate";
import { HostRecord } from "./edge/host-record";
import { Ingress } from "./ingress/ingress";
import { resolvePlatform, type PlatformModel } from "./model";
import { Network } from "./network/network";
import { PLATFORM_NODES, type PlatformNodes } from "./nodes/platform";
import { nodesOf } from "./nodes/table";
import type { PlatformAttributes } from "./platform-attributes";
import { SecretsKey } from "./secrets/secrets-key";
import { namespaceName } from "./server-model";
import { Cluster } from "./task/cluster";
import { inheritedTags } from "./tags/inherited";
import { asking } from "./tags/model";
import { Account, isToken, Naming, type Deployment } from "./terraform";
import { demandProvider, useProvider } from "./terraform/providers";
import { Manifest } from "./terraform/manifest";
import { moveAsReleased } from "./upgrade/releases";
import { perIpOf } from "./waf/model";
import { WebAcl } from "./waf/web-acl";

/**
 * What is paid once and shared by servers: network, load balancer, firewall, audit, alarms, keys.
 * Servers are added with `McpServer`, from this stack or another. Cost: the README has a table.
 */
export class McpPlatform extends Construct {
  public readonly network: Network;
  public readonly audit: Audit;
  public readonly certificate: Certificate;
  public readonly ingress: Ingress;
  public readonly waf: WebAcl;
  public readonly cluster: Cluster;
  /** What a server needs to know: hand it to `McpServer`, here or through remote state. */
  public readonly attributes: PlatformAttributes;
  /** Account, names, tags and rights that everything here shares. */
  public readonly deployment: Deployment;

  /**
   * @param resolved the configuration as `HardenedMcp` has already resolved it, together with its servers
   * @throws ConfigurationError with every problem of the configuration
   */
  public constructor(scope: Construct, id: string, config: PlatformConfig, resolved?: PlatformModel) {
    super(scope, id);
    const model = resolved ?? this.resolve(config);
    const { dns, archive, logs } = config.providers ?? {};
    useProvider(this, config.providers?.default);
    demandProvider(this);
    const on = (this.deployment = deploymentOf(this, model));

    this.audit = new Audit(this, "audit", {
      on,
      slice: model.audit,
      keyArn: model.keys.audit,
      archiveProvider: archive,
    });
    const logsKeyArn = this.audit.keyArn;
    this.network = new Network(this, "network", { on, slice: model.network, logsKeyArn });
    this.certificate = new Certificate(this, "certificate", { on, slice: model.edge, dns });
    this.ingress = new Ingress(this, "ingress", {
      on,
      slice: model.ingress,
      reach: model.edge.reach,
      network: this.network,
      certificateArn: this.certificate.arn,
      certificateGiven: model.edge.certificate.kind === "existing",
      logsProvider: logs,
    });
    const { loadBalancer } = this.ingress;
    new HostRecord(this, "record", { on, slice: model.edge, loadBalancer, dns });
    this.waf = new WebAcl(this, "waf", {
      on,
      slice: model.waf,
      loadBalancerArn: loadBalancer.arn,
      loadBalancerGiven: model.ingress.kind === "existing",
      logsKeyArn,
    });
    this.cluster = new Cluster(this, "cluster", {
      on,
      slice: model.cluster,
      logsKeyArn,
      vpcId: this.network.vpcId,
      namespaceName: namespaceName(model),
    });
    const secretsKeyArn = model.keys.secrets ?? new SecretsKey(this, "secrets", { on }).keyArn;
    const topic = new AlarmTopic(this, "topic", { on, slice: model.alarms, keyArn: model.keys.alarms });
    new PlatformAlarms(this, "alarms", {
      on,
      slice: model.alarms,
      topicArn: topic.topicArn,
      loadBalancerSuffix: loadBalancer.arnSuffix,
      webAclMetricName: this.waf.metricName,
      ownWebAcl: model.waf.kind === "new",
      deliveryStreamName: this.audit.deliveryStreamName,
    });

    new Manifest(this, "manifest", {
      kind: "platform",
      deployment: on.naming.prefix,
      posture: model.posture,
      lifecycle: model.lifecycle,
      waivers: [...waiversOf(model), ...model.waivers],
      existing: existingOf(model),
      chosen: chosenIn(model),
      ...asking(model.requiredTags),
    });
    this.attributes = {
      name: model.name,
      environment: model.environment,
      posture: model.posture,
      lifecycle: model.lifecycle,
      tags: model.tags,
      ...asking(model.requiredTags),
      naming: model.naming,
      iam: { boundaryArn: on.iam.boundaryArn, path: on.iam.path, ours: on.iam.ours },
      hostname: model.edge.hostname,
      network: {
        vpcId: this.network.vpcId,
        taskSubnetIds: this.network.taskSubnetIds,
        ...(this.network.taskSecurityGroupIds.length > 0 && {
          taskSecurityGroupIds: this.network.taskSecurityGroupIds,
        }),
        ...(this.network.egress && { egress: this.network.egress }),
        endpoints: {
          ...this.network.endpoints,
          mirroredKeysOf: model.network.mirroredKeysOf,
          owned: model.network.kind === "new" || model.network.endpoints.kind === "new",
        },
      },
      ingress: {
        loadBalancerSuffix: loadBalancer.arnSuffix,
        securityGroupId: loadBalancer.securityGroupId,
        listenerArn: this.ingress.listenerArn,
        idleSeconds: model.ingress.idleSeconds,
        ...(model.ingress.kind === "existing" && { owned: false }),
        ...(model.ingress.clientCertificates && { clientCertificates: true }),
      },
      cluster: this.cluster,
      gateway: model.gateway,
      secrets: { keyArn: secretsKeyArn },
      audit: { keyArn: logsKeyArn, retainDays: model.audit.retainDays, ...this.audit.delivery },
      alarms: { topicArn: topic.topicArn, thresholds: model.alarms.thresholds },
    };
    moveAsReleased(this, "McpPlatform");
    if (!resolved) attachChecklist(this);
  }

  /** The resources that are made here, to override an attribute or to read one: docs/overrides.md. */
  public get nodes(): PlatformNodes {
    return nodesOf(this, PLATFORM_NODES);
  }

  private resolve(config: PlatformConfig): PlatformModel {
    const { model, warnings } = resolvePlatform(config, isToken, inheritedTags(this, config));
    for (const warning of warnings) Annotations.of(this).addWarning(warning);
    return model;
  }
}

/** The boundary comes first: every role of the deployment stands inside it. */
function deploymentOf(scope: Construct, model: PlatformModel): Deployment {
  const account = new Account(scope, "account");
  const naming = new Naming(model.naming.prefix, model.naming.pattern);
  const { path, boundaryArn } = model.iam;
  const iam =
    boundaryArn === undefined
      ? {
          path,
          boundaryArn: new Boundary(scope, "boundary", { naming, tags: model.tags, path }).arn,
          ours: true,
          denied: [],
        }
      : { path, boundaryArn, ours: false, denied: boundaryDenials() };
  return { naming, tags: model.tags, account, lifecycle: model.lifecycle, defaults: model.defaults, iam };
}

/** Everything that the configuration turned off in the open. */
function waiversOf({ waf, ingress }: PlatformModel): ManifestWaiver[] {
  return [...waf.waivers, ...ingress.waivers.map((waived) => ({ ...waived, field: "ingress.logs" }))].map(
    ({ waiver, ...where }) => ({ ...where, reason: waiver.waive, until: waiver.until }),
  );
}

/** Numbers and names that the parts are rendered with. */
function chosenIn({ audit, alarms, waf, network, defaults }: PlatformModel): Chosen {
  return {
    logDays: {
      all: audit.retainDays,
      cluster: defaults.logRetainDays,
      ...(network.kind === "new" && { network: network.flowLogRetainDays }),
      ...(waf.kind === "new" && waf.logs && { waf: waf.logs.retainDays }),
    },
    ...(audit.archive.kind === "new" && { archiveDays: audit.archive.retainDays }),
    thresholds: alarms.thresholds,
    countries: alarms.expectedCountries,
    ...perIpOf(waf),
  };
}

/** What was given: it is in somebody else's file. */
function existingOf({ network, edge, waf, ingress, alarms, cluster, keys, audit }: PlatformModel): Given[] {
  const kinds: Partial<Record<Given, boolean>> = {
    "load-balancer": ingress.kind === "existing",
    "web-acl": waf.kind === "existing",
    network: network.kind === "existing",
    endpoints: network.kind === "existing" && network.endpoints.kind === "existing",
    certificate: edge.certificate.kind === "existing",
    topic: alarms.topic.kind === "existing",
    cluster: cluster.kind === "existing",
    keys: keys.secrets !== undefined,
    archive: audit.archive.kind === "existing",
    "log-bucket": ingress.kind === "new" && ingress.logs?.kind === "existing",
  };
  return (Object.keys(kinds) as Given[]).filter((name) => kinds[name] === true);
}
