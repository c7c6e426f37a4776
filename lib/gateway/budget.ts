import type { Check } from "../validation";
import type { RenderedGateway } from "./envoy";

/** ECS refuses a task definition of more than 64 KB. */
export const TASK_DEFINITION_BYTES = 65_536;
/** Room for everything but the gateway's configuration and policy: the server's container, names, secrets, volumes. */
export const RESERVED_BYTES = 8_192;

/** Bytes that the gateway's configuration takes in a task definition. */
export interface GatewayBytes {
  readonly bootstrap: number;
  readonly policy: number;
  readonly program: number;
  readonly total: number;
}

/** All stand as texts inside a JSON text: what counts is their length with quotes and backslashes escaped. */
export function gatewayBytes(rendered: RenderedGateway): GatewayBytes {
  const bootstrap = escapedBytes(JSON.stringify(rendered.bootstrap));
  const policy = escapedBytes(rendered.policyJson);
  const program = escapedBytes(rendered.program);
  return { bootstrap, policy, program, total: bootstrap + policy + program };
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** Reports a server whose gateway leaves no room in the task definition, and what takes it. `check` stands at the server. */
export function checkGatewayBytes(
  rendered: RenderedGateway,
  check: Check,
  reserved = RESERVED_BYTES,
): boolean {
  const bytes = gatewayBytes(rendered);
  const room = TASK_DEFINITION_BYTES - reserved;
  if (bytes.total <= room) return true;
  return check.problem(
    "over-budget",
    `needs ${bytes.total} bytes for its gateway (${bytes.program} program, ${bytes.bootstrap} Envoy and patterns, ${bytes.policy} tools and clients), ` +
      `expected at most ${room} of a task definition's ${TASK_DEFINITION_BYTES}`,
    bytes.policy > room / 3
      ? "split the server: fewer tools, shorter tool lists per client, shorter enums"
      : "use fewer distinct patterns and limits",
  );
}
