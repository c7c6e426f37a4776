import type { Made, Seen } from "./exact";

/** JSON in a body. */
export type Json = Readonly<Record<string, unknown>>;
export const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
export const MODERN = "2026-07-28";
export const LEGACY = "2025-06-18";

/** Who calls, as the first stage leaves it. */
export interface Caller {
  readonly client: string;
  readonly proof: "key" | "jwt" | "mtls";
  /** Of a token. */
  readonly scopes?: string;
}
const CALLER: Caller = { client: "ci", proof: "key" };

export interface Sending {
  /** Instead of those that belong to the message; null leaves one out, a list stands so often. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly caller?: Caller;
  readonly now?: number;
  readonly metadata?: Json;
}

/** A message as the second stage sees it, with the headers that must stand beside it. */
export function send(
  message: Json | string | undefined,
  { headers = {}, caller = CALLER, now, metadata }: Sending = {},
): Seen {
  const its = typeof message === "object" ? message : {};
  const params = (its.params ?? {}) as Json;
  const meta = params._meta as Json | undefined;
  const mirrored = params.name ?? params.uri;
  const all: Readonly<Record<string, string | readonly string[] | null>> = {
    ":method": "POST",
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "x-mcp-client": `${caller.proof}:${caller.client}`,
    ...(meta === undefined
      ? {}
      : {
          "mcp-protocol-version": MODERN,
          "mcp-method": its.method as string,
          ...(typeof mirrored === "string" ? { "mcp-name": mirrored } : {}),
        }),
    ...headers,
  };
  return {
    run: "policy",
    ...(now === undefined ? {} : { now }),
    headers: Object.entries(all).flatMap(([name, value]) =>
      value === null ? [] : [value].flat().map((one) => [name, one] as const),
    ),
    ...(message === undefined
      ? {}
      : { body: typeof message === "string" ? message : JSON.stringify(message) }),
    ...(caller.scopes === undefined ? {} : { notes: { "hmcp.scopes": ` ${caller.scopes} ` } }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** A message of the modern era. */
export const modern = (method: string, params: Json = {}, more: Json = {}): Json => ({
  jsonrpc: "2.0",
  id: 7,
  method,
  params: { ...params, _meta: { [VERSION_KEY]: MODERN } },
  ...more,
});
/** One of the legacy era. */
export const legacy = (method: string, params?: Json, more: Json = {}): Json => ({
  jsonrpc: "2.0",
  id: 7,
  method,
  ...(params === undefined ? {} : { params }),
  ...more,
});
/** A call of a tool, in the modern era. */
export const call = (name: unknown, args?: unknown, more: Json = {}): Json =>
  modern("tools/call", { name, ...(args === undefined ? {} : { arguments: args }), ...more });

export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly reason: string;
  readonly detail?: string;
  /** JSON text. */
  readonly data?: string;
  readonly allow?: string;
  readonly challenge?: string;
  /** Of the message, as JSON text; null where none could be read. */
  readonly id?: string | null;
  /** What the log is told of the message; none of it where it could not be read. */
  readonly about?: Json;
  readonly logged?: string;
  /** By the first stage, whose words Envoy makes JSON of. */
  readonly plain?: true;
}

/** A refusal by the second stage. */
export function refusal(its: Refusal): Made {
  const { id = "7", about } = its;
  return {
    answer: {
      headers: {
        ":status": `${its.status}`,
        "content-type": "application/json",
        ...(its.allow === undefined ? {} : { allow: its.allow }),
        ...(its.challenge === undefined ? {} : { "www-authenticate": its.challenge }),
      },
      body: `{"jsonrpc":"2.0",${id === null ? "" : `"id":${id},`}"error":{"code":${its.code},"message":"${its.message}"${
        its.data === undefined ? "" : `,"data":${its.data}`
      }}}`,
    },
    ...(about === undefined ? {} : { told: { message: about } }),
    notes: {
      "hmcp.reason": its.reason,
      ...(its.detail === undefined
        ? {}
        : { "hmcp.detail": its.plain ? its.detail : JSON.stringify(its.detail) }),
    },
    ...(its.logged === undefined ? {} : { logged: its.logged }),
  };
}

/** No message of the protocol, of which nothing is told. */
export const malformed = (message: string, more: Partial<Refusal> = {}): Made =>
  refusal({ status: 400, code: -32600, message, reason: "malformed", detail: message, ...more });

/** Headers that say something else than the body. */
export const mismatch = (message: string, more: Partial<Refusal> = {}): Made =>
  refusal({ status: 400, code: -32020, message, reason: "header-mismatch", detail: message, ...more });

/** An argument that the schema does not take. */
export const invalid = (what: string, more: Partial<Refusal> = {}): Made =>
  refusal({ status: 400, code: -32602, message: what, reason: "argument-invalid", detail: what, ...more });

/** A text as the program writes it: whatever must be escaped by its number. */
const written = (text: string) =>
  JSON.stringify(text).replace(/\\["\\]|\\[bfnrt]/g, (escape) => {
    const code = (JSON.parse(`"${escape}"`) as string).charCodeAt(0);
    return `\\u${code.toString(16).padStart(4, "0")}`;
  });

export interface Passing {
  /** What whoever reads the answer is told. */
  readonly asked: string;
  readonly about: Json;
  /** For filters behind. */
  readonly judged?: Json;
  /** Null where there is none. */
  readonly id?: unknown;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly notes?: Readonly<Record<string, string>>;
  /** Who reads a list. */
  readonly reader?: string;
}

/** A message that goes on, with its mark. */
export function passes({ asked, about, judged, id = 7, headers, notes, reader = "ci\n" }: Passing): Made {
  return {
    ...(headers === undefined ? {} : { headers }),
    ...(judged === undefined ? {} : { metadata: { hmcp: judged } }),
    told: { message: about },
    notes: {
      "hmcp.asked": `ok${asked}`,
      ...(id === null
        ? {}
        : { "hmcp.id": `"id":${typeof id === "string" ? written(id) : JSON.stringify(id)},` }),
      ...(about.method === "tools/list" ? { "hmcp.reader": reader } : {}),
      ...notes,
    },
  };
}
