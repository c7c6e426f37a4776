import {
  checkWays,
  resolveGrants,
  resolveIsolation,
  type GrantModel,
  type IsolationModel,
} from "./access/model";
import { resolveWaivers } from "./beside/model";
import type { ManifestWaiver } from "./checklist/manifest";
import type { ServerConfig } from "./config";
import { checkVariables, resolveDownstream, type DownstreamModel } from "./downstream/model";
import { resolveEgress, type EgressModel } from "./egress/model";
import { fitGateway } from "./gateway/budget";
import { renderGateway, type RenderedGateway } from "./gateway/envoy";
import type { GatewayModel } from "./gateway/model";
import { checkRoom, limitsPolicy, resolveLimits, type LimitsModel } from "./limits/model";
import { checkKeysWay, type KeysWay } from "./key-mirror/model";
import { buildPolicy, type PolicyDocument } from "./policy";
import { isStream } from "./policy/methods";
import type { StoredText } from "./policy-store/model";
import type { Posture, PostureDefaults } from "./posture";
import { resolveDelivery, type DeliveryModel } from "./secrets/delivery/model";
import { resolveSecrets, type SecretsModel } from "./secrets/model";
import { givenTo, piecesOf, resolveSplit, withoutFor, type Piece, type ServerSplit } from "./split-model";
import type { RequiredTags, Tags } from "./tags/config";
import { resolveServerTags, type PlatformTags } from "./tags/model";
import { resolveRun } from "./task/model";
import type { Check, Fields } from "./validation";

/** A server with every default resolved. */
export interface ServerModel {
  readonly name: string;
  /** Of the whole server, whichever service a tool runs in. */
  readonly policy: PolicyDocument;
  readonly gateway: GatewayModel;
  readonly limits: LimitsModel;
  readonly secrets: SecretsModel;
  /** How values change and reach tasks. */
  readonly delivery: DeliveryModel;
  /** Its service; of a split server the one that reads. */
  readonly main: PartModel;
  /** The other service of a split server, and how it is told apart. */
  readonly writing: (PartModel & ServerSplit) | undefined;
  /** Of whatever is made for it: the platform's with its own. */
  readonly tags: Tags;
  readonly requiredTags: RequiredTags;
  /** Of single blocks. */
  readonly waivers: readonly ManifestWaiver[];
  /** The role of its users, where it has one. */
  readonly isolation: IsolationModel | undefined;
  /** Seconds that calls under way may take on a task that leaves: the longest tool's, and a little. */
  readonly deregistrationSeconds: number;
}

/** What one service of a server is made from. Its policy is what its own gateway lets through. */
export interface PartModel extends Piece {
  readonly rendered: RenderedGateway;
  /** What of it lies in a store instead of the task definition. */
  readonly stored: readonly StoredText[];
  readonly downstream: readonly DownstreamModel[];
  /** The way to public names, where it needs one. */
  readonly egress: EgressModel | undefined;
  readonly grants: readonly GrantModel[];
}

/** What a server must know of its platform. */
export interface ServerFacts {
  readonly hostname: string;
  /** Idle time of the load balancer. */
  readonly idleSeconds: number;
  readonly gateway: GatewayModel;
  /** Whether the load balancer verifies client certificates. */
  readonly certificates: boolean;
  readonly posture: Posture;
  readonly defaults: PostureDefaults;
  readonly naming: { readonly name: string; readonly environment: string };
  readonly tags: PlatformTags;
  /** How its tasks would read mirrored keys. */
  readonly keysWay: KeysWay;
  /** Whether the network has subnets for egress proxies. */
  readonly hasEgress: boolean;
}

const SERVER = {
  path: true,
  run: true,
  era: true,
  sessions: true,
  auth: true,
  clients: true,
  tools: true,
  methods: true,
  limits: true,
  windows: true,
  secrets: true,
  rotation: true,
  downstream: true,
  grants: true,
  isolation: true,
  tags: true,
  waivers: true,
} satisfies Fields<ServerConfig>;

/** Fargate kills a container this long after it was asked to stop, at the latest. */
const LONGEST_STOP_SECONDS = 120;
/** Until a stop is noticed by everybody. */
const STOP_MARGIN_SECONDS = 10;

/** Resolves one server and the rules between its hops. `check` stands at the server. */
export function resolveServer(
  name: string,
  config: ServerConfig,
  check: Check,
  facts: ServerFacts,
): ServerModel {
  check.object(config, SERVER);
  checkPath(config.path, check.at("path"));
  const { tags, requiredTags } = resolveServerTags(config.tags, facts.tags, check.at("tags"));
  const run = resolveRun(config.run, check.at("run"), {
    gateway: facts.gateway,
    posture: facts.posture,
    defaults: facts.defaults,
    single: config.sessions === "single-task",
  });
  const delivery = resolveDelivery(config.rotation, check.at("rotation"));
  const limits = resolveLimits(config.limits, check.at("limits"), delivery);
  checkRoom(limits, run, facts.gateway, check);
  const whole = buildPolicy(
    name,
    config,
    {
      hostname: facts.hostname,
      maxBodyKib: facts.gateway.maxBodyKib,
      maxTasks: run.tasks.max,
      limits: limitsPolicy(limits),
      certificates: facts.certificates,
      allowedOrigins: facts.gateway.allowedOrigins,
    },
    check,
  );
  const split = resolveSplit(name, config, whole, run.split, check);
  const policy: PolicyDocument = split ? { ...whole, split: "read-write" } : whole;
  if (policy.issuers.some(({ mirror }) => mirror !== undefined))
    checkKeysWay(name, facts.keysWay, check.at("auth", "jwt", "keys"));
  const longest = checkTimes(config, facts.idleSeconds, "ingress.idleSeconds", check);
  checkEnvironment(config, check);
  const ownBytes = ownBytesOf(config);
  const pieces = piecesOf(name, policy, run);
  const rendered = pieces.map((piece) => renderPiece(piece, facts, check, ownBytes));
  const secrets = resolveSecrets(
    withoutFor(config.secrets),
    Object.keys(policy.clients).flatMap((client) => {
      const identity = config.clients[client]?.identity;
      return identity?.kind === "apiKey"
        ? [{ name: client, rotateDays: identity.rotateDays, readers: identity.readers }]
        : [];
    }),
    check,
    { posture: facts.posture, defaults: facts.defaults, downstream: config.downstream, delivery },
  );
  const downstream = resolveDownstream(withoutFor(config.downstream), check.at("downstream"), split?.ways);
  checkVariables(downstream, variablesOf(config), check.at("downstream"));
  const grants = resolveGrants(config.grants, check.at("grants"), policy.windows);
  checkWays(grants, downstream.length > 0, check.at("grants"));
  const [main, writing] = pieces.map((piece, index): PartModel => {
    const ways = givenTo(piece.half, split?.ways ?? {}, downstream);
    return {
      ...piece,
      ...(rendered[index] as Rendered),
      downstream: ways,
      egress: resolveEgress(ways, piece, check, facts, namespaceName(facts.naming)),
      grants: grants.filter(({ access }) => piece.half !== "read" || access === "read"),
    };
  });
  return {
    name,
    policy,
    gateway: facts.gateway,
    limits,
    secrets,
    delivery,
    main: main as PartModel,
    writing: writing && split && { ...writing, ...split },
    isolation: resolveIsolation(config.isolation, check.at("isolation"), Object.keys(tags)),
    tags,
    requiredTags,
    waivers: resolveWaivers(config.waivers, check.at("waivers")),
    deregistrationSeconds: stopSecondsOf(longest),
  };
}

type Rendered = Pick<PartModel, "rendered" | "stored">;

/** Bytes of a task definition that are not the gateway's configuration: both containers, each client's secret, the counting one. */
function ownBytesOf({ run, clients, limits }: ServerConfig): number {
  const written = Buffer.byteLength(JSON.stringify(JSON.stringify(run ?? {})));
  const counting = limits?.scope === "exact" ? 1_024 : 0;
  return written + 4_864 + 256 * Object.keys(clients ?? {}).length + counting;
}

/** Rendered only from what is right: a renderer need not survive mistakes that are already reported. */
function renderPiece(
  { name, policy, run }: Piece,
  { gateway, naming }: ServerFacts,
  check: Check,
  ownBytes: number,
): Rendered {
  if (check.problems.length > 0)
    return { rendered: { bootstrap: {}, policyJson: "", program: "" }, stored: [] };
  const rendered = renderGateway(policy, gateway, {
    serverPort: run.port,
    ...(run.healthPath === undefined ? {} : { serverHealthPath: run.healthPath }),
    peersHostname: peersHostname(name, naming),
  });
  return {
    rendered,
    stored: fitGateway(rendered, check, { reserved: ownBytes, store: gateway.policyStore }),
  };
}

/** Name under which a server's tasks find each other, to share limits. */
export function peersHostname(server: string, naming: { name: string; environment: string }): string {
  return `${server}.${namespaceName(naming)}`;
}

/** Private DNS zone of a platform's tasks. */
export function namespaceName(naming: { name: string; environment: string }): string {
  return `${naming.name}-${naming.environment}.internal`;
}

/** Checks the path of a server. */
export function checkPath(path: string, check: Check): void {
  if (!check.literal(path, "write the path itself; the audience of tokens is made of it")) return;
  check.text(path, {
    pattern: /^(\/[a-z0-9][a-z0-9._-]*){1,6}$/,
    form: "a path such as /orders/mcp: lower-case letters, digits, dots, dashes; no slash at the end",
    max: 100,
  });
}

/** Seconds that calls under way may take on a task that leaves, where the longest takes so many. */
export function stopSecondsOf(longest: number): number {
  return Math.min(3600, longest + STOP_MARGIN_SECONDS);
}

/**
 * Everything that is called must be faster than the load balancer's patience, which is set at `idleField`. Gives the slowest
 * call's seconds. `check` stands at the server.
 */
export function checkTimes(
  config: Pick<ServerConfig, "tools" | "methods">,
  idleSeconds: number,
  idleField: string,
  check: Check,
): number {
  const idle = { seconds: idleSeconds, field: idleField };
  return Math.max(
    checkTimeouts(config.tools, check.at("tools"), idle),
    // A stream of changes says from time to time that it is there, and is opened again after a deployment.
    checkTimeouts(answeringMethods(config), check.at("methods"), idle),
  );
}

function answeringMethods({
  methods,
}: Pick<ServerConfig, "methods">): Readonly<Record<string, { timeoutSeconds?: number }>> {
  const isTable = typeof methods === "object" && methods !== null;
  return Object.fromEntries(
    Object.entries(isTable ? methods : {}).filter(([name, method]) => method !== null && !isStream(name)),
  );
}

function checkTimeouts(
  timed: Readonly<Record<string, { readonly timeoutSeconds?: number }>>,
  check: Check,
  { seconds: idleSeconds, field }: { readonly seconds: number; readonly field: string },
): number {
  let longest = 0;
  for (const [tool, settings] of Object.entries(timed ?? {})) {
    const seconds = settings?.timeoutSeconds;
    if (typeof seconds !== "number" || check.isToken(seconds) || check.isToken(idleSeconds)) continue;
    longest = Math.max(longest, seconds);
    const at = check.at(tool, "timeoutSeconds");
    if (seconds >= idleSeconds) {
      at.problem(
        "conflict",
        `is ${seconds}, expected less than ${field} (${idleSeconds}): the load balancer would cut the call first`,
        `raise ${field} above ${seconds}, or lower this`,
      );
    } else if (seconds > LONGEST_STOP_SECONDS - STOP_MARGIN_SECONDS) {
      at.warn(
        `is ${seconds}: a call over ${LONGEST_STOP_SECONDS - STOP_MARGIN_SECONDS} seconds may be cut by a deployment`,
      );
    }
  }
  return longest;
}

/** Variables that settings and secrets set. */
function variablesOf(config: ServerConfig): Set<string> {
  const secrets = Object.values(config.secrets ?? {}).map((secret) => secret?.env);
  return new Set([...Object.keys(config.run?.env ?? {}), ...secrets.map(String)]);
}

/** One variable, one meaning: across settings and secrets. */
function checkEnvironment(config: ServerConfig, check: Check): void {
  const plain = new Set(Object.keys(config.run?.env ?? {}));
  for (const [name, secret] of Object.entries(config.secrets ?? {})) {
    if (typeof secret?.env === "string" && plain.has(secret.env)) {
      check
        .at("secrets", name, "env")
        .problem(
          "duplicate",
          `is ${JSON.stringify(secret.env)}, which run.env sets too`,
          "remove it from run.env",
        );
    }
  }
}
