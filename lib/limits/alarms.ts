import { AUDIT_FIELDS, type Alarm } from "../alarms/alarm";
import { UNCOUNTED } from "./contract";

const common = {
  scope: "server",
  missing: "notBreaching",
  fires: "at-least",
  periodSeconds: 300,
  periods: { bad: 1, of: 1 },
} as const;

/** Rings where limits are shared: a task has looked for the others for a while, and found nobody. */
const DIVIDED: Alarm = {
  ...common,
  id: "limits-divided",
  title: "Tasks do not know of each other, and every limit is divided by the most tasks",
  why: "Private DNS does not answer, or Cloud Map has lost the tasks. Callers meet their limits too early.",
  then: "Look the service's name up from inside the VPC, and read Cloud Map's list of its instances.",
  // A line of Envoy's own beside the record's: each worker of a task writes one a second. A few are usual at a start.
  signal: { kind: "audit-lines", pattern: '"limits: other tasks are unknown"' },
  threshold: 60,
};

/** Rings where limits are exact. */
const UNCOUNTED_CALLS: Alarm = {
  ...common,
  id: "limits-not-counted",
  title: "The store of exact limits does not answer",
  why: "The store or the way to it is down, its password has changed, or the service beside the gateway has ended.",
  then: "Read the service's log (stream ratelimit) and the store's events. Calls are refused, or let through by each task, as onFailure says.",
  signal: {
    kind: "audit-lines",
    pattern: `{ (${AUDIT_FIELDS.reason} = "limits-unavailable") || ($.detail = "${UNCOUNTED}") }`,
  },
  threshold: 1,
};

/** Alarms about limits, of servers that set `limits`: beside the catalogue, which every server has whole. */
export const LIMITS_ALARMS: readonly Alarm[] = [DIVIDED, UNCOUNTED_CALLS];

/** Those that can ring with this way of limiting. The limit of addresses is shared where the others are exact. */
export function limitsAlarms(scope: "shared" | "divided" | "exact"): readonly Alarm[] {
  if (scope === "divided") return [];
  return scope === "exact" ? LIMITS_ALARMS : [DIVIDED];
}
