import { AT_ONCE } from "../../policy/numbers";
import { SERVER, breakers, roomClusters } from "./at-once";
import { exactCluster } from "./exact";
import { keysCluster } from "./keys";
import { peersCluster } from "./peers";
import { oneEndpoint, typed, type Json, type Parts } from "./types";

/** The server on loopback; where limits are shared, the other tasks; where keys are mirrored, their bucket. */
export function clusters(parts: Parts): Json[] {
  const { policy } = parts;
  const server = serverCluster(parts);
  return [
    server,
    ...roomClusters(policy, server),
    ...peersCluster(parts),
    ...exactCluster(parts),
    ...keysCluster(policy),
  ];
}

function serverCluster({ facts }: Parts): Json {
  const health = facts.serverHealthPath;
  return {
    name: SERVER,
    type: "STATIC",
    connect_timeout: "1s",
    // What is read at once of a stream: it is kept for a client that takes nothing, beyond what he may have.
    per_connection_buffer_limit_bytes: 65_536,
    circuit_breakers: breakers(AT_ONCE.max),
    typed_extension_protocol_options: {
      "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
        "extensions.upstreams.http.v3.HttpProtocolOptions",
        {
          // Shorter than the five seconds after which Node closes: a call never meets a closing connection.
          common_http_protocol_options: {
            idle_timeout: "4s",
            // As those of a request. Clients take less than Envoy would: Node 16 KB, the load balancer 32.
            max_headers_count: 64,
            max_response_headers_kb: 32,
          },
          explicit_http_config: { http_protocol_options: {} },
        },
      ),
    },
    health_checks: [
      {
        // One miss counts: at a deployment the server says no first, and the load balancer must hear it at once.
        timeout: "1s",
        interval: "1s",
        no_traffic_interval: "1s",
        unhealthy_threshold: 1,
        healthy_threshold: 1,
        ...(health === undefined ? { tcp_health_check: {} } : { http_health_check: { path: health } }),
      },
    ],
    // Calls go on to a server that says no, until it is gone: those in flight and those of slow load balancers.
    common_lb_config: { healthy_panic_threshold: { value: 100 } },
    load_assignment: oneEndpoint(SERVER, "127.0.0.1", facts.serverPort),
  };
}
