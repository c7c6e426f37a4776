import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type ClientHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { GATEWAY, keyHashesVariable } from "../../lib/gateway";
import { readableProgram } from "../../lib/gateway/envoy/program";
import { startGateway, type RunningGateway } from "../support/envoy";
import { fill } from "./flood-lab";
import { HOST, PATH, build, digest, newKey } from "./lab";
import { expectedOf } from "./readers-expected";
import { random } from "../runtime/json-cases";
import { ARGUMENTS, HEADERS, Messages } from "./readers-messages";
import { managerOf } from "./wire-mutants";

/** What some messages showed. */
export interface Read {
  readonly sent: number;
  /** How many were allowed. */
  readonly allowed: number;
  /** Of each that ended otherwise than JavaScript says: the message, what was expected, and what was found. */
  readonly wrong: readonly string[];
}

const CONNECTIONS = 3;
/** Of each connection. All together are fewer than may wait for a connection to the server. */
const AT_ONCE = 12;
const PATIENCE_MS = 10_000;
const ANSWER = JSON.stringify({ jsonrpc: "2.0", id: 7, result: { content: [], resultType: "complete" } });

interface Seen {
  readonly status: number;
  readonly message: Buffer;
}

/** Sends so many messages to a gateway of its own, and compares. `mutate` makes a mutant of the program. */
export async function readMessages(
  seed: number,
  count: number,
  mutate?: (program: string) => string,
): Promise<Read> {
  const server = createServer((request, response) =>
    request.resume().on("end", () => response.setHeader("content-type", "application/json").end(ANSWER)),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const key = newKey();
  const gateway = await start(server, key, mutate).catch((error: unknown) => {
    server.close();
    throw error;
  });
  try {
    const seen = await sendAll(gateway, key, new Messages(random(seed)), count);
    return await compare(gateway, seen, count);
  } finally {
    await gateway.stop("SIGKILL");
    server.close();
  }
}

function start(server: Server, key: string, mutate?: (program: string) => string): Promise<RunningGateway> {
  const { container } = build(
    {
      path: PATH,
      era: "modern",
      clients: { reader: { identity: { kind: "apiKey" }, tools: ["read"] } },
      tools: { read: { access: "read", callsPerMinute: 600, timeoutSeconds: 30, arguments: ARGUMENTS } },
    },
    (server.address() as AddressInfo).port,
  );
  const environment = container.environment.map(({ name, value }) => ({
    name,
    value: name === GATEWAY.env.program && mutate ? mutate(readableProgram()) : value,
  }));
  return startGateway({
    container: { ...container, environment },
    hostname: HOST,
    secrets: { [keyHashesVariable("reader")]: digest(key) },
    change: (bootstrap) => fill(managerOf(bootstrap).http_filters),
  });
}

async function sendAll(
  { port, certificate: ca }: RunningGateway,
  key: string,
  messages: Messages,
  count: number,
): Promise<ReadonlyMap<string, Seen>> {
  const sessions = Array.from({ length: CONNECTIONS }, () =>
    connect(`https://${HOST}:${port}`, { ca, host: "127.0.0.1", servername: HOST }),
  );
  const seen = new Map<string, Seen>();
  let left = count;
  const work = async (session: ClientHttp2Session) => {
    while (left-- > 0) {
      const message = messages.message();
      const { id, status } = await send(session, key, message);
      seen.set(id, { status, message });
    }
  };
  await Promise.all(sessions.flatMap((session) => Array.from({ length: AT_ONCE }, () => work(session))));
  sessions.forEach((session) => session.close());
  return seen;
}

function send(
  session: ClientHttp2Session,
  key: string,
  message: Buffer,
): Promise<{ readonly id: string; readonly status: number }> {
  return new Promise((resolve, reject) => {
    const start = { ":method": "POST", ":path": PATH, ":authority": HOST };
    const stream = session.request({ ...start, ...HEADERS, authorization: `Bearer ${key}` });
    let answer = { id: "", status: 0 };
    stream
      .on("response", (headers) => {
        answer = { id: String(headers["x-request-id"]), status: Number(headers[":status"]) };
      })
      .on("error", reject)
      .on("end", () => resolve(answer))
      .resume();
    stream.end(message);
  });
}

async function compare(
  gateway: RunningGateway,
  seen: ReadonlyMap<string, Seen>,
  sent: number,
): Promise<Read> {
  const until = Date.now() + PATIENCE_MS;
  const written = () => gateway.output().split("\n").slice(0, -1);
  while (written().length < sent && Date.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const lines = written();
  const wrong: string[] = lines.length === sent ? [] : [`${lines.length} lines of ${sent} messages`];
  let allowed = 0;
  for (const text of lines) {
    const line = JSON.parse(text) as {
      request_id: string;
      status: number;
      reason: string;
      call: { message?: { args?: unknown } } | null;
    };
    const { status, message } = seen.get(line.request_id) ?? { status: -1, message: Buffer.alloc(0) };
    const expected = told(expectedOf(message));
    const found = told({ status, reason: line.reason, args: line.call?.message?.args ?? null });
    if (status === 200) allowed += 1;
    if (expected !== found || line.status !== status)
      wrong.push(`${message.toString("latin1")}\nexpected ${expected}\nfound    ${found}`);
  }
  return { sent: seen.size, allowed, wrong };
}

/** As text, members of arguments by name: a line has them in any order. */
function told({ status, reason, args }: { status: number; reason: string; args: unknown }): string {
  const sorted = Object.entries((args ?? {}) as object).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([status, reason, args === null ? null : sorted]);
}
