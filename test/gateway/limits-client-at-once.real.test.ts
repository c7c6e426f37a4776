import { request } from "node:https";
import type { PolicyConfig } from "../../lib/policy";
import type { Answer, RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { call, HOST, modern, PATH, type Message } from "./lab";
import { limitedServer, pause, sendAs, startFleet, type Data, type Fleet } from "./limits-lab";
import { startSessionLab } from "./sessions-lab";

/** The client `one` may run two messages at the same time, of whatever kind; `slow` ends after a second. */
function twoAtOnce(): PolicyConfig {
  const { clients, tools, ...rest } = limitedServer(100_000);
  const { callsAtOncePerTask: _tools, ...slow } = tools["slow"] as PolicyConfig["tools"][string];
  const one = clients["one"] as PolicyConfig["clients"][string];
  return {
    ...rest,
    clients: { ...clients, one: { ...one, callsAtOncePerTask: 2 } },
    tools: { ...tools, slow: { ...slow, timeoutSeconds: 1 } },
  };
}

const statuses = (answers: readonly Answer[]) =>
  [200, 429].map((status) => answers.filter((one) => one.status === status).length);

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
  /** Whether two find room again, and no third. */
  const roomForTwo = async () =>
    statuses(await Promise.all([slow(0.4), slow(0.4), pause(150).then(() => slow(0))]));

  it("is as much as it may, whatever it asks for; others are not hindered", async () => {
    const before = fleet.server.requests;
    const running = Array.from({ length: 8 }, () => slow(0.5));
    await pause(200);
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
    const late = await Promise.all([slow(3), slow(3)]);
    expect(late.map(({ status, text }) => [status, text.includes("-31408")])).toEqual([
      [400, true],
      [400, true],
    ]);
    expect(await roomForTwo()).toEqual([2, 1]);
    await Promise.all([hangUp(), hangUp()]);
    expect(await roomForTwo()).toEqual([2, 1]);
  });

  it("counts a stream for as long as it is open", async () => {
    const lab = await startSessionLab(undefined, undefined, 1);
    try {
      const { one, two } = lab.credentials;
      const { client, transport } = await lab.connect(one);
      await pause(300);
      // The official client has opened its stream, and there is no room beside it.
      await expect(client.callTool({ name: "count", arguments: {} })).rejects.toMatchObject({ status: 429 });
      expect((await lab.send(two, "initialize")).status).toBe(200);
      await transport.close();
      await pause(200);
      expect((await lab.send(one, "initialize")).status).toBe(200);
    } finally {
      await lab.stop();
    }
  });

  it.each<[string, (bootstrap: Data) => void]>([
    ["the bound", (b) => void (room(b).circuit_breakers.thresholds[0].max_requests = 256)],
    [
      "the way there",
      (b) => {
        const [host] = b["static_resources"].listeners[0].filter_chains[0].filters[0].typed_config
          .route_config.virtual_hosts as Data[];
        if (host) host["routes"] = host["routes"].filter((route: Data) => route["name"] === "rpc");
      },
    ],
  ])("is all without %s", async (_what, change) => {
    const mutant = await startFleet({ server: twoAtOnce(), change });
    const [task] = mutant.gateways as [RunningGateway];
    const all = Array.from({ length: 8 }, () =>
      sendAs(task, mutant.keys.one, call("slow", { seconds: 0.3 })),
    );
    expect(statuses(await Promise.all(all))).toEqual([8, 0]);
    await mutant.stop();
  });

  function hangUp(): Promise<void> {
    const { headers, body } = call("slow", { seconds: 3 });
    return new Promise((resolve) => {
      const outgoing = request({
        ...{ host: "127.0.0.1", port: gateway.port, servername: HOST, ca: gateway.certificate },
        ...{ agent: false, method: "POST", path: PATH },
        headers: { host: HOST, ...headers, authorization: `Bearer ${fleet.keys.one}` },
      });
      outgoing.on("error", () => undefined).on("close", () => resolve());
      outgoing.end(JSON.stringify(body));
      setTimeout(() => outgoing.destroy(), 200);
    });
  }
});

function room(bootstrap: Data): Data {
  const all = bootstrap["static_resources"].clusters as Data[];
  return all.find((one) => one["name"] === "server:client:one") as Data;
}
