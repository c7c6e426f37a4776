import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { source } from "../gateway-lua";
import { luajit, part } from "../luajit";

const DRIVER = join(__dirname, "..", "exact-envoy.lua");

/** The clock of every case that says nothing else, in seconds. */
export const NOW = 1_800_000_000;

type Texts = Readonly<Record<string, string>>;
type Headers = readonly (readonly [name: string, value: string])[];

/** What one stage of the program sees. */
export interface Seen {
  /** `answer` is the second stage, once the server has answered. */
  readonly run: "auth" | "policy" | "answer";
  readonly headers: Headers;
  /** None is no body at all. */
  readonly body?: string;
  /** What comes of a stream, one by one. */
  readonly chunks?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly notes?: Texts;
  readonly now?: number;
}

/** All that comes of it. */
export interface Made {
  /** What is answered in the server's place. */
  readonly answer?: { readonly headers: Texts; readonly body: string };
  /** Headers with which it goes on that are others than came: null where one was taken away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** What is there for filters behind and for the log, and was not there before. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly notes?: Texts;
  /** What the audit line is told, out of what was left for it as JSON. */
  readonly told?: Readonly<Record<string, unknown>>;
  /** The body of an answer, where it is another one. */
  readonly body?: string;
  readonly chunks?: readonly string[];
  /** A mistake in the program that was caught. */
  readonly logged?: string;
  /** Digests that were made, where the case asks for their number. */
  readonly hashed?: number;
}

/** One case; several have one policy. */
export type Case = readonly [what: string, seen: Seen, made: Made];

/** Variables of a gateway's container, and cases for it, in order. */
export interface Group {
  readonly policy: object;
  readonly env?: Texts;
  /** What it says instead of starting, where it must not. */
  readonly fails?: string;
  readonly cases: readonly Case[];
}

interface Told {
  readonly answer?: { readonly headers: Texts; readonly body: string };
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly notes: Texts;
  readonly body?: string;
  readonly chunks: readonly string[];
  readonly logged?: string;
  readonly hashed: number;
  readonly crashed?: string;
}

/** What a program makes of each case of a group. @throws Error where it does not start, or fails outright */
export async function make({ policy, env, cases }: Group, program: string = source()): Promise<Made[]> {
  const lines = cases.map(([, seen]) =>
    JSON.stringify({ now: NOW, metadata: {}, notes: {}, ...seen }).concat("\n"),
  );
  const out = await luajit([DRIVER], lines.join(""), {
    ...env,
    HMCP_POLICY: JSON.stringify(policy),
    HMCP_LUA: program,
    MOCK_READER: part("json"),
    MOCK_SHA256: part("sha256"),
  });
  const told = out
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Told);
  if (told.length !== cases.length) throw new Error(`${told.length} answers to ${cases.length} cases`);
  return told.map((one, index) => {
    const [, seen, due] = cases[index] as Case;
    if (one.crashed !== undefined) throw new Error(one.crashed);
    return difference(seen, one, due);
  });
}

/** Only what the program did. */
function difference(seen: Seen, told: Told, due: Made): Made {
  const before: Record<string, string> = {};
  for (const [name, value] of seen.headers)
    before[name] = before[name] === undefined ? value : `${before[name]},${value}`;
  const after = Object.fromEntries(
    Object.entries(told.headers).map(([name, values]) => [name, values.join()]),
  );
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const {
    [LINE[0]]: caller,
    [LINE[1]]: message,
    [LINE[2]]: answer,
    ...notes
  } = changed(seen.notes ?? {}, told.notes);
  const texts = [caller, message, answer].filter((text) => text !== undefined);
  const made = {
    answer: told.answer && { headers: told.answer.headers, body: told.answer.body },
    // What is answered here goes nowhere.
    headers: told.answer
      ? {}
      : Object.fromEntries(
          names.flatMap((name) => (before[name] === after[name] ? [] : [[name, after[name] ?? null]])),
        ),
    metadata: changed(seen.metadata ?? {}, told.metadata),
    notes,
    told: Object.assign({}, ...texts.map(opened)) as object,
    body: told.body === seen.body ? undefined : told.body,
    chunks: JSON.stringify(told.chunks) === JSON.stringify(seen.chunks ?? {}) ? undefined : told.chunks,
    // Lines are no part of what is told.
    logged: told.logged?.replace(/gateway:\d+: /, ""),
    hashed: due.hashed === undefined ? undefined : told.hashed,
  };
  return Object.fromEntries(
    Object.entries(made).filter(([, value]) => value !== undefined && JSON.stringify(value) !== "{}"),
  );
}

/** Notes that stand in the audit line as they are. */
const LINE = ["hmcp.caller", "hmcp.message", "hmcp.answer"] as const;

/** The first of them begins the line, and its `call` ends behind the last. */
function opened(text: string): Record<string, unknown> {
  return JSON.parse(text.startsWith(",") ? `{${text.slice(1)}}` : `{${text}}}`) as Record<string, unknown>;
}

function changed<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): Record<string, T | undefined> {
  return Object.fromEntries(
    [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) =>
      isDeepStrictEqual(before[name], after[name]) ? [] : [[name, after[name]]],
    ),
  );
}

/** The first case of which something else comes than must; @throws as `make` does */
export async function firstOther(groups: readonly Group[], program?: string): Promise<string | undefined> {
  for (const group of groups) {
    if (group.fails !== undefined) {
      if (!(await problemAtStart(group, program)).includes(group.fails))
        return `does not start: ${group.fails}`;
      continue;
    }
    const made = await make(group, program);
    const at = group.cases.findIndex(([, , due], index) => !isDeepStrictEqual(made[index], due));
    if (at >= 0) return group.cases[at]?.[0];
  }
  return undefined;
}

/** Why a program does not start, or an empty text. */
export async function problemAtStart(group: Group, program?: string): Promise<string> {
  return make(group, program).then(
    () => "",
    (problem: Error) => problem.message,
  );
}
