import { GATEWAY } from "../gateway/contract";
import type { GatewayModel } from "../gateway/model";
import type { Posture, PostureDefaults } from "../posture";
import type { Check, Fields } from "../validation";
import type { BesideConfig, RunConfig, TaskBounds } from "./config";
import { isFargatePair, FARGATE_CPU, memoriesOf } from "./fargate";
import { BY_DIGEST, type Image } from "./image";
import { OWN_CONTAINERS } from "./own-containers";
import { isSecretName, isSecretValue } from "./secret-looking";
import { resolveTasks, type SplitModel } from "./tasks-model";

/** The server's container and its task with every default resolved. */
export interface RunModel {
  readonly image: Image;
  readonly port: number;
  readonly tasks: TaskBounds;
  /** Whether there is never more than one task, so that a deployment stops it before it starts the next one. */
  readonly single: boolean;
  /** Absent: everything runs in one service. */
  readonly split: SplitModel | undefined;
  /** Of the whole task. */
  readonly cpuUnits: number;
  /** Of the whole task. */
  readonly memoryMib: number;
  readonly architecture: "arm64" | "x86_64";
  readonly env: Readonly<Record<string, string>>;
  /** Absent: the image's own. */
  readonly command: readonly string[] | undefined;
  readonly user: string;
  readonly writablePaths: readonly string[];
  /** Absent: a TCP connection to the port tells whether the server is well. */
  readonly healthPath: string | undefined;
  /** Containers that an override adds, by name, and why. */
  readonly beside: Readonly<Record<string, string>>;
}

/** What the task must know of other slices. */
export interface RunFacts {
  readonly gateway: GatewayModel;
  readonly posture: Posture;
  readonly defaults: PostureDefaults;
  /** Whether sessions live in the server's memory. @default false */
  readonly single?: boolean;
}

/** Defaults that no posture changes, each with its reason. */
const DEFAULTS = {
  // Half a vCPU: a quarter for the gateway, a quarter for the server. Both pairs are the smallest that hold the two.
  cpuUnits: 512,
  memoryMib: 1024,
  // A fifth cheaper for the same work.
  architecture: "arm64",
  // "nonroot" of distroless images.
  user: "65532:65532",
} as const;

const FIELDS = {
  image: true,
  port: true,
  tasks: true,
  cpuUnits: true,
  memoryMib: true,
  architecture: true,
  env: true,
  command: true,
  user: true,
  writablePaths: true,
  healthPath: true,
  beside: true,
} satisfies Fields<RunConfig>;

/** Memory in MiB of a writable folder, at most; it is taken only as it fills. */
export const WRITABLE_MIB = 64;
const ABSOLUTE = {
  pattern: /^(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)+$/,
  form: "an absolute path such as /tmp",
  max: 240,
} as const;
const BESIDE = { pattern: /^[A-Za-z0-9_-]+$/, form: "letters, digits, _ and -", max: 255 } as const;
const MAX_BESIDE = 5;
const ENV_NAME = { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, form: "letters, digits and _", max: 128 } as const;

/** Resolves how the server runs. */
export function resolveRun(config: RunConfig, check: Check, facts: RunFacts): RunModel {
  const given: Partial<RunConfig> = check.present(config) && check.object(config, FIELDS) ? config : {};
  check.at("image").text(given.image, {
    pattern: BY_DIGEST,
    form: "REPOSITORY@sha256: and 64 hexadecimal digits",
    fix: 'name the image by digest: image("…@sha256:…")',
  });
  const port = given.port as number;
  if (check.at("port").integer(port, { min: 1024, max: 65535, known: true }) && port === GATEWAY.port) {
    check
      .at("port")
      .problem("conflict", `is ${port}, the gateway's own port`, "let the server listen on another");
  }
  const architecture =
    given.architecture !== undefined &&
    check.at("architecture").oneOf(given.architecture, ["arm64", "x86_64"])
      ? given.architecture
      : DEFAULTS.architecture;
  if (given.command !== undefined) {
    for (const [word, at] of check.at("command").list(given.command, { min: 1, max: 50, token: true }))
      at.text(word, { max: 1024 });
  }
  const { user = DEFAULTS.user, writablePaths = [], healthPath } = given;
  check.at("user").text(user, {
    pattern: /^[1-9]\d{0,9}:[1-9]\d{0,9}$/,
    form: "a numeric user and group that are not root, as 1000:1000",
    fix: "run the server as an ordinary user",
  });
  if (/^101:/.test(String(user))) {
    check
      .at("user")
      .problem("conflict", "is the gateway's own user", "give the server another, as 1000:1000");
  }
  const size = resolveSize(given, check, facts.gateway);
  const serverMib = check.isToken(size.memoryMib) ? Infinity : size.memoryMib - facts.gateway.memoryMib;
  checkPaths(writablePaths, check.at("writablePaths"), serverMib);
  if (healthPath !== undefined)
    check
      .at("healthPath")
      .text(healthPath, { pattern: /^\/[\w./-]*$/, form: "a path such as /health", max: 200 });
  return {
    image: given.image as Image,
    port,
    ...resolveTasks(given.tasks, check.at("tasks"), facts),
    single: facts.single ?? false,
    ...size,
    architecture,
    env: resolveEnv(given.env, check.at("env")),
    command: given.command,
    user,
    writablePaths,
    healthPath,
    beside: resolveBeside(given.beside, check.at("beside")),
  };
}

/** Names and reasons only: the containers themselves are somebody else's to write. */
function resolveBeside(given: RunConfig["beside"], check: Check): Readonly<Record<string, string>> {
  const named = check.entries(given, BESIDE);
  if (named.length > MAX_BESIDE)
    check.problem(
      "over-budget",
      `has ${named.length} entries, expected at most ${MAX_BESIDE}`,
      "remove some",
    );
  return Object.fromEntries(
    named.map(([name, entry, at]) => {
      at.object(entry, { because: true } satisfies Fields<BesideConfig>);
      at.at("because").text(entry?.because, { min: 8, max: 200, fix: "say why, for the reader of the task" });
      if (OWN_CONTAINERS.includes(name))
        at.problem("conflict", "is a container of ours", "name yours otherwise");
      return [name, entry?.because];
    }),
  );
}

/** Folders lie in memory, which the server needs for itself too: half of what the gateway leaves is for them at most. */
function checkPaths(paths: readonly string[], check: Check, serverMib: number): void {
  const taken = new Set<string>();
  for (const [path, at] of check.list(paths, { max: 10 })) {
    if (!at.literal(path) || !at.text(path, ABSOLUTE)) continue;
    if (taken.has(path)) at.problem("duplicate", `is ${at.show(path)} again`, "name each once");
    taken.add(path);
  }
  const room = Math.floor(serverMib / 2);
  if (taken.size * WRITABLE_MIB > room) {
    check.problem(
      "over-budget",
      `may take ${taken.size * WRITABLE_MIB} MiB of memory, expected at most ${room}, half of the server's`,
      "use fewer, or raise memoryMib",
    );
  }
}

/** Fargate sells CPU and memory in pairs; the gateway takes its part first. */
function resolveSize(
  config: Partial<RunConfig>,
  check: Check,
  gateway: GatewayModel,
): Pick<RunModel, "cpuUnits" | "memoryMib"> {
  const { cpuUnits = DEFAULTS.cpuUnits, memoryMib = DEFAULTS.memoryMib } = config;
  const size = { cpuUnits, memoryMib };
  if (check.isToken(cpuUnits) || check.isToken(memoryMib)) return size;
  if (!FARGATE_CPU.includes(cpuUnits)) {
    check
      .at("cpuUnits")
      .problem(
        "out-of-range",
        `is ${check.show(cpuUnits)}, expected one of ${FARGATE_CPU.join(", ")} units`,
        "choose one of them",
      );
    return size;
  }
  if (!isFargatePair(cpuUnits, memoryMib)) {
    check
      .at("memoryMib")
      .problem(
        "out-of-range",
        `is ${check.show(memoryMib)}, expected ${memoriesOf(cpuUnits)} MiB with ${cpuUnits} CPU units`,
        "choose one of them",
      );
    return size;
  }
  if (gateway.cpuUnits >= cpuUnits) {
    check
      .at("cpuUnits")
      .problem(
        "conflict",
        `is ${cpuUnits}, of which the gateway takes ${gateway.cpuUnits}`,
        "leave some for the server",
      );
  }
  if (gateway.memoryMib >= memoryMib) {
    check
      .at("memoryMib")
      .problem(
        "conflict",
        `is ${memoryMib}, of which the gateway takes ${gateway.memoryMib}`,
        "leave some for the server",
      );
  }
  return size;
}

function resolveEnv(env: RunConfig["env"], check: Check): Record<string, string> {
  const entries = check.entries(env, ENV_NAME);
  for (const [name, value, at] of entries) {
    if (name === "PORT" || name.startsWith("HMCP_"))
      at.problem("conflict", "is a name of ours", "choose another");
    if (isSecretName(name) || (typeof value === "string" && isSecretValue(value))) {
      at.problem(
        "unsafe",
        "looks like a secret, and plain settings stand in the task definition for all to read",
        "declare it in secrets",
      );
    }
    at.secret().text(value, { max: 4096 });
  }
  return Object.fromEntries(entries.map(([name, value]) => [name, value]));
}
