import { readFileSync } from "node:fs";
import { readAuditLines } from "../support/audit";
import type { Bootstrap } from "../support/envoy";
import type { LIMITS_GONE } from "./flood-limits";
import { FrameClient, settings } from "./frames";
import { startLab, type Lab } from "./lab";
import { MESSAGE_HEADERS } from "./raw";
import { managerOf } from "./wire-mutants";

/** A flood over one connection of HTTP/2, and what becomes of it. */
export interface Flood {
  readonly what: string;
  /** Settings that the client begins with. */
  readonly first?: Readonly<Record<number, number>>;
  /** How many times `each` is sent at most, unless the connection ends before. */
  readonly times: number;
  /** Frames of one time. @param headers of a call that is allowed */
  readonly each: (index: number, headers: Readonly<Record<string, string>>) => Buffer;
  /** The client reads nothing. */
  readonly deaf?: true;
  /**
   * `closed`: the connection ends; `reset`: so many streams do, and no more; `harmless`: neither, and nothing comes of it.
   */
  readonly becomes: "closed" | "harmless" | { readonly reset: number };
  /** It begins with a call that is answered before the rest is sent. */
  readonly answered?: true;
  /** Audit lines, by reason and Envoy's words, and how many; or how few and how many, where chance has a part in it. */
  readonly lines: Readonly<Record<string, number | readonly [number, number]>>;
  /** The limit that it is refused by: without it another thing becomes of it. */
  readonly limit?: keyof typeof LIMITS_GONE;
}

/** What became of some floods. */
export interface Flooded {
  /** Of each, by what it was. */
  readonly becomes: Readonly<Record<string, Flood["becomes"]>>;
  readonly lines: Flood["lines"];
}

/** How many frames are written at once. */
const BATCH = 500;
/** How long an end may take that is due; how long nothing may come where nothing is due. */
const PATIENCE_MS = 3000;
const QUIET_MS = 250;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Fills every bucket below a value. */
export function fill(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if ("max_tokens" in value) Object.assign(value, { max_tokens: 1e6, tokens_per_fill: 1e6 });
  Object.values(value).forEach(fill);
}

/** A gateway whose limits of requests are none: what one flood has used up of them would be missing in the next one. */
export function startFloodLab(change?: (bootstrap: Bootstrap) => void): Promise<Lab> {
  return startLab((bootstrap) => {
    fill(managerOf(bootstrap).http_filters);
    change?.(bootstrap);
  });
}

/** What all floods, or all bad servers, together may leave behind: MiB. Envoy's own caches of memory are part of it. */
export const MAY_GROW_MIB = 48;

/** Memory that a process holds: MiB. @param of all of it, or what is neither a file's nor shared */
export function memoryOf(pid: number, of: "VmRSS" | "RssAnon" = "VmRSS"): number {
  const [, kib] = new RegExp(`${of}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}

/** Who calls while others flood. */
export const BYSTANDER = "192.0.2.1";

/** Headers of a call that is allowed, from an address of its own. */
export function headersOf(key: string, address: string): Record<string, string> {
  return { ...MESSAGE_HEADERS, authorization: `Bearer ${key}`, "x-forwarded-for": address };
}

/** Reasons and Envoy's words of the lines so far, and how often each. Without those of whoever does not flood. */
function linesBySort(output: string): Record<string, number> {
  const sorts: Record<string, number> = {};
  for (const { ip, reason, envoy } of readAuditLines(output)) {
    if (ip === BYSTANDER) continue;
    const sort = `${reason} ${envoy ?? ""}`;
    sorts[sort] = (sorts[sort] ?? 0) + 1;
  }
  return sorts;
}

let addresses = 0;

/** Sends a flood from an address and over a connection of its own, and waits for what is due of it. */
async function flood({ gateway, keys }: Lab, given: Flood, patienceMs: number) {
  const client = await FrameClient.open(gateway, settings(given.first));
  const soon = async (what: () => boolean) => {
    for (let waited = 0; !what() && !client.closed && waited < patienceMs; waited += 10) await pause(10);
  };
  if (given.deaf) client.deaf();
  const headers = headersOf(keys.ciBot, `198.51.100.${++addresses}`);
  for (let index = 0; index < given.times;) {
    const parts: Buffer[] = [];
    const last = index + (given.answered && index === 0 ? 1 : BATCH);
    for (; index < Math.min(last, given.times); index++) parts.push(given.each(index, headers));
    if (!(await client.send(...parts))) break;
    if (given.answered && index === 1) await soon(() => client.answered(1));
  }
  const { becomes } = given;
  if (becomes === "closed") await soon(() => client.closed);
  if (typeof becomes === "object") await soon(() => client.resets.length >= becomes.reset);
  return client;
}

/** Floods a gateway by all of these at the same time. */
export async function floodBy(
  lab: Lab,
  floods: readonly Flood[],
  patienceMs: number = PATIENCE_MS,
): Promise<Flooded> {
  lab.gateway.clear();
  const clients = await Promise.all(floods.map((given) => flood(lab, given, patienceMs)));
  // A line, a reset or an end too many would come as soon as the others.
  await pause(QUIET_MS);
  const lines = linesBySort(lab.gateway.output());
  const becomes = floods.map(({ what }, index): [string, Flood["becomes"]] => {
    const { closed = true, resets = [] } = clients[index] ?? {};
    return [what, closed ? "closed" : resets.length > 0 ? { reset: resets.length } : "harmless"];
  });
  clients.forEach((client) => client.close());
  await pause(QUIET_MS);
  return { becomes: Object.fromEntries(becomes), lines };
}

/** What is due of floods, with the counts that came where they are within what they may be. */
export function dueOf(floods: readonly Flood[], { lines: come }: Flooded): Flooded {
  const most: Record<string, [number, number]> = {};
  for (const { lines } of floods)
    for (const [sort, count] of Object.entries(lines)) {
      const [least, greatest] = typeof count === "number" ? [count, count] : count;
      const [from, to] = most[sort] ?? [0, 0];
      most[sort] = [from + least, to + greatest];
    }
  const lines = Object.entries(most).map(([sort, [from, to]]) => {
    const seen = come[sort];
    return [sort, Math.min(Math.max(typeof seen === "number" ? seen : 0, from), to)] as const;
  });
  return {
    becomes: Object.fromEntries(floods.map(({ what, becomes }) => [what, becomes])),
    lines: Object.fromEntries(lines),
  };
}
