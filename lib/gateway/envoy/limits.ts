import { GATEWAY } from "../contract";
import { exactLimit, isExact } from "./exact";
import { buckets, sharing } from "./peers";
import { FILTERS, filter, found, type Json, type Left, type Parts } from "./types";

const ALWAYS = { default_value: { numerator: 100 }, runtime_key: "hmcp.always" };
/** Callers times tools that have a bucket at once. At Envoy's default of 20, the 21st caller empties the first one's count. */
const MAX_BUCKETS = 10_000;
/**
 * Addresses that have a bucket at once, some 25 MB in all; the one that was longest silent is forgotten first. A used-up
 * bucket is full again after a minute anyway, so only more addresses than this within a minute would give one back early.
 */
const MAX_ADDRESSES = 50_000;
/** A whole address of IPv4; of IPv6 what one household or machine is given, which has more addresses than can be counted. */
const ADDRESS = { v4_prefix_mask_len: 32, v6_prefix_mask_len: 56 } as const;

/** Requests of one address, as the load balancer saw it, before anything that a stranger could make expensive. */
export function addressLimit(parts: Parts): Json {
  const { filter: shared, action } = sharing(parts);
  return limit(FILTERS.addressLimit, {
    ...never(MAX_ADDRESSES),
    ...shared,
    rate_limits: [{ actions: [...action, { masked_remote_address: ADDRESS }] }],
    descriptors: buckets(parts, parts.policy.limits.callsPerMinutePerAddress).map(({ entry, bucket }) => ({
      entries: [...entry, { key: "masked_remote_address" }],
      token_bucket: bucket,
    })),
  });
}

/**
 * What one task takes in all, before anybody is asked who they are. Not shared: it protects the task. Behind the limit of
 * addresses, so that what is refused there uses up nothing here.
 */
export function flood({ gateway }: Parts): Json {
  const { requestsPerSecond } = gateway;
  return limit(FILTERS.flood, {
    token_bucket: { max_tokens: requestsPerSecond, tokens_per_fill: requestsPerSecond, fill_interval: "1s" },
  });
}

/** Messages of one client. Grows with distinct limits, not with clients: `auth` names the limit, the client is a key without a value. */
export function clientLimit(parts: Parts): Json[] {
  return counted(parts, FILTERS.clientLimit, [
    {
      name: "limit",
      told: found("limit"),
      by: { client: byClient },
      limits: Object.values(parts.policy.clients).map((client) => client.callsPerMinute),
    },
  ]);
}

/** Calls of one tool, and of one of the methods that are opened, by all and by each client. */
export function toolLimit(parts: Parts): Json[] {
  const tools = Object.values(parts.policy.tools);
  const methods = Object.values(parts.policy.openedMethods ?? {});
  const tool = named("tool", found("tool"));
  const method = named("method", found("method"));
  return counted(parts, FILTERS.toolLimit, [
    {
      name: "all",
      told: found("all"),
      by: { tool },
      limits: tools.map(({ callsPerMinute }) => callsPerMinute),
    },
    {
      name: "each",
      told: found("each"),
      by: { tool, client: byClient },
      limits: tools.flatMap(({ callsPerMinutePerClient: each }) => each ?? []),
    },
    {
      name: "method_all",
      told: found("method_all"),
      by: { method },
      limits: methods.map(({ callsPerMinute }) => callsPerMinute),
    },
    {
      name: "method_each",
      told: found("method_each"),
      by: { method, client: byClient },
      limits: methods.flatMap(({ callsPerMinutePerClient: each }) => each ?? []),
    },
  ]);
}

/** Limits of one filter. */
interface Counted {
  readonly name: string;
  /** Where the limit was left. */
  readonly told: Left;
  /** What it is counted by. */
  readonly by: Readonly<Record<string, Json>>;
  readonly limits: readonly number[];
}

/**
 * By buckets of the task, or by the store. A store that lets calls through when it fails leaves each task's own buckets
 * before it: they hold the whole limit, twice at first, so that they are the tighter ones only without it.
 */
function counted(parts: Parts, name: string, all: readonly Counted[]): Json[] {
  const rules = all.filter(({ limits }) => limits.length > 0);
  if (!isExact(parts)) return [bucketFilter(parts, name, rules)];
  const asked = exactLimit(
    parts,
    name,
    rules.map(({ name: limit, told, by }) => ({ told, by: [named(limit, told), ...Object.values(by)] })),
  );
  return parts.policy.limits.onFailure === "open"
    ? [bucketFilter(parts, ownOf(name), rules), asked]
    : [asked];
}

/** Name of the filter that stands in for one of the store's. */
export function ownOf(name: string): string {
  return `${name}-own`;
}

function bucketFilter(parts: Parts, name: string, rules: readonly Counted[]): Json {
  const { filter: shared, action } = isExact(parts) ? { filter: {}, action: [] } : sharing(parts);
  return limit(name, {
    ...never(MAX_BUCKETS),
    ...shared,
    rate_limits: rules.map(({ name, told, by }) => ({
      actions: [named(name, told), ...action, ...Object.values(by)],
    })),
    descriptors: rules.flatMap(({ name, by, limits }) => descriptors(parts, limits, name, Object.keys(by))),
  });
}

/** Buckets of each distinct limit, one for each value of `keys`. */
function descriptors(parts: Parts, limits: readonly number[], name: string, keys: string[]): Json[] {
  return distinct(limits).flatMap((calls) =>
    (isExact(parts) ? [ownBucket(calls)] : buckets(parts, calls)).map(({ entry, bucket }) => ({
      entries: [{ key: name, value: `${calls}` }, ...entry, ...keys.map((key) => ({ key }))],
      token_bucket: bucket,
    })),
  );
}

function ownBucket(calls: number): { readonly entry: Json[]; readonly bucket: Json } {
  return { entry: [], bucket: { max_tokens: 2 * calls, tokens_per_fill: calls, fill_interval: "60s" } };
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
function never(most: number): Json {
  return {
    max_dynamic_descriptors: most,
    token_bucket: { max_tokens: 1_000_000, tokens_per_fill: 1_000_000, fill_interval: "1s" },
  };
}

function named(key: string, { filter: from, path }: Left): Json {
  return {
    metadata: {
      descriptor_key: key,
      metadata_key: { key: from, path },
      source: "DYNAMIC",
    },
  };
}

const byClient = { request_headers: { header_name: GATEWAY.clientHeader, descriptor_key: "client" } };

function distinct(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
