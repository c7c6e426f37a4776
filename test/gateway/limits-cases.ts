import { newKey, call } from "./lab";
import {
  limitedServer,
  passing,
  sendAs,
  startFleet,
  startPeersDns,
  sum,
  type Data,
  type Fleet,
  type FleetStart,
  type PeersDns,
} from "./limits-lab";

const LIMIT = 31;

/** What DNS says of three tasks, and how many messages of one client may pass. */
export interface FleetCase {
  readonly what: string;
  readonly says: PeersDns["says"];
  readonly start?: FleetStart;
  /** Times that the limit passes. @default 1 */
  readonly times?: number;
}

const manager = (bootstrap: Data) =>
  bootstrap["static_resources"].listeners[0].filter_chains[0].filters[0].typed_config;

/** Every state of DNS at the start, and what each protection keeps away. */
export const FLEET_CASES: readonly FleetCase[] = [
  { what: "is shared among those that DNS names", says: 3 },
  { what: "is divided while DNS does not answer", says: "dead" },
  { what: "is divided while there is no such name", says: "unknown" },
  { what: "is divided while DNS fails", says: "failing" },
  { what: "is divided while DNS names nobody", says: 0 },
  { what: "is divided at will, without DNS", says: 3, start: { limits: { scope: "divided" } } },
  {
    what: "would be three times as much without the mark of known peers",
    says: "dead",
    start: {
      change: (bootstrap) => {
        for (const { typed_config: config } of manager(bootstrap).http_filters)
          for (const rule of config.rate_limits ?? [])
            for (const { metadata } of rule.actions)
              if (metadata?.default_value) metadata.default_value = "peers";
      },
    },
    times: 3,
  },
  {
    what: "is divided, not open, where the program that asks is broken",
    says: "dead",
    start: {
      change: (bootstrap) => {
        const asks = manager(bootstrap).http_filters.find((one: Data) => one["name"] === "hmcp.peers");
        asks.typed_config.default_source_code.inline_string =
          "function envoy_on_request(h) error('broken') end";
      },
    },
  },
];

/** How many messages of one client three tasks let through, all asked at once, and how many may have passed. */
export async function fleetCase({
  says,
  start,
  times = 1,
}: FleetCase): Promise<{ passed: number; least: number; most: number }> {
  const dns = await startPeersDns(says);
  const fleet = await startFleet({ tasks: 3, server: limitedServer(LIMIT), dns, ...start });
  // The first request of a worker may come before the first answer: what it counts is counted apart.
  if (start?.limits?.scope !== "divided") await dns.asked(3);
  const begun = performance.now();
  const passed = sum(await passing(fleet, fleet.keys.one, 36));
  const filled = refilled(times * LIMIT, begun);
  await Promise.all([fleet.stop(), dns.stop()]);
  // A share is never rounded up, and loses less than a call on each task.
  return { passed, least: times * (LIMIT - 3), most: times * LIMIT + filled };
}

/** Calls that a limit has given back since a moment, and one more. */
export function refilled(calls: number, since: number): number {
  return Math.ceil(((performance.now() - since) / 60_000) * calls) + 1;
}

/** Statuses of calls with a key from an address, one after the other. */
export async function statuses(
  fleet: Fleet,
  key: string,
  from: string | ((at: number) => string),
  times: number,
): Promise<number[]> {
  const [gateway] = fleet.gateways;
  const found: number[] = [];
  for (let at = 0; at < times && gateway; at++) {
    const address = typeof from === "string" ? from : from(at);
    found.push((await sendAs(gateway, key, call("search"), address)).status);
  }
  return found;
}

const addressLimit = (bootstrap: Data) =>
  manager(bootstrap).http_filters.find((one: Data) => one["name"] === "hmcp.address-limit");

/** Without its protections, the last request of a flood is judged by its key: how each is taken away, and the flood. */
export const ADDRESS_MUTANTS: readonly (readonly [
  string,
  (bootstrap: Data) => void,
  (at: number) => string,
])[] = [
  [
    "without it a flood goes through",
    (bootstrap) => {
      const all = manager(bootstrap).http_filters;
      all.splice(all.indexOf(addressLimit(bootstrap)), 1);
    },
    () => "203.0.113.5",
  ],
  [
    "an address further left in the header is the caller's own choice",
    (bootstrap) => (manager(bootstrap).xff_num_trusted_hops = 2),
    (at) => `198.51.100.${at}, 203.0.113.5`,
  ],
  [
    "with few buckets others empty one that is used up",
    (bootstrap) => (addressLimit(bootstrap).typed_config.max_dynamic_descriptors = 20),
    (at) => (at < 6 || at === 39 ? "203.0.113.5" : `192.0.2.${at}`),
  ],
];

/** Status of the last request of a mutant's flood. */
export async function lastOfFlood(
  change: (bootstrap: Data) => void,
  from: (at: number) => string,
): Promise<number> {
  const fleet = await startFleet({ limits: { callsPerMinutePerAddress: 5 }, change });
  try {
    return (await statuses(fleet, newKey(), from, 40)).at(-1) ?? 0;
  } finally {
    await fleet.stop();
  }
}
