import { COMPARISON, type Alarm } from "../../alarms/alarm";

/** An alarm over every node of a store. */
export interface StoreAlarm extends Pick<
  Alarm,
  "id" | "title" | "why" | "then" | "fires" | "threshold" | "periods" | "missing"
> {
  /** Of ElastiCache, by node. */
  readonly metric: string;
  readonly stat: "Average" | "Maximum" | "Sum";
  /** What is made of all nodes together. */
  readonly over: (nodes: readonly string[]) => string;
}

/** Seconds. */
export const STORE_PERIOD = 300;

const most = (nodes: readonly string[]) => `MAX([${nodes.join(", ")}])`;
const sum = (nodes: readonly string[]) => `SUM([${nodes.join(", ")}])`;
const atOnce = {
  fires: "at-least",
  periods: { bad: 1, of: 1 },
  missing: "notBreaching",
} as const;
const forLong = { ...atOnce, periods: { bad: 3, of: 3 } } as const;

/** What rings about a store that is made here, beside `limits-not-counted`. */
export const STORE_ALARMS: readonly StoreAlarm[] = [
  {
    ...forLong,
    id: "limits-store-busy",
    title: "The store of limits has little room left to compute",
    why: "Calls wait for it, and it serves one at a time: at its limit they meet onFailure.",
    then: "Compare with the calls of the servers. Choose a larger nodeType.",
    metric: "EngineCPUUtilization",
    stat: "Average",
    over: most,
    threshold: 80,
  },
  {
    ...atOnce,
    id: "limits-store-full",
    title: "The memory of the store of limits runs out",
    why: "A count lives a minute, so that there are very many callers, or somebody makes them up.",
    then: "Look for one issuer or address with very many users. Choose a larger nodeType.",
    metric: "DatabaseMemoryUsagePercentage",
    stat: "Maximum",
    over: most,
    threshold: 80,
  },
  {
    ...atOnce,
    id: "limits-store-forgets",
    title: "The store of limits has thrown counts away",
    why: "Its memory is full, and limits let more through than they should.",
    then: "Choose a larger nodeType at once.",
    metric: "Evictions",
    stat: "Sum",
    over: sum,
    threshold: 1,
  },
  {
    ...atOnce,
    id: "limits-store-refuses-logins",
    title: "Logins to the store of limits fail",
    why: "Tasks still have a password of two changes ago, or somebody among the tasks tries others.",
    then: "Read the store's log. If it is the service beside a gateway, start the server's tasks anew.",
    metric: "AuthenticationFailures",
    stat: "Sum",
    over: sum,
    threshold: 10,
  },
  {
    ...atOnce,
    id: "limits-store-connections",
    title: "The store of limits has very many connections",
    why: "Each task keeps about ten. A fault opens ever more, until none is left.",
    then: "Count the tasks, and restart those whose service (stream ratelimit) says errors.",
    metric: "CurrConnections",
    stat: "Maximum",
    over: most,
    threshold: 1_000,
  },
  {
    ...forLong,
    id: "limits-store-copy-late",
    title: "No copy of the store of limits is up to date",
    why: "When the first node fails now, counts are lost. No data is as bad as a copy that is late.",
    then: "Read the store's events: a node is being replaced, or a zone is down.",
    metric: "ReplicationLag",
    stat: "Maximum",
    over: most,
    threshold: 30,
    missing: "breaching",
  },
  {
    ...atOnce,
    id: "limits-store-failed-over",
    title: "Another node of the store of limits has taken over",
    why: "A node or its zone has failed, or AWS has patched one. Calls met onFailure for some seconds.",
    then: "Read the store's events. Outside of its maintenance window, look at the zone.",
    metric: "IsMaster",
    stat: "Maximum",
    // A node that begins or ends to be the first one.
    over: (nodes) => most(nodes.map((node) => `ABS(DIFF(${node}))`)),
    threshold: 1,
  },
];

/** Names that ElastiCache gives to the nodes of a store that is not in cluster mode. */
export function nodesOf(storeId: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${storeId}-${String(index + 1).padStart(3, "0")}`);
}

/** What CloudWatch is told of an alarm, in its own names as Terraform writes them. */
export function storeAlarmBody(alarm: StoreAlarm, nodes: readonly string[]) {
  const ids = nodes.map((_, index) => `n${index + 1}`);
  return {
    comparison_operator: COMPARISON[alarm.fires],
    threshold: alarm.threshold,
    evaluation_periods: alarm.periods.of,
    datapoints_to_alarm: alarm.periods.bad,
    treat_missing_data: alarm.missing,
    metric_query: [
      { id: "result", expression: alarm.over(ids), label: alarm.title, return_data: true },
      ...nodes.map((node, index) => ({
        id: ids[index] ?? "",
        return_data: false,
        metric: {
          namespace: "AWS/ElastiCache",
          metric_name: alarm.metric,
          dimensions: { CacheClusterId: node },
          period: STORE_PERIOD,
          stat: alarm.stat,
        },
      })),
    ],
  } as const;
}
