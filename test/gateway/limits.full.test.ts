import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:http2";
import { loadavg } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunningGateway } from "../support/envoy";
import { describeWith } from "../support/toolchain";
import { call, HOST, newKey, PATH } from "./lab";
import { ADDRESS_MUTANTS, FLEET_CASES, fleetCase, lastOfFlood, refilled, statuses } from "./limits-cases";
import {
  limitedServer,
  passing,
  pause,
  sendAs,
  startFleet,
  startPeersDns,
  sum,
  type Data,
} from "./limits-lab";
import { soon } from "./slow-cases";

/** Seconds, on two busy cores: fleets 30, addresses 15, noise 20. */
const BUDGET_S = 90;
jest.setTimeout(BUDGET_S * 1000);

describeWith(["envoy"], "a limit over three tasks, in every state of DNS", () => {
  it.each(FLEET_CASES)("$what", async (one) => {
    const { passed, least, most } = await fleetCase(one);
    expect(passed).toBeGreaterThanOrEqual(least);
    expect(passed).toBeLessThanOrEqual(most);
  });
});

describeWith(["envoy"], "a limit of 31 over three tasks, while things change", () => {
  it("is not given out again when DNS dies, only divided otherwise when the name is gone", async () => {
    const dns = await startPeersDns(3);
    const fleet = await startFleet({ tasks: 3, server: limitedServer(31), dns });
    await dns.asked(3);
    const begun = performance.now();
    const known = sum(await passing(fleet, fleet.keys.one, 20));
    dns.says = "dead";
    await dns.asked(3);
    const dead = sum(await passing(fleet, fleet.keys.one, 5));
    dns.says = "unknown";
    await dns.asked(3);
    const gone = sum(await passing(fleet, fleet.keys.one, 20));
    await Promise.all([fleet.stop(), dns.stop()]);
    process.stderr.write(`[limits] 31 a minute: known ${known}, DNS dead +${dead}, name gone +${gone}\n`);
    const filled = refilled(31, begun);
    expect(known + dead).toBeLessThanOrEqual(31 + filled);
    // The divided buckets are other ones, and full: one burst more, once.
    expect(known + dead + gone).toBeLessThanOrEqual(62 + filled);
  });

  it("is given out once more by a task that was started anew: its share, not the whole", async () => {
    const dns = await startPeersDns(3);
    const fleet = await startFleet({ tasks: 3, server: limitedServer(31), dns });
    await dns.asked(3);
    const begun = performance.now();
    const before = await passing(fleet, fleet.keys.one, 20);
    await fleet.restart(0);
    await dns.asked(3);
    const after = await passing(fleet, fleet.keys.one, 20);
    await Promise.all([fleet.stop(), dns.stop()]);
    process.stderr.write(
      `[limits] 31 a minute: ${before.join(" + ")}, one started anew: ${after.join(" + ")}\n`,
    );
    const filled = refilled(31, begun);
    expect(sum(before)).toBeLessThanOrEqual(31 + filled);
    expect(after[0]).toBeLessThanOrEqual(11 + filled);
    expect(sum(after.slice(1))).toBeLessThanOrEqual(filled);
  });

  it("never rounds to nothing: one call a minute passes on each of three tasks, and not again at once", async () => {
    const dns = await startPeersDns(3);
    const fleet = await startFleet({ tasks: 3, server: limitedServer(1), dns });
    await dns.asked(3);
    const each = await passing(fleet, fleet.keys.one, 10);
    await Promise.all([fleet.stop(), dns.stop()]);
    // Buckets hold six tokens, for three tasks and three new ones; a call costs three.
    for (const one of each) expect([2, 3]).toContain(one);
  });
});

describeWith(["envoy"], "addresses", () => {
  it.each(ADDRESS_MUTANTS)("%s", async (_what, change, from) => {
    expect(await lastOfFlood(change, from)).toBe(401);
  });

  it("of a flood are counted in bounded memory, and forget nobody that is used up", async () => {
    const fleet = await startFleet({ limits: { callsPerMinutePerAddress: 1 } });
    const [gateway] = fleet.gateways;
    const used = await statuses(fleet, newKey(), "203.0.113.5", 2);
    const before = residentMib(gateway as RunningGateway);
    const addresses = 20_000;
    const took = await flood(gateway as RunningGateway, addresses);
    const after = residentMib(gateway as RunningGateway);
    const [still] = await statuses(fleet, newKey(), "203.0.113.5", 1);
    await fleet.stop();
    process.stderr.write(
      `[limits] ${addresses} addresses in ${took.toFixed(1)} s: ${(after - before).toFixed(0)} MiB more\n`,
    );
    expect([used.at(-1), still]).toEqual([429, took < 55 ? 429 : still]);
    expect(after - before).toBeLessThan(40);
  });
});

describeWith(["envoy"], "calls at the same time", () => {
  it.each<[string, (bootstrap: Data) => void, number[]]>([
    ["are two", () => undefined, [2]],
    [
      "are all without the bound of the tool's cluster",
      (bootstrap) => {
        const all: Data[] = bootstrap["static_resources"].clusters;
        const slow = all.find((one) => one["name"] === "server:slow");
        if (slow) slow["circuit_breakers"].thresholds[0].max_requests = 256;
      },
      [8],
    ],
    [
      "would wait without room for connections",
      (bootstrap) => {
        const all: Data[] = bootstrap["static_resources"].clusters;
        const slow = all.find((one) => one["name"] === "server:slow");
        if (slow) slow["circuit_breakers"].thresholds[0].max_connections = 2;
      },
      [3, 4, 5, 6, 7, 8],
    ],
  ])("%s", async (_what, change, passed) => {
    const fleet = await startFleet({ change });
    const [gateway] = fleet.gateways as [RunningGateway];
    const round = async () => {
      const before = fleet.server.calls["slow"] ?? 0;
      const release = fleet.server.hold();
      let ended = 0;
      const all = Promise.all(
        Array.from({ length: 8 }, () => sendAs(gateway, fleet.keys.one, call("slow")).finally(() => ended++)),
      );
      // Each has reached the server or was refused, but for those that wait.
      await soon(() => ended + (fleet.server.calls["slow"] ?? 0) - before === 8, 2000);
      release();
      return (await all).filter(({ status }) => status === 200).length;
    };
    let seen = await round();
    // Who waits does so for a connection of the same worker: where the others all came to the other one, nobody does.
    if (!passed.includes(2)) for (let again = 0; again < 5 && seen === 2; again++) seen = await round();
    await fleet.stop();
    expect(passed).toContain(seen);
  });
});

/** Resident memory of a gateway. */
function residentMib({ pid }: RunningGateway): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

/** One request with a wrong key from each of many addresses. Gives the seconds that it took. */
async function flood({ port, certificate }: RunningGateway, addresses: number): Promise<number> {
  const session = connect(`https://127.0.0.1:${port}`, { ca: certificate, servername: HOST });
  const { headers, body } = call("search");
  const authorization = `Bearer ${newKey()}`;
  const begun = performance.now();
  const one = (at: number) =>
    new Promise<void>((resolve, reject) => {
      const address = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
      const stream = session.request({
        ...{ ":method": "POST", ":path": PATH, ":authority": HOST, ...headers },
        ...{ authorization, "x-forwarded-for": address },
      });
      stream.on("error", reject);
      stream.on("close", () => resolve());
      stream.resume();
      stream.end(JSON.stringify(body));
    });
  for (let at = 0; at < addresses; at += 50)
    await Promise.all(Array.from({ length: 50 }, (_, more) => one(at + more)));
  session.close();
  return (performance.now() - begun) / 1000;
}

describeWith(["envoy"], "a noisy client", () => {
  const ROUNDS = 3;
  const SECONDS = 3;
  const RATE = 200;

  it("does not raise another's p90", async () => {
    const server = limitedServer(100_000);
    const { one } = server.clients;
    const fleet = await startFleet({
      // Of its calls one a second passes, the others are refused.
      server: {
        ...server,
        clients: { ...server.clients, one: { ...(one as NonNullable<typeof one>), callsPerMinute: 60 } },
      },
    });
    const [gateway] = fleet.gateways as [RunningGateway];
    // The gateway alone on one core; whoever calls, and the server, on the other.
    execFileSync("taskset", ["-a", "-p", "-c", "0", `${gateway.pid}`]);
    execFileSync("taskset", ["-a", "-p", "-c", "1", `${process.pid}`]);
    const { headers, body } = call("search");
    const noise = (port: number) =>
      promisify(execFile)("taskset", ["-c", "1", process.execPath, join(__dirname, "limits-noise.mjs")], {
        env: {
          ...{ PORT: `${port}`, CA: gateway.certificate, HOST, PATH_: PATH, BODY: JSON.stringify(body) },
          HEADERS: JSON.stringify({ ...headers, authorization: `Bearer ${fleet.keys.one}` }),
          ...{ RATE: `${RATE}`, SECONDS: `${SECONDS}` },
        },
      });
    const p90 = async (port: number) => {
      const noisy = noise(port);
      await pause(400);
      const taken: number[] = [];
      for (const ends = Date.now() + (SECONDS - 1) * 1000; Date.now() < ends; await pause(10)) {
        const begun = performance.now();
        await sendAs(gateway, fleet.keys.other, call("search"));
        taken.push(performance.now() - begun);
      }
      const { stdout } = await noisy;
      return { p90: taken.sort((a, b) => a - b)[Math.floor(taken.length * 0.9)] ?? 0, seen: stdout };
    };
    const [quiet, noisy]: [number[], number[]] = [[], []];
    let seen = "";
    for (let round = 0; round < ROUNDS; round++) {
      quiet.push((await p90(0)).p90);
      const heard = await p90(gateway.port);
      noisy.push(heard.p90);
      seen = heard.seen;
    }
    execFileSync("taskset", ["-a", "-p", "-c", "0,1", `${process.pid}`]);
    await fleet.stop();
    const median = (all: number[]) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
    const ratio = median(noisy) / median(quiet);
    const [load = 0] = loadavg();
    process.stderr.write(
      `[limits] p90 of a quiet client ${median(quiet).toFixed(2)} ms, beside ${RATE} calls a second of another ` +
        `${median(noisy).toFixed(2)} ms: ${((ratio - 1) * 100).toFixed(0)} % more, load ${load.toFixed(1)}; it got ${seen}\n`,
    );
    // On a machine that others use, the difference is theirs: 20 % is asserted where somebody has made sure that it is quiet.
    expect(ratio).toBeLessThan(process.env.QUIET_MACHINE === "1" ? 1.2 : 3);
  });
});
