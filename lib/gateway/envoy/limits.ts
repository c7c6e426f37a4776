import type { PolicyDocument } from "../../policy/document";
import { GATEWAY } from "../contract";
import { FILTERS, METADATA, filter, type Json, type Parts } from "./types";

const MINUTE = "60s";
const ALWAYS = { default_value: { numerator: 100 }, runtime_key: "hmcp.always" };
/** Callers times tools that have a bucket at once. At Envoy's default of 20, the 21st caller empties the first one's count. */
const MAX_BUCKETS = 10_000;

/**
 * What one task takes in all, before anybody is asked who they are. Not shared: it protects the task.
 */
export function flood({ gateway }: Parts): Json {
  const { requestsPerSecond } = gateway;
  return limit(FILTERS.flood, {
    token_bucket: { max_tokens: requestsPerSecond, tokens_per_fill: requestsPerSecond, fill_interval: "1s" },
  });
}

/** Messages of one client. Grows with distinct limits, not with clients: `auth` names the limit, the client is a key without a value. */
export function clientLimit(parts: Parts): Json {
  const limits = Object.values(parts.policy.clients).map((client) => client.callsPerMinute);
  return limit(FILTERS.clientLimit, {
    ...shared(parts),
    rate_limits: [{ actions: [named("limit"), byClient] }],
    descriptors: distinct(limits).map((calls) => descriptor(parts.policy, calls, ["limit"], ["client"])),
  });
}

/** Calls of one tool, by all and by each client. */
export function toolLimit(parts: Parts): Json {
  const tools = Object.values(parts.policy.tools);
  const each = tools.flatMap(({ callsPerMinutePerClient }) => callsPerMinutePerClient ?? []);
  return limit(FILTERS.toolLimit, {
    ...shared(parts),
    rate_limits: [
      { actions: [named("all"), named("tool")] },
      ...(each.length === 0 ? [] : [{ actions: [named("each"), named("tool"), byClient] }]),
    ],
    descriptors: [
      ...distinct(tools.map((tool) => tool.callsPerMinute)).map((calls) =>
        descriptor(parts.policy, calls, ["all"], ["tool"]),
      ),
      ...distinct(each).map((calls) => descriptor(parts.policy, calls, ["each"], ["tool", "client"])),
    ],
  });
}

/**
 * With n tasks a call costs n tokens of the task's bucket, so that all tasks together let `calls` a minute through. A
 * bucket that holds fewer tokens than there are tasks would never let a call through: it holds at least that many.
 * A bucket is full at first: within any minute at most twice the limit passes, on average the limit.
 */
function bucket(policy: PolicyDocument, calls: number): Json {
  return { max_tokens: Math.max(calls, policy.maxTasks), tokens_per_fill: calls, fill_interval: MINUTE };
}

function descriptor(policy: PolicyDocument, calls: number, [name]: [string], keys: string[]): Json {
  return {
    entries: [{ key: name, value: `${calls}` }, ...keys.map((key) => ({ key }))],
    token_bucket: bucket(policy, calls),
  };
}

function limit(name: string, config: Json): Json {
  return filter(name, "local_ratelimit.v3.LocalRateLimit", {
    stat_prefix: name.replace(/\W/g, "_"),
    filter_enabled: ALWAYS,
    filter_enforced: ALWAYS,
    enable_retry_after_header: true,
    ...config,
  });
}

/** The bucket of the filter itself is needed, and counts nothing that the descriptors do not: it is never the tighter one. */
function shared({ facts }: Parts): Json {
  return {
    max_dynamic_descriptors: MAX_BUCKETS,
    token_bucket: { max_tokens: 1_000_000, tokens_per_fill: 1_000_000, fill_interval: "1s" },
    ...(facts.peersHostname === undefined ? {} : { local_cluster_rate_limit: {} }),
  };
}

function named(key: string): Json {
  return {
    metadata: {
      descriptor_key: key,
      metadata_key: { key: METADATA.record, path: [{ key }] },
      source: "DYNAMIC",
    },
  };
}

const byClient = { request_headers: { header_name: GATEWAY.clientHeader, descriptor_key: "client" } };

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
