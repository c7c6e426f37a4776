import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { HardenedMcp } from "../../lib/hardened-mcp";
import { keyHashesVariable } from "../../lib/gateway";
import { embedded } from "../../lib/terraform/plan";
import { goodConfig, goodServer } from "../support/config";
import { freePort, startGateway, type RunningGateway, type StartableContainer } from "../support/envoy";
import { synthPlan } from "../support/plan";
import { describeWith } from "../support/toolchain";
import { call, digest, HOST, newKey, type Message } from "./lab";
import { pause } from "./limits-lab";
import { until } from "./streams-lab";

const PATH = "/notes/mcp";
/** A call that is under way when the task is stopped, in seconds; the tool may take three. */
const LONG = 2.5;
const LINGER_MS = 8000;
/** The load balancer asks every ten seconds, and believes the third miss: here twenty times as fast. */
const CHECK_MS = 500;
const MISSES = 3;

/** A container as ECS reads it. */
interface Container extends StartableContainer {
  readonly name: string;
  readonly dependsOn?: readonly { readonly containerName: string }[];
  readonly stopTimeout: number;
}

/** The containers of a task as they are synthesised. */
function containersOf(port: number): Container[] {
  const server = goodServer();
  const { search } = server.tools;
  const servers = {
    notes: {
      ...server,
      run: { ...server.run, port, healthPath: "/health" },
      clients: { one: { identity: { kind: "apiKey" as const }, tools: ["slow"], callsPerMinute: 60_000 } },
      tools: {
        slow: {
          ...{ ...search, access: "read" as const, callsPerMinute: 60_000, timeoutSeconds: 3 },
          arguments: { seconds: { type: "number" as const, minimum: 0, maximum: 3 } },
        },
      },
    },
  };
  const plan = synthPlan((stack) => void new HardenedMcp(stack, "mcp", goodConfig({ servers })));
  const [task] = plan.blocks("aws_ecs_task_definition");
  return embedded(task?.body.container_definitions) as Container[];
}

/** What can be stopped. */
interface Running {
  /** Asks it to stop, or kills it; ends when it has ended. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<unknown>;
}

/**
 * Stops a task as ECS does: what depends on a container stops before it does; each is asked by SIGTERM, and killed when its
 * `stopTimeout` is over. Gives the names in the order in which they ended.
 */
async function stopTask(
  containers: readonly Container[],
  running: Record<string, Running>,
): Promise<string[]> {
  const ended: string[] = [];
  const waiting = new Map(containers.map((one) => [one.name, one]));
  while (waiting.size > 0) {
    const next = [...waiting.values()].filter(
      ({ name }) =>
        ![...waiting.values()].some(({ dependsOn = [] }) =>
          dependsOn.some(({ containerName }) => containerName === name),
        ),
    );
    if (next.length === 0) throw new Error("containers wait for each other");
    await Promise.all(
      next.map(async ({ name, stopTimeout }) => {
        const one = running[name] as Running;
        const asked = one.stop("SIGTERM");
        const clock = setTimeout(() => void one.stop("SIGKILL"), stopTimeout * 1000);
        await asked;
        clearTimeout(clock);
        ended.push(name);
        waiting.delete(name);
      }),
    );
  }
  return ended;
}

/** One call that was begun while the task was stopped. */
interface Sent {
  readonly begunMs: number;
  /** 0: nobody was there, or the connection broke. */
  readonly status: number;
}

/** What became of a task that was stopped, its times in milliseconds from when it was asked to. */
interface End {
  readonly order: readonly string[];
  readonly long: number;
  readonly calls: readonly Sent[];
  readonly serverEndedMs: number;
  /** Seconds that the server is given to end by itself. */
  readonly stopSeconds: number | undefined;
  readonly saidNoMs: number | undefined;
  /** Audit lines of calls that were answered. */
  readonly recorded: number;
}

/** Runs a task, and stops it while one call is under way and others arrive. */
async function endOf(
  ends: string,
  change: (containers: Container[]) => Container[] = (all) => all,
): Promise<End> {
  const port = await freePort();
  const containers = change(containersOf(port));
  const key = newKey();
  const server = spawn(process.execPath, [join(__dirname, "ending-server.mjs")], {
    env: { ...process.env, PORT: String(port), ENDS: ends, LINGER_MS: String(LINGER_MS) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  server.stdout.on("data", (part) => (said += String(part)));
  await until(() => said.startsWith("ready"));
  const gateway = await startGateway({
    container: containers.find(({ name }) => name === "gateway") as Container,
    hostname: HOST,
    secrets: { [keyHashesVariable("one")]: digest(key) },
  });
  const send = ({ headers, body }: Message) =>
    gateway
      .send({
        path: PATH,
        headers: { ...headers, authorization: `Bearer ${key}` },
        body: JSON.stringify(body),
      })
      .then(({ status }) => status)
      .catch(() => 0);
  for (let tries = 0; tries < 50 && (await send(call("slow"))) !== 200; tries++) await pause(100);
  // Until the line of that one is out.
  await until(() => gateway.output().includes('"reason":"ok"'));
  gateway.clear();
  const calls = () => said.split("called").length;
  const before = calls();
  const long = send(call("slow", { seconds: LONG }));
  await until(() => calls() > before);

  const begun = performance.now();
  const now = () => Math.round(performance.now() - begun);
  let serverEndedMs = 0;
  let over = false;
  void once(server, "exit").then(() => (serverEndedMs = now()));
  const stopped = stopTask(containers, {
    gateway: { stop: (signal) => gateway.stop(signal) },
    server: { stop: (signal) => end(server, signal) },
  }).finally(() => (over = true));
  const sent: Promise<Sent>[] = [];
  const health = await listenTo(
    gateway,
    () => over,
    now,
    () => {
      const begunMs = now();
      sent.push(send(call("slow", { seconds: 0.2 })).then((status) => ({ begunMs, status })));
    },
  );
  return {
    order: await stopped,
    long: await long,
    calls: await Promise.all(sent),
    serverEndedMs,
    stopSeconds: containers.find(({ name }) => name === "server")?.stopTimeout,
    saidNoMs: health,
    recorded: gateway.output().match(/"reason":"ok"/g)?.length ?? 0,
  };
}

/** Sends on until the task is over, or says that it is not well; when it first did. */
async function listenTo(
  gateway: RunningGateway,
  isOver: () => boolean,
  now: () => number,
  sendOne: () => void,
): Promise<number | undefined> {
  let misses = 0;
  let saidNoMs: number | undefined;
  for (let tick = 0; !isOver(); tick++) {
    if (misses < MISSES) sendOne();
    if ((tick * 100) % CHECK_MS === 0) {
      const said = await gateway.send({ method: "GET", path: "/healthz" }).then(
        ({ status }) => status,
        () => 0,
      );
      misses = said === 200 ? 0 : misses + 1;
      if (said === 503) saidNoMs ??= now();
    }
    await pause(100);
  }
  return saidNoMs;
}

function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const ended = once(child, "exit");
  child.kill(signal);
  return ended;
}

const answered = ({ calls }: End) => calls.filter(({ status }) => status === 200).length;
const lost = ({ calls }: End) => calls.filter(({ status }) => status !== 200).length;
const OURS = ["server", "gateway"];

/** All at once: what takes long is waiting. */
describeWith(["envoy"], "a task that is stopped while calls are under way and others arrive", () => {
  let ends: Record<"atOnce" | "closes" | "lingers" | "never" | "turned", End>;
  beforeAll(async () => {
    const [atOnce, closes, lingers, never, turned] = await Promise.all([
      endOf("at-once"),
      endOf("closes"),
      endOf("lingers"),
      endOf("never"),
      endOf("lingers", (all) =>
        all.map(({ dependsOn: _before, ...one }) =>
          one.name === "gateway" ? { ...one, dependsOn: [{ containerName: "server" }] } : one,
        ),
      ),
    ]);
    ends = { atOnce, closes, lingers, never, turned };
    for (const [name, one] of Object.entries(ends))
      process.stdout.write(
        `${name}: call under way ${one.long}, ${answered(one)} answered, ${lost(one)} lost, health 503 after ` +
          `${one.saidNoMs ?? "-"} ms, server ended after ${one.serverEndedMs} ms\n`,
      );
  }, 60_000);

  it("loses nothing where the server says no first, takes calls meanwhile, and ends when the last is answered", () => {
    const { order, long, recorded, saidNoMs, serverEndedMs } = ends.lingers;
    expect([order, long, lost(ends.lingers)]).toEqual([OURS, 200, 0]);
    // The load balancer has heard it before the server closes its port.
    expect(answered(ends.lingers)).toBeGreaterThan(10);
    expect(saidNoMs).toBeLessThan(LINGER_MS / 2);
    expect(serverEndedMs).toBeGreaterThanOrEqual(LINGER_MS);
    // The record has lost nothing either: those, and the long one.
    expect(recorded).toBe(answered(ends.lingers) + 1);
  });

  it("answers the call under way, and loses new ones, where the server closes its port at once", () => {
    const { order, long, serverEndedMs } = ends.closes;
    expect([order, long, answered(ends.closes)]).toEqual([OURS, 200, 0]);
    expect(lost(ends.closes)).toBeGreaterThan(3);
    expect(serverEndedMs).toBeGreaterThan(LONG * 1000 - 1000);
  });

  it("loses the call under way where the server ends at once", () => {
    expect([ends.atOnce.order, ends.atOnce.long]).toEqual([OURS, 503]);
    expect(answered(ends.atOnce)).toBe(0);
  });

  it("answers until the server is killed where it takes no notice: it gets as long as its slowest tool, and ten seconds", () => {
    const { order, long, serverEndedMs, stopSeconds, calls } = ends.never;
    expect([order, long]).toEqual([OURS, 200]);
    expect(stopSeconds).toBe(13);
    expect(serverEndedMs).toBeGreaterThan(13_000 - 5);
    expect(serverEndedMs).toBeLessThan(20_000);
    // What began a second before cannot know.
    const early = calls.filter(({ begunMs }) => begunMs < serverEndedMs - 1000);
    expect([early.length > 50, early.every(({ status }) => status === 200)]).toEqual([true, true]);
  });

  it("would lose everything if the gateway waited for the server, and so stopped first", () => {
    expect([ends.turned.order, ends.turned.long]).toEqual([["gateway", "server"], 0]);
    expect(answered(ends.turned)).toBe(0);
  });
});
