import { MAX_PIECES, storedText, type PolicyStore, type StoredText } from "../policy-store/model";
import type { Check } from "../validation";
import type { RenderedGateway } from "./envoy";
import { loader } from "./envoy/program";

/** ECS refuses a task definition of more than 64 KB. */
export const TASK_DEFINITION_BYTES = 65_536;
/** Room for everything but the gateway's configuration and policy: the server's container, names, secrets, volumes. */
export const RESERVED_BYTES = 8_192;
/** What a stored text leaves in the task definition: its digest, and for each piece a variable and an ARN. */
const STORED_BYTES = { text: 120, piece: 260 };

/** Bytes that the gateway's configuration takes in a task definition. */
export interface GatewayBytes {
  readonly bootstrap: number;
  /** 0 where it is stored. */
  readonly policy: number;
  /** With what loads it, which always stands there. */
  readonly program: number;
  /** Bytes of what points to stored texts. */
  readonly stored: number;
  readonly total: number;
}

/** All stand as texts inside a JSON text: what counts is their length with quotes and backslashes escaped. */
export function gatewayBytes(rendered: RenderedGateway, stored: readonly StoredText[] = []): GatewayBytes {
  const inline = (id: StoredText["id"], text: string) =>
    stored.some((one) => one.id === id) ? 0 : escapedBytes(text);
  const bootstrap = escapedBytes(JSON.stringify(rendered.bootstrap));
  const policy = inline("policy", rendered.policyJson);
  const program = inline("program", rendered.program) + escapedBytes(loader());
  const pointers = stored.reduce(
    (sum, { pieces }) => sum + STORED_BYTES.text + STORED_BYTES.piece * pieces.length,
    0,
  );
  return { bootstrap, policy, program, stored: pointers, total: bootstrap + policy + program + pointers };
}

function escapedBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** What is known of a task definition beside its gateway. */
export interface Room {
  /** Bytes of everything else. @default RESERVED_BYTES */
  readonly reserved?: number;
  /** @default whenNeeded */
  readonly store?: PolicyStore;
}

/**
 * Decides what of a gateway stands in its task definition and what in a store: nothing, the policy, or the policy and the
 * program. Reports a server that fits neither way, and what takes the room. `check` stands at the server.
 */
export function fitGateway(rendered: RenderedGateway, check: Check, at: Room = {}): readonly StoredText[] {
  const room = TASK_DEFINITION_BYTES - (at.reserved ?? RESERVED_BYTES);
  const [policy, program] = [storedText("policy", rendered), storedText("program", rendered)];
  const ways = at.store === "always" ? [[policy, program]] : [[], [policy], [policy, program]];
  const way = ways.find((stored) => gatewayBytes(rendered, stored).total <= room);
  if (way === undefined) {
    const bytes = gatewayBytes(rendered);
    check.problem(
      "over-budget",
      `needs ${bytes.bootstrap} bytes for Envoy and patterns, which no store can hold, expected at most ` +
        `${room - (gatewayBytes(rendered, [policy, program]).total - bytes.bootstrap)} of a task definition's ${TASK_DEFINITION_BYTES}`,
      "use fewer distinct patterns, limits and origins, or shorter settings of the server",
    );
    return [];
  }
  if (way.length > 0) checkStored(rendered, way, check, at.store !== "always");
  return way;
}

function checkStored(
  rendered: RenderedGateway,
  stored: readonly StoredText[],
  check: Check,
  chosen: boolean,
): void {
  const bytes = Buffer.byteLength(rendered.policyJson);
  const [policy] = stored;
  // A token stands for a text that only Terraform knows: there is nothing yet to take a digest of.
  if (check.isToken(rendered.policyJson)) {
    check.problem(
      "over-budget",
      `has a policy of ${bytes} bytes that goes to a store, and values in it that are known only at deployment`,
      "write audience and identities of clients out, so that the policy has a digest",
    );
  } else if (policy !== undefined && policy.pieces.length > MAX_PIECES) {
    check.problem(
      "over-budget",
      `has a policy of ${bytes} bytes (tools, clients, arguments), expected at most ${MAX_PIECES} pieces of a store`,
      "split the server: fewer tools, shorter tool lists per client, shorter enums",
    );
  } else if (chosen) {
    const secrets = stored.reduce((sum, { pieces }) => sum + pieces.length, 0);
    check.warn(
      `has no room in its task definition for its ${stored.map(({ id }) => id).join(" and ")} (${bytes} bytes of policy): ` +
        `kept in Secrets Manager, ${secrets} × 0.40 US dollars a month; set gateway.policyStore to "always" to keep it there`,
    );
  }
}
