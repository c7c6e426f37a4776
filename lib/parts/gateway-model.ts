import { resolveIam, type IamModel } from "../access/model";
import { TOPIC_ARN } from "../alarms/model";
import { checkLogRetention } from "../audit/retention";
import type { BaseModel } from "../base-model";
import { checkHostname } from "../edge/model";
import { fitGateway } from "../gateway/budget";
import { GATEWAY } from "../gateway/contract";
import { renderGateway, type RenderedGateway, type RenderFacts } from "../gateway/envoy";
import { resolveGateway, type GatewayModel } from "../gateway/model";
import { limitsPolicy, resolveLimits } from "../limits/model";
import type { LimitsConfig } from "../limits/config";
import { buildPolicy, type PolicyDocument } from "../policy";
import type { LimitsPolicy } from "../policy/document";
import type { StoredText } from "../policy-store/model";
import { DAILY } from "../secrets/delivery/model";
import { resolveSecrets, ROLE_ARN, type SecretsModel } from "../secrets/model";
import { checkPath, checkTimes, stopSecondsOf } from "../server-model";
import { MAX_TASKS } from "../task/tasks-model";
import type { Inherited } from "../tags/model";
import { Check, NAME, type Fields, type IsToken } from "../validation";
import type { RotationNetworkConfig } from "./config";
import type {
  GatewayArchiveConfig,
  GatewayLoadBalancerConfig,
  GatewayPartConfig,
  GatewayServiceConfig,
  GatewayTasksConfig,
  LoopbackServerConfig,
} from "./gateway-config";
import { PART, resolveKey, resolvePart, type ResolvedPart } from "./model";
import { resolvePlace } from "./place-model";

/** A gateway that is used on its own, with every default resolved. */
export interface GatewayPartModel {
  readonly serverName: string;
  readonly policy: PolicyDocument;
  readonly gateway: GatewayModel;
  readonly facts: RenderFacts;
  readonly rendered: RenderedGateway;
  /** What of it lies in a store instead of the task definition. */
  readonly stored: readonly StoredText[];
  readonly secrets: SecretsModel;
  readonly executionRoleArn: string;
  readonly service: GatewayServiceConfig;
  /** Seconds that a call may still run once its task is asked to leave. */
  readonly stopSeconds: number;
  readonly archive: GatewayArchiveConfig;
  readonly network: Required<RotationNetworkConfig>;
  readonly topicArn: string;
  readonly logRetainDays: number;
  readonly iam: IamModel;
  /** Absent: new keys. */
  readonly keyArn: string | undefined;
  readonly logsKeyArn: string | undefined;
}

const FIELDS = {
  ...PART,
  ...{ path: true, era: true, clients: true, tools: true, methods: true, windows: true, auth: true },
  ...{ serverName: true, hostname: true, gateway: true, server: true, tasks: true, limits: true },
  ...{ loadBalancer: true, executionRoleArn: true, service: true, reservedBytes: true, network: true },
  ...{ archive: true, topicArn: true, logRetainDays: true, iam: true, key: true, logsKey: true },
} as const satisfies Fields<GatewayPartConfig>;

/** What AWS gives a load balancer that nobody has told otherwise. */
const IDLE_SECONDS = 60;
/** The gateway's own names, secrets and log, about 2,000, and a container beside it, as of a small server of ours. */
const RESERVED_BYTES = 4_864;
/** What each client adds: its secret. */
const CLIENT_BYTES = 256;

const DNS_NAME = {
  pattern: /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z]{2,}$/,
  form: "a DNS name in lower case, as orders.acme.internal",
};
const STREAM_ARN = {
  pattern: /^arn:aws[a-z-]*:firehose:[a-z0-9-]+:\d{12}:deliverystream\/[A-Za-z0-9_.-]{1,64}$/,
  form: "the ARN of a delivery stream",
};
const ECS_NAME = { pattern: /^[A-Za-z0-9_-]{1,255}$/, form: "a name in ECS: letters, digits, _ and -" };

/**
 * Resolves a gateway that is used on its own.
 * @throws ConfigurationError with every problem
 */
export function resolveGatewayPart(
  config: GatewayPartConfig,
  isToken: IsToken,
  inherited?: Inherited,
): ResolvedPart<GatewayPartModel> {
  const check = Check.start(isToken);
  return resolvePart(config, { check, inherited }, FIELDS, (base) => resolveSlice(config, check, base));
}

function resolveSlice(config: GatewayPartConfig, check: Check, base: BaseModel): GatewayPartModel {
  const { defaults, posture } = base;
  const { serverName, hostname, executionRoleArn, topicArn, logRetainDays = defaults.logRetainDays } = config;
  if (check.at("serverName").literal(serverName)) check.at("serverName").text(serverName, NAME);
  checkHostname(hostname, false, check.at("hostname"));
  checkPath(config.path, check.at("path"));
  const gateway = resolveGateway(config.gateway, check.at("gateway"));
  const server = resolveServer(config.server, check.at("server"));
  const tasks = resolveTasks(config.tasks, check.at("tasks"));
  const { idleSeconds, certificates } = resolveBalancer(config.loadBalancer, check.at("loadBalancer"));
  const limits = resolveShare(config.limits, tasks.hostname !== undefined, check.at("limits"));
  checkKeysInline(config, check.at("auth"));
  const facts = { hostname, maxBodyKib: gateway.maxBodyKib, maxTasks: tasks.max, limits, certificates };
  const policy = buildPolicy(serverName, config, { ...facts, allowedOrigins: gateway.allowedOrigins }, check);
  const longest = checkTimes(config, idleSeconds, "loadBalancer.idleSeconds", check);
  const secrets = resolveSecrets(undefined, keyRequests(config, policy), check, {
    ...{ posture, defaults, downstream: undefined, delivery: DAILY },
  });
  const service = resolveService(config.service, check.at("service"));
  check.at("executionRoleArn").text(executionRoleArn, {
    pattern: ROLE_ARN,
    form: "the ARN of a role",
    fix: "name the role by which ECS starts the task",
  });
  check.at("topicArn").text(topicArn, TOPIC_ARN);
  checkLogRetention(logRetainDays, check.at("logRetainDays"));
  const { reservedBytes = RESERVED_BYTES } = config;
  check.at("reservedBytes").integer(reservedBytes, { min: 2048, max: 32_768, unit: "bytes", known: true });
  const rest = {
    archive: resolveArchive(config.archive, check.at("archive")),
    network: resolvePlace(config.network, check.at("network")),
    iam: resolveIam(config.iam, check.at("iam")),
    keyArn: resolveKey(config.key, check.at("key")),
    logsKeyArn: resolveKey(config.logsKey, check.at("logsKey")),
  };
  const told: RenderFacts = {
    serverPort: server.port,
    ...(server.healthPath !== undefined && { serverHealthPath: server.healthPath }),
    ...(tasks.hostname !== undefined && { peersHostname: tasks.hostname }),
  };
  // Rendered only from what is right: a renderer need not survive mistakes that are already reported.
  const rendered =
    check.problems.length > 0
      ? { bootstrap: {}, policyJson: "", program: "" }
      : renderGateway(policy, gateway, told);
  const reserved = reservedBytes + CLIENT_BYTES * Object.keys(policy.clients).length;
  const stored =
    check.problems.length > 0 ? [] : fitGateway(rendered, check, { reserved, store: gateway.policyStore });
  return {
    ...{ serverName, policy, gateway, facts: told, rendered, stored, secrets, service, ...rest },
    ...{ executionRoleArn, topicArn, logRetainDays, stopSeconds: stopSecondsOf(longest) },
  };
}

function keyRequests({ clients }: GatewayPartConfig, policy: PolicyDocument) {
  return Object.keys(policy.clients).flatMap((name) => {
    const identity = clients[name]?.identity;
    return identity?.kind === "apiKey"
      ? [{ name, rotateDays: identity.rotateDays, readers: identity.readers }]
      : [];
  });
}

/** Keys that are not written down need a function that copies them: refused by name. */
function checkKeysInline({ auth }: GatewayPartConfig, check: Check): void {
  const kind: unknown = auth?.jwt?.keys?.kind;
  if (kind === "mirrored")
    check
      .at("jwt", "keys", "kind")
      .notSupportedYet(
        "keys that are mirrored, for a task definition of somebody else",
        'use { kind: "inline", jwks }, or an McpServer',
      );
}

function resolveServer(config: LoopbackServerConfig, check: Check): LoopbackServerConfig {
  const nowhere = { port: 3000 };
  const fields = { port: true, healthPath: true } satisfies Fields<LoopbackServerConfig>;
  if (!check.present(config, "say where the server listens") || !check.object(config, fields)) return nowhere;
  const { port, healthPath } = config as LoopbackServerConfig;
  const at = check.at("port");
  if (at.integer(port, { min: 1024, max: 65_535, known: true }) && port === GATEWAY.port)
    at.problem("conflict", `is ${port}, the gateway's own port`, "let the server listen on another");
  if (healthPath !== undefined)
    check
      .at("healthPath")
      .text(healthPath, { pattern: /^\/[\w./-]*$/, form: "a path such as /health", max: 200 });
  return { port, ...(healthPath !== undefined && { healthPath }) };
}

function resolveTasks(config: GatewayTasksConfig, check: Check): GatewayTasksConfig {
  const fields = { max: true, hostname: true } satisfies Fields<GatewayTasksConfig>;
  if (!check.present(config, "say how many tasks share the limits") || !check.object(config, fields))
    return { max: 1 };
  const { max, hostname } = config as GatewayTasksConfig;
  const fix = "limits are shared among eight tasks at most; give each task more CPU";
  const well = check.at("max").integer(max, { min: 1, max: MAX_TASKS, unit: "tasks", known: true, fix });
  if (hostname !== undefined && check.at("hostname").literal(hostname))
    check.at("hostname").text(hostname, DNS_NAME);
  return { max: well ? max : 1, ...(hostname !== undefined && { hostname }) };
}

function resolveBalancer(
  config: GatewayLoadBalancerConfig | undefined,
  check: Check,
): Required<GatewayLoadBalancerConfig> {
  const fields = { idleSeconds: true, certificates: true } satisfies Fields<GatewayLoadBalancerConfig>;
  const given = config !== undefined && check.object(config, fields) ? config : {};
  const { idleSeconds = IDLE_SECONDS, certificates = false } = given as GatewayLoadBalancerConfig;
  const at = check.at("idleSeconds");
  const well = at.integer(idleSeconds, { min: 1, max: 4000, unit: "seconds", known: true });
  return {
    idleSeconds: well ? idleSeconds : IDLE_SECONDS,
    certificates: check.at("certificates").boolean(certificates) && certificates,
  };
}

/** Without a name by which tasks find each other nothing can be shared, and each would give out the whole limit. */
function resolveShare(config: GatewayPartConfig["limits"], named: boolean, check: Check): LimitsPolicy {
  // As it may be written in JavaScript.
  const given = config as LimitsConfig | undefined;
  if (given?.scope === "exact") {
    check
      .at("scope")
      .notSupportedYet(
        "one count for all tasks, whose container and login are an McpServer's",
        'use "shared" with tasks.hostname, or "divided"',
      );
    return limitsPolicy(resolveLimits(undefined, check));
  }
  if (given?.scope === "shared" && !named)
    check
      .at("scope")
      .problem(
        "conflict",
        'is "shared", and there is no tasks.hostname by which tasks find each other: each would give out the whole limit',
        'set tasks.hostname, or use "divided"',
      );
  const scope = given?.scope ?? (named ? "shared" : "divided");
  return limitsPolicy(resolveLimits({ ...given, scope }, check));
}

function resolveArchive(config: GatewayArchiveConfig, check: Check): GatewayArchiveConfig {
  const nowhere = { streamArn: "", subscriptionRoleArn: "" };
  const fields = { streamArn: true, subscriptionRoleArn: true } satisfies Fields<GatewayArchiveConfig>;
  const fix = "say where the record goes: AuditArchive.delivery, or a stream and its role";
  if (!check.present(config, fix) || !check.object(config, fields)) return nowhere;
  const { streamArn, subscriptionRoleArn } = config as GatewayArchiveConfig;
  check.at("streamArn").text(streamArn, STREAM_ARN);
  check.at("subscriptionRoleArn").text(subscriptionRoleArn, { pattern: ROLE_ARN, form: "the ARN of a role" });
  return { streamArn, subscriptionRoleArn };
}

function resolveService(config: GatewayServiceConfig, check: Check): GatewayServiceConfig {
  const fields = { clusterName: true, name: true } satisfies Fields<GatewayServiceConfig>;
  const fix = "name the service: its tasks are started anew every day, so that they take new secrets";
  if (!check.present(config, fix) || !check.object(config, fields)) return { clusterName: "", name: "" };
  const { clusterName, name } = config as GatewayServiceConfig;
  check.at("clusterName").text(clusterName, ECS_NAME);
  check.at("name").text(name, ECS_NAME);
  return { clusterName, name };
}
