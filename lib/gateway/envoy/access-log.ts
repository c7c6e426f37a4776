import { UNCOUNTED } from "../../limits/contract";
import { answersOf, choose } from "./answers";
import { isExact } from "./exact";
import { found, left, noteOf, typed, type Json, type Parts } from "./types";

/** What the program has left, and where it has left nothing, as of nearly every call, what an expression finds. */
function leftOr(key: "reason" | "detail", expression: string): string {
  return firstOf({ command: "FILTER_STATE", param: `${noteOf(key)}:PLAIN` }, cel(expression));
}

interface Operator {
  readonly command: string;
  readonly param: string;
}

const cel = (expression: string): Operator => ({ command: "CEL", param: expression });
const firstOf = (...operators: Operator[]) => `%COALESCE(${JSON.stringify({ operators })})%`;

/** Of what Envoy itself has decided about requests of those who are proven, or of strangers. */
const reason = (of: "caller" | "stranger", parts: Parts) =>
  choose(
    answersOf(parts).filter((answer) => answer.of === undefined || answer.of === of),
    (answer) => `'${answer.reason}'`,
  );

/** That a call went through uncounted, by a store that failed or a service that knows no limit: then its headers are missing. */
const UNCOUNTED_DETAIL =
  "response.code_details == 'via_upstream' && !('x-ratelimit-limit' in response.headers) " +
  `? '"${UNCOUNTED}"' : 'null'`;

/** What is told of every request in the same words. */
const FIELDS = {
  v: 3,
  ts: "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
  request_id: "%REQ(X-REQUEST-ID)%",
  ip: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
  status: "%RESPONSE_CODE%",
  envoy: "%RESPONSE_CODE_DETAILS%",
  ms: "%DURATION%",
  bytes_in: "%BYTES_RECEIVED%",
  bytes_out: "%BYTES_SENT%",
} as const;
const QUEUE = "DS_RX_END:US_TX_BEG:ms";
const UPSTREAM = "US_TX_BEG:US_RX_END:ms";

/**
 * One line of JSON a request, on the container's output. Fields: `AuditLine` in `gateway/audit-line.ts`. It is written in one of
 * two ways: of strangers Envoy makes JSON of whatever they sent; of who is proven the program has done so, which costs a
 * fraction, and nothing else in that line comes from outside. Which of them is decided by what the program leaves once it
 * knows who calls, and by nothing that can be sent.
 */
export function accessLog(parts: Parts): Json[] {
  return [
    logger("caller", { text_format_source: { inline_string: callersLine(parts) }, omit_empty_values: true }),
    logger("stranger", { json_format: strangersLine(parts) }),
  ];
}

/** `invert` of a matcher does nothing here: so the second one fits no value, and what fits is that there is none. */
const proven = (value: Json, match_if_key_not_found: boolean): Json => ({
  and_filter: {
    filters: [
      // The load balancer asks after the server's health all the time; nobody outside can.
      { not_health_check_filter: {} },
      { metadata_filter: { matcher: { ...found("limit"), value }, match_if_key_not_found } },
    ],
  },
});

/** Of which requests each of the two lines is: of each request one. */
export const LINES = {
  caller: proven({ present_match: true }, false),
  stranger: proven({ string_match: { exact: "-" } }, true),
} as const;

/** What stands in the line of who is proven as the program has left it. */
export const LEFT = {
  text: left("caller") + left("message") + left("answer"),
  fields: ["trace", "verb", "call"],
} as const;

function logger(of: keyof typeof LINES, format: Json): Json {
  return {
    name: "envoy.access_loggers.stdout",
    filter: LINES[of],
    typed_config: typed("extensions.access_loggers.stream.v3.StdoutAccessLog", { log_format: format }),
  };
}

const strangersLine = (parts: Parts): Json => ({
  ...FIELDS,
  trace: "%REQ(X-AMZN-TRACE-ID):256%",
  call: null,
  host: "%REQ(:AUTHORITY):128%",
  verb: "%REQ(:METHOD):16%",
  path: "%PATH(NQ):256%",
  reason: leftOr("reason", reason("stranger", parts)),
  detail: left("detail"),
  queue_ms: `%COMMON_DURATION(${QUEUE})%`,
  upstream_ms: `%COMMON_DURATION(${UPSTREAM})%`,
});

/** Host and path are among those that `edge` lets through; what a server can have a say in is numbers. */
function callersLine(parts: Parts): string {
  const { v, ts, request_id: id, ip, status, envoy, ms, bytes_in: received, bytes_out: sent } = FIELDS;
  const detail = isExact(parts) ? UNCOUNTED_DETAIL : "'null'";
  const duration = (of: string) => firstOf({ command: "COMMON_DURATION", param: of }, cel("'null'"));
  return (
    `{"v":${v},"ts":"${ts}","request_id":"${id}",${LEFT.text}},` +
    `"ip":"${ip}","host":"%REQ(:AUTHORITY)%","path":"%PATH(NQ)%","status":${status},` +
    `"reason":"${leftOr("reason", reason("caller", parts))}","detail":${leftOr("detail", detail)},` +
    `"envoy":"${envoy}","ms":${ms},"queue_ms":${duration(QUEUE)},"upstream_ms":${duration(UPSTREAM)},` +
    `"bytes_in":${received},"bytes_out":${sent}}\n`
  );
}
