import { invalid, malformed, passes, refusal, type Json, type Refusal } from "./messages";

/** Arguments as the log is told of them. */
export type Args = Readonly<Record<string, Json>>;
export const text = (length: number): Json => ({ type: "string", length });
export const list = (length: number): Json => ({ type: "array", length });
export const object = (length: number): Json => ({ type: "object", length });
export const about = (method: string, args?: Args): Json => ({
  method,
  ...(args === undefined ? {} : { args }),
});

export const opens = (method: string, args?: Args, timeout = "2000", judged: Json = {}) =>
  passes({
    asked: `om${method} 7`,
    about: about(method, args),
    judged: { method, method_all: "90", ...judged },
    headers: { "x-envoy-upstream-rq-timeout-ms": timeout },
  });
export const old = (method: string, args?: Args) =>
  passes({
    asked: `ol${method} 7`,
    about: about(method, args),
    judged: { method, method_all: "90", legacy: "yes" },
    headers: { "x-envoy-upstream-rq-timeout-ms": "2000" },
  });
export const wrong = (what: string, method: string, args?: Args) =>
  invalid(what, { about: about(method, args) });
export const denied = (detail: string, method: string, args?: Args, more: Partial<Refusal> = {}) =>
  refusal({
    ...{ status: 400, code: -32602, message: "unknown name, or not allowed to this client" },
    ...{ reason: "object-denied", detail, about: about(method, args) },
    ...more,
  });
export const closed = (reason: string, its: Json, more: Partial<Refusal> = {}) =>
  refusal({ status: 404, code: -32601, message: "method not found", reason, about: its, ...more });
export const superfluous = (method: string, args?: Args) =>
  malformed("unknown parameter", { code: -32602, about: about(method, args) });
