import { resolveIam, type IamModel } from "./access/model";
import { resolveAlarms, resolveThresholds, type AlarmsModel } from "./alarms/model";
import { resolveAudit, type AuditModel } from "./audit/model";
import type { HardenedMcpConfig, McpServerConfig, PlatformConfig, ProvidersConfig } from "./config";
import { resolveEdge, type EdgeModel } from "./edge/model";
import { resolveGateway, type GatewayModel } from "./gateway/model";
import { resolveCluster, resolveKeys, type ClusterModel, type KeysModel } from "./given-model";
import { checkGiven } from "./given-rules";
import { resolveIngress, type IngressModel } from "./ingress/model";
import {
  prioritiesMeet,
  PRIORITIES_PER_SERVER,
  ruleCount,
  RULES_PER_LOAD_BALANCER,
} from "./ingress/split-rules";
import { checkPrefix, resolveNaming, type NamingModel } from "./naming-model";
import { resolveNetwork, type NetworkModel } from "./network/model";
import { POSTURES, type Lifecycle, type Posture, type PostureDefaults } from "./posture";
import { resolveServer, type ServerModel } from "./server-model";
import { Check, ConfigurationError, NAME, type Fields, type IsToken } from "./validation";
import { resolveWaf, type WafModel } from "./waf/model";

/** A platform with every default resolved. */
export interface PlatformModel {
  readonly name: string;
  readonly environment: string;
  readonly posture: Posture;
  readonly lifecycle: Lifecycle;
  readonly defaults: PostureDefaults;
  readonly tags: Readonly<Record<string, string>>;
  readonly naming: NamingModel;
  readonly cluster: ClusterModel;
  readonly keys: KeysModel;
  readonly iam: IamModel;
  readonly network: NetworkModel;
  readonly edge: EdgeModel;
  readonly ingress: IngressModel;
  readonly waf: WafModel;
  readonly gateway: GatewayModel;
  readonly audit: AuditModel;
  readonly alarms: AlarmsModel;
}

/** Everything resolved, and what a reader should know although it stops nothing. */
export interface Resolved<T> {
  readonly model: T;
  readonly warnings: readonly string[];
}

const PLATFORM = {
  name: true,
  environment: true,
  posture: true,
  lifecycle: true,
  network: true,
  edge: true,
  ingress: true,
  waf: true,
  gateway: true,
  audit: true,
  alarms: true,
  iam: true,
  tags: true,
  naming: true,
  providers: true,
  cluster: true,
  keys: true,
} satisfies Fields<PlatformConfig>;

const COMPLETE = { ...PLATFORM, servers: true } satisfies Fields<HardenedMcpConfig>;
const MAX_SERVERS = 50;
/** AWS takes 50 tags on a resource; ours are among them. */
const MAX_TAGS = 40;

/**
 * Resolves a platform whose servers come from elsewhere.
 * @throws ConfigurationError with every problem
 */
export function resolvePlatform(config: PlatformConfig, isToken: IsToken): Resolved<PlatformModel> {
  const check = Check.start(isToken);
  check.object(config, PLATFORM);
  return finish(check, platform(config, check, undefined));
}

/**
 * Resolves a platform and its servers, and the rules between them.
 * @throws ConfigurationError with every problem
 */
export function resolveHardenedMcp(
  config: HardenedMcpConfig,
  isToken: IsToken,
): Resolved<{ platform: PlatformModel; servers: readonly ServerModel[] }> {
  const check = Check.start(isToken);
  check.object(config, COMPLETE);
  const at = check.at("servers");
  const entries = at.present(config.servers, "name at least one server")
    ? at.entries(config.servers, NAME)
    : [];
  const count = Object.keys(config.servers ?? {}).length;
  if (count < 1 || count > MAX_SERVERS) {
    at.problem(
      "out-of-range",
      `has ${count} servers, expected 1 to ${MAX_SERVERS}`,
      "use a second platform for more",
    );
  }
  const model = platform(
    config,
    check,
    entries.map(([, server]) => server?.path).filter((path) => typeof path === "string"),
    entries.filter(([, server]) => server?.auth?.jwt?.keys?.kind === "mirrored").map(([name]) => name),
  );
  const paths = new Map<string, string>();
  const servers = entries.map(([name, server, atServer]) => {
    const taken = paths.get(server.path);
    if (taken)
      atServer
        .at("path")
        .problem(
          "duplicate",
          `is ${atServer.show(server.path)}, the path of ${taken}`,
          "give each server a path of its own",
        );
    else paths.set(server.path, name);
    return resolveServer(name, server, atServer, {
      hostname: model.edge.hostname,
      idleSeconds: model.ingress.idleSeconds,
      gateway: model.gateway,
      certificates: model.ingress.clientCertificates !== undefined,
      posture: model.posture,
      defaults: model.defaults,
      naming: { name: model.name, environment: model.environment },
      tags: Object.keys(model.tags),
      keysWay: { endpointKnown: knowsS3Endpoint(model.network) },
      hasEgress: model.network.egress !== undefined,
    });
  });
  checkRules(servers, at);
  return finish(check, { platform: model, servers });
}

/** What the servers of one load balancer need of its rules together, and that their priorities do not meet. */
function checkRules(servers: readonly ServerModel[], check: Check): void {
  const writing = servers.flatMap(({ name: server, writing }) => (writing ? [{ server, ...writing }] : []));
  const rules = ruleCount(servers.map((server) => server.writing?.tools.length ?? 0));
  if (rules > RULES_PER_LOAD_BALANCER)
    check.problem(
      "over-budget",
      `need ${rules} listener rules, expected at most ${RULES_PER_LOAD_BALANCER} on one load balancer`,
      "split fewer servers, or use a second platform",
    );
  writing.forEach((own, index) => {
    const other = writing.slice(0, index).find(({ rulesFrom }) => prioritiesMeet(rulesFrom, own.rulesFrom));
    if (other)
      check
        .at(own.server, "run", "tasks", "rulesFrom")
        .problem(
          "conflict",
          `is ${own.rulesFrom}, and the ${PRIORITIES_PER_SERVER} priorities from there meet those of ${other.server} from ${other.rulesFrom}`,
          "set another",
        );
  });
}

/**
 * Resolves one server on a platform that is described by attributes.
 * @throws ConfigurationError with every problem
 */
export function resolveMcpServer(config: McpServerConfig, isToken: IsToken): Resolved<ServerModel> {
  const check = Check.start(isToken);
  const { name, platform, providers, ...server } = config;
  checkProviders(providers, check.at("providers"), { default: true });
  if (check.at("name").literal(name)) check.at("name").text(name, { ...NAME });
  const at = check.at("platform");
  checkPrefix(platform.name, at.at("name"), 20);
  checkPrefix(platform.environment, at.at("environment"), 12);
  resolveNaming(platform.naming, platform, at.at("naming"));
  const posture = at.at("posture").oneOf(platform.posture, ["production", "sandbox"])
    ? platform.posture
    : "production";
  const defaults = { ...POSTURES[posture], lifecycle: platform.lifecycle ?? POSTURES[posture].lifecycle };
  if (server.isolation !== undefined)
    at.at("iam", "ours").present(
      platform.iam.ours,
      "say whether the boundary is the platform's own (true) or your organisation's (false)",
    );
  const model = resolveServer(name, server, check, {
    hostname: platform.hostname,
    idleSeconds: platform.ingress.idleSeconds,
    gateway: resolveGateway(platform.gateway, at.at("gateway")),
    certificates: platform.ingress.clientCertificates === true,
    posture,
    defaults,
    naming: platform,
    tags: Object.keys(platform.tags ?? {}),
    keysWay: {
      endpointKnown: platform.network.endpoints.s3EndpointId !== undefined,
      ...(platform.network.endpoints.owned && { servers: platform.network.endpoints.mirroredKeysOf ?? [] }),
    },
    hasEgress: platform.network.egress !== undefined,
  });
  resolveThresholds(platform.alarms.thresholds, at.at("alarms", "thresholds"));
  return finish(check, model);
}

/** Whether the S3 endpoint is ours or named. */
function knowsS3Endpoint(network: NetworkModel): boolean {
  return (
    network.kind === "new" || network.endpoints.kind === "new" || network.endpoints.s3EndpointId !== undefined
  );
}

function platform(
  config: PlatformConfig,
  check: Check,
  paths: readonly string[] | undefined,
  mirroredKeysOf: readonly string[] = [],
): PlatformModel {
  checkPrefix(config.name, check.at("name"), 20);
  checkPrefix(config.environment, check.at("environment"), 12);
  const posture: Posture = check.at("posture").oneOf(config.posture, ["production", "sandbox"])
    ? config.posture
    : "production";
  const lifecycle =
    config.lifecycle !== undefined &&
    check.at("lifecycle").oneOf(config.lifecycle, ["protected", "disposable"])
      ? config.lifecycle
      : POSTURES[posture].lifecycle;
  const defaults = { ...POSTURES[posture], lifecycle };
  checkProviders(config.providers, check.at("providers"), {
    default: true,
    dns: true,
    archive: true,
    logs: true,
  } satisfies Fields<ProvidersConfig>);
  const edge = resolveEdge(config.edge, check.at("edge"));
  const network = resolveNetwork(config.network, check.at("network"), {
    reach: edge.reach.kind,
    balancerGiven: config.ingress?.loadBalancer?.kind === "existing",
    logRetainDays: defaults.logRetainDays,
    mirroredKeysOf,
  });
  checkGiven(config, check, { network, edge });
  const alarms = resolveAlarms(config.alarms, check.at("alarms"));
  const audit = resolveAudit(config.audit, check.at("audit"), defaults);
  const gateway = resolveGateway(config.gateway, check.at("gateway"));
  return {
    name: config.name,
    environment: config.environment,
    posture,
    lifecycle,
    defaults,
    tags: resolveTags(config, check.at("tags")),
    naming: resolveNaming(config.naming, config, check.at("naming")),
    cluster: resolveCluster(config.cluster, check.at("cluster")),
    keys: resolveKeys(config.keys, check.at("keys"), { topic: alarms.topic.kind }),
    iam: resolveIam(config.iam, check.at("iam")),
    network,
    edge,
    ingress: resolveIngress(config.ingress, check.at("ingress"), { lifecycle }),
    waf: resolveWaf(config.waf, check.at("waf"), {
      hostname: edge.hostname,
      ...(paths ? { paths } : {}),
      allowedOrigins: gateway.allowedOrigins,
      expectedCountries: alarms.expectedCountries,
      logRetainDays: audit.retainDays,
    }),
    gateway,
    audit,
    alarms,
  };
}

/** Providers are cdktf's own objects: what is checked is that each stands under a name that is looked at. */
function checkProviders(
  providers: object | undefined,
  check: Check,
  fields: Readonly<Record<string, true>>,
): void {
  if (providers === undefined || !check.object(providers, fields)) return;
  for (const [key, provider] of Object.entries(providers as Readonly<Record<string, unknown>>))
    if (
      provider !== undefined &&
      (provider as { terraformResourceType?: unknown })?.terraformResourceType !== "aws"
    )
      check.at(key).problem("wrong-type", "is no aws provider", "hand over an AwsProvider of the stack");
}

/** The user's tags and the two that find everything of a deployment. */
function resolveTags(config: PlatformConfig, check: Check): Record<string, string> {
  const ours = { "hardened-mcp:name": config.name, "hardened-mcp:environment": config.environment };
  const entries = check.entries(config.tags, {
    pattern: /^(?!aws:|hardened-mcp:)[\p{L}\p{N} _.:/=+@-]+$/u,
    form: "letters, digits, spaces and _ . : / = + - @, not beginning with aws: or hardened-mcp:",
    max: 128,
  });
  if (entries.length > MAX_TAGS)
    check.problem("over-budget", `has ${entries.length} tags, expected at most ${MAX_TAGS}`, "remove some");
  for (const [, value, at] of entries)
    at.text(value, {
      max: 256,
      pattern: /^[\p{L}\p{N} _.:/=+@-]*$/u,
      form: "letters, digits, spaces and _ . : / = + - @",
    });
  return { ...Object.fromEntries(entries.map(([key, value]) => [key, value])), ...ours };
}

function finish<T>(check: Check, model: T): Resolved<T> {
  if (check.problems.length > 0) throw new ConfigurationError(check.problems);
  return { model, warnings: check.warnings };
}
