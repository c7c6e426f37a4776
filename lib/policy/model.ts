import type { ServerConfig } from "../config";
import { LIMITS_DEFAULTS } from "../limits/model";
import type { Check } from "../validation";
import { checkClients } from "./clients";
import type { Era } from "./config";
import type { LimitsPolicy, PolicyDocument } from "./document";
import { checkAuth } from "./issuer";
import { checkMethods } from "./methods";
import { methods, protocolVersions } from "./protocol";
import { checkTools } from "./tools";
import { checkWindows } from "./windows";

export type {
  ClientPolicy,
  Interval,
  IssuerPolicy,
  LimitsPolicy,
  MethodPolicy,
  PolicyDocument,
  ToolPolicy,
} from "./document";

/** What the policy needs to know of other hops. */
export interface PolicyFacts {
  readonly hostname: string;
  readonly maxBodyKib: number;
  /** Tasks at most, 1 to 100. */
  readonly maxTasks: number;
  /** How limits hold. @default shared, with the default of addresses */
  readonly limits?: LimitsPolicy;
  /** The gateway's `allowedOrigins`. @default none */
  readonly allowedOrigins?: readonly string[];
  /** Whether the load balancer verifies client certificates. @default false */
  readonly certificates?: boolean;
  /** Milliseconds since 1970, for the warning about past windows. @default now */
  readonly now?: number;
}

/** What the policy reads of a server's configuration. */
export type PolicyConfig = Pick<
  ServerConfig,
  "path" | "era" | "sessions" | "auth" | "clients" | "tools" | "methods" | "windows"
>;

/** Until a message that is no tool call is ended: lists, prompts and resources answer at once or not at all. */
const MESSAGE_TIMEOUT_SECONDS = 30;
/** Levels of a message: a tool's own eight, those of JSON-RPC around them, and room for `_meta`. */
const MAX_DEPTH = 16;
const MAX_VALUES = 20_000;

/**
 * The policy document of one server. `check` stands at the server; every mistake is reported there and a harmless
 * value stands in for it, so that the rest can be judged too.
 */
export function buildPolicy(
  name: string,
  server: PolicyConfig,
  facts: PolicyFacts,
  check: Check,
): PolicyDocument {
  const era = eraOf(server, check);
  const sessions = checkSessions(server.sessions, era, check.at("sessions"));
  const resource = `https://${facts.hostname}${server.path}`;
  const windows = checkWindows(server.windows, check.at("windows"), facts.now ?? Date.now());
  const tools = checkTools(server.tools, check.at("tools"), Object.keys(server.windows ?? {}));
  const openedMethods = checkMethods(server.methods, check.at("methods"), era);
  const opensMore = Object.keys(openedMethods).length > 0;
  const issuers = checkAuth(server.auth, resource, check.at("auth"));
  const clients = checkClients(server.clients, check.at("clients"), {
    tools: Object.keys(server.tools ?? {}),
    // As they were written: what is wrong with one is said there alone.
    methods: Object.keys(server.methods ?? {}),
    tokens: server.auth?.jwt !== undefined,
    certificates: facts.certificates ?? false,
  });
  checkOnePlace(clients, tools, check.at("clients"));
  const readers = [
    ...Object.values(tools).filter((tool) => tool.access === "read"),
    ...Object.values(openedMethods),
  ];
  return {
    version: opensMore ? 2 : 1,
    server: name,
    hostname: facts.hostname,
    path: server.path,
    resource,
    era,
    ...(sessions && { sessions }),
    protocolVersions: protocolVersions(era),
    methods: methods(era),
    allowedOrigins: facts.allowedOrigins ?? [],
    maxBodyBytes: facts.maxBodyKib * 1024,
    maxDepth: MAX_DEPTH,
    maxValues: MAX_VALUES,
    maxTasks: facts.maxTasks,
    messageTimeoutSeconds: MESSAGE_TIMEOUT_SECONDS,
    limits: facts.limits ?? {
      scope: LIMITS_DEFAULTS.scope,
      callsPerMinutePerAddress: LIMITS_DEFAULTS.callsPerMinutePerAddress,
    },
    issuers,
    scopes: [...new Set(readers.flatMap((tool) => tool.scopes))].sort(),
    clients,
    tools,
    ...(opensMore && { openedMethods }),
    windows,
  };
}

/** One task alone: what that costs is said where it is asked for. */
function checkSessions(
  sessions: PolicyConfig["sessions"],
  era: Era,
  check: Check,
): PolicyDocument["sessions"] {
  if (sessions === undefined || !check.oneOf(sessions, ["none", "single-task"]) || sessions === "none")
    return undefined;
  if (era === "modern") {
    check.problem(
      "conflict",
      'is "single-task", and the modern era has no sessions',
      'remove it, or use era "both"',
    );
    return undefined;
  }
  check.warn(
    'is "single-task": one task, so calls fail while its zone is lost, and for a minute or two at each deployment and ' +
      "whenever a changed secret is taken up, which ends all sessions",
  );
  return sessions;
}

/** A request goes to one cluster, which counts it for the tool or for the client. */
function checkOnePlace(
  clients: PolicyDocument["clients"],
  tools: PolicyDocument["tools"],
  check: Check,
): void {
  for (const [name, client] of Object.entries(clients)) {
    const both = client.tools.find((tool) => tools[tool]?.callsAtOncePerTask !== undefined);
    if (client.callsAtOncePerTask !== undefined && both !== undefined)
      check
        .at(name, "callsAtOncePerTask")
        .problem(
          "conflict",
          `is set, and so is that of its tool ${both}: a call is counted in one place`,
          "remove one of them",
        );
  }
}

function eraOf(server: PolicyConfig, check: Check): Era {
  const { era = "both" } = server;
  return check.at("era").oneOf(era, ["modern", "legacy", "both"]) ? era : "both";
}
