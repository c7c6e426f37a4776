import { resolveIam, type IamModel } from "./access/model";
import { resolveAlarms, resolveThresholds, type AlarmsModel } from "./alarms/model";
import { resolveAudit, type AuditModel } from "./audit/model";
import { BASE, checkProviders, resolveBase, type BaseModel } from "./base-model";
import type { HardenedMcpConfig, McpServerConfig, PlatformConfig, ProvidersConfig } from "./config";
import { resolveEdge, type EdgeModel } from "./edge/model";
import { resolveGateway, type GatewayModel } from "./gateway/model";
import { resolveCluster, resolveKeys, type ClusterModel, type KeysModel } from "./given-model";
import { checkGiven } from "./given-rules";
import { resolveIngress, type IngressModel } from "./ingress/model";
import {
  freeRulesFrom,
  prioritiesMeet,
  PRIORITIES_PER_SERVER,
  ruleCount,
  RULES_PER_LOAD_BALANCER,
} from "./ingress/split-rules";
import { checkPrefix, resolveNaming } from "./naming-model";
import { resolveNetwork, type NetworkModel } from "./network/model";
import { POSTURES } from "./posture";
import { resolveServer, type ServerModel } from "./server-model";
import { resolvePlatformTags, type Inherited } from "./tags/model";
import { Check, ConfigurationError, NAME, type Fields, type IsToken } from "./validation";
import { resolveWaf, type WafModel } from "./waf/model";

/** A platform with every default resolved. */
export interface PlatformModel extends BaseModel {
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
  ...BASE,
  network: true,
  edge: true,
  ingress: true,
  waf: true,
  gateway: true,
  audit: true,
  alarms: true,
  iam: true,
  providers: true,
  cluster: true,
  keys: true,
} satisfies Fields<PlatformConfig>;

const COMPLETE = { ...PLATFORM, servers: true } satisfies Fields<HardenedMcpConfig>;
const MAX_SERVERS = 50;

/**
 * Resolves a platform whose servers come from elsewhere. `inherited`: tags that its provider adds.
 * @throws ConfigurationError with every problem
 */
export function resolvePlatform(
  config: PlatformConfig,
  isToken: IsToken,
  inherited?: Inherited,
): Resolved<PlatformModel> {
  const check = Check.start(isToken);
  check.object(config, PLATFORM);
  return finish(check, platform(config, check, { inherited }));
}

/**
 * Resolves a platform and its servers, and the rules between them. `inherited`: tags that their provider adds.
 * @throws ConfigurationError with every problem
 */
export function resolveHardenedMcp(
  config: HardenedMcpConfig,
  isToken: IsToken,
  inherited?: Inherited,
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
  const model = platform(config, check, {
    inherited,
    paths: entries.map(([, server]) => server?.path).filter((path) => typeof path === "string"),
    mirroredKeysOf: entries
      .filter(([, server]) => server?.auth?.jwt?.keys?.kind === "mirrored")
      .map(([name]) => name),
  });
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
      tags: { tags: model.tags, requiredTags: model.requiredTags, inherited, isChecked: true },
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
  const taken = writing.map(({ rulesFrom }) => rulesFrom);
  writing.forEach((own, index) => {
    const other = writing.slice(0, index).find(({ rulesFrom }) => prioritiesMeet(rulesFrom, own.rulesFrom));
    if (other === undefined) return;
    // Each server is told another place, so that all can be mended at once.
    const free = freeRulesFrom(taken);
    if (free !== undefined) taken.push(free);
    check
      .at(own.server, "run", "tasks", "rulesFrom")
      .problem(
        "conflict",
        `is ${own.rulesFrom}, and the ${PRIORITIES_PER_SERVER} priorities from there meet those of ${other.server} from ${other.rulesFrom}`,
        free === undefined ? "set another" : `set another, such as ${free}`,
      );
  });
}

/**
 * Resolves one server on a platform that is described by attributes.
 * @throws ConfigurationError with every problem
 */
export function resolveMcpServer(
  config: McpServerConfig,
  isToken: IsToken,
  inherited?: Inherited,
): Resolved<ServerModel> {
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
    tags: resolvePlatformTags(platform, at, inherited),
    keysWay: {
      endpointKnown: platform.network.endpoints.s3EndpointId !== undefined,
      ...(platform.network.endpoints.owned && { servers: platform.network.endpoints.mirroredKeysOf ?? [] }),
    },
    hasEgress: platform.network.egress !== undefined,
  });
  resolveThresholds(platform.alarms.thresholds, at.at("alarms", "thresholds"));
  // A program may make many of them, each with `tools`, `clients` and `run`.
  return finish(check, model, typeof name === "string" ? `server ${JSON.stringify(name)}` : undefined);
}

/** Whether the S3 endpoint is ours or named. */
function knowsS3Endpoint(network: NetworkModel): boolean {
  return (
    network.kind === "new" || network.endpoints.kind === "new" || network.endpoints.s3EndpointId !== undefined
  );
}

/** What is known beside a platform's configuration. */
interface PlatformFacts {
  readonly inherited: Inherited | undefined;
  /** Paths of its servers. @default they come from elsewhere */
  readonly paths?: readonly string[];
  readonly mirroredKeysOf?: readonly string[];
}

function platform(
  config: PlatformConfig,
  check: Check,
  { inherited, paths, mirroredKeysOf = [] }: PlatformFacts,
): PlatformModel {
  const base = resolveBase(config, check, inherited);
  const { defaults, lifecycle } = base;
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
    ...base,
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

function finish<T>(check: Check, model: T, of?: string): Resolved<T> {
  if (check.problems.length > 0) throw new ConfigurationError(check.problems, of);
  return { model, warnings: check.warnings };
}
