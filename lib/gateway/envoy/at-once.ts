import type { PolicyDocument } from "../../policy/document";
import { AT_ONCE } from "../../policy/numbers";
import { GATEWAY } from "../contract";
import { found, type Json } from "./types";

/** Cluster of whatever has no room of its own. */
export const SERVER = "server";

/**
 * So many calls run at the same time, and nothing waits: of a burst as many may wait for their first connection as may run,
 * and there are connections for both, so that a call without room is refused as soon as it has one, and does not wait for
 * another's.
 */
export const breakers = (most: number): Json => ({
  thresholds: [
    {
      max_connections: 2 * AT_ONCE.max,
      max_requests: most,
      max_pending_requests: AT_ONCE.max,
      max_retries: 0,
    },
  ],
});

/** What Envoy says of a call that finds no room. */
export const NO_ROOM = "upstream_reset_before_response_started{overflow";

/** How the program says what a client is known by. */
const PROOFS = { apiKey: "key", jwt: "jwt", mtls: "mtls" } as const;

/** Requests that may run only so often at the same time on this task: those of a tool, or of a client. */
interface Room {
  readonly cluster: string;
  readonly most: number;
  /** What tells them, of a route. */
  readonly told: Json;
}

/** Whether any call has a route of its own. */
export function hasRooms(policy: PolicyDocument): boolean {
  return roomsOf(policy).length > 0;
}

/** The rooms of a policy. No call is of two: the policy's own check refuses that. */
function roomsOf({ tools, clients }: PolicyDocument): Room[] {
  const rooms = <T extends { callsAtOncePerTask?: number }>(
    of: "tool" | "client",
    all: Readonly<Record<string, T>>,
    told: (name: string, its: T) => Json,
  ) =>
    Object.entries(all).flatMap(([name, its]): Room[] =>
      its.callsAtOncePerTask === undefined
        ? []
        : [{ cluster: roomOf(of, name), most: its.callsAtOncePerTask, told: told(name, its) }],
    );
  return [
    ...rooms("tool", tools, (name) => ({
      dynamic_metadata: [{ ...found("tool"), value: { string_match: { exact: name } } }],
    })),
    ...rooms("client", clients, (name, { identity: { kind } }) => ({
      headers: [{ name: GATEWAY.clientHeader, string_match: { exact: `${PROOFS[kind]}:${name}` } }],
    })),
  ];
}

/**
 * One more cluster for the same server for each of them: requests of a cluster are counted for all workers together,
 * by its circuit breaker, and one too many is refused.
 */
export function roomClusters(policy: PolicyDocument, server: Json): Json[] {
  const { health_checks: _checks, load_assignment: assignment, ...rest } = server;
  return roomsOf(policy).map(({ cluster, most }) => ({
    ...rest,
    name: cluster,
    circuit_breakers: breakers(most),
    load_assignment: { ...(assignment as Json), cluster_name: cluster },
  }));
}

/** Their routes: the general one, for messages that the judges have found to be of this tool or client. */
export function roomRoutes(policy: PolicyDocument, general: Json): Json[] {
  return roomsOf(policy).map(({ cluster, told }) => ({
    ...general,
    name: cluster,
    match: { ...(general.match as Json), ...told },
    route: { ...(general.route as Json), cluster },
  }));
}

/** Names of tools have no colon: those of clients are told apart from them. */
export function roomOf(of: "tool" | "client", name: string): string {
  return of === "tool" ? `${SERVER}:${name}` : `${SERVER}:client:${name}`;
}
