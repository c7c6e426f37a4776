import { UNCOUNTED } from "../../limits/contract";
import { ENVOY_ANSWERS, choose } from "./answers";
import { METADATA, noteOf, typed, type Json, type Parts } from "./types";

/**
 * What the program has left, and where it has left nothing, as of nearly every call, what an expression finds. Looking into
 * what is left is no part of that: it would cost as much again.
 */
function leftOr(key: "reason" | "detail", expression: string): string {
  const operators = [
    { command: "FILTER_STATE", param: `${noteOf(key)}:PLAIN` },
    { command: "CEL", param: expression },
  ];
  return `%COALESCE(${JSON.stringify({ operators })})%`;
}

/** Of what Envoy itself has decided. */
const REASON = choose(ENVOY_ANSWERS, ({ reason }) => `'${reason}'`);

/** That a store let a call through uncounted: then its headers are missing. */
const UNCOUNTED_DETAIL =
  "response.code_details == 'via_upstream' && !('x-ratelimit-limit' in response.headers) " +
  `? '${UNCOUNTED}' : ''`;

/** One line of JSON a request, on the container's output. Fields: `AuditLine` in `gateway/audit-line.ts`. */
export function accessLog({ policy }: Parts): Json {
  return {
    name: "envoy.access_loggers.stdout",
    // The load balancer asks after the server's health all the time; nobody outside can.
    filter: { not_health_check_filter: {} },
    typed_config: typed("extensions.access_loggers.stream.v3.StdoutAccessLog", {
      log_format: {
        json_format: {
          v: 3,
          ts: "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
          request_id: "%REQ(X-REQUEST-ID)%",
          trace: "%REQ(X-AMZN-TRACE-ID):256%",
          // In one piece: at each look Envoy copies all that any filter has left.
          call: `%DYNAMIC_METADATA(${METADATA.call})%`,
          ip: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
          host: "%REQ(:AUTHORITY):128%",
          verb: "%REQ(:METHOD):16%",
          path: "%PATH(NQ):256%",
          status: "%RESPONSE_CODE%",
          reason: leftOr("reason", REASON),
          detail:
            policy.limits.onFailure === "open"
              ? leftOr("detail", UNCOUNTED_DETAIL)
              : `%FILTER_STATE(${noteOf("detail")}:PLAIN)%`,
          envoy: "%RESPONSE_CODE_DETAILS%",
          ms: "%DURATION%",
          queue_ms: "%COMMON_DURATION(DS_RX_END:US_TX_BEG:ms)%",
          upstream_ms: "%COMMON_DURATION(US_TX_BEG:US_RX_END:ms)%",
          bytes_in: "%BYTES_RECEIVED%",
          bytes_out: "%BYTES_SENT%",
        },
      },
    }),
  };
}
