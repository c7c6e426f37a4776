import { call, passes, refusal, send, type Refusal } from "./messages";

/** A call, a list, and what comes of them. */
export const PLAIN = call("plain");
/** What is told of it. */
export const ABOUT = { method: "tools/call", tool: "plain" };
export const LIMIT = { all: "600" };
export const PLAIN_LIMIT = { tool: "plain", ...LIMIT };
export const TIMEOUT = { "x-envoy-upstream-rq-timeout-ms": "5000" };
export const PASSES = passes({ asked: "cmplain 7", about: ABOUT, judged: PLAIN_LIMIT, headers: TIMEOUT });
export const LIST = { method: "tools/list" };
export const LISTED = passes({ asked: "lm 7", about: LIST });
export const ZERO = { id: null } as const;

export const OLD_LIST = passes({ asked: "ll 7", about: LIST, judged: { legacy: "yes" } });
export const plain = (headers: Readonly<Record<string, string | readonly string[] | null>>) =>
  send(PLAIN, { headers });
export const unsupported = (supported: string, requested: string, more: Partial<Refusal> = {}) =>
  refusal({
    ...{ status: 400, code: -32022, message: "unsupported protocol version", reason: "version-unsupported" },
    data: `{"supported":${supported},"requested":"${requested}"}`,
    about: LIST,
    ...more,
  });
export const header = (version: string | null) => ({ headers: { "mcp-protocol-version": version } });
