import { connect, type TLSSocket } from "node:tls";
import { readAuditLines, type ReadLine } from "../support/audit";
import type { RunningGateway } from "../support/envoy";
import type { BadServerLab } from "./bad-servers-lab";
import { memoryOf } from "./flood-lab";
import { FrameClient, request, settings } from "./frames";
import { HOST, call } from "./lab";
import { MESSAGE_HEADERS, frame } from "./raw";
import { chunkOf, flows, head, type Written } from "./raw-server";
import { pause } from "./limits-lab";
import { isHeld, soon } from "./slow-cases";

/** Callers at the same time. */
export const CALLERS = 24;

const EVENT = `data: {"jsonrpc":"2.0","method":"notifications/message","params":"${"a".repeat(4000)}"}\n\n`;
const begins =
  (then: (socket: Parameters<Written>[0]) => void): Written =>
  (socket) => {
    socket.write(head(["content-type: text/event-stream", "transfer-encoding: chunked"]));
    then(socket);
  };

/** What a server sends to somebody who reads nothing of it, and the reasons that its end may have. */
export const STREAMS: Readonly<Record<string, { writes: Written; reasons: readonly string[] }>> = {
  // More than an answer may be; where so much is not read because nobody takes it, its time is over first.
  "events without end": {
    writes: begins((socket) => flows(socket, chunkOf(EVENT))),
    reasons: ["response-too-large", "timeout"],
  },
  // Less than the answer may be, and more than a window that is closed lets through.
  "events, and then nothing": {
    writes: begins((socket) => socket.write(chunkOf(EVENT).repeat(200))),
    reasons: ["timeout"],
  },
};

/** A caller who reads nothing. */
export interface Deaf {
  /** Whether the gateway still holds what it has for him. */
  readonly held: () => boolean;
  readonly close: () => void;
}

const body = (id: number) => JSON.stringify({ ...call("slow").body, id });
const headersOf = ({ key }: BadServerLab) => ({
  ...MESSAGE_HEADERS,
  authorization: `Bearer ${key}`,
  "mcp-name": "slow",
});

/** Says this over HTTP/1.1, and reads nothing of what comes. */
export async function deafOver1({ port, certificate: ca }: RunningGateway, text: string): Promise<Deaf> {
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    const opened = connect({ host: "127.0.0.1", port, ca, servername: HOST }, () => resolve(opened));
    opened.once("error", reject);
  });
  socket.on("error", () => undefined).pause();
  socket.write(text, "latin1");
  const from = socket.localPort ?? 0;
  return { held: () => isHeld(port, from), close: () => socket.destroy() };
}

/** Says this over HTTP/2, and opens no window for what comes. */
export async function deafOver2(gateway: RunningGateway, frames: Buffer): Promise<Deaf> {
  const client = await FrameClient.open(gateway, settings({ 4: 0 }));
  await client.send(frames);
  return { held: () => !client.closed && client.resets.length === 0, close: () => client.close() };
}

/** Ways to read nothing. */
export const CLIENTS: Readonly<Record<string, (lab: BadServerLab, id: number) => Promise<Deaf>>> = {
  "over HTTP/1.1": (lab, id) => {
    const keys = { ciBot: lab.key, ciBotBefore: "", narrow: "" };
    const without = ["connection", "mcp-name"];
    return deafOver1(lab.gateway, frame({ keys }, { body: body(id), without, add: ["mcp-name: slow"] }));
  },
  "over HTTP/2, without a window": (lab, id) => {
    const headers = { ...headersOf(lab), "content-length": `${body(id).length}` };
    return deafOver2(lab.gateway, request(1, headers, body(id)));
  },
};

/** What became of some callers who read nothing. */
export interface Unread {
  /** Reasons of their lines, each once, and how many lines there were. */
  readonly reasons: readonly string[];
  readonly lines: number;
  /** The latest end, by the gateway's own clock: ms. */
  readonly latestMs: number;
  /** Statuses of what others got meanwhile. */
  readonly others: readonly number[];
  /** What the gateway has grown by, at most: MiB. */
  readonly grownMib: number;
  /** Whether the callers' connections or streams were held at first. */
  readonly held: boolean;
  /** Whether the server's connections have ended, and the callers' too. */
  readonly gone: readonly [server: boolean, callers: boolean];
}

let last = 5000;

/** Lets many call what is sent without end, read nothing of it, and others call meanwhile. @param mayEndMs for their connections to end */
export async function unread(
  lab: BadServerLab,
  writes: Written,
  client: (lab: BadServerLab, id: number) => Promise<Deaf>,
  mayEndMs: number,
): Promise<Unread> {
  await lab.another();
  const { gateway, server } = lab;
  const before = memoryOf(gateway.pid);
  gateway.clear();
  const its = (): ReadLine[] => linesOf(lab);
  const callers = await Promise.all(
    Array.from({ length: CALLERS }, () => {
      server.on(++last, writes);
      return client(lab, last);
    }),
  );
  const first = callers.some(({ held }) => held());
  const others: number[] = [];
  let most = 0;
  const watch = () => (most = Math.max(most, memoryOf(gateway.pid)));
  for (const end = Date.now() + 20_000; its().length < CALLERS && Date.now() < end; watch()) {
    others.push(await lab.another());
    await pause(30);
  }
  const servers = await soon(() => server.connections <= 4, mayEndMs);
  const gone = await soon(() => callers.every(({ held }) => !held()), mayEndMs);
  watch();
  callers.forEach(({ close }) => close());
  const lines = its();
  return {
    reasons: [...new Set(lines.map(({ reason }) => reason))],
    lines: lines.length,
    latestMs: Math.max(0, ...lines.map(({ ms }) => ms ?? 0)),
    others: [...new Set(others)],
    grownMib: most - before,
    held: first,
    gone: [servers, gone],
  };
}

/** Lines of those who read nothing so far. */
function linesOf({ gateway }: BadServerLab): ReadLine[] {
  return readAuditLines(gateway.output()).filter(({ tool }) => tool === "slow");
}
