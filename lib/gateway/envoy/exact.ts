import { LIMITS } from "../../limits/contract";
import { filter, oneEndpoint, typed, type Json, type Left, type Parts } from "./types";

/** A call waits so long for the count at most. Frozen, the store costs this for the client's limit and for the tool's. */
const TIMEOUT = "0.2s";

/** Envoy's words on a limit of the store that is used up, and on a store that did not answer. */
export const EXACT_DETAILS = { used: "request_rate_limited", failed: "rate_limiter_error" } as const;

/** Headers of an answer by which it is known that its call was counted. */
export const COUNTED_HEADERS = ["limit", "remaining", "reset"].map((what) => `x-ratelimit-${what}`);

/** Whether limits of clients and tools are counted in a store. */
export function isExact({ policy }: Parts): boolean {
  return policy.limits.scope === "exact";
}

/**
 * A filter that asks the service that counts. Each rule's first entry is the server, so that servers can share a store;
 * the limit itself is told by the Lua program, which knows the caller and the tool, so that the service knows no limit.
 */
export function exactLimit(
  { policy }: Parts,
  name: string,
  rules: readonly { told: Left; by: Json[] }[],
): Json {
  return filter(name, "ratelimit.v3.RateLimit", {
    domain: LIMITS.domain,
    stat_prefix: name.replace(/\W/g, "_"),
    timeout: TIMEOUT,
    failure_mode_deny: policy.limits.onFailure !== "open",
    disable_x_envoy_ratelimited_header: true,
    // By these the record tells a call that was counted from one that was let through uncounted.
    enable_x_ratelimit_headers: "DRAFT_VERSION_03",
    rate_limit_service: {
      transport_api_version: "V3",
      grpc_service: { envoy_grpc: { cluster_name: LIMITS.name } },
    },
    rate_limits: rules.map(({ told, by }) => ({
      actions: [{ generic_key: { descriptor_key: "server", descriptor_value: policy.resource } }, ...by],
      limit: {
        dynamic_metadata: { metadata_key: { key: told.filter, path: rateOf(told) } },
      },
    })),
  });
}

/** Beside a limit lies what the service is told of it. */
function rateOf({ path }: Left): Json[] {
  return path.map(({ key }, index) => ({ key: index === path.length - 1 ? `${key}_rate` : key }));
}

/** The service beside the gateway. */
export function exactCluster(parts: Parts): Json[] {
  if (!isExact(parts)) return [];
  return [
    {
      name: LIMITS.name,
      type: "STATIC",
      connect_timeout: "0.25s",
      typed_extension_protocol_options: {
        "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": typed(
          "extensions.upstreams.http.v3.HttpProtocolOptions",
          { explicit_http_config: { http2_protocol_options: {} } },
        ),
      },
      health_checks: [
        {
          timeout: "1s",
          interval: "2s",
          no_traffic_interval: "2s",
          unhealthy_threshold: 1,
          healthy_threshold: 1,
          grpc_health_check: { service_name: LIMITS.health },
        },
      ],
      // Not asked while it is ill: a call that would wait for nothing is refused, or let through, at once.
      common_lb_config: { healthy_panic_threshold: { value: 0 } },
      load_assignment: oneEndpoint(LIMITS.name, "127.0.0.1", LIMITS.ports.service),
    },
  ];
}
