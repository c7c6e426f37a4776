import { escapePattern } from "../../policy/pattern";
import { GATEWAY } from "../contract";
import { accessLog } from "./access-log";
import { SERVER } from "./at-once";
import { auth, jwt } from "./auth";
import { cors, edge } from "./edge";
import { addressLimit, clientLimit, flood, toolLimit } from "./limits";
import { peers } from "./peers";
import { authorize, judge, patterns, size } from "./policy";
import { replies } from "./replies";
import { routes } from "./routes";
import { FILTERS, filter, typed, type Json, type Parts } from "./types";

/** Forward secrecy and authenticated encryption only; TLS 1.3 has its own closed list. */
const CIPHERS = [
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
];

/** What may sign a handshake. Envoy's own list ends with SHA-1, for whoever offers nothing else. */
const SIGNATURES = [
  ...["ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384"],
  ...["rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pkcs1_sha256", "rsa_pkcs1_sha384"],
];

/** Of Linux (`tcp(7)`): milliseconds for which what was sent may stay without an acknowledgement, or the window closed. */
const TCP_USER_TIMEOUT = { description: "TCP_USER_TIMEOUT", level: 6, name: 18 } as const;

/** Headers that the load balancer writes of a client's certificate, once it has verified one. */
const CERTIFICATE_PREFIX = "x-amzn-mtls-";

/**
 * Headers that are believed of the proxy in front of a server: who calls, from where, and what was really asked for. Ours
 * writes none of them, so whoever sends one pretends to be a part of the gateway or of the load balancer.
 */
const FORGEABLE = [
  ...["x-request-id", "x-real-ip", "x-client-ip", "true-client-ip", "forwarded", "proxy-authorization"],
  ...[
    "x-forwarded-host",
    "x-forwarded-prefix",
    "x-forwarded-server",
    "x-forwarded-user",
    "x-forwarded-email",
  ],
  ...["x-forwarded-groups", "x-forwarded-preferred-username", "x-forwarded-access-token"],
  ...["remote-user", "x-remote-user", "x-rewrite-url"],
  ...["x-http-method", "x-http-method-override", "x-method-override"],
];
const FORGEABLE_PREFIXES = ["x-amzn-oidc-", "x-auth-request-", "x-original-"];
/** Of Envoy's own, by which it would take orders. */
const ORDERS_PREFIX = "x-envoy-";

/**
 * Names of headers that are taken away before anything looks at one: to the letter, or by how they begin. One expression, for
 * every rule looks at every header of a request; Envoy knows names in small letters only. Headers of certificates stay
 * where clients are known by them: the load balancer has written them itself then.
 */
const forgedName = ({ policy }: Parts) =>
  [
    ...[GATEWAY.clientHeader, GATEWAY.claimsHeader, ...FORGEABLE].map(escapePattern),
    ...[ORDERS_PREFIX, ...FORGEABLE_PREFIXES, ...(byCertificate(policy) ? [] : [CERTIFICATE_PREFIX])].map(
      (prefix) => `${escapePattern(prefix)}.*`,
    ),
  ].join("|");

function byCertificate({ clients }: Parts["policy"]): boolean {
  return Object.values(clients).some(({ identity }) => identity.kind === "mtls");
}

/** The one open port of the task. */
export function listener(parts: Parts): Json {
  return {
    name: "mcp",
    address: { socket_address: { address: "0.0.0.0", port_value: GATEWAY.port } },
    // Else another process of the same user could listen beside us and take a share of the connections.
    enable_reuse_port: false,
    per_connection_buffer_limit_bytes: 1_048_576,
    // A connection whose other side takes nothing of what was sent, which would wait for as long as an idle one.
    socket_options: [{ ...TCP_USER_TIMEOUT, int_value: 30_000, state: "STATE_LISTENING" }],
    filter_chains: [
      {
        // A connection that never finishes its handshake.
        transport_socket_connect_timeout: "5s",
        transport_socket: tls(),
        filters: [
          {
            name: "envoy.filters.network.http_connection_manager",
            typed_config: typed(
              "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
              manager(parts),
            ),
          },
        ],
      },
    ],
  };
}

function tls(): Json {
  return {
    name: "envoy.transport_sockets.tls",
    typed_config: typed("extensions.transport_sockets.tls.v3.DownstreamTlsContext", {
      common_tls_context: {
        alpn_protocols: ["h2", "http/1.1"],
        tls_params: {
          tls_minimum_protocol_version: "TLSv1_2",
          cipher_suites: CIPHERS,
          signature_algorithms: SIGNATURES,
        },
        tls_certificates: [
          {
            certificate_chain: { environment_variable: GATEWAY.env.tlsCertificate },
            private_key: { environment_variable: GATEWAY.env.tlsKey },
          },
        ],
      },
    }),
  };
}

function manager(parts: Parts): Json {
  return {
    stat_prefix: "mcp",
    codec_type: "AUTO",
    server_name: "gateway",
    // The address that the load balancer appended is the last one of X-Forwarded-For; what stands before it is hearsay.
    use_remote_address: true,
    xff_num_trusted_hops: 1,
    // Nobody is inside: a private address earns no trust. An empty list would stand for Envoy's own, which is all of them.
    internal_address_config: { cidr_ranges: [{ address_prefix: "0.0.0.0", prefix_len: 32 }] },
    always_set_request_id_in_response: true,
    // As it was sent: what would have to be resolved first is another path, which nobody has declared.
    normalize_path: false,
    merge_slashes: false,
    path_with_escaped_slashes_action: "REJECT_REQUEST",
    strip_any_host_port: true,
    max_request_headers_kb: 32,
    request_headers_timeout: "10s",
    request_timeout: "30s",
    stream_idle_timeout: "300s",
    // A client that does not take its answer, which is complete and kept for it.
    stream_flush_timeout: "30s",
    // A stream that is cut ends at once, not a second later.
    delayed_close_timeout: "0.1s",
    http_protocol_options: { accept_http_10: false, allow_chunked_length: false },
    http2_protocol_options: http2(),
    common_http_protocol_options: {
      idle_timeout: "3600s",
      max_headers_count: 64,
      headers_with_underscores_action: "REJECT_REQUEST",
    },
    early_header_mutation_extensions: [
      {
        name: "envoy.http.early_header_mutation.header_mutation",
        typed_config: typed("extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation", {
          mutations: [{ remove_on_match: { key_matcher: { safe_regex: { regex: forgedName(parts) } } } }],
        }),
      },
    ],
    access_log: accessLog(parts),
    local_reply_config: replies(parts),
    route_config: routes(parts),
    http_filters: chain(parts),
  };
}

/**
 * What one connection of HTTP/2 may ask for, all of it written down: so that another version of Envoy changes none of it. Whoever
 * exceeds a number of frames loses the connection. How many resets one may send stands in the runtime, see `index.ts`.
 */
function http2(): Json {
  return {
    hpack_table_size: 4096,
    max_concurrent_streams: 100,
    initial_stream_window_size: 65_536,
    initial_connection_window_size: 1_048_576,
    // Frames that wait because the client does not read: all of them; acknowledgements and resets alone.
    max_outbound_frames: 10_000,
    max_outbound_control_frames: 1000,
    // Frames that ask for nothing: empty ones in a row; priorities of a stream; windows that are opened for each frame of ours.
    max_consecutive_inbound_frames_with_empty_payload: 1,
    max_inbound_priority_frames_per_stream: 100,
    max_inbound_window_update_frames_per_data_frame_sent: 10,
    // A connection of the load balancer carries many clients: a message that breaks the rules ends itself, not theirs.
    override_stream_error_on_invalid_http_message: true,
  };
}

/** The filters, in the order in which a request passes them. */
export function chain(parts: Parts): Json[] {
  return [
    health(),
    ...peers(parts),
    addressLimit(parts),
    flood(parts),
    edge(parts),
    ...cors(parts),
    ...jwt(parts),
    auth(parts),
    ...clientLimit(parts),
    size(parts),
    judge(parts),
    ...patterns(parts),
    authorize(),
    ...toolLimit(parts),
    // Tells the answers of the server from our own: see `runtime/gateway/response.lua`, which takes it away.
    // Counts nothing for each status, which nobody could ask a task for.
    filter(FILTERS.router, "router.v3.Router", { dynamic_stats: false }),
  ];
}

/**
 * Answers the load balancer by the state of the server, whatever the host, without a line in the record. What it passes on
 * for others has their address before its own, and gets no such answer.
 */
function health(): Json {
  return filter(FILTERS.health, "health_check.v3.HealthCheck", {
    pass_through_mode: false,
    headers: [
      { name: ":path", string_match: { exact: GATEWAY.healthPath } },
      { name: ":method", string_match: { exact: "GET" } },
      { name: "x-forwarded-for", string_match: { contains: "," }, invert_match: true },
    ],
    cluster_min_healthy_percentages: { [SERVER]: { value: 100 } },
  });
}
