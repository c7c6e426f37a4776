import type { Json } from "../gateway/envoy/types";
import { typed } from "../gateway/envoy/types";
import { PROXIED_BLOCKS } from "../network/public-blocks";
import { accessLog } from "./access-log";
import { EGRESS } from "./contract";
import { insideListener } from "./envoy-inside";

/** What a proxy is rendered from. */
export interface EgressFacts {
  /** The server's name, for the audit record. */
  readonly server: string;
  /** Names that are let through, `*.example.com` among them; sorted. */
  readonly domains: readonly string[];
}

/** A tunnel is judged at its beginning: after this it begins anew. */
export const LONGEST_TUNNEL = "3600s";
const IDLE = "300s";
const MAX_CONNECTIONS = 1000;
/** Of the container's 512 MiB. */
const MAX_HEAP_BYTES = 402_653_184;

/**
 * Renders a server's proxy for Envoy. Pure. A request passes two listeners: the outer one speaks HTTP and lets nothing
 * but `CONNECT` to a listed name on 443 open a tunnel; the inner one, which only tunnels lead to, reads the TLS greeting
 * and demands the same name, resolves it, and demands a public address before it connects. What is inside TLS stays
 * unread: the server checks the certificate, as on any connection.
 */
export function renderEgress(facts: EgressFacts): Json {
  return {
    // No admin interface: nobody opens the proxy from inside its task.
    bootstrap_extensions: [
      {
        name: "internal-listener",
        typed_config: typed("extensions.bootstrap.internal_listener.v3.InternalListener", {}),
      },
    ],
    static_resources: {
      listeners: [outside(facts), insideListener(facts, PROXIED_BLOCKS)],
      clusters: [tunnel(), internet()],
    },
    overload_manager: overload(),
    // A proxy that hangs ends itself, and ECS starts another: nothing in the image could ask it how it is.
    watchdogs: {
      main_thread_watchdog: { kill_timeout: "10s", max_kill_timeout_jitter: "1s" },
      worker_watchdog: { kill_timeout: "10s", max_kill_timeout_jitter: "1s" },
    },
    layered_runtime: {
      layers: [{ name: "static", static_layer: { "re2.max_program_size.error_level": 1000 } }],
    },
  };
}

function outside({ server, domains }: EgressFacts): Json {
  return {
    name: "outside",
    address: { socket_address: { address: "0.0.0.0", port_value: EGRESS.port } },
    per_connection_buffer_limit_bytes: 65_536,
    filter_chains: [
      {
        filters: [
          {
            name: "http",
            typed_config: typed(
              "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
              {
                stat_prefix: "outside",
                codec_type: "HTTP1",
                server_name: "egress",
                // Python's own client opens tunnels by HTTP/1.0.
                http_protocol_options: { accept_http_10: true },
                generate_request_id: false,
                use_remote_address: true,
                max_request_headers_kb: 8,
                common_http_protocol_options: { max_headers_count: 32, idle_timeout: IDLE },
                request_headers_timeout: "10s",
                stream_idle_timeout: IDLE,
                delayed_close_timeout: "0.1s",
                upgrade_configs: [{ upgrade_type: "CONNECT" }],
                access_log: [accessLog(server, "outside")],
                http_filters: [
                  namesOnly(domains),
                  remembered(),
                  { name: "router", typed_config: typed("extensions.filters.http.router.v3.Router", {}) },
                ],
                route_config: { virtual_hosts: [{ name: "tunnels", domains: ["*"], routes: [route()] }] },
              },
            ),
          },
        ],
      },
    ],
  };
}

/** Default deny: a tunnel to a listed name on 443, and nothing else. */
function namesOnly(domains: readonly string[]): Json {
  const header = (name: string, match: Json) => ({ header: { name, string_match: match } });
  const names = domains.map((domain) =>
    header(
      ":authority",
      domain.startsWith("*.")
        ? { safe_regex: { regex: `[a-z0-9-]+${escape(domain.slice(1))}:${EGRESS.targetPort}` } }
        : { exact: `${domain}:${EGRESS.targetPort}` },
    ),
  );
  const permissions = [
    { and_rules: { rules: [header(":method", { exact: "CONNECT" }), { or_rules: { rules: names } }] } },
  ];
  return {
    name: "names",
    typed_config: typed("extensions.filters.http.rbac.v3.RBAC", {
      rules: { action: "ALLOW", policies: { listed: { permissions, principals: [{ any: true }] } } },
    }),
  };
}

function escape(text: string): string {
  return text.replace(/\./g, "\\.");
}

/** Hands on, to the inner listener, who asks and for what. */
function remembered(): Json {
  const value = (object_key: string, inline_string: string) => ({
    object_key,
    factory_key: "envoy.string",
    format_string: { text_format_source: { inline_string } },
    shared_with_upstream: "ONCE",
  });
  return {
    name: "remember",
    typed_config: typed("extensions.filters.http.set_filter_state.v3.Config", {
      on_request_headers: [
        value("hmcp.asked", "%REQ(:AUTHORITY)%"),
        value("hmcp.ip", "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"),
      ],
    }),
  };
}

function route(): Json {
  return {
    match: { connect_matcher: {} },
    route: {
      cluster: "tunnel",
      timeout: "0s",
      idle_timeout: IDLE,
      max_stream_duration: { max_stream_duration: LONGEST_TUNNEL },
      upgrade_configs: [{ upgrade_type: "CONNECT", connect_config: {} }],
    },
  };
}

const thresholds = [{ max_connections: MAX_CONNECTIONS, max_requests: MAX_CONNECTIONS, max_retries: 0 }];

/** From the outer listener to the inner one, with what was remembered. */
function tunnel(): Json {
  const endpoint = { address: { envoy_internal_address: { server_listener_name: "inside" } } };
  return {
    name: "tunnel",
    connect_timeout: "1s",
    per_connection_buffer_limit_bytes: 65_536,
    circuit_breakers: { thresholds },
    load_assignment: { cluster_name: "tunnel", endpoints: [{ lb_endpoints: [{ endpoint }] }] },
    transport_socket: {
      name: "inside",
      typed_config: typed("extensions.transport_sockets.internal_upstream.v3.InternalUpstreamTransport", {
        transport_socket: {
          name: "raw",
          typed_config: typed("extensions.transport_sockets.raw_buffer.v3.RawBuffer", {}),
        },
      }),
    },
  };
}

/** Names and the addresses that they were found to have. Filter and cluster must say the same. */
export function dnsCache(): Json {
  return {
    name: "internet",
    dns_lookup_family: "V4_ONLY",
    // Names that nobody asks for are forgotten, and not asked for again.
    host_ttl: "60s",
    max_hosts: 256,
    dns_query_timeout: "5s",
  };
}

function internet(): Json {
  return {
    name: "internet",
    connect_timeout: "5s",
    lb_policy: "CLUSTER_PROVIDED",
    per_connection_buffer_limit_bytes: 65_536,
    circuit_breakers: { thresholds },
    cluster_type: {
      name: "internet",
      typed_config: typed("extensions.clusters.dynamic_forward_proxy.v3.ClusterConfig", {
        dns_cache_config: dnsCache(),
      }),
    },
  };
}

function overload(): Json {
  const monitor = (name: string, type: string, config: Json) => ({
    name: `envoy.resource_monitors.${name}`,
    typed_config: typed(`extensions.resource_monitors.${type}`, config),
  });
  return {
    refresh_interval: "0.25s",
    resource_monitors: [
      monitor("fixed_heap", "fixed_heap.v3.FixedHeapConfig", { max_heap_size_bytes: MAX_HEAP_BYTES }),
      monitor("global_downstream_max_connections", "downstream_connections.v3.DownstreamConnectionsConfig", {
        max_active_downstream_connections: 2 * MAX_CONNECTIONS,
      }),
    ],
    actions: [
      {
        name: "envoy.overload_actions.stop_accepting_requests",
        triggers: [{ name: "envoy.resource_monitors.fixed_heap", threshold: { value: 0.95 } }],
      },
    ],
  };
}
