import { describeWith } from "../support/toolchain";
import { call } from "./lab";
import { pause, sendAs, startFleet, type Fleet } from "./limits-lab";

/** `slow` may run twice at the same time. */
describeWith(["envoy"], "calls of a tool that run at the same time", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet();
  });
  afterAll(() => fleet.stop());

  const slow = (seconds: number) => {
    const [gateway] = fleet.gateways;
    const begun = performance.now();
    return sendAs(gateway as never, fleet.keys.one, call("slow", { seconds })).then((answer) => ({
      ...answer,
      ms: performance.now() - begun,
    }));
  };

  it("are as many as it may; one more is refused at once, and nothing waits", async () => {
    const before = fleet.server.calls["slow"] ?? 0;
    const answers = await Promise.all(Array.from({ length: 8 }, () => slow(1)));
    const [passed, refused] = [200, 429].map((status) => answers.filter((one) => one.status === status));
    expect([passed?.length, refused?.length]).toEqual([2, 6]);
    expect((fleet.server.calls["slow"] ?? 0) - before).toBe(2);
    // Those that passed took as long as the tool; those that were refused did not wait for them.
    const took = (all: typeof refused) => (all ?? []).map(({ ms }) => ms);
    expect(Math.max(...took(refused))).toBeLessThan(Math.min(...took(passed)));
    const [one] = refused ?? [];
    expect(one?.headers["retry-after"]).toBe("1");
    expect(JSON.parse(one?.text ?? "")).toMatchObject({ id: 7, error: { code: -31429, message: "busy" } });
    const [line] = (await fleet.gateways[0]?.linesOf(one as never)) ?? [];
    expect(line).toMatchObject({ status: 429, reason: "busy", tool: "slow", client: "one" });
  });

  it("leave room for other tools", async () => {
    const running = [slow(0.5), slow(0.5)];
    await pause(150);
    const other = await sendAs(fleet.gateways[0] as never, fleet.keys.one, call("search"));
    expect([other.status, (await slow(0)).status]).toEqual([200, 429]);
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
  });

  it("free their place when they end", async () => {
    expect([(await slow(0)).status, (await slow(0)).status, (await slow(0)).status]).toEqual([200, 200, 200]);
  });
});
