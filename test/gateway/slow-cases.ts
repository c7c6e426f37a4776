import { readFileSync } from "node:fs";
import { connect as connectPlain, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { startBadServerLab } from "./bad-servers-lab";
import { FLAG, FrameClient, POST, TYPE, block, frameOf, request, settings } from "./frames";
import { HOST, PATH, call, type Lab } from "./lab";
import { MESSAGE_HEADERS, frame } from "./raw";
import { head } from "./raw-server";
import type { CLOCKS, patient } from "./slow-clocks";

/** One client that takes its time, and when the gateway ends it: the clock, and what its line says; none where there is no request. */
export interface Slow {
  readonly what: string;
  readonly clock: keyof typeof CLOCKS;
  readonly does: (lab: Lab) => Promise<Slowly>;
  readonly line?: string;
}

/** A client in the middle of it. */
export interface Slowly {
  /** Whether the gateway has ended it. */
  readonly ended: () => boolean;
  readonly close: () => void;
}

const TIMED_OUT = "malformed request_header_timeout";
const LATE = "malformed request_overall_timeout";

const watched = (socket: Socket): Slowly => {
  let closed = false;
  socket.on("error", () => undefined).on("close", () => (closed = true));
  return { ended: () => closed, close: () => socket.destroy() };
};
const plain = ({ gateway }: Lab) =>
  new Promise<Socket>((resolve, reject) => {
    const socket = connectPlain(gateway.port, "127.0.0.1", () => resolve(socket)).on("error", reject);
  });
const secure = ({ gateway: { port, certificate: ca } }: Pick<Lab, "gateway">) =>
  new Promise<TLSSocket>((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port, ca, servername: HOST }, () => resolve(socket));
    socket.on("error", reject).resume();
  });
/** Writes a text, and then a byte of the other again and again. */
const drips = async (lab: Lab, first: string, byte: string): Promise<Slowly> => {
  const socket = await secure(lab);
  socket.write(first, "latin1");
  const timer = setInterval(() => socket.writable && socket.write(byte), 50);
  socket.on("close", () => clearInterval(timer));
  return watched(socket);
};
const over2 = async (lab: Lab, first: Buffer, ...frames: Buffer[]): Promise<Slowly> => {
  const client = await FrameClient.open(lab.gateway, first);
  await client.send(...frames);
  return { ended: () => client.closed || client.resets.length > 0, close: () => client.close() };
};
/** Of a call that is allowed. */
export const headersOf = ({ keys }: Lab) => ({ ...MESSAGE_HEADERS, authorization: `Bearer ${keys.ciBot}` });

/** By what they are slow with. */
export const SLOW: readonly Slow[] = [
  {
    what: "no handshake",
    clock: "handshake",
    does: async (lab) => watched(await plain(lab)),
  },
  {
    what: "half a handshake",
    clock: "handshake",
    does: async (lab) => {
      const socket = await plain(lab);
      socket.write("\x16\x03\x01\x02\x00\x01", "latin1");
      return watched(socket);
    },
  },
  {
    what: "headers, byte by byte (slowloris)",
    clock: "headers",
    does: (lab) => drips(lab, `POST ${PATH} HTTP/1.1\r\nhost: ${HOST}\r\nx-a: `, "a"),
    line: TIMED_OUT,
  },
  {
    what: "headers of HTTP/2 that go on",
    clock: "headers",
    does: (lab) => over2(lab, settings(), frameOf(TYPE.headers, 0, 1, block({ ...POST, ...headersOf(lab) }))),
    line: TIMED_OUT,
  },
  {
    what: "a body, byte by byte",
    clock: "body",
    does: (lab) => drips(lab, frame(lab).split("\r\n\r\n")[0] + "\r\n\r\n", " "),
    line: LATE,
  },
  {
    what: "no body, over HTTP/2",
    clock: "body",
    does: (lab) =>
      over2(
        lab,
        settings(),
        frameOf(TYPE.headers, FLAG.END_HEADERS, 1, block({ ...POST, ...headersOf(lab) })),
      ),
    line: LATE,
  },
  {
    what: "an answer that is not taken, over HTTP/2",
    clock: "taking",
    does: (lab) => over2(lab, settings({ 4: 0 }), request(1, headersOf(lab))),
    // The server had answered.
    line: "ok via_upstream",
  },
];

/** Whether the gateway's side of a connection is established: by Linux' own table, for a client that does not read never hears. */
export function isHeld(from: number, to: number): boolean {
  const port = (number: number) => number.toString(16).toUpperCase().padStart(4, "0");
  const row = new RegExp(`:${port(from)} [0-9A-F]+:${port(to)} 01 `);
  return row.test(readFileSync("/proc/net/tcp", "utf8"));
}

/** More connections than there may be. */
export const CROWD = 2050;
/** So many connections on which nothing is said. */
export const crowd = async (lab: Lab) =>
  (await Promise.all(Array.from({ length: CROWD }, () => plain(lab)))).map(watched);

/** An end that is due may take so long, on a machine that is busy: no clock as it is rendered runs out within it. */
export const MAY_END_MS = 4500;

/** Waits until something is so, at most so long; whether it is. */
export async function soon(what: () => boolean, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; !what() && Date.now() < end;)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return what();
}

/** Whether a connection whose client reads nothing of a long answer is gone in the time of its clock. */
export async function isEndedUnread(change: typeof patient, mayEndMs: number): Promise<boolean> {
  const bad = await startBadServerLab({ change });
  // More than fits between the two.
  const answer = JSON.stringify({ jsonrpc: "2.0", id: 1, result: { text: "x".repeat(1_000_000) } });
  bad.server.on(1, (socket) =>
    socket.write(`${head(["content-type: application/json", `content-length: ${answer.length}`])}${answer}`),
  );
  const client = await secure(bad);
  client.pause();
  const keys = { ciBot: bad.key, ciBotBefore: "", narrow: "" };
  const body = JSON.stringify({ ...call("search", { query: "a" }).body, id: 1 });
  client.write(frame({ keys }, { body, without: ["connection"] }), "latin1");
  const held = () => isHeld(bad.gateway.port, client.localPort ?? 0);
  expect(held()).toBe(true);
  await bad.gateway.lines(1);
  const gone = await soon(() => !held(), mayEndMs);
  client.destroy();
  await bad.stop();
  return gone;
}
