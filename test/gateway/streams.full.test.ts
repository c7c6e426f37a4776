import type { Client } from "@modelcontextprotocol/client";
import { describeWith } from "../support/toolchain";
import { startStreamLab, until, type StreamLab } from "./streams-lab";

/** Longer than a minute, after which load balancers and proxies like to cut: HMCP_STREAM_SECONDS says how long. */
const SECONDS = Number(process.env.HMCP_STREAM_SECONDS ?? 65);
const IDLE_SECONDS = 20;

type Route = {
  route: { idle_timeout: string; timeout: string; max_stream_duration: Record<string, string> };
};

const manager = (command: readonly string[]) => {
  const bootstrap = JSON.parse(command[command.indexOf("--config-yaml") + 1] as string);
  return bootstrap.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
};
const routesOf = (config: { route_config: { virtual_hosts: { routes: Route[] }[] } }) =>
  config.route_config.virtual_hosts.flatMap(({ routes }) => routes);

/** Waits until something is so, at most so many seconds. */
async function soon(what: () => boolean, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (!what() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 100));
  if (!what()) throw new Error(`not within ${seconds} seconds`);
}

describeWith(["envoy"], `streams of ${SECONDS} seconds`, () => {
  const labs: StreamLab[] = [];
  const start = async (...args: Parameters<typeof startStreamLab>) => {
    const lab = await startStreamLab(...args);
    labs.push(lab);
    return lab;
  };
  afterAll(() => Promise.all(labs.map((lab) => lab.stop())));

  /** Begins both kinds of stream: one that listens, and a call that says nothing between its beginning and its end. */
  const begin = async (lab: StreamLab) => {
    const client: Client = await lab.connect("modern");
    let changes = 0;
    client.setNotificationHandler("notifications/tools/list_changed", () => void changes++);
    const subscription = await client.listen({ toolsListChanged: true });
    const call = client.callTool(
      { name: "work", arguments: { steps: 1, ms: SECONDS * 1000 } },
      { timeout: (SECONDS + 60) * 1000, onprogress: () => undefined },
    );
    const ended = call.then(
      () => "done",
      (error: Error) => error.message,
    );
    return { client, subscription, ended, changes: () => changes };
  };

  it(
    "outlast what is silent for longer than the gateway waits, kept alive by comments alone",
    async () => {
      // The gateway's own patience made shorter, so that it would run out several times in this while.
      const impatient = (bootstrap: Parameters<NonNullable<Parameters<typeof startStreamLab>[1]>>[0]) => {
        const chain = bootstrap.static_resources.listeners[0]?.filter_chains[0];
        for (const { route } of routesOf(chain?.filters[0]?.typed_config as never))
          if (route !== undefined) route.idle_timeout = `${IDLE_SECONDS}s`;
      };
      const [plain, kept, silent] = await Promise.all([
        start(),
        start(undefined, impatient),
        start(3_600_000, impatient),
      ]);
      const begun = performance.now();
      const [first, second, third] = await Promise.all([plain, kept, silent].map(begin));
      // The gateway says so itself: the official client would wait for as long as it was told to.
      await soon(() => silent.gateway.output().includes('"reason":"timeout"'), IDLE_SECONDS + 20);
      const cutAfter = (performance.now() - begun) / 1000;
      expect(cutAfter).toBeGreaterThan(IDLE_SECONDS - 1);
      await third?.client.close();
      for (const [lab, streams] of [[plain, first] as const, [kept, second] as const]) {
        expect(await streams?.ended).toBe("done");
        expect((performance.now() - begun) / 1000).toBeGreaterThan(SECONDS);
        lab.server.change("test://one");
        await until(() => streams?.changes() === 1);
        await streams?.subscription.close();
        await streams?.client.close();
      }
      process.stderr.write(
        `[streams] a call and a subscription went on for ${((performance.now() - begun) / 1000).toFixed(1)} s, ` +
          `also with an idle limit of ${IDLE_SECONDS} s; without comments it was cut after ${cutAfter.toFixed(1)} s\n`,
      );
      const lines = await kept.gateway.lines(3);
      expect(lines.filter(({ reason }) => reason === "timeout")).toEqual([]);
    },
    (SECONDS + 60) * 1000,
  );

  it("may go on for ten minutes by every timeout that is rendered", async () => {
    const { container } = labs[0] as StreamLab;
    const config = manager(container.command);
    const general = routesOf(config).find(({ route }) => route?.max_stream_duration !== undefined)?.route;
    const seconds = (text: string | undefined) => Number(text?.replace("s", ""));
    expect(seconds(general?.max_stream_duration.max_stream_duration)).toBeGreaterThan(600);
    expect(seconds(general?.idle_timeout)).toBeGreaterThanOrEqual(300);
    const policy = JSON.parse(
      container.environment.find(({ name }) => name === "HMCP_POLICY")?.value as string,
    ) as Record<"tools" | "opened", Record<string, { timeout: number }>>;
    expect(policy.tools.work?.timeout).toBeGreaterThan(600_000);
    expect(policy.opened["subscriptions/listen"]?.timeout).toBeGreaterThan(600_000);
  });
});
