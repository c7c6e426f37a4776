import { request } from "node:https";
import type { Answer, RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { call, HOST, modern, PATH, type Message } from "./lab";
import { statuses, twoAtOnce } from "./limits-client-lab";
import { sendAs, startFleet, type Fleet } from "./limits-lab";
import { until } from "./streams-lab";

describeWith(["envoy"], "what one client runs at the same time", () => {
  let fleet: Fleet;
  let gateway: RunningGateway;
  beforeAll(async () => {
    fleet = await startFleet({ server: twoAtOnce() });
    [gateway] = fleet.gateways as [RunningGateway];
  });
  afterAll(() => fleet.stop());

  const send = (message: Message, key: "one" | "other" = "one") => sendAs(gateway, fleet.keys[key], message);
  const slow = (seconds: number, key: "one" | "other" = "one") => send(call("slow", { seconds }), key);
  /** What somebody sends, once this many requests more have reached the server. */
  const reached = async (requests: number, sent: () => void) => {
    const due = fleet.server.requests + requests;
    sent();
    await until(() => fleet.server.requests === due);
  };
  /** Whether two find room again, and no third. */
  const roomForTwo = async () => {
    const running: Promise<Answer>[] = [];
    await reached(2, () => running.push(slow(1), slow(1)));
    return statuses(await Promise.all([...running, slow(0)]));
  };

  it("is as much as it may, whatever it asks for; others are not hindered", async () => {
    const before = fleet.server.requests;
    let ended = 0;
    const running = Array.from({ length: 8 }, () => slow(2).finally(() => ended++));
    await until(() => ended === 6);
    const [list, other] = await Promise.all([send(modern("tools/list")), slow(0, "other")]);
    expect([list.status, other.status]).toEqual([429, 200]);
    expect(list.headers["retry-after"]).toBe("1");
    expect(JSON.parse(list.text)).toMatchObject({ id: 7, error: { code: -31429, message: "busy" } });
    expect(await gateway.linesOf(list)).toMatchObject([
      { status: 429, reason: "busy", client: "one", method: "tools/list" },
    ]);
    expect(statuses(await Promise.all(running))).toEqual([2, 6]);
    expect(fleet.server.requests - before).toBe(3);
  });

  it("gets its room back after answers, refusals, timeouts and hanging up", async () => {
    expect(await roomForTwo()).toEqual([2, 1]);
    // Refused by the judge: never counted.
    await Promise.all(Array.from({ length: 6 }, () => send(call("nothing"))));
    expect(await roomForTwo()).toEqual([2, 1]);
    const late = await Promise.all([slow(5), slow(5)]);
    expect(late.map(({ status, text }) => [status, text.includes("-31408")])).toEqual([
      [400, true],
      [400, true],
    ]);
    expect(await roomForTwo()).toEqual([2, 1]);
    const gone: (() => Promise<void>)[] = [];
    await reached(2, () => gone.push(longCall(), longCall()));
    await Promise.all(gone.map((hangUp) => hangUp()));
    // The gateway has heard of it, too.
    await until(() => gateway.output().split('"client-gone"').length > 2);
    expect(await roomForTwo()).toEqual([2, 1]);
  });

  /** Calls what takes five seconds; hangs up. */
  function longCall(): () => Promise<void> {
    const { headers, body } = call("slow", { seconds: 5 });
    const outgoing = request({
      ...{ host: "127.0.0.1", port: gateway.port, servername: HOST, ca: gateway.certificate },
      ...{ agent: false, method: "POST", path: PATH },
      headers: { host: HOST, ...headers, authorization: `Bearer ${fleet.keys.one}` },
    });
    const closed = new Promise<void>((resolve) => {
      outgoing.on("error", () => undefined).on("close", () => resolve());
    });
    outgoing.end(JSON.stringify(body));
    return () => {
      outgoing.destroy();
      return closed;
    };
  }
});
