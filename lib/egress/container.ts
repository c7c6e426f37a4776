import type { Json } from "../gateway/envoy/types";
import { logsTo, NOTHING_MOUNTED } from "../task/container-parts";
import type { Image } from "../task/image";
import { EGRESS } from "./contract";
import { envoyProcess } from "../gateway/envoy-process";

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
    ...envoyProcess(props.bootstrap),
    portMappings: [{ containerPort: EGRESS.port, hostPort: EGRESS.port, protocol: "tcp" }],
    environment: [],
    secrets: [],
    stopTimeout: 30,
    // The record stops the proxy rather than the other way round.
    logConfiguration: logsTo({
      group: props.logGroupName,
      region: props.region,
      stream: EGRESS.container,
      keeps: "every-line",
    }),
    ...NOTHING_MOUNTED,
  };
}
