import type { PolicyDocument } from "../../policy/document";
import { METADATA, type Json } from "./types";

/** What Envoy says of a call that finds no room. */
export const NO_ROOM = "upstream_reset_before_response_started{overflow";

/** Tools that may run only so often at the same time on this task. */
function limited(policy: PolicyDocument): [tool: string, most: number][] {
  return Object.entries(policy.tools).flatMap(([tool, { callsAtOncePerTask: most }]): [string, number][] =>
    most === undefined ? [] : [[tool, most]],
  );
}

/**
 * One more cluster for the same server for each such tool: requests of a cluster are counted for all workers together,
 * by its circuit breaker, and one too many is refused. With as few connections as calls it would wait for one instead: so
 * there are as many as the general cluster has, and it is refused as soon as it has one.
 */
export function roomClusters(policy: PolicyDocument, server: Json): Json[] {
  const { health_checks: _checks, load_assignment: assignment, ...rest } = server;
  return limited(policy).map(([tool, most]) => ({
    ...rest,
    name: roomOf(tool),
    circuit_breakers: {
      thresholds: [{ max_connections: 256, max_requests: most, max_pending_requests: 256, max_retries: 0 }],
    },
    load_assignment: { ...(assignment as Json), cluster_name: roomOf(tool) },
  }));
}

/** Their routes: the general one, for calls that the judge has found to be of this tool. */
export function roomRoutes(policy: PolicyDocument, general: Json): Json[] {
  return limited(policy).map(([tool]) => ({
    ...general,
    name: roomOf(tool),
    match: {
      ...(general.match as Json),
      dynamic_metadata: [
        { filter: METADATA.record, path: [{ key: "tool" }], value: { string_match: { exact: tool } } },
      ],
    },
    route: { ...(general.route as Json), cluster: roomOf(tool) },
  }));
}

function roomOf(tool: string): string {
  return `server:${tool}`;
}
