import { GATEWAY } from "./contract";
import type { RenderedGateway } from "./envoy";
import { digestEntry, type StoredText } from "../policy-store/model";
import { loader } from "./envoy/program";
import { logsTo, NOTHING_MOUNTED } from "../task/container-parts";
import type { GatewayModel } from "./model";
import { envoyProcess } from "./envoy-process";

/** What the gateway's container is made from. */
export interface GatewayContainerProps {
  readonly gateway: GatewayModel;
  readonly rendered: RenderedGateway;
  /** Texts that a store holds, which are among `secrets`. @default none: they stand here */
  readonly stored?: readonly StoredText[];
  /** Certificate, key and the digests of API keys, each from a secret. */
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly logGroupName: string;
  readonly region: string;
}

/**
 * The container definition of the gateway, as ECS reads it (to be written with `json()`). Everything it runs with stands in
 * it: take `command` and `environment` out of the file, give it the secrets, and the same gateway runs anywhere.
 */
export function gatewayContainer(props: GatewayContainerProps): Readonly<Record<string, unknown>> {
  const { gateway, rendered, stored = [] } = props;
  const digests = new Map(stored.map((text) => [text.variable, digestEntry(text)]));
  return {
    name: GATEWAY.containers.gateway,
    image: gateway.image,
    essential: true,
    cpu: gateway.cpuUnits,
    memory: gateway.memoryMib,
    memoryReservation: gateway.memoryMib,
    ...envoyProcess(rendered.bootstrap),
    portMappings: [{ containerPort: GATEWAY.port, hostPort: GATEWAY.port, protocol: "tcp" }],
    environment: [
      ...[
        { name: GATEWAY.env.policy, value: rendered.policyJson },
        { name: GATEWAY.env.program, value: rendered.program },
      ].map((text) => digests.get(text.name) ?? text),
      { name: GATEWAY.env.loader, value: loader() },
    ],
    secrets: props.secrets.map(({ name, valueFrom }) => ({ name, valueFrom })),
    // The server stops first and may take as long as Fargate allows: the gateway stays for the calls in flight.
    stopTimeout: 120,
    // Nothing is dropped on purpose: what CloudWatch cannot take waits in Envoy's memory, and is lost if Envoy is killed.
    logConfiguration: logsTo({
      group: props.logGroupName,
      region: props.region,
      stream: "gateway",
      keeps: "every-line",
    }),
    ...NOTHING_MOUNTED,
  };
}
