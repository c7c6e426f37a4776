import { describeWith } from "../support/toolchain";
import { call } from "./lab";
import { sendAs, startFleet, type Fleet } from "./limits-lab";
import { until } from "./streams-lab";

/** `slow` may run twice at the same time. */
describeWith(["envoy"], "calls of a tool that run at the same time", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await startFleet();
  });
  afterAll(() => fleet.stop());

  const slow = (seconds: number) =>
    sendAs(fleet.gateways[0] as never, fleet.keys.one, call("slow", { seconds }));
  /** Calls that the server keeps: their statuses as they come, how many have reached the server, and what lets it go on. */
  const keep = (times: number) => {
    const before = fleet.server.calls["slow"] ?? 0;
    const ended: number[] = [];
    const release = fleet.server.hold();
    const answers = Promise.all(
      Array.from({ length: times }, async () => {
        const answer = await slow(0);
        ended.push(answer.status);
        return answer;
      }),
    );
    return { ended, answers, release, running: () => (fleet.server.calls["slow"] ?? 0) - before };
  };

  it("are as many as it may; one more is refused at once, and nothing waits", async () => {
    const { ended, answers, release, running } = keep(8);
    // Those that are refused hear of it while those that passed go on: they do not wait for them.
    await until(() => running() >= 2 && ended.length >= 6);
    expect([running(), ended]).toEqual([2, Array(6).fill(429)]);
    release();
    const [passed, refused] = [200, 429].map(async (status) =>
      (await answers).filter((one) => one.status === status),
    );
    expect([(await passed)?.length, running()]).toEqual([2, 2]);
    const [one] = (await refused) ?? [];
    expect(one?.headers["retry-after"]).toBe("1");
    expect(JSON.parse(one?.text ?? "")).toMatchObject({ id: 7, error: { code: -31429, message: "busy" } });
    const [line] = (await fleet.gateways[0]?.linesOf(one as never)) ?? [];
    expect(line).toMatchObject({ status: 429, reason: "busy", tool: "slow", client: "one" });
  });

  it("leave room for other tools", async () => {
    const { answers, release, running } = keep(2);
    await until(() => running() === 2);
    const other = await sendAs(fleet.gateways[0] as never, fleet.keys.one, call("search"));
    expect([other.status, (await slow(0)).status]).toEqual([200, 429]);
    release();
    expect((await answers).map(({ status }) => status)).toEqual([200, 200]);
  });

  it("free their place when they end", async () => {
    expect([(await slow(0)).status, (await slow(0)).status, (await slow(0)).status]).toEqual([200, 200, 200]);
  });
});
