import { AUDIT_FIELDS, type Alarm } from "../alarms/alarm";
import type { EgressReason } from "./audit-line";

const lines = (...reasons: readonly EgressReason[]) => ({
  kind: "audit-lines" as const,
  pattern: `{ ${reasons.map((reason) => `(${AUDIT_FIELDS.reason} = "${reason}")`).join(" || ")} }`,
});
const common = { scope: "server", missing: "notBreaching" } as const;
const counted = { ...common, fires: "at-least", periodSeconds: 300, periods: { bad: 1, of: 1 } } as const;

/** Alarms about the egress proxy of a server that names `domains`: beside the catalogue, which every server has whole. */
export const EGRESS_ALARMS: readonly Alarm[] = [
  {
    ...counted,
    id: "egress-denied",
    title: "A server calls something that it may not reach",
    why: "Its code was changed or talked into sending data out, or a name is missing in its list.",
    then: "Read name and reason in the proxy's record, and find who called which tool at that time.",
    signal: lines("name-denied", "names-differ", "no-name", "no-tunnel", "malformed"),
    threshold: 1,
  },
  {
    ...counted,
    id: "egress-address-denied",
    title: "A public name leads to an address inside, or nowhere",
    why: "Somebody who holds the name tries to reach what lies inside, or its DNS is broken.",
    then: "Look the name up from outside. Remove it from the list until its owner has explained it.",
    signal: lines("address-denied"),
    threshold: 1,
  },
  {
    ...counted,
    id: "egress-unreachable",
    title: "Connections to public names fail",
    why: "The other end is down, a NAT gateway is out of ports, or the proxy is at its limit.",
    then: "Compare the names in the proxy's record: all of them, or one.",
    signal: lines("unreachable"),
    threshold: 20,
  },
  {
    ...common,
    id: "egress-down",
    title: "No egress proxy runs",
    why: "The server reaches no public name. No data is as bad as none running.",
    then: "Read the service's events and the proxy's log.",
    signal: {
      kind: "metric",
      namespace: "ECS/ContainerInsights",
      name: "RunningTaskCount",
      stat: "Minimum",
      dimensions: { ClusterName: "cluster", ServiceName: "service" },
    },
    fires: "below",
    threshold: 1,
    periodSeconds: 60,
    periods: { bad: 3, of: 3 },
    missing: "breaching",
  },
];
