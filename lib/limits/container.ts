import { CONFINED, logsTo, NOTHING_MOUNTED } from "../task/container-parts";
import type { Image } from "../task/image";
import { LIMITS, LIMITS_SIZE } from "./contract";
import type { ReachedStore } from "./model";

/** What the container of the service that counts is made from. */
export interface LimitsContainerProps {
  readonly limits: { readonly store: ReachedStore; readonly image: Image };
  readonly logGroupName: string;
  readonly region: string;
}

/**
 * The container definition of `envoyproxy/ratelimit`, as ECS reads it (to be written with `json()`). It listens on loopback
 * alone and calls nobody but the store. It ends where the store cannot be reached at its start, and is started anew: the
 * task goes on without it, as `onFailure` says.
 */
export function limitsContainer(props: LimitsContainerProps): Readonly<Record<string, unknown>> {
  const { image, store } = props.limits;
  const { secretArn, field } = store.login;
  return {
    name: LIMITS.name,
    image,
    essential: false,
    restartPolicy: { enabled: true, restartAttemptPeriod: 60 },
    cpu: LIMITS_SIZE.cpuUnits,
    memory: LIMITS_SIZE.memoryMib,
    memoryReservation: LIMITS_SIZE.memoryMib,
    entryPoint: ["/bin/ratelimit"],
    user: "102:102",
    ...CONFINED,
    portMappings: [],
    environment: Object.entries(limitsEnvironment(store)).map(([name, value]) => ({ name, value })),
    secrets: [
      { name: LIMITS.env.login, valueFrom: field === undefined ? secretArn : `${secretArn}:${field}::` },
    ],
    // Its chatter may be dropped rather than stop it; what it decided stands in the gateway's record.
    logConfiguration: logsTo({
      group: props.logGroupName,
      region: props.region,
      stream: LIMITS.name,
      keeps: { megabytes: 1 },
    }),
    ...NOTHING_MOUNTED,
  };
}

/** Its settings. */
export function limitsEnvironment({
  host,
  port,
}: Pick<ReachedStore, "host" | "port">): Record<string, string> {
  const { ports, folder } = LIMITS;
  const here = "127.0.0.1";
  return {
    GRPC_HOST: here,
    GRPC_PORT: String(ports.service),
    HOST: here,
    PORT: String(ports.http),
    DEBUG_HOST: here,
    DEBUG_PORT: String(ports.debug),
    RUNTIME_ROOT: folder.root,
    RUNTIME_SUBDIRECTORY: folder.below,
    RUNTIME_WATCH_ROOT: "false",
    // Without the file, or without the store, it says that it is not well, and is not asked.
    HEALTHY_WITH_AT_LEAST_ONE_CONFIG_LOADED: "true",
    REDIS_HEALTH_CHECK_ACTIVE_CONNECTION: "true",
    BACKEND_TYPE: "redis",
    REDIS_SOCKET_TYPE: "tcp",
    REDIS_TYPE: "SINGLE",
    REDIS_URL: `${host}:${port}`,
    REDIS_TLS: "true",
    REDIS_TIMEOUT: "1s",
    // A key lives a minute and a little.
    EXPIRATION_JITTER_MAX_SECONDS: "10",
    USE_STATSD: "false",
    DISABLE_STATS: "true",
    LOG_LEVEL: "WARN",
    LOG_FORMAT: "json",
  };
}
