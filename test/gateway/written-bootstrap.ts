import { swapped } from "../support/swapped";

export type Data = Record<string, unknown>;
/** Envoy's configuration in a file, open to changes. */
export type Envoy = { [key: string]: never } & {
  admin?: unknown;
  static_resources: { listeners: { filter_chains: Data[] }[] };
};

/** The HTTP connection manager. */
export function managerOf(bootstrap: Envoy): Data {
  const chain = bootstrap.static_resources.listeners[0]?.filter_chains[0] as {
    filters: { typed_config: Data }[];
  };
  return chain.filters[0]?.typed_config as Data;
}

/** Lets a header through that is taken away as built. */
export function withoutName(bootstrap: Envoy, name: string, instead = "x-nothing"): void {
  const config = (managerOf(bootstrap) as { early_header_mutation_extensions: { typed_config: object }[] })
    .early_header_mutation_extensions[0] as { typed_config: object };
  config.typed_config = JSON.parse(swapped(JSON.stringify(config.typed_config), name, instead)) as object;
}

/** The routes to the server. */
export function routesOf(bootstrap: Envoy): { route?: object; request_headers_to_remove: string[] }[] {
  const { virtual_hosts: hosts } = managerOf(bootstrap).route_config as {
    virtual_hosts: { routes: { route?: object; request_headers_to_remove: string[] }[] }[];
  };
  return hosts.flatMap(({ routes }) => routes).filter(({ route }) => route !== undefined);
}

/** The two lines. */
export function logsOf(bootstrap: Envoy): { filter: object; typed_config: { log_format: object } }[] {
  return managerOf(bootstrap).access_log as ReturnType<typeof logsOf>;
}

/** Another text in the configuration of the lines. */
export function inLines(bootstrap: Envoy, from: string, to: string): void {
  managerOf(bootstrap).access_log = JSON.parse(
    swapped(JSON.stringify(logsOf(bootstrap)), from, to),
  ) as object[];
}

/** What its listener says of TLS. */
export function tlsOf(bootstrap: Envoy): { tls_params: Data } {
  const chain = bootstrap.static_resources.listeners[0]?.filter_chains[0] as {
    transport_socket: { typed_config: { common_tls_context: { tls_params: Data } } };
  };
  return chain.transport_socket.typed_config.common_tls_context;
}
