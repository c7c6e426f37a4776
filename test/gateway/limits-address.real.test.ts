import { describeWith } from "../support/toolchain";
import { call, newKey } from "./lab";
import { statuses } from "./limits-cases";
import { sendAs, startFleet, type Fleet } from "./limits-lab";

/** One more every ten seconds: what is refused stays so for the length of a test. */
const LIMIT = 6;
const count = (all: readonly number[], status: number) => all.filter((one) => one === status).length;

describeWith(["envoy"], "the limit of one address, before anybody is asked who they are", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet({ limits: { callsPerMinutePerAddress: LIMIT } });
  });
  afterAll(() => fleet.stop());

  it("stops a flood of wrong keys, says when to come again, and names its reason", async () => {
    const before = fleet.server.requests;
    const flood = await statuses(fleet, newKey(), "203.0.113.5", 16);
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
    const flood = await statuses(fleet, newKey(), machines, 16);
    expect([count(flood, 401), count(flood, 429)]).toEqual([LIMIT, 10]);
    expect(await statuses(fleet, fleet.keys.one, "2001:db8:1:300::1", 1)).toEqual([200]);
  });
});
