import { describeWith } from "../support/toolchain";
import {
  limitedServer,
  passing,
  pause,
  startFleet,
  startPeersDns,
  sum,
  type Fleet,
  type FleetStart,
  type PeersDns,
} from "./limits-lab";

const LIMIT = 31;

/** Messages of one client that three tasks let through, each asked by itself and all at once. */
async function passed(dns: PeersDns, start: FleetStart = {}): Promise<{ each: number[]; fleet: Fleet }> {
  const fleet = await startFleet({ tasks: 3, server: limitedServer(LIMIT), dns, ...start });
  // The first request of a worker may come before the first answer: what it counts is counted apart.
  await pause(600);
  return { each: await passing(fleet, fleet.keys.one, 36), fleet };
}

/** A share is never rounded up, and loses less than a call for each task; refilling adds one call or two meanwhile. */
describeWith(["envoy"], "a limit over three tasks", () => {
  it.each<[string, PeersDns["says"], FleetStart, number[]]>([
    ["is shared among those that DNS names", 3, {}, [30, 33]],
    ["is divided while DNS does not answer", "dead", {}, [30, 33]],
    ["is divided while there is no such name", "unknown", {}, [30, 33]],
    ["is divided at will, without DNS", 3, { limits: { scope: "divided" } }, [30, 33]],
    [
      "would be three times as much without the mark of known peers",
      "dead",
      {
        change: (bootstrap) => {
          const { http_filters: all } =
            bootstrap["static_resources"].listeners[0].filter_chains[0].filters[0].typed_config;
          for (const { typed_config: config } of all)
            for (const rule of config.rate_limits ?? [])
              for (const { metadata } of rule.actions)
                if (metadata?.default_value) metadata.default_value = "peers";
        },
      },
      [90, 100],
    ],
  ])("%s", async (_what, says, start, [least, most]) => {
    const dns = await startPeersDns(says);
    const { each, fleet } = await passed(dns, start);
    await Promise.all([fleet.stop(), dns.stop()]);
    expect(sum(each)).toBeGreaterThanOrEqual(least as number);
    expect(sum(each)).toBeLessThanOrEqual(most as number);
  });
});
