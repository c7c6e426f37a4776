import { readAuditLines, type ReadLine } from "../support/audit";
import { deafOver1, deafOver2, type Deaf } from "./deaf-lab";
import { SOON_MS, type Clock, type OpenLab, type Sends } from "./deaf-streams-lab";
import { memoryOf } from "./flood-lab";
import { FLAG, TYPE, block, frameOf, request } from "./frames";
import { HOST, PATH, modern } from "./lab";
import { pause } from "./limits-lab";
import { MAY_END_MS, soon } from "./slow-cases";

/** Streams of one client at the same time. */
export const STREAMS = 100;

/** What begins a stream. */
interface Opening {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The kinds of stream that outlast every call. */
export const KINDS: Readonly<Record<string, (lab: OpenLab) => Opening>> = {
  "GET, in a session of the legacy era": ({ session }) => ({
    method: "GET",
    headers: {
      accept: "text/event-stream",
      "mcp-protocol-version": "2025-11-25",
      "mcp-session-id": session,
    },
    body: "",
  }),
  "subscriptions/listen": () => {
    const { headers, body } = modern("subscriptions/listen", { notifications: { toolsListChanged: true } });
    const text = JSON.stringify(body);
    return { method: "POST", headers: { ...headers, "content-length": `${text.length}` }, body: text };
  },
};

type Over = "HTTP/1.1" | "HTTP/2";

const OVER: Readonly<Record<Over, (lab: OpenLab, opening: Opening) => Promise<Deaf>>> = {
  "HTTP/1.1": ({ gateway, key }, { method, headers, body }) => {
    const all = { host: HOST, authorization: `Bearer ${key}`, ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    return deafOver1(gateway, `${method} ${PATH} HTTP/1.1\r\n${lines.join("")}\r\n${body}`);
  },
  "HTTP/2": ({ gateway, key }, { method, headers, body }) => {
    const all = { ...headers, authorization: `Bearer ${key}` };
    if (method === "POST") return deafOver2(gateway, request(1, all, body));
    const first = { ":method": method, ":scheme": "https", ":authority": HOST, ":path": PATH };
    const flags = FLAG.END_HEADERS | FLAG.END_STREAM;
    return deafOver2(gateway, frameOf(TYPE.headers, flags, 1, block({ ...first, ...all })));
  },
};

/** What is sent to nobody, how he does not read it, and which clock ends it with which line. */
export interface DeafStream {
  readonly what: string;
  readonly over: Over;
  readonly sends: Sends;
  readonly clock: Clock;
  /** Reason and Envoy's words. */
  readonly line: RegExp;
  /** The clock behind it, for what never comes to a halt. */
  readonly behind?: Clock;
  /** @default STREAMS */
  readonly count?: number;
  /** What the gateway may grow by: MiB. @default MAY_GROW_MIB */
  readonly mayGrowMib?: number;
}

/** More at once than an answer may be in all. */
const FLOOD: Sends = { everyMs: 1000, atOnce: 320, bytes: 4000 };
/** Fills what lies between the two within a second, and is far from too much. */
const EVENTS: Sends = { everyMs: 20, bytes: 4000 };
/** Fits between the two, for longer than a test waits. */
const LITTLE: Sends = { everyMs: 100, bytes: 20 };

/**
 * One of each. Of a flood more is read at once than an answer may be: if all of it was dropped, nothing waits for the client, and
 * the rest is dropped until the stream's own time is over.
 */
export const DEAF_STREAMS: readonly DeafStream[] = [
  {
    what: "a flood",
    over: "HTTP/2",
    sends: FLOOD,
    clock: "taking nothing",
    line: /^(timeout|response-too-large) (stream_idle_timeout|response_timeout)$/,
    behind: "its own time",
    // A megabyte each, and some. More streams would be more than the server itself can write.
    count: 30,
    mayGrowMib: 60,
  },
  {
    what: "events",
    over: "HTTP/2",
    sends: EVENTS,
    clock: "taking nothing",
    line: /^timeout stream_idle_timeout$/,
  },
  {
    what: "events",
    over: "HTTP/1.1",
    sends: EVENTS,
    clock: "acknowledging nothing",
    line: /^client-gone downstream_remote_disconnect$/,
  },
  ...(["HTTP/1.1", "HTTP/2"] as const).flatMap((over): DeafStream[] => [
    {
      what: "little events",
      over,
      sends: LITTLE,
      clock: "its own time",
      line: /^timeout response_timeout$/,
    },
    {
      what: "little events",
      over,
      sends: LITTLE,
      clock: "longest stream",
      line: /^timeout max_duration_timeout$/,
    },
  ]),
];

/** What became of streams that nobody reads. */
export interface UnreadStreams {
  /** Whether nearly all were open at the same time: on a busy machine the last one may begin when the first one ends. */
  readonly held: boolean;
  /** Of their lines, each sort once, and how many there were. */
  readonly sorts: readonly string[];
  readonly lines: number;
  /** Earliest and latest end, by the gateway's own clock: ms. */
  readonly ms: readonly [earliest: number, latest: number];
  /** Statuses of others' calls meanwhile, and how long they took: ms, the one in the middle and the longest. */
  readonly others: readonly number[];
  readonly took: readonly [middle: number, longest: number];
  readonly grownMib: number;
  /** Whether the server's streams have ended, and the client's. */
  readonly gone: readonly [server: boolean, client: boolean];
}

/** Lets a client open streams and read nothing of them, while others call. @param waitMs for all of them to end */
export async function unreadStreams(
  lab: OpenLab,
  opening: Opening,
  over: Over,
  count = STREAMS,
  waitMs = 2 * SOON_MS + MAY_END_MS,
): Promise<UnreadStreams> {
  await lab.another();
  const { gateway, server } = lab;
  const before = memoryOf(gateway.pid);
  gateway.clear();
  const calls: { readonly status: number; readonly ms: number }[] = [];
  let [most, open] = [0, 0];
  const watch = async () => {
    open = Math.max(open, server.open);
    calls.push(await lab.another());
    most = Math.max(most, memoryOf(gateway.pid));
  };
  const streams = await Promise.all(Array.from({ length: count }, () => OVER[over](lab, opening)));
  for (const end = Date.now() + waitMs; linesOf(lab).length < count && Date.now() < end; await pause(30))
    await watch();
  const gone = [
    await soon(() => server.open === 0, 500),
    await soon(() => streams.every((stream) => !stream.held()), 500),
  ] as const;
  const lines = linesOf(lab);
  streams.forEach(({ close }) => close());
  const times = calls.map(({ ms }) => ms).sort((one, other) => one - other);
  const ends = lines.map(({ ms }) => ms ?? 0);
  return {
    held: open >= 0.9 * count,
    sorts: [...new Set(lines.map(({ reason, envoy }) => `${reason} ${envoy ?? ""}`))],
    lines: lines.length,
    ms: [Math.min(...ends), Math.max(...ends)],
    others: [...new Set(calls.map(({ status }) => status))],
    took: [times[times.length >> 1] ?? 0, times.at(-1) ?? 0],
    grownMib: most - before,
    gone,
  };
}

/** Lines of the streams so far. */
function linesOf({ gateway }: OpenLab): ReadLine[] {
  const lines = readAuditLines(gateway.output());
  return lines.filter(({ client }) => client === "deaf");
}

/** Says what was seen. */
export function report(
  what: string,
  count: number,
  { sorts, ms, took, grownMib, ...is }: UnreadStreams,
): void {
  const [middle, longest] = took.map((one) => one.toFixed(0));
  process.stderr.write(
    `[deaf] ${count} streams, ${what}: ${is.lines} lines, ${sorts.join()} after ${ms.join(" to ")} ms; ` +
      `the gateway grew by ${grownMib.toFixed(0)} MiB, others waited ${middle} ms, ${longest} at most\n`,
  );
}
