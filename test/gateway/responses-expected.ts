import type { ReadLine } from "../support/audit";
import { call, legacy, type Message } from "./lab";
import { answer, result, type Behaviour } from "./misbehaving-server";

/** One answer of a server, and what becomes of it: status, body (absent = as the server sent it), and the audit line. */
export interface ResponseCase {
  readonly message: Message;
  readonly server: Behaviour;
  readonly status: number;
  readonly body: (id: number) => string;
  readonly line: Partial<ReadLine>;
}

export const JSON_TYPE = "application/json";
export const SSE = "text/event-stream";
export const search = call("search", { query: "a" });
export const old = (name: string) => legacy("tools/call", { name, arguments: { query: "a" } });
export const event = (text: string) => `event: message\ndata: ${text}\n\n`;
export const error = (code: number, message: string) => (id: number) =>
  JSON.stringify({ jsonrpc: "2.0", id, error: { code, message } });
export const text = (words: string) => (id: unknown) =>
  result(id, { content: [{ type: "text", text: words }] });
export const done = text("done");
export const failed = (id: unknown) => result(id, { content: [], isError: true });
export const rpcError = (id: unknown) =>
  JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32001, message: "no" } });
export const progress = JSON.stringify({
  jsonrpc: "2.0",
  method: "notifications/progress",
  params: { result: 1 },
});
export const ASKS_AND_ANSWERS = JSON.stringify({ jsonrpc: "2.0", method: "ping", result: {} });
/** An answer that is so long with what is around it. */
export const filled = (bytes: number, around: (text: string) => string) => (id: unknown) =>
  around(text("x".repeat(bytes - around(text("")(id)).length))(id));
export const LONG_PROGRESS = progress.replace("1", `"${"x".repeat(1100)}"`);
export const KEY = `AKIA${"ABCDEFGHIJKLMNOP"}`;
export const careful = call("careful", { query: "a" });
export const small = call("small", { query: "a" });
export const TOO_LONG = error(-31502, "the answer is too long");
export const REFUSED = error(-31502, "the answer is refused");
export const UNREADABLE = error(-31502, "the answer cannot be read");
export const BROKEN_OFF = error(-32603, "the server broke off");

/** As the server sent it. */
export function passes(
  message: Message,
  type: string | undefined,
  body: (id: unknown) => string | readonly string[],
  answered: ReadLine["answer"] extends infer A ? Partial<A> : never,
  status = 200,
): ResponseCase {
  const whole = (id: number) => [body(id)].flat().join("");
  return {
    message,
    server: answer(type, body, status),
    status,
    body: whole,
    line: { reason: "ok", status, answer: expect.objectContaining(answered) as ReadLine["answer"] },
  };
}

/** Refused before anything of it has gone out. */
export function refused(
  message: Message,
  server: Behaviour,
  status: number,
  body: (id: number) => string,
  reason: ReadLine["reason"],
  detail: string | null = null,
): ResponseCase {
  return { message, server, status, body, line: { reason, detail, status } };
}

/** Refused for what nobody could read. */
export function unreadable(server: Behaviour): ResponseCase {
  return refused(search, server, 502, UNREADABLE, "response-unreadable");
}

/** Refused for what a text holds. */
export function leaks(words: string, name: string): ResponseCase {
  return refused(careful, answer(JSON_TYPE, text(words)), 400, REFUSED, "response-refused", name);
}

/** Ended by an event of ours, after what went before. */
export function ended(
  message: Message,
  parts: (id: unknown) => readonly (string | Buffer)[],
  before: string,
  last: (id: number) => string,
  reason: ReadLine["reason"],
  detail: string | null = null,
): ResponseCase {
  return {
    message,
    server: answer(SSE, parts),
    status: 200,
    body: (id) => before + event(last(id)),
    line: { reason, detail, status: 200 },
  };
}

export const halves = (whole: string, at: number) => [whole.slice(0, at), whole.slice(at)];
