import type { PolicyDocument } from "../../policy/document";
import type { GatewayModel } from "../model";

/** JSON of Envoy's configuration. Its schema is checked by a real Envoy in the tests. */
export type Json = Readonly<Record<string, unknown>>;

/** Everything that a part of the configuration is rendered from. */
export interface Parts {
  readonly policy: PolicyDocument;
  readonly gateway: GatewayModel;
  readonly facts: RenderFacts;
}

/** What the gateway needs to know of the task it stands in. */
export interface RenderFacts {
  /** Port on 127.0.0.1 that the server listens on. */
  readonly serverPort: number;
  /** Path that answers 200 while the server is well. @default a TCP connection to the port */
  readonly serverHealthPath?: string;
  /** Name that resolves to every task of the service, so that limits are shared. @default not shared: each task has the whole limit */
  readonly peersHostname?: string;
}

/** Type URLs are long and repeat: written once. */
export function typed(type: string, config: Json): Json {
  return { "@type": `type.googleapis.com/envoy.${type}`, ...config };
}

/** The members of a cluster: one address, or one name that resolves to all of them. */
export function oneEndpoint(cluster: string, address: string, port: number): Json {
  const endpoint = { address: { socket_address: { address, port_value: port } } };
  return { cluster_name: cluster, endpoints: [{ lb_endpoints: [{ endpoint }] }] };
}

/** One filter of the chain. */
export function filter(name: string, type: string, config: Json): Json {
  return { name, typed_config: typed(`extensions.filters.http.${type}`, config) };
}

/** Names of the filters, in the order in which a request passes them. */
export const FILTERS = {
  health: "hmcp.health",
  peers: "hmcp.peers",
  addressLimit: "hmcp.address-limit",
  flood: "hmcp.flood",
  edge: "hmcp.edge",
  cors: "envoy.filters.http.cors",
  jwt: "hmcp.jwt",
  auth: "hmcp.auth",
  clientLimit: "hmcp.client-limit",
  size: "hmcp.size",
  policy: "hmcp.policy",
  patterns: "hmcp.patterns",
  authorize: "hmcp.authorize",
  toolLimit: "hmcp.tool-limit",
  router: "envoy.filters.http.router",
} as const;

/** Where in dynamic metadata our filters leave values. */
export const METADATA = "hmcp";

/** Name of a text that the program has left: see `leave` in `runtime/gateway/common.lua`. */
export function noteOf(name: string): string {
  return `hmcp.${name}`;
}

/** Where a filter has left a value for the next ones. */
export interface Left {
  readonly filter: string;
  readonly path: readonly { readonly key: string }[];
}

const at = (filter: string, ...keys: readonly string[]): Left => ({
  filter,
  path: keys.map((key) => ({ key })),
});

/** What the program leaves for the filters behind that know no notes. Each value costs as much as two headers that are read. */
export const found = (key: string): Left => at(METADATA, key);

/** The text that the program has left under a name, in an access log or an answer; nothing where it has left none. */
export function left(name: string): string {
  return `%FILTER_STATE(${noteOf(name)}:PLAIN)%`;
}
