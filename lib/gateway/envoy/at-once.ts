import type { PolicyDocument } from "../../policy/document";
import { callerOf, messageOf, type Json } from "./types";

/** What Envoy says of a call that finds no room. */
export const NO_ROOM = "upstream_reset_before_response_started{overflow";

/** Requests that may run only so often at the same time on this task: those of a tool, or of a client. */
interface Room {
  readonly cluster: string;
  readonly most: number;
  /** Field of the record that tells them, and its value. */
  readonly field: "tool" | "client";
  readonly value: string;
}

/** The rooms of a policy. No call is of two: the policy's own check refuses that. */
function roomsOf({ tools, clients }: PolicyDocument): Room[] {
  const rooms = (field: Room["field"], all: Readonly<Record<string, { callsAtOncePerTask?: number }>>) =>
    Object.entries(all).flatMap(([value, { callsAtOncePerTask: most }]): Room[] =>
      most === undefined ? [] : [{ cluster: roomOf(field, value), most, field, value }],
    );
  return [...rooms("tool", tools), ...rooms("client", clients)];
}

/**
 * One more cluster for the same server for each of them: requests of a cluster are counted for all workers together,
 * by its circuit breaker, and one too many is refused. With as few connections as calls it would wait for one instead: so
 * there are as many as the general cluster has, and it is refused as soon as it has one.
 */
export function roomClusters(policy: PolicyDocument, server: Json): Json[] {
  const { health_checks: _checks, load_assignment: assignment, ...rest } = server;
  return roomsOf(policy).map(({ cluster, most }) => ({
    ...rest,
    name: cluster,
    circuit_breakers: {
      thresholds: [{ max_connections: 256, max_requests: most, max_pending_requests: 256, max_retries: 0 }],
    },
    load_assignment: { ...(assignment as Json), cluster_name: cluster },
  }));
}

/** Their routes: the general one, for messages that the judges have found to be of this tool or client. */
export function roomRoutes(policy: PolicyDocument, general: Json): Json[] {
  return roomsOf(policy).map(({ cluster, field, value }) => ({
    ...general,
    name: cluster,
    match: {
      ...(general.match as Json),
      dynamic_metadata: [
        {
          ...(field === "tool" ? messageOf("tool") : callerOf("client")),
          value: { string_match: { exact: value } },
        },
      ],
    },
    route: { ...(general.route as Json), cluster },
  }));
}

/** Names of tools have no colon: those of clients are told apart from them. */
export function roomOf(field: "tool" | "client", name: string): string {
  return field === "tool" ? `server:${name}` : `server:client:${name}`;
}
