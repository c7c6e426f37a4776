import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { boundaryDenials } from "./access/denials";
import { Isolation } from "./access/isolation";
import type { ManifestWaiver } from "./checklist/manifest";
import { attachChecklist } from "./checklist/validation";
import type { McpServerConfig } from "./config";
import { recordGateway } from "./gateway/recorded";
import { ServerRoute } from "./ingress/server-route";
import { KeyMirror } from "./key-mirror/key-mirror";
import { Counting } from "./limits/store/counting";
import { resolveMcpServer } from "./model";
import type { PlatformAttributes } from "./platform-attributes";
import { POSTURES } from "./posture";
import { ServerSecrets } from "./secrets/server-secrets";
import { SERVER_NODES, WRITE_NODES, type ServerNodes } from "./nodes/server";
import { nodesOf } from "./nodes/table";
import { peersHostname, type PartModel, type ServerModel } from "./server-model";
import { serve, type ServerPartProps } from "./server-part";
import type { Service } from "./task/service";
import { inheritedTags } from "./tags/inherited";
import { asking } from "./tags/model";
import { Account, isToken, Naming, prefixOf, type Deployment } from "./terraform";
import { demandProvider, useProvider } from "./terraform/providers";
import { Manifest } from "./terraform/manifest";
import { moveAsReleased } from "./upgrade/releases";

/** What a team owns: tools, clients, the gateway beside the server, the task, its secrets and rights. */
export class McpServer extends Construct {
  /** Its service; of a split server the one whose tools read. */
  public readonly service: Service;
  /** Of a split server, the service whose tools write. */
  public readonly writeService: Service | undefined;
  public readonly secrets: ServerSecrets;
  public readonly route: ServerRoute;
  /** The server's address for clients. */
  public readonly url: string;
  /** Secret of each client that has an API key, by the client's name: its `readers` paste the field `header`. */
  public readonly clientKeyArns: Readonly<Record<string, string>>;
  /** Role of each `existing` secret that has a `writer`, by the secret's name: for Vault's or Doppler's settings. */
  public readonly secretWriterRoleArns: Readonly<Record<string, string>>;

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
    useProvider(this, config.providers?.default);
    demandProvider(this);
    const model = resolved?.model ?? this.resolve(config);
    const on = { ...(resolved?.on ?? deploymentOf(this, platform)), tags: model.tags };
    const { name, writing } = model;

    const counting = new Counting(this, "limits", { on, server: name, limits: model.limits, platform });
    this.secrets = new ServerSecrets(this, "secrets", {
      on,
      slice: model.secrets,
      delivery: model.delivery,
      name,
      keyArn: platform.secrets.keyArn,
      logs: platform.audit,
      network: platform.network,
      topicArn: platform.alarms.topicArn,
      ...(counting.user && { storeUser: counting.user }),
      ...(writing && {
        halves: { secretsFor: writing.secretsFor, writers: Object.keys(writing.policy.clients) },
      }),
    });
    this.route = new ServerRoute(this, "route", {
      on,
      name,
      hostname: platform.hostname,
      path: model.policy.path,
      listenerArn: platform.ingress.listenerArn,
      vpcId: platform.network.vpcId,
      deregistrationSeconds: model.deregistrationSeconds,
      ...(writing && { split: writing }),
    });
    const { surroundings } = this.secrets;
    const isolation =
      model.isolation && new Isolation(this, "isolation", { on, name, slice: model.isolation });
    const keys = this.mirror(model, on, platform);
    const store = counting.storeOf(this.secrets.storeLogin);
    const shared = { on, platform, model, surroundings, keys, store };
    this.service = serve(this, {
      ...shared,
      part: model.main,
      secrets: this.secrets.main,
      targets: this.route.targets,
      isolation,
    });
    this.writeService = this.serveWriting(shared, writing);
    if (isolation) this.service.waitFor(isolation.admit([this.service.taskRoleArn]));

    new Manifest(this, "manifest", {
      kind: "server",
      deployment: on.naming.prefix,
      posture: platform.posture,
      lifecycle: on.lifecycle,
      waivers: [...waiversOf(model), ...model.waivers],
      ...asking(model.requiredTags),
      policy: model.policy,
      chosen: {
        logDays: { all: platform.audit.retainDays },
        thresholds: platform.alarms.thresholds ?? {},
      },
      gateways: [model.main, ...(writing ? [writing] : [])].map((part) => gatewayOf(part, model, platform)),
      runs: [this.service, ...(this.writeService ? [this.writeService] : [])].map(({ recorded }) => recorded),
      ...windowed(model),
    });
    this.url = model.policy.resource;
    this.clientKeyArns = this.secrets.clientKeyArns;
    this.secretWriterRoleArns = this.secrets.writerRoleArns;
    moveAsReleased(this, "McpServer");
    if (!resolved) attachChecklist(this);
  }

  /** The resources that are made here, to override an attribute or to read one: docs/overrides.md. */
  public get nodes(): ServerNodes {
    return { ...nodesOf(this, SERVER_NODES), write: this.writeService && nodesOf(this, WRITE_NODES) };
  }

  /** The second service comes first: calls go on as before until there is somewhere for those that write to go. */
  private serveWriting(
    shared: Pick<ServerPartProps, "on" | "platform" | "model" | "surroundings" | "keys" | "store">,
    part: ServerModel["writing"],
  ): Service | undefined {
    const { writeTargets: targets } = this.route;
    const { writing: secrets } = this.secrets;
    if (!part || !targets || !secrets) return undefined;
    const scope = new Construct(this, "write");
    const service = serve(scope, { ...shared, part, secrets, targets, isolation: undefined });
    this.route.waitFor(service.resource);
    return service;
  }

  /** The issuer's keys, where they are copied. */
  private mirror(
    { name, policy }: ServerModel,
    on: Deployment,
    platform: PlatformAttributes,
  ): KeyMirror | undefined {
    const slice = policy.issuers[0]?.mirror;
    if (slice === undefined) return undefined;
    const { s3EndpointId } = platform.network.endpoints;
    if (s3EndpointId === undefined) throw new Error(`${name} has mirrored keys and no S3 endpoint`);
    return new KeyMirror(this, "keys", {
      on,
      slice,
      algorithms: policy.issuers[0]?.algorithms,
      server: name,
      s3EndpointId,
      keyArn: platform.secrets.keyArn,
      logs: platform.audit,
      deadLetters: this.secrets.surroundings.deadLetters,
      topicArn: platform.alarms.topicArn,
    });
  }

  private resolve(config: McpServerConfig): ServerModel {
    const { model, warnings } = resolveMcpServer(config, isToken, inheritedTags(this, config));
    for (const warning of warnings) Annotations.of(this).addWarning(warning);
    return model;
  }
}

/** What a service's gateway was rendered from. */
function gatewayOf({ name, policy, run }: PartModel, { gateway }: ServerModel, platform: PlatformAttributes) {
  return recordGateway(policy, gateway, {
    serverPort: run.port,
    ...(run.healthPath === undefined ? {} : { serverHealthPath: run.healthPath }),
    peersHostname: peersHostname(name, platform),
  });
}

/** Nothing where nothing is windowed. */
function windowed({ main, writing }: ServerModel): { readonly windowed?: Readonly<Record<string, string>> } {
  const entries = [...main.grants, ...(writing?.grants ?? [])].flatMap(({ sid, window }) =>
    window === undefined ? [] : [[sid, window] as const],
  );
  return entries.length === 0 ? {} : { windowed: Object.fromEntries(entries) };
}

function deploymentOf(scope: Construct, platform: PlatformAttributes): Omit<Deployment, "tags"> {
  const account = new Account(scope, "account");
  const defaults = POSTURES[platform.posture];
  return {
    naming: new Naming(prefixOf(platform), platform.naming?.pattern),
    account,
    lifecycle: platform.lifecycle ?? defaults.lifecycle,
    defaults,
    iam: {
      path: platform.iam.path ?? "/",
      boundaryArn: platform.iam.boundaryArn,
      ours: platform.iam.ours ?? false,
      denied: boundaryDenials(),
    },
  };
}

/** Everything that the configuration turned off in the open. */
function waiversOf({ secrets }: ServerModel): ManifestWaiver[] {
  return secrets.waivers.map(({ waiver, ...where }) => ({
    ...where,
    reason: waiver.waive,
    until: waiver.until,
  }));
}
