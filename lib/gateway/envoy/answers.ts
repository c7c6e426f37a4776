import type { GatewayAnswer } from "../answers";
import { NO_ROOM, SERVER } from "./at-once";
import { EXACT_DETAILS, isExact } from "./exact";
import { PATTERN_POLICY } from "./policy";
import type { Parts } from "./types";

/** An answer of one of Envoy's own filters. */
export interface EnvoyAnswer extends GatewayAnswer {
  /** CEL over the answer as the filter made it. */
  readonly when: string;
  /** The filter answers with this status itself; otherwise it is changed to it. */
  readonly asIs?: true;
  /** Value of `Retry-After`, where the filter does not write it itself: seconds, or where Envoy finds them. */
  readonly retryAfter?: number | string;
  /** Of requests of those who are proven alone, or of strangers'. @default of both */
  readonly of?: "caller" | "stranger";
}

/** What Envoy says of an answer is this. */
export const details = (text: string) => `response.code_details == '${text}'`;
const begins = (text: string) => `response.code_details.startsWith('${text}')`;
const rule = (name: string) => begins(`rbac_access_denied_matched_policy[${name}`);
/** Conditions of what a store of limits brings about. */
const ABOUT_STORE = Object.values(EXACT_DETAILS).map(details);
/** Envoy's flag of a request that breaks the rules of HTTP (`DPE`). */
const PROTOCOL_ERROR = 2 ** 18;
const seconds = { "Retry-After": "seconds until there is room again" } as const;

/**
 * Answers of Envoy's own filters, and of requests that they end, as JSON-RPC errors with a reason for the audit record. The
 * first that fits wins. Refused arguments and timeouts are 200 in the legacy era, 400 in the modern one: so the clients of
 * each era see a clean error with their id. Codes of our own lie outside the range that JSON-RPC and MCP reserve, see
 * `common.lua`.
 */
export const ENVOY_ANSWERS: readonly EnvoyAnswer[] = [
  {
    cause: "none: the server answered",
    when: details("via_upstream"),
    ...{ status: 200, asIs: true, messages: [], reason: "ok" },
  },
  {
    cause: "none: the public metadata document, or a preflight of an allowed page",
    of: "stranger",
    when: `${details("direct_response")} || ${details("cors_response")}`,
    ...{ status: [200, 204], asIs: true, messages: [], reason: "ok" },
  },
  {
    cause: "another host or path",
    of: "stranger",
    when: rule("not-found"),
    ...{ status: 404, code: -31404, messages: ["not found"], reason: "not-found" },
  },
  {
    cause: "a browser on a page that is not allowed",
    of: "stranger",
    when: rule("origin-denied"),
    ...{ status: 403, asIs: true, code: -31403, messages: ["origin not allowed"], reason: "origin-denied" },
  },
  {
    cause: "a query, where credentials would be logged",
    of: "stranger",
    when: rule("query-denied"),
    ...{ status: 400, code: -32600, messages: ["a query string is not accepted"], reason: "query-denied" },
  },
  {
    cause: "an argument that does not match its pattern",
    of: "caller",
    when: rule(PATTERN_POLICY),
    ...{
      status: 400,
      soft: true,
      code: -32602,
      messages: ["arguments: pattern"],
      reason: "argument-invalid",
    },
  },
  {
    // Of the final rule, which allows by name and denies by none.
    cause: "a message without the mark of the program that judges: the fault is ours",
    of: "caller",
    when: rule("none"),
    ...{ status: 500, code: -32603, messages: ["internal error"], reason: "internal" },
  },
  {
    cause: "a call that took longer than the tool may",
    of: "caller",
    when: details("response_timeout"),
    ...{ status: 400, soft: true, code: -31408, messages: ["the call took too long"], reason: "timeout" },
    begun: "cut",
  },
  {
    cause: "a client or a tool that runs as many calls at the same time as it may",
    of: "caller",
    when: `${begins(NO_ROOM)} && xds.cluster_name != '${SERVER}'`,
    ...{ status: 429, code: -31429, messages: ["busy"], reason: "busy" },
    ...{ retryAfter: 1, headers: { "Retry-After": "1" } },
  },
  {
    cause:
      "a server that runs as many calls at the same time as it may, or a gateway without memory for more: streams that are not read are cut",
    when: `${begins(NO_ROOM)} || ${details("overload")}`,
    ...{ status: [0, 503], asIs: true, code: -32603, messages: ["overloaded"], reason: "overloaded" },
    ...{ retryAfter: 1, headers: { "Retry-After": "1" }, begun: "cut" },
  },
  {
    cause: "a limit of the store that is used up",
    of: "caller",
    when: details(EXACT_DETAILS.used),
    ...{ status: 429, asIs: true, code: -31429, messages: ["rate limited"], reason: "rate-limited" },
    ...{ retryAfter: "%RESP(X-RATELIMIT-RESET)%", headers: seconds },
  },
  {
    cause: "a store of limits that did not answer, where calls are refused then",
    of: "caller",
    when: details(EXACT_DETAILS.failed),
    ...{ status: 503, code: -32603, messages: ["limits unavailable"], reason: "limits-unavailable" },
    ...{ retryAfter: 1, headers: { "Retry-After": "1" } },
  },
  {
    cause: "a limit of the address, client, tool or task that is used up",
    when: details("local_rate_limited"),
    ...{ status: 429, asIs: true, code: -31429, messages: ["rate limited"], reason: "rate-limited" },
    headers: seconds,
  },
  {
    cause: "a body that is longer than allowed",
    of: "caller",
    when: details("request_payload_too_large"),
    ...{ status: 413, asIs: true, code: -32600, messages: ["body too large"], reason: "too-large" },
  },
  {
    // Longer than Envoy keeps for the program, which answers the same.
    cause: "an answer that is longer than any may be",
    of: "caller",
    when: details("response_payload_too_large"),
    ...{ status: 400, soft: true, code: -31502, messages: ["the answer is too long"] },
    reason: "response-too-large",
  },
  {
    cause: "a gateway that is stopped before the answer, or before its end",
    // Before anything that asks for the code: a request without an answer has none, and its reason would be empty.
    when: begins("downstream_local_disconnect(purging_socket"),
    ...{ status: [0, 100, 200], messages: [], reason: "gateway-stopped" },
  },
  {
    cause: "a caller who went away before the answer, or before its end",
    // A body whose length is another than its header says is told as a reset, too: by the gateway's own flag.
    when: `${begins("downstream_")} || ${begins("http2.remote_re")} && response.flags != ${PROTOCOL_ERROR}`,
    ...{ status: [0, 100, 200], messages: [], reason: "client-gone" },
  },
  {
    cause:
      "frames of HTTP/2 that break its rules or contradict `content-length`, or more of them than may be: the stream or the connection is reset",
    when: `${begins("http2.")} || ${begins("codec_error")}`,
    ...{ status: 0, messages: [], reason: "malformed" },
  },
  {
    cause: "a path that no route has",
    when: "response.code == 404",
    ...{ status: 404, asIs: true, code: -31404, messages: ["not found"], reason: "not-found" },
  },
  {
    cause: "a server that is not reachable, or broke off",
    when: `response.code >= 500 && response.code != 501 || ${begins("upstream_reset_after_response_started")}`,
    ...{ status: [502, 503, 504], asIs: true, code: -32603, messages: ["server unavailable"] },
    ...{ reason: "server-unavailable", begun: "cut" },
  },
  {
    cause: "a stream that was silent, or open, for longer than any may",
    when: "response.code < 400",
    ...{ status: 200, messages: [], reason: "timeout", begun: "cut" },
  },
  {
    // What fits none: Envoy's own refusals.
    cause:
      "no HTTP as it is written, a request that arrives too slowly, or another protocol that is asked for",
    when: "true",
    ...{ status: [400, 403, 408, 426, 431, 501], asIs: true, code: -32600, messages: ["bad request"] },
    reason: "malformed",
  },
];

/** Those that a gateway can give: without a store of limits none is about it. */
export function answersOf(parts: Parts): readonly EnvoyAnswer[] {
  return isExact(parts) ? ENVOY_ANSWERS : ENVOY_ANSWERS.filter(({ when }) => !ABOUT_STORE.includes(when));
}

/** A chain of conditions over all of these, as one CEL expression. The last one fits always. */
export function choose(answers: readonly EnvoyAnswer[], of: (answer: EnvoyAnswer) => string): string {
  const [last, ...before] = [...answers].reverse();
  if (last?.when !== "true") throw new Error("the last answer must fit whatever is left");
  return before.reduce((rest, answer) => `${answer.when} ? ${of(answer)} : ${rest}`, of(last));
}
