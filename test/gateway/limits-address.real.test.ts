import { describeWith } from "../support/toolchain";
import { call, newKey } from "./lab";
import { type Data, sendAs, startFleet, type Fleet } from "./limits-lab";

const LIMIT = 20;
const statuses = async (
  fleet: Fleet,
  key: string,
  from: string | ((at: number) => string),
  times: number,
) => {
  const found: number[] = [];
  for (let at = 0; at < times; at++) {
    const [gateway] = fleet.gateways;
    const address = typeof from === "string" ? from : from(at);
    if (gateway) found.push((await sendAs(gateway, key, call("search"), address)).status);
  }
  return found;
};
const count = (all: readonly number[], status: number) => all.filter((one) => one === status).length;

describeWith(["envoy"], "the limit of one address, before anybody is asked who they are", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet({ limits: { callsPerMinutePerAddress: LIMIT } });
  });
  afterAll(() => fleet.stop());

  it("stops a flood of wrong keys, says when to come again, and names its reason", async () => {
    const before = fleet.server.requests;
    const flood = await statuses(fleet, newKey(), "203.0.113.5", 30);
    expect([count(flood, 401), count(flood, 429)]).toEqual([LIMIT, 10]);
    expect(fleet.server.requests).toBe(before);
    const [gateway] = fleet.gateways;
    const refused = await sendAs(gateway as never, newKey(), call("search"), "203.0.113.5");
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await gateway?.linesOf(refused))?.[0]).toMatchObject({
      ip: "203.0.113.5",
      reason: "rate-limited",
      client: null,
    });
  });

  it("stops the right key from there too: it is the address that is limited", async () => {
    expect(await statuses(fleet, fleet.keys.one, "203.0.113.5", 1)).toEqual([429]);
  });

  it("lets another address go on", async () => {
    expect(await statuses(fleet, fleet.keys.one, "203.0.113.6", 3)).toEqual([200, 200, 200]);
  });

  it("is not deceived by addresses that the caller writes down itself", async () => {
    const spoofed = (at: number) => `198.51.100.${at}, 203.0.113.5`;
    expect(count(await statuses(fleet, newKey(), spoofed, 10), 429)).toBe(10);
  });

  it("counts one network of IPv6 as one caller", async () => {
    const machines = (at: number) => `2001:db8:1:2${at.toString(16).padStart(2, "0")}:${at}::1`;
    const flood = await statuses(fleet, newKey(), machines, 30);
    expect([count(flood, 401), count(flood, 429)]).toEqual([LIMIT, 10]);
    expect(await statuses(fleet, fleet.keys.one, "2001:db8:1:300::1", 1)).toEqual([200]);
  });

  it("does not forget a used-up address over many others", async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, block) => statuses(fleet, newKey(), (at) => `192.0.${block}.${at}`, 30)),
    );
    expect(count(await statuses(fleet, newKey(), "203.0.113.5", 5), 429)).toBe(5);
  });
});

describeWith(["envoy"], "mutants of the limit of addresses", () => {
  const probe = async (change: (bootstrap: Data) => void, act: (fleet: Fleet) => Promise<number>) => {
    const fleet = await startFleet({ limits: { callsPerMinutePerAddress: 5 }, change });
    try {
      return await act(fleet);
    } finally {
      await fleet.stop();
    }
  };
  const manager = (bootstrap: Data) =>
    bootstrap["static_resources"].listeners[0].filter_chains[0].filters[0].typed_config;
  const filterOf = (bootstrap: Data) =>
    manager(bootstrap).http_filters.find((one: { name: string }) => one.name === "hmcp.address-limit");

  it.each<[string, (bootstrap: Data) => void, (at: number) => string]>([
    [
      "without it a flood goes through",
      (bootstrap) => {
        const all = manager(bootstrap).http_filters;
        all.splice(all.indexOf(filterOf(bootstrap)), 1);
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
      (bootstrap) => (filterOf(bootstrap).typed_config.max_dynamic_descriptors = 20),
      (at) => (at < 6 || at === 39 ? "203.0.113.5" : `192.0.2.${at}`),
    ],
  ])("%s", async (_what, change, from) => {
    const last = await probe(
      change,
      async (fleet) => (await statuses(fleet, newKey(), from, 40)).at(-1) ?? 0,
    );
    expect(last).toBe(401);
  });
});
