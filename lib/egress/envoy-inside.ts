import { typed, type Json } from "../gateway/envoy/types";
import { accessLog } from "./access-log";
import { EGRESS } from "./contract";
import { dnsCache, LONGEST_TUNNEL, type EgressFacts } from "./envoy";

/** The listener that only tunnels lead to: it judges the TLS greeting and the address, and then connects. */
export function insideListener({ server, domains }: EgressFacts, allowedBlocks: readonly string[]): Json {
  return {
    name: "inside",
    internal_listener: {},
    per_connection_buffer_limit_bytes: 65_536,
    listener_filters: [
      {
        name: "greeting",
        typed_config: typed("extensions.filters.listener.tls_inspector.v3.TlsInspector", {
          close_connection_on_client_hello_parsing_errors: true,
        }),
      },
    ],
    listener_filters_timeout: "10s",
    // The listener's own log, so that what ends before any filter has its line too.
    access_log: [accessLog(server, "inside")],
    filter_chains: [
      {
        // Without TLS, without a name or with another one, no chain fits and the connection is closed.
        filter_chain_match: { transport_protocol: "tls", server_names: domains },
        filters: [remembered(), resolved(), judged(allowedBlocks), connected()],
      },
    ],
  };
}

function remembered(): Json {
  return {
    name: "remember",
    typed_config: typed("extensions.filters.network.set_filter_state.v3.Config", {
      on_new_connection: [
        {
          object_key: "hmcp.greeted",
          factory_key: "envoy.string",
          format_string: {
            text_format_source: { inline_string: `%REQUESTED_SERVER_NAME%:${EGRESS.targetPort}` },
          },
        },
      ],
    }),
  };
}

/** The proxy looks the name up itself, once, and connects to the address that was judged. */
function resolved(): Json {
  return {
    name: "resolve",
    typed_config: typed("extensions.filters.network.sni_dynamic_forward_proxy.v3.FilterConfig", {
      port_value: EGRESS.targetPort,
      dns_cache_config: dnsCache(),
      save_upstream_address: true,
    }),
  };
}

/** Default deny: a public address, and the name that the tunnel was opened for. An address that is missing is none of these. */
function judged(allowedBlocks: readonly string[]): Json {
  const blocks = allowedBlocks.map((block) => {
    const [address_prefix, prefix] = block.split("/");
    return {
      matcher: {
        name: "address",
        typed_config: typed("extensions.rbac.matchers.upstream_ip_port.v3.UpstreamIpPortMatcher", {
          upstream_ip: { address_prefix, prefix_len: Number(prefix) },
        }),
      },
    };
  });
  const state = (key: string) =>
    call("_[_]", { ident_expr: { name: "filter_state" } }, { const_expr: { string_value: key } });
  const call = (name: string, ...args: readonly Json[]) => ({ call_expr: { function: name, args } });
  const published = {
    permissions: [{ or_rules: { rules: blocks } }],
    principals: [{ any: true }],
    condition: call("_==_", state("hmcp.greeted"), state("hmcp.asked")),
  };
  return {
    name: "judge",
    typed_config: typed("extensions.filters.network.rbac.v3.RBAC", {
      stat_prefix: "inside",
      rules: { action: "ALLOW", policies: { published } },
    }),
  };
}

function connected(): Json {
  return {
    name: "connect",
    typed_config: typed("extensions.filters.network.tcp_proxy.v3.TcpProxy", {
      stat_prefix: "inside",
      cluster: "internet",
      idle_timeout: "300s",
      max_downstream_connection_duration: LONGEST_TUNNEL,
      // Not before the filter above has seen the greeting: else a refused address would be called first.
      upstream_connect_mode: "ON_DOWNSTREAM_DATA",
      max_early_data_bytes: 65_536,
      max_connect_attempts: 1,
    }),
  };
}
