import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:tls";
import {
  describeWithStore,
  startRateLimit,
  startStore,
  type RateLimit,
  type Store,
} from "../support/rate-limit";
import {
  limitedServer,
  passing,
  pause,
  sendAs,
  startFleet,
  sum,
  type Data,
  type Fleet,
  type FleetStart,
} from "../gateway/limits-lab";
import type { ReadLine } from "../support/audit";
import { rowOf } from "../gateway/answers-rows";
import { call } from "../gateway/lab";
import { refilled } from "../gateway/limits-cases";

/** Building the service 60 s on a fresh machine, outside of the tests' own time; the tests 30 s. */
const BUDGET_S = 60;
jest.setTimeout(BUDGET_S * 1000);

const LIMIT = 31;

/** Three tasks, each with its own service, and one store. */
async function startExact(
  name: string,
  onFailure: "closed" | "open",
  start: FleetStart & { file?: string } = {},
) {
  const store = await startStore(`${name}-store`);
  const { tasks = 3, file } = start;
  const services = await Promise.all(
    Array.from({ length: tasks }, (_, task) => startRateLimit(`${name}-${task}`, store, file)),
  );
  const fleet = await startFleet({
    tasks,
    server: limitedServer(LIMIT),
    ...start,
    limits: { scope: "exact", onFailure },
    change: (bootstrap, task) => {
      const { clusters } = bootstrap["static_resources"];
      const { load_assignment: at } = clusters.find((one: Data) => one["name"] === "ratelimit");
      at.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value = services[task]?.port;
      start.change?.(bootstrap, task);
    },
  });
  await ready(fleet);
  return { store, services, fleet, stop: () => stopAll(fleet, services, store) };
}

async function stopAll(fleet: Fleet, services: readonly RateLimit[], store: Store): Promise<void> {
  store.thaw();
  await Promise.all([fleet.stop(), ...services.map((service) => service.stop()), store.kill()]);
}

/** A minute of the clock must not end in the middle of counting. */
async function earlyInMinute(seconds: number): Promise<void> {
  const left = 60 - ((Date.now() / 1000) % 60);
  if (left < seconds) await pause(left * 1000 + 300);
}

/** The gateways have found their services well. */
async function ready(fleet: Fleet): Promise<void> {
  for (const gateway of fleet.gateways)
    for (let tries = 0; tries < 50; tries++) {
      const { status } = await sendAs(gateway, fleet.keys.other, call("search"));
      if (status === 200 || status === 429) break;
      await pause(100);
    }
}

/** Logs in to a store over TLS and tells it commands, each after the answer to the one before. */
async function tell(
  store: Pick<Store, "port" | "login" | "caFile">,
  commands: readonly string[],
): Promise<string[]> {
  const socket = connect({
    port: store.port,
    host: "127.0.0.1",
    servername: "localhost",
    ca: readFileSync(store.caFile),
  });
  const answers: string[] = [];
  const [user = "", password = ""] = store.login.split(":");
  for (const command of [`AUTH ${user} "${password}"`, ...commands]) {
    socket.write(`${command}\r\n`);
    const [data] = (await once(socket, "data")) as [Buffer];
    answers.push(data.toString().trim());
  }
  socket.destroy();
  return answers;
}

describeWithStore("exact limits over three tasks", () => {
  describe("closed", () => {
    let lab: Awaited<ReturnType<typeof startExact>>;
    beforeAll(async () => {
      lab = await startExact("closed", "closed");
    });
    afterAll(() => lab?.stop());

    it("let through what the limit says, whichever task is asked, and say when to come again", async () => {
      await earlyInMinute(20);
      const each = await passing(lab.fleet, lab.fleet.keys.one, 20);
      expect(sum(each)).toBe(LIMIT);
      const [gateway] = lab.fleet.gateways;
      const refused = await sendAs(gateway as never, lab.fleet.keys.one);
      expect(refused.status).toBe(429);
      expect(JSON.parse(refused.text)).toMatchObject({ error: { code: -31429 } });
      const wait = Number(refused.headers["retry-after"]);
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60);
      const [line] = (await gateway?.linesOf(refused)) ?? [];
      expect(line).toMatchObject({ status: 429, reason: "rate-limited" });
      const { row } = rowOf({ answer: refused, line: line as ReadLine });
      expect(row.cause).toBe("a limit of the store that is used up");
      const other = await sendAs(gateway as never, lab.fleet.keys.other);
      expect(other.status).toBe(200);
      process.stderr.write(
        `[limits] exact: ${each.join(" + ")} of ${LIMIT}; the service takes ${lab.services[0]?.memoryMib().toFixed(0)} MiB\n`,
      );
    });

    it("hold after one task has been started anew", async () => {
      await lab.fleet.restart(0);
      await ready(lab.fleet);
      expect((await sendAs(lab.fleet.gateways[0] as never, lab.fleet.keys.one)).status).toBe(429);
    });

    it("refuse within half a second while the store is frozen, by name, and go on when it answers", async () => {
      const [gateway] = lab.fleet.gateways;
      lab.store.freeze();
      const answer = await sendAs(gateway as never, lab.fleet.keys.other);
      expect(answer.status).toBe(503);
      const [line] = (await gateway?.linesOf(answer)) ?? [];
      expect(line).toMatchObject({ reason: "limits-unavailable", status: 503 });
      expect(line?.ms).toBeLessThan(1500);
      lab.store.thaw();
      await ready(lab.fleet);
      expect((await sendAs(gateway as never, lab.fleet.keys.other)).status).toBe(200);
    });

    it("refuse while the store is gone, and go on when it is back, with fresh counts", async () => {
      const [gateway] = lab.fleet.gateways;
      const before = lab.fleet.server.requests;
      await lab.store.kill();
      await pause(200);
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => sendAs(gateway as never, lab.fleet.keys.other)),
      );
      expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(503));
      expect(lab.fleet.server.requests).toBe(before);
      await lab.store.start();
      await ready(lab.fleet);
      expect((await sendAs(gateway as never, lab.fleet.keys.one)).status).toBe(200);
    });

    it("refuse at once while the service itself is gone", async () => {
      const [gateway] = lab.fleet.gateways;
      await lab.services[0]?.stop();
      await pause(2500);
      const answer = await sendAs(gateway as never, lab.fleet.keys.other);
      expect(answer.status).toBe(503);
      expect((await gateway?.linesOf(answer))?.[0]?.ms).toBeLessThan(1000);
    });
  });

  describe("open", () => {
    let lab: Awaited<ReturnType<typeof startExact>>;
    beforeAll(async () => {
      lab = await startExact("open", "open", { tasks: 2 });
    });
    afterAll(() => lab?.stop());

    it("are exact while the store answers, and nothing is said to be uncounted", async () => {
      await earlyInMinute(20);
      expect(sum(await passing(lab.fleet, lab.fleet.keys.one, 25))).toBe(LIMIT);
      const [gateway] = lab.fleet.gateways;
      const answer = await sendAs(gateway as never, lab.fleet.keys.other);
      expect((await gateway?.linesOf(answer))?.[0]).toMatchObject({ reason: "ok", detail: null });
    });

    it("let each task give out the limit, twice at first, and say so in every line, while it is gone", async () => {
      await lab.store.kill();
      await pause(200);
      const [gateway] = lab.fleet.gateways;
      const answer = await sendAs(gateway as never, lab.fleet.keys.other);
      expect(answer.status).toBe(200);
      expect((await gateway?.linesOf(answer))?.[0]).toMatchObject({
        reason: "ok",
        detail: "limits not counted",
      });
      // A server that counts by itself says so in the same words as the service.
      lab.fleet.server.writes["x-ratelimit-limit"] = `${LIMIT}`;
      const own = await sendAs(gateway as never, lab.fleet.keys.one);
      expect(own.headers["x-ratelimit-limit"]).toBeUndefined();
      expect((await gateway?.linesOf(own))?.[0]).toMatchObject({
        reason: "ok",
        detail: "limits not counted",
      });
      const begun = performance.now();
      const each = await passing(lab.fleet, lab.fleet.keys.other, 80);
      expect(Math.max(...each)).toBeLessThanOrEqual(2 * LIMIT + refilled(LIMIT, begun));
    });
  });

  it("give whoever has the password of the store nothing but counting", async () => {
    const store = await startStore("attacked-store");
    const said = await tell(store, [
      "PING",
      "INCRBY hmcp_a 2",
      "EXPIRE hmcp_a 60",
      "GET hmcp_a",
      "KEYS *",
      "SCAN 0",
      "DEL hmcp_a",
      "SET hmcp_a 0",
      "INCRBY other 1",
      "FLUSHALL",
      "CONFIG GET *",
      "ACL WHOAMI",
      "MONITOR",
      "SUBSCRIBE hmcp_a",
      "EVAL return(1) 0",
    ]);
    await store.kill();
    expect(said.slice(0, 4)).toEqual(["+OK", "+PONG", ":2", ":1"]);
    expect(said.slice(4)).toEqual(Array(12).fill(expect.stringMatching(/^-NOPERM /)));
  });

  it("let nobody into the store without the password", async () => {
    const store = await startStore("closed-store");
    const said = await tell({ ...store, login: "default:" }, ["PING", "INCRBY hmcp_a 2"]);
    await store.kill();
    expect(said).toEqual([
      expect.stringMatching(/^-WRONGPASS /),
      expect.stringMatching(/^-NOAUTH /),
      expect.stringMatching(/^-NOAUTH /),
    ]);
  });

  it("are said not to be counted where the image's file is of another domain, though none should pass so", async () => {
    const lab = await startExact("elsewhere", "closed", { tasks: 1, file: "domain: other\n" });
    const [gateway] = lab.fleet.gateways;
    const answer = await sendAs(gateway as never, lab.fleet.keys.one);
    expect([answer.status, await gateway?.linesOf(answer)]).toMatchObject([
      200,
      [{ reason: "ok", detail: "limits not counted" }],
    ]);
    await lab.stop();
  });

  it("let nothing through where the image lacks its file", async () => {
    const store = await startStore("bare-store");
    const service = await startRateLimit("bare", store, "");
    const fleet = await startFleet({
      server: limitedServer(LIMIT),
      limits: { scope: "exact", onFailure: "closed" },
      change: (bootstrap) => {
        const { load_assignment: at } = bootstrap["static_resources"].clusters.find(
          (one: Data) => one["name"] === "ratelimit",
        );
        at.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port_value = service.port;
      },
    });
    await pause(1500);
    expect((await sendAs(fleet.gateways[0] as never, fleet.keys.one)).status).toBe(503);
    await stopAll(fleet, [service], store);
  });
});
