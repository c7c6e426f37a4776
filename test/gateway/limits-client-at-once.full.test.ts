import type { RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { call } from "./lab";
import { statuses, twoAtOnce } from "./limits-client-lab";
import { sendAs, startFleet, type Data } from "./limits-lab";
import { startSessionLab } from "./sessions-lab";
import { until } from "./streams-lab";

describeWith(["envoy"], "what one client runs at the same time", () => {
  it("counts a stream for as long as it is open", async () => {
    const lab = await startSessionLab(undefined, undefined, 1);
    try {
      const { one, two } = lab.credentials;
      const { client, transport } = await lab.connect(one);
      await until(() => lab.server.reached.some(({ verb }) => verb === "GET"));
      // The official client has opened its stream, and there is no room beside it.
      await expect(client.callTool({ name: "count", arguments: {} })).rejects.toMatchObject({ status: 429 });
      expect((await lab.send(two, "initialize")).status).toBe(200);
      await transport.close();
      await until(() => lab.gateway.output().includes('"verb":"GET"'));
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
});

function room(bootstrap: Data): Data {
  const all = bootstrap["static_resources"].clusters as Data[];
  return all.find((one) => one["name"] === "server:client:one") as Data;
}
