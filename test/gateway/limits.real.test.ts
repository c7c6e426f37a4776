import type { Bootstrap, SendOptions } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { PATH, call, legacy, modern, startLab, type Lab, type Message } from "./lab";
import { pause } from "./limits-lab";

function as(key: string, message: Message): SendOptions {
  return {
    path: PATH,
    headers: { ...message.headers, authorization: `Bearer ${key}` },
    body: JSON.stringify(message.body),
  };
}

describeWith(["envoy"], "limits and timeouts of a running gateway", () => {
  let lab: Lab;
  beforeAll(async () => void (lab = await startLab()));
  afterAll(() => lab.stop());

  const statuses = async (key: string, message: Message, times: number) => {
    const all: number[] = [];
    for (let i = 0; i < times; i++) all.push((await lab.gateway.send(as(key, message))).status);
    return all;
  };

  it("lets a client send as many messages a minute as it may, of all kinds", async () => {
    lab.gateway.clear();
    const before = lab.server.requests;
    expect(await statuses(lab.keys.narrow, modern("tools/list"), 4)).toEqual([200, 200, 200, 429]);
    expect(lab.server.requests - before).toBe(3);
    const lines = await lab.gateway.lines(4);
    expect(lines.map((line) => line.reason)).toEqual(["ok", "ok", "ok", "rate-limited"]);
    const refused = await lab.gateway.send(as(lab.keys.narrow, modern("tools/list")));
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(JSON.parse(refused.text)).toMatchObject({ error: { code: -31429 } });
  });

  it("does not let one client use up another's share", async () => {
    expect(await statuses(lab.keys.ciBot, modern("tools/list"), 1)).toEqual([200]);
  });

  it("limits a tool for all clients, and one for each", async () => {
    const before = lab.server.calls;
    // `hourly` and `rare` are not tools of the server: it answers that itself, so what counts is who answered.
    const hourly = await statuses(lab.keys.ciBot, call("hourly"), 5);
    expect(hourly.map((status) => status === 429)).toEqual([false, false, false, false, true]);
    const rare = await statuses(lab.keys.ciBot, call("rare"), 3);
    expect(rare.map((status) => status === 429)).toEqual([false, false, true]);
    expect(lab.server.calls).toEqual(before);
  });

  it.each([
    ["modern", call("slow", { seconds: 30 }), 400],
    ["legacy", legacy("tools/call", { name: "slow", arguments: { seconds: 30 } }), 200],
  ] as const)("ends a call after the tool's time, %s", async (_era, message, status) => {
    const answer = await lab.gateway.send(as(lab.keys.ciBot, message));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({ id: 7, error: { code: -31408 } });
    const [line] = await lab.gateway.linesOf(answer);
    expect(line).toMatchObject({ tool: "slow", reason: "timeout", status });
    // By the gateway's own clock: ours may have other things to do.
    expect(line?.ms).toBeGreaterThan(900);
    expect(line?.ms).toBeLessThan(2000);
  });

  it("says in one clear error that the server is gone, and that it is not well", async () => {
    await lab.server.stop();
    const answer = await lab.gateway.send(as(lab.keys.ciBot, call("search", { query: "x" })));
    expect(answer.status).toBe(503);
    expect(JSON.parse(answer.text)).toMatchObject({ id: 7, error: { code: -32603 } });
    expect((await lab.gateway.linesOf(answer))[0]?.reason).toBe("server-unavailable");
    const health = async () => (await lab.gateway.send({ method: "GET", path: "/healthz" })).status;
    for (let tries = 0; tries < 100 && (await health()) !== 503; tries++) await pause(100);
    expect(await health()).toBe(503);
  });
});

type Filters = Record<string, unknown>[];

/** What a test must notice: the gateway without one of its parts lets through what the whole refuses. */
describeWith(["envoy"], "mutants of the gateway", () => {
  const filters = (bootstrap: Bootstrap): Filters =>
    bootstrap.static_resources.listeners[0]?.filter_chains[0]?.filters[0]?.typed_config
      .http_filters as Filters;
  const without =
    (...names: string[]) =>
    (bootstrap: Bootstrap) => {
      const all = filters(bootstrap);
      for (const name of names) {
        const at = all.findIndex((filter) => filter.name === name);
        if (at < 0) throw new Error(`there is no ${name}`);
        all.splice(at, 1);
      }
    };
  const lua = (name: string, code: string) => (bootstrap: Bootstrap) => {
    const filter = filters(bootstrap).find((one) => one.name === name) as {
      typed_config: { default_source_code: { inline_string: string } };
    };
    filter.typed_config.default_source_code.inline_string = code;
  };
  const probe = async (change: (bootstrap: Bootstrap) => void, message: Message, credential?: string) => {
    const lab = await startLab(change);
    try {
      const request = as(credential ?? lab.keys.ciBot, message);
      return { ...(await lab.gateway.send(request)), reached: lab.server.requests };
    } finally {
      await lab.stop();
    }
  };

  it("without the policy filter nothing goes on: the mark is missing", async () => {
    expect(await probe(without("hmcp.policy"), call("search"))).toMatchObject({ status: 500, reached: 0 });
  });

  it("with a policy program that fails nothing goes on", async () => {
    const broken = lua("hmcp.policy", "function envoy_on_request(handle) error('broken') end");
    expect(await probe(broken, call("search"))).toMatchObject({ status: 500, reached: 0 });
  });

  it("with an auth program that fails nothing goes on", async () => {
    const broken = lua("hmcp.auth", "function envoy_on_request(handle) error('broken') end");
    expect(await probe(broken, call("search"))).toMatchObject({ reached: 0 });
  });

  it("without the mark's rule a failing program lets everything through: the rule is needed", async () => {
    const change = (bootstrap: Bootstrap) => {
      lua("hmcp.policy", "function envoy_on_request(handle) error('broken') end")(bootstrap);
      without("hmcp.authorize")(bootstrap);
    };
    expect((await probe(change, call("secret"))).reached).toBe(1);
  });

  it("without the patterns' rule a wrong value goes through: the rule is needed", async () => {
    const wrong = call("search", { tags: ["UPPER"] });
    expect((await probe(without("hmcp.patterns"), wrong)).reached).toBe(1);
  });

  it("without the token filter no token is taken", async () => {
    expect(await probe(without("hmcp.jwt"), call("search"), "a.b.c")).toMatchObject({
      status: 401,
      reached: 0,
    });
  });

  it("does not start without its program or with an incomplete policy", async () => {
    await expect(
      probe(
        lua("hmcp.policy", "STAGE='other' assert(loadstring(os.getenv('HMCP_LOADER')))()"),
        call("search"),
      ),
    ).rejects.toThrow("STAGE is neither");
  });
});
