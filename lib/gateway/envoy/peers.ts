import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GATEWAY } from "../contract";
import { once, stripLua } from "./program";
import { FILTERS, filter, METADATA, oneEndpoint, typed, type Json, type Parts } from "./types";

/** The other tasks, as Envoy counts them. Also the name by which the program below asks after them. */
const PEERS = "peers";

/** Most addresses of one answer of Cloud Map's, and so the most tasks that limits are ever shared among. */
export const MOST_PEERS = 8;

/** Value of the descriptor of buckets that are shared among the tasks that DNS names, and of those that are not. */
const SHARE = { key: "share", known: "peers", unknown: "apart" } as const;

/** Whether this gateway's buckets are shared: by configuration, and where there is a name to look its tasks up by. */
export function isShared({ policy, facts }: Parts): boolean {
  return policy.limits.scope !== "divided" && facts.peersHostname !== undefined;
}

/** Names the cluster whose members are counted. */
export function localCluster(parts: Parts): Json {
  return isShared(parts) ? { cluster_manager: { local_cluster_name: PEERS } } : {};
}

/** The cluster itself: counted, never called. A task that has left keeps its share for as long as this and the record's life. */
export function peersCluster(parts: Parts): Json[] {
  const address = parts.facts.peersHostname;
  if (!isShared(parts) || address === undefined) return [];
  return [
    {
      name: PEERS,
      cluster_type: {
        name: "envoy.clusters.dns",
        typed_config: typed("extensions.clusters.dns.v3.DnsCluster", {
          dns_refresh_rate: "5s",
          respect_dns_ttl: false,
          dns_lookup_family: "V4_ONLY",
          all_addresses_in_single_endpoint: false,
        }),
      },
      // Else a gateway without DNS would start a minute late. Until the first answer limits are divided.
      wait_for_warm_on_init: false,
      connect_timeout: "1s",
      // Nobody is ever called: asking whether there is somebody ends here.
      circuit_breakers: {
        thresholds: [{ max_connections: 0, max_pending_requests: 0, max_requests: 0, max_retries: 0 }],
      },
      load_assignment: oneEndpoint(PEERS, address, GATEWAY.port),
    },
  ];
}

/** Marks requests while the other tasks are known: see `runtime/limits/peers.lua`. */
export function peers(parts: Parts): Json[] {
  return isShared(parts)
    ? [filter(FILTERS.peers, "lua.v3.Lua", { default_source_code: { inline_string: peersProgram() } })]
    : [];
}

/** The program as it is deployed. */
export const peersProgram = once(() =>
  stripLua(readFileSync(join(__dirname, "..", "..", "runtime", "limits", "peers.lua"), "utf8")),
);

/** What counts in a filter whose buckets are shared: the members of the cluster, and the mark, without which it is "apart". */
export function sharing(parts: Parts): { readonly filter: Json; readonly action: Json[] } {
  if (!isShared(parts)) return { filter: {}, action: [] };
  const mark = {
    descriptor_key: SHARE.key,
    metadata_key: { key: METADATA, path: [{ key: SHARE.key }] },
    source: "DYNAMIC",
    default_value: SHARE.unknown,
  };
  return { filter: { local_cluster_rate_limit: {} }, action: [{ metadata: mark }] };
}

/**
 * The buckets of one limit: one where nothing is shared, else one for when the other tasks are known and one for when
 * they are not.
 */
export function buckets(parts: Parts, calls: number): { readonly entry: Json[]; readonly bucket: Json }[] {
  const apart = divided(parts, calls);
  if (parts.policy.limits.scope === "divided") return [{ entry: [], bucket: apart }];
  const bucket = whole(parts, calls);
  if (!isShared(parts)) return [{ entry: [], bucket }];
  return [
    { entry: [{ key: SHARE.key, value: SHARE.known }], bucket },
    { entry: [{ key: SHARE.key, value: SHARE.unknown }], bucket: apart },
  ];
}

/**
 * With n tasks a call costs n tokens of the task's bucket, so that all tasks together let `calls` a minute through. A
 * bucket that holds fewer tokens than there are tasks would never let a call through: it holds at least as many as DNS
 * can name, which while a deployment runs is twice the most tasks. A bucket is full at first: within any minute at most
 * its size and the limit pass, on average the limit.
 */
function whole(parts: Parts, calls: number): Json {
  const most = isShared(parts) ? Math.min(MOST_PEERS, 2 * parts.policy.maxTasks) : 1;
  return { max_tokens: Math.max(calls, most), tokens_per_fill: calls, fill_interval: "60s" };
}

/** One of `maxTasks` shares. Never rounded: what a minute does not give whole, as many minutes as there are tasks do. */
function divided({ policy }: Parts, calls: number): Json {
  return {
    max_tokens: Math.max(1, Math.floor(calls / policy.maxTasks)),
    tokens_per_fill: calls,
    fill_interval: `${60 * policy.maxTasks}s`,
  };
}
