import type { PolicyDocument } from "../../policy/document";
import { inOrder } from "../../terraform/in-order";
import type { GatewayModel } from "../model";
import { clusters } from "./clusters";
import { listener } from "./listener";
import type { Json, RenderFacts } from "./types";
import { localCluster } from "./peers";
import { needsOf, program } from "./program";
import { policyJson } from "./wire";

export { KEYS_CACHE_SECONDS, KEYS_CLUSTER, KEYS_HOST, TRUSTED_AUTHORITIES, withKeysHost } from "./keys";
export type { Json, RenderFacts } from "./types";

/** What the gateway's container is started with. */
export interface RenderedGateway {
  /** Envoy's configuration. Grows with distinct patterns, limits and issuers, never with tools or clients. */
  readonly bootstrap: Json;
  /** The policy, for the variable `HMCP_POLICY`. No secret. */
  readonly policyJson: string;
  /** The Lua program, for the variable `HMCP_LUA`: one of four, see `program`. */
  readonly program: string;
}

/** Of the container's memory: above this, new requests are refused instead of the container being killed. */
const HEAP_SHARE = 0.75;
const MAX_CONNECTIONS = 2000;

/** Renders a server's policy for Envoy. Pure: the same policy gives the same bytes, in whatever order it is written. */
export function renderGateway(
  given: PolicyDocument,
  gateway: GatewayModel,
  facts: RenderFacts,
): RenderedGateway {
  // It does not deploy again for another order, and can be compared with one of a policy that was read back from a file.
  const policy = inOrder(given);
  const parts = { policy, gateway, facts };
  return {
    bootstrap: {
      // Without an admin interface: who reaches loopback must not be able to open the gateway.
      ...localCluster(parts),
      static_resources: { listeners: [listener(parts)], clusters: clusters(parts) },
      overload_manager: overload(gateway),
      layered_runtime: {
        layers: [
          {
            name: "static",
            // Regular expressions of the policy are read by us first; the default limit is 100.
            static_layer: {
              "re2.max_program_size.error_level": 20_000,
              "re2.max_program_size.warn_level": 20_000,
              // A connection of HTTP/2 ends once half of so many streams were reset within so many seconds of their beginning.
              "overload.premature_reset_total_stream_count": 500,
              "overload.premature_reset_min_stream_lifetime_seconds": 1,
            },
          },
        ],
      },
    },
    policyJson: policyJson(policy),
    program: program(needsOf(policy)),
  };
}

function overload(gateway: GatewayModel): Json {
  const monitor = (name: string, type: string, config: Json) => ({
    name: `envoy.resource_monitors.${name}`,
    typed_config: { "@type": `type.googleapis.com/envoy.extensions.resource_monitors.${type}`, ...config },
  });
  return {
    refresh_interval: "0.25s",
    resource_monitors: [
      monitor("fixed_heap", "fixed_heap.v3.FixedHeapConfig", {
        max_heap_size_bytes: Math.floor(gateway.memoryMib * 1_048_576 * HEAP_SHARE),
      }),
      monitor("global_downstream_max_connections", "downstream_connections.v3.DownstreamConnectionsConfig", {
        max_active_downstream_connections: MAX_CONNECTIONS,
      }),
    ],
    // Whose answers are not taken, of those that are kept, loses the longest first: before others are refused.
    buffer_factory_config: { minimum_account_to_track_power_of_two: 17 },
    actions: [
      {
        name: "envoy.overload_actions.reset_high_memory_stream",
        triggers: [
          {
            name: "envoy.resource_monitors.fixed_heap",
            scaled: { scaling_threshold: 0.6, saturation_threshold: 0.9 },
          },
        ],
      },
      {
        name: "envoy.overload_actions.stop_accepting_requests",
        triggers: [{ name: "envoy.resource_monitors.fixed_heap", threshold: { value: 0.95 } }],
      },
    ],
  };
}
