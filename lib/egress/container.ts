import type { Json } from "../gateway/envoy/types";
import type { Image } from "../task/image";
import { EGRESS } from "./contract";

/** CPU units and memory of the proxy's task: Fargate's smallest, which carries some hundred megabits a second. */
export const EGRESS_SIZE = { cpuUnits: 256, memoryMib: 512 } as const;

/** What the proxy's container is made from. */
export interface EgressContainerProps {
  readonly image: Image;
  readonly bootstrap: Json;
  readonly logGroupName: string;
  readonly region: string;
}

/** The container definition of the proxy, as ECS reads it (to be written with `json()`). Everything it runs with stands in it. */
export function egressContainer(props: EgressContainerProps): Readonly<Record<string, unknown>> {
  return {
    name: EGRESS.container,
    image: props.image,
    essential: true,
    // As the gateway's container: where Envoy lies in the official images, and a user that is not root.
    entryPoint: ["/usr/local/bin/envoy"],
    command: [
      "--config-yaml",
      JSON.stringify(props.bootstrap),
      "--disable-hot-restart",
      "--concurrency",
      "2",
      "--file-flush-interval-msec",
      "200",
      "--log-level",
      "warning",
    ],
    user: "101:101",
    readonlyRootFilesystem: true,
    privileged: false,
    linuxParameters: { initProcessEnabled: true, capabilities: { drop: ["ALL"] } },
    ulimits: [{ name: "nofile", softLimit: 65_536, hardLimit: 65_536 }],
    portMappings: [{ containerPort: EGRESS.port, hostPort: EGRESS.port, protocol: "tcp" }],
    environment: [],
    secrets: [],
    stopTimeout: 30,
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": props.logGroupName,
        "awslogs-region": props.region,
        "awslogs-stream-prefix": EGRESS.container,
        // The record stops the proxy rather than the other way round.
        mode: "blocking",
      },
    },
    mountPoints: [],
    volumesFrom: [],
    systemControls: [],
  };
}
