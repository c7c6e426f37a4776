import type { Made, Seen } from "./exact";
import type { Json } from "./messages";

/** Envoy's own note on what a server answered. */
const FROM_SERVER = "x-envoy-upstream-service-time";
export const JSON_TYPE = "application/json";
export const SSE = "text/event-stream";

export interface Answering {
  /** What was asked, as the mark says it: of a call or list, its era, the tool, the id. */
  readonly asked?: string | null;
  readonly status?: string;
  /** Null is none. */
  readonly type?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly notes?: Readonly<Record<string, string>>;
}

function answer({ asked = "cmplain 7", status = "200", type = JSON_TYPE, headers, notes }: Answering): Seen {
  return {
    run: "answer",
    headers: [
      [":status", status],
      ...(type === null ? [] : [["content-type", type] as const]),
      [FROM_SERVER, "1"],
      ...Object.entries(headers ?? {}),
    ],
    notes: { ...(asked === null ? {} : { "hmcp.asked": `ok${asked}` }), ...notes },
  };
}

/** A whole answer; undefined is one without a body. */
export const whole = (body: string | undefined, its: Answering = {}): Seen => ({
  ...answer(its),
  ...(body === undefined ? {} : { body }),
});
/** A stream, chunk by chunk. The last one is empty: by it Envoy says that the stream has ended. */
export const stream = (chunks: readonly string[], its: Answering = {}): Seen => ({
  ...answer({ type: SSE, ...its }),
  chunks,
});

/** What the audit line says of an answer. */
export const tells = (outcome: string, bytes: number, more: Json = {}): Made => ({
  told: { answer: { outcome, bytes, ...more } },
});
/** It goes on, less Envoy's note; as it came where nothing else is said. */
export const goesOn = (outcome: string, bytes: number, more: Json = {}, changed: Made = {}): Made => ({
  headers: { [FROM_SERVER]: null },
  ...tells(outcome, bytes, more),
  ...changed,
});

interface Problem {
  readonly status: number;
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}
export const TOO_LARGE: Problem = {
  status: 400,
  code: -31502,
  reason: "response-too-large",
  message: "the answer is too long",
};
export const UNREADABLE: Problem = {
  status: 502,
  code: -31502,
  reason: "response-unreadable",
  message: "the answer cannot be read",
};
export const REFUSED: Problem = {
  status: 400,
  code: -31502,
  reason: "response-refused",
  message: "the answer is refused",
};
export const BROKEN_OFF: Problem = {
  status: 502,
  code: -32603,
  reason: "server-unavailable",
  message: "the server broke off",
};
export const INTERNAL: Problem = { status: 500, code: -32603, reason: "internal", message: "internal error" };

export interface Replacing {
  readonly outcome?: string;
  readonly more?: Json;
  readonly detail?: string;
  readonly id?: string | null;
  /** Where it is another one than the problem's. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly logged?: string;
}

const text = ({ code, message }: Problem, id: string | null = "7") =>
  `{"jsonrpc":"2.0",${id === null ? "" : `"id":${id},`}"error":{"code":${code},"message":"${message}"}}`;
const noted = ({ reason }: Problem, { detail, logged }: Replacing): Made => ({
  notes: {
    "hmcp.reason": reason,
    ...(detail === undefined ? {} : { "hmcp.detail": JSON.stringify(detail) }),
  },
  ...(logged === undefined ? {} : { logged }),
});

/** An error in its place, with the headers that say so. */
export function replaced(problem: Problem, bytes: number, its: Replacing = {}): Made {
  const { outcome = "none", more, id, status = problem.status, headers } = its;
  return {
    ...tells(outcome, bytes, more),
    ...noted(problem, its),
    headers: { [FROM_SERVER]: null, ...(status === 200 ? {} : { ":status": `${status}` }), ...headers },
    body: text(problem, id),
  };
}

/** A stream that ends with an error, as its last event; what goes out for each chunk. */
export function ends(
  problem: Problem,
  bytes: number,
  chunks: readonly (string | null)[],
  its: Replacing = {},
): Made {
  const last = `event: message\ndata: ${text(problem, its.id)}\n\n`;
  return {
    ...goesOn(its.outcome ?? "none", bytes, its.more),
    ...noted(problem, its),
    chunks: chunks.map((chunk) => chunk ?? last),
  };
}
