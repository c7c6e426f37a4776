import type { Finding } from "../checklist/control";
import { HOLDS, fails, unknown } from "../checklist/control";
import { gatewayVariables } from "../policy-store/read";
import { opened, isExpression, type Block, type Plan } from "../terraform/plan";
import { GATEWAY } from "./contract";
import { bootstrapOf } from "./envoy-process";

type Data = Record<string, unknown>;

/** One filter of the chain, as it stands in the file. */
export interface WrittenFilter {
  readonly name: string;
  readonly config: Data;
}

/** The gateway of one task definition, read back from the final file. */
export interface WrittenGateway {
  readonly container: Data;
  readonly others: readonly Data[];
  readonly bootstrap: Data;
  readonly listeners: readonly Data[];
  /** The one filter chain's TLS context. */
  readonly tls: Data;
  /** The HTTP connection manager. */
  readonly manager: Data;
  readonly filters: readonly WrittenFilter[];
  /** What stands in the container as plain text, and the policy and program that a store holds. */
  readonly variables: Readonly<Record<string, string>>;
  readonly policy: WrittenPolicy;
}

/** `HMCP_POLICY`, as far as it is judged. */
export interface WrittenPolicy {
  readonly clients: Readonly<
    Record<
      string,
      {
        by?: string;
        claim?: string;
        is?: string;
        subject?: string;
        limit?: string;
        room?: number;
        tools?: string[];
        methods?: string[];
      }
    >
  >;
  readonly tools: Readonly<
    Record<string, { timeout?: number; limit?: string; each?: string; room?: number; fields?: Data }>
  >;
  /** Methods that are opened. */
  readonly opened?: Readonly<
    Record<string, { timeout?: number; limit?: string; each?: string; allow?: Data; values?: number }>
  >;
  /** Whether sessions are kept. */
  readonly sessions?: true;
  readonly lifetime?: number;
  readonly algorithms?: readonly string[];
}

/**
 * Judges the gateway of a task definition: `rule` gives what is wrong, or nothing. A task definition of somebody else,
 * with neither of our containers, is no business of ours. Its policy may lie in a store of the plan.
 */
export function judgeGateway(
  block: Block,
  rule: (gateway: WrittenGateway) => string | undefined,
  plan: Plan,
): Finding {
  const text = block.body.container_definitions;
  const containers = opened(text);
  if (!Array.isArray(containers)) {
    return isExpression(text)
      ? unknown("the container definitions are known only at deployment")
      : fails("the container definitions cannot be read");
  }
  const all = containers as Data[];
  const names: readonly unknown[] = Object.values(GATEWAY.containers);
  if (!all.some(({ name }) => names.includes(name))) return HOLDS;
  const gateway = readGateway(all, plan);
  if (typeof gateway === "string") return fails(gateway);
  const wrong = rule(gateway);
  return wrong === undefined ? HOLDS : fails(wrong);
}

function readGateway(containers: readonly Data[], plan: Plan): WrittenGateway | string {
  const container = containers.find(({ name }) => name === GATEWAY.containers.gateway);
  if (container === undefined) return "the server stands in it without a gateway";
  const bootstrap = bootstrapOf(container);
  if (bootstrap === undefined) return "the gateway's configuration cannot be read";
  const listeners = list(data(bootstrap.static_resources).listeners).map(data);
  const chain = data(list(listeners[0]?.filter_chains)[0]);
  const manager = data(data(list(chain.filters)[0]).typed_config);
  const variables = gatewayVariables(container, plan);
  const policy = opened(variables[GATEWAY.env.policy]);
  if (typeof policy !== "object" || policy === null) return "the gateway's policy cannot be read";
  return {
    container,
    others: containers.filter((other) => other !== container),
    bootstrap,
    listeners,
    tls: data(data(data(chain.transport_socket).typed_config).common_tls_context),
    manager,
    filters: list(manager.http_filters).map((filter) => ({
      name: String(data(filter).name),
      config: data(data(filter).typed_config),
    })),
    variables,
    policy: { clients: {}, tools: {}, ...policy },
  };
}

/** A value as an object, empty if it is none. */
export function data(value: unknown): Data {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Data) : {};
}

/** A value as a list, empty if it is none. */
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
