import { createServer, type Server } from "node:http";
import { Agent, request } from "node:https";
import type { AddressInfo } from "node:net";
import { keyHashesVariable } from "../../lib/gateway";
import type { PolicyConfig } from "../../lib/policy";
import { startGateway, type RunningGateway, type StartableContainer } from "../support/envoy";
import { HOST, PATH, build, call } from "./lab";
import { until } from "./streams-lab";

/** Where the keys of clients lie, and who changes them. Values are those of the real handler. */
export interface KeyStore {
  seed(client: string): Promise<unknown>;
  /** A whole rotation, as Secrets Manager runs one. */
  rotate(client: string): Promise<unknown>;
  revoke(client: string): Promise<unknown>;
  value(client: string): Promise<Readonly<Record<string, string>>>;
}

/** How gateways are told of keys, and what is measured. */
export interface FleetOptions {
  readonly store: KeyStore;
  readonly clients: readonly string[];
  readonly gateways: number;
  /** What a task gets for a client's `hashes`: mutants tell it less. */
  readonly mount?: (hashes: string) => string;
}

/** Answers so far. */
export interface Tally {
  ok: number;
  /** 401, by client. */
  readonly refused: Record<string, number>;
  /** Anything else. */
  readonly other: string[];
}

/** A running gateway, the calls that are open there, and the connections to it. */
interface Task {
  readonly gateway: RunningGateway;
  open: number;
  readonly agent: Agent;
}

/** Tasks of one server behind a balancer, and clients that call it without a pause. */
export class Fleet {
  public readonly tally: Tally = { ok: 0, refused: {}, other: [] };
  private readonly held = new Map<string, string>();
  private readonly answers = new Map<string, number>();
  private readonly pool: Task[] = [];
  private readonly loops: Promise<void>[] = [];
  private turn = 0;
  private running = true;
  /** What tasks said that are gone. */
  public log = "";

  private constructor(
    private readonly options: FleetOptions,
    private readonly server: Server,
    private readonly container: StartableContainer,
  ) {}

  /** Seeds every key, starts the tasks and hands each client its first key. */
  public static async start(options: FleetOptions): Promise<Fleet> {
    const server = await startServer();
    const { port } = server.address() as AddressInfo;
    const fleet = new Fleet(options, server, build(policyOf(options.clients), port).container);
    await Promise.all(options.clients.map((client) => options.store.seed(client)));
    for (let slot = 0; slot < options.gateways; slot++) fleet.pool.push(await fleet.task());
    for (const client of options.clients) await fleet.refresh(client);
    return fleet;
  }

  /** A client reads its key anew. */
  public async refresh(client: string): Promise<void> {
    const { header = "" } = await this.options.store.value(client);
    this.held.set(client, header.replace("Authorization: Bearer ", ""));
  }

  /** A rolling deployment: one task after another; a new one is well before an old one is left alone and stopped. */
  public async redeploy(): Promise<void> {
    for (let slot = 0; slot < this.pool.length; slot++) {
      const old = this.pool[slot];
      this.pool[slot] = await this.task();
      while (old !== undefined && old.open > 0) await pause(10);
      if (old === undefined) continue;
      await this.keep(old);
      await stop(old);
    }
  }

  /** Every client calls from now on until `finish`. */
  public load(): void {
    for (const client of this.options.clients) {
      this.loops.push(
        (async () => {
          while (this.running) {
            this.count(client, await this.attempt(this.held.get(client) ?? ""));
            // A few hundred calls a second in all: the load must not starve what it is about.
            await pause(3 * this.options.clients.length);
          }
        })(),
      );
    }
  }

  /** Waits until each of these clients has had so many answers more. */
  public async heard(clients: readonly string[], answers: number): Promise<void> {
    const due = clients.map((client) => (this.answers.get(client) ?? 0) + answers);
    await until(() => clients.every((client, index) => (this.answers.get(client) ?? 0) >= (due[index] ?? 0)));
  }

  /** Status of one call with a key, by the task whose turn it is. */
  public async attempt(key: string): Promise<number | string> {
    const member = this.pool[this.turn++ % this.pool.length];
    if (member === undefined) throw new Error("there is no task");
    member.open++;
    try {
      return await statusOf(member, key);
    } catch (error) {
      return String(error);
    } finally {
      member.open--;
    }
  }

  /** The same by every task. */
  public async attempts(key: string): Promise<(number | string)[]> {
    const statuses: (number | string)[] = [];
    for (let slot = 0; slot < this.pool.length; slot++) statuses.push(await this.attempt(key));
    return statuses;
  }

  /** Ends the load, the tasks and the server. */
  public async finish(): Promise<void> {
    if (!this.running) return;
    this.running = false;
    await Promise.all(this.loops);
    for (const task of this.pool) {
      await this.keep(task);
      await stop(task);
    }
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** What a task said, audit lines and Envoy's own. */
  private async keep({ gateway }: Task): Promise<void> {
    this.log += gateway.log() + JSON.stringify(await gateway.lines(0));
  }

  private count(client: string, status: number | string): void {
    this.answers.set(client, (this.answers.get(client) ?? 0) + 1);
    if (status === 200) this.tally.ok++;
    else if (status === 401) this.tally.refused[client] = (this.tally.refused[client] ?? 0) + 1;
    else this.tally.other.push(`${client}: ${status}`);
  }

  /** A task reads the secrets once, when it starts, as ECS does it. */
  private async task(): Promise<Task> {
    const { store, clients, mount = (hashes) => hashes } = this.options;
    const secrets: Record<string, string> = {};
    const told = async (client: string) => {
      secrets[keyHashesVariable(client)] = mount((await store.value(client)).hashes ?? "");
    };
    await Promise.all(clients.map(told));
    const gateway = await startGateway({ container: this.container, hostname: HOST, secrets });
    return { gateway, open: 0, agent: new Agent({ keepAlive: true }) };
  }
}

/**
 * One period of rotation: every key at once, clients that take theirs before the tasks know, the tasks, the others. The
 * laggards take theirs only in the next period, after the next rotation and before the tasks know of that: as late as a
 * client may.
 */
export async function period(
  fleet: Fleet,
  { store, clients }: FleetOptions,
  laggards: number,
): Promise<void> {
  await Promise.all(clients.map((client) => store.rotate(client)));
  const late = clients.slice(0, laggards);
  const rest = clients.slice(laggards);
  const prompt = rest.slice(0, Math.ceil(rest.length / 2));
  for (const client of [...late, ...prompt]) await fleet.refresh(client);
  await fleet.heard([...late, ...prompt], 5);
  await fleet.redeploy();
  for (const client of rest.slice(prompt.length)) await fleet.refresh(client);
}

/** Without what is announced: what a gateway would know if values held two generations only. */
export function withoutNext(hashes: string): string {
  const [current, _next, previous] = hashes.split(" ");
  return [current, previous].filter((hash) => hash !== undefined).join(" ");
}

function policyOf(clients: readonly string[]): PolicyConfig {
  return {
    path: PATH,
    era: "both",
    clients: Object.fromEntries(
      clients.map((name) => [
        name,
        { identity: { kind: "apiKey" as const }, tools: ["search"], callsPerMinute: 100_000 },
      ]),
    ),
    tools: {
      search: {
        access: "read",
        callsPerMinute: 100_000,
        timeoutSeconds: 30,
        arguments: { query: { type: "string", maxLength: 40 } },
      },
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

async function stop({ agent, gateway }: Task): Promise<void> {
  agent.destroy();
  await gateway.stop();
}

/** Who may call is the question here, so that the server behind is as small as it can be. */
async function startServer(): Promise<Server> {
  const answer = JSON.stringify({ jsonrpc: "2.0", id: 7, result: { content: [] } });
  const server = createServer((incoming, outgoing) => {
    incoming.resume();
    incoming.on("end", () => outgoing.writeHead(200, { "content-type": "application/json" }).end(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function statusOf({ gateway, agent }: Task, key: string): Promise<number> {
  const { headers, body } = call("search", { query: "x" });
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        ...{ host: "127.0.0.1", port: gateway.port, servername: HOST, path: PATH, method: "POST", agent },
        // Its certificate is another test's question.
        rejectUnauthorized: false,
        headers: { ...headers, host: HOST, authorization: `Bearer ${key}` },
      },
      (answer) => {
        answer.resume();
        answer.on("error", reject);
        answer.on("end", () => resolve(answer.statusCode ?? 0));
      },
    );
    outgoing.on("error", reject);
    outgoing.end(JSON.stringify(body));
  });
}
