import { GATEWAY } from "../gateway/contract";
import { CONFINED, logsTo } from "./container-parts";
import { FreeText } from "../terraform/json";
import { WRITABLE_MIB, type RunModel } from "./model";

/** A secret as ECS injects it: variable and `ARN:field::`. */
export interface InjectedSecret {
  readonly name: string;
  readonly valueFrom: string;
}

/** What the server's container is rendered from. */
export interface ServerContainerProps {
  readonly run: RunModel;
  /** Variables of ours: names, addresses and ARNs, which stand as they are, so that the checklist can read around them. */
  readonly told: Readonly<Record<string, string>>;
  readonly secrets: readonly InjectedSecret[];
  readonly logGroupName: string;
  readonly region: string;
  readonly stopSeconds: number;
}

/** Fargate allows no more. */
const LONGEST_STOP_SECONDS = 120;

/**
 * The container definition of the server, as ECS reads it (to be written with `json()`). It has no port that anybody
 * can reach: it listens on loopback, and starts after the gateway, so that the gateway stops after it.
 */
export function serverContainer(props: ServerContainerProps): Readonly<Record<string, unknown>> {
  const { run, told } = props;
  const own = Object.entries(run.env).filter(([name]) => !Object.hasOwn(told, name));
  return {
    name: GATEWAY.containers.server,
    image: run.image,
    essential: true,
    user: run.user,
    ...CONFINED,
    linuxParameters: {
      ...CONFINED.linuxParameters,
      ...(run.writablePaths.length === 0 ? {} : { tmpfs: run.writablePaths.map(inMemory) }),
    },
    dependsOn: [{ containerName: GATEWAY.containers.gateway, condition: "START" }],
    ...(run.command === undefined ? {} : { command: run.command }),
    environment: [
      { name: "PORT", value: String(run.port) },
      ...own.map(([name, value]) => ({ name, value: new FreeText(value) })),
      ...Object.entries(told).map(([name, value]) => ({ name, value })),
    ],
    secrets: props.secrets,
    stopTimeout: Math.min(LONGEST_STOP_SECONDS, props.stopSeconds),
    // The server's own chatter may be dropped rather than stop the server; the audit record is the gateway's.
    logConfiguration: logsTo({
      group: props.logGroupName,
      region: props.region,
      stream: GATEWAY.containers.server,
      keeps: { megabytes: 4 },
    }),
  };
}

/** How a writable folder is mounted: nothing is started from it, and neither a right nor a device comes in by it. */
export const WRITABLE_OPTIONS = ["rw", "nosuid", "nodev", "noexec"] as const;

/** An ephemeral volume of Fargate would belong to root: the server could not write to it. */
function inMemory(path: string): object {
  return {
    containerPath: path,
    size: WRITABLE_MIB,
    mountOptions: [...WRITABLE_OPTIONS],
  };
}
