import { typed, type Json } from "../gateway/envoy/types";

type Rule = readonly [condition: string, reason: string];

const state = (key: string) => `filter_state['hmcp.${key}']`;

const DENIED =
  "has(connection.termination_details) && connection.termination_details.startsWith('rbac_access_denied')";

/** Reasons by where a connection ended, read from top to bottom. */
const REASONS: Readonly<Record<"outside" | "inside", readonly Rule[]>> = {
  outside: [
    ["response.code == 403 && request.method == 'CONNECT'", "name-denied"],
    ["response.code == 403", "no-tunnel"],
    ["response.code >= 500 && response.code != 501", "unreachable"],
  ],
  inside: [
    ["connection.requested_server_name == ''", "no-name"],
    ["has(response.code_details) && response.code_details == 'filter_chain_not_found'", "name-denied"],
    [`${DENIED} && ${state("greeted")} != ${state("asked")}`, "names-differ"],
    [DENIED, "address-denied"],
    ["response.flags == 0", "ok"],
  ],
};

const OTHERWISE = { outside: "malformed", inside: "unreachable" } as const;

/**
 * One line of JSON a connection, on the container's output. Fields: `EgressLine`. A tunnel that is opened is told of by
 * the inner listener when it ends, one that is refused by the outer one: never both.
 */
export function accessLog(server: string, where: "outside" | "inside"): Json {
  const outside = where === "outside";
  const reason = REASONS[where].reduceRight(
    (rest, [condition, name]) => `${condition} ? '${name}' : ${rest}`,
    `'${OTHERWISE[where]}'`,
  );
  const refused = { op: "NE", value: { default_value: 200, runtime_key: "unused" } };
  return {
    name: "envoy.access_loggers.stdout",
    ...(outside ? { filter: { status_code_filter: { comparison: refused } } } : {}),
    typed_config: typed("extensions.access_loggers.stream.v3.StdoutAccessLog", {
      log_format: {
        json_format: {
          v: 1,
          kind: "egress",
          server,
          ts: "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
          ip: outside ? "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%" : "%FILTER_STATE(hmcp.ip:PLAIN)%",
          asked: outside ? "%REQ(:AUTHORITY):300%" : "%FILTER_STATE(hmcp.asked:PLAIN)%",
          sni: "%REQUESTED_SERVER_NAME%",
          to: outside ? null : "%UPSTREAM_REMOTE_ADDRESS%",
          reason: `%CEL(${reason})%`,
          envoy: outside ? "%RESPONSE_CODE_DETAILS%" : "%CONNECTION_TERMINATION_DETAILS%",
          bytes_in: "%BYTES_RECEIVED%",
          bytes_out: "%BYTES_SENT%",
          ms: "%DURATION%",
        },
      },
    }),
  };
}
