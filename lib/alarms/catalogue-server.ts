import type { AuditReason } from "../gateway/audit-line";
import { AUDIT_FIELDS, type Alarm, type AuditLines, type AwsMetric } from "./alarm";

const is = (reason: AuditReason) => `(${AUDIT_FIELDS.reason} = "${reason}")`;

/** Lines that fulfil one of the conditions. */
const lines = (...conditions: readonly string[]): AuditLines => ({
  kind: "audit-lines",
  pattern: `{ ${conditions.join(" || ")} }`,
});

const target = (name: string, stat: string): AwsMetric => ({
  kind: "metric",
  namespace: "AWS/ApplicationELB",
  name,
  stat,
  dimensions: { LoadBalancer: "load-balancer", TargetGroup: "target-group" },
});

const service = (name: string): AwsMetric => ({
  kind: "metric",
  namespace: "AWS/ECS",
  name,
  stat: "Average",
  dimensions: { ClusterName: "cluster", ServiceName: "service" },
});

const common = { scope: "server", missing: "notBreaching" } as const;
const counted = { ...common, fires: "at-least", periodSeconds: 300, periods: { bad: 1, of: 1 } } as const;

/** Alarms about one server: what its gateway refuses, and how it is. */
export const SERVER_ALARMS: readonly Alarm[] = [
  {
    ...counted,
    id: "failed-authentication",
    title: "Many calls without a valid credential",
    why: "Keys or tokens are guessed, or a client uses one that has expired.",
    then: "Look in the audit record for reason and source. A known client needs its current key.",
    signal: lines(`(${AUDIT_FIELDS.status} = 401)`, is("client-unknown")),
    threshold: 20,
  },
  {
    ...counted,
    id: "tool-denied",
    title: "A client asks for tools, prompts or resources that it may not use",
    why: "A stolen credential explores, an agent was talked into it, or the policy is too narrow.",
    then: "Find client and tool in the audit record, and ask the client's owner before allowing it.",
    signal: lines(
      ...(["tool-denied", "scope-missing", "outside-window", "method-denied", "object-denied"] as const).map(
        is,
      ),
    ),
    threshold: 5,
  },
  {
    ...counted,
    id: "tool-unknown",
    title: "A tool was called that the server does not have",
    why: "Nobody asks for it by accident: names are probed, or client and tool table differ in version.",
    then: "Find the client in the audit record. Compare its version with the tool table.",
    signal: lines(is("tool-unknown")),
    threshold: 1,
  },
  {
    ...counted,
    id: "argument-refused",
    title: "Many calls with arguments that are refused",
    why: "Injection is tried, or a tool's schema was changed in one place only.",
    then: "Read tool and argument in the audit record. Values are not logged unless declared so.",
    signal: lines(is("argument-invalid")),
    threshold: 20,
  },
  {
    ...counted,
    id: "rate-limited",
    title: "Clients keep calling over their limits",
    why: "An agent in a loop, or a limit that is too low for honest use.",
    then: "Find the client in the audit record. Its other calls are refused meanwhile.",
    signal: lines(is("rate-limited")),
    threshold: 20,
    periods: { bad: 3, of: 3 },
  },
  {
    ...counted,
    id: "tool-timeouts",
    title: "Tools do not end in their time",
    why: "The server, or what it depends on, is slow. Callers retry and make it worse.",
    then: "Find the tool in the audit record, and look at its downstream.",
    signal: lines(is("timeout")),
    threshold: 5,
  },
  {
    ...counted,
    id: "response-refused",
    title: "The server answered what must not get out, or what cannot be judged",
    why: "A tool gives away a key, an agent was talked into asking for one, or the server answers in another form.",
    then: "Find tool and detail in the audit record. A key that was in an answer is known to the tool: replace it.",
    signal: lines(is("response-refused"), is("response-unreadable")),
    threshold: 1,
  },
  {
    ...counted,
    id: "gateway-failed",
    title: "The gateway failed at a request and refused it for safety",
    why: "A fault in the gateway's program. Somebody may have found a message that it cannot read.",
    then: "Keep the audit line and the gateway's log of that minute. Update, and report the fault.",
    signal: lines(is("internal")),
    threshold: 1,
  },
  {
    ...common,
    id: "server-errors",
    title: "More than a few per cent of requests end in errors",
    why: "The server or its gateway fails: a bad deployment, a lost dependency.",
    then: "Compare with the last deployment. Read the server's own log.",
    // A share of few requests says nothing: below 50 a minute it counts as none.
    signal: {
      kind: "calculation",
      expression: "IF(requests >= 50, 100 * FILL(errors, 0) / requests, 0)",
      of: { requests: target("RequestCount", "Sum"), errors: target("HTTPCode_Target_5XX_Count", "Sum") },
    },
    fires: "above",
    threshold: 5,
    periodSeconds: 60,
    periods: { bad: 3, of: 5 },
  },
  {
    ...common,
    id: "slow",
    title: "One in a hundred requests is slow to begin",
    why: "The server is short of CPU or waits for a dependency.",
    then: "Look at CPU, memory and the slowest tool in the audit record.",
    signal: target("TargetResponseTime", "p99"),
    fires: "above",
    threshold: 10,
    periodSeconds: 60,
    periods: { bad: 3, of: 5 },
  },
  {
    ...common,
    id: "unhealthy-task",
    title: "A task does not answer its health check",
    why: "The server behind the gateway hangs or crashes; its task gets no requests.",
    then: "Read the server's log and the service's events.",
    signal: target("UnHealthyHostCount", "Maximum"),
    fires: "at-least",
    threshold: 1,
    periodSeconds: 60,
    periods: { bad: 3, of: 3 },
  },
  {
    ...common,
    id: "no-healthy-task",
    title: "No task is healthy: the server is down",
    why: "All tasks failed, or the service has none. No data is as bad as zero.",
    then: "Read the service's events, roll back the last deployment.",
    signal: target("HealthyHostCount", "Minimum"),
    fires: "below",
    threshold: 1,
    periodSeconds: 60,
    periods: { bad: 2, of: 2 },
    missing: "breaching",
  },
  {
    ...common,
    id: "cpu-high",
    title: "CPU is nearly used up",
    why: "The service is at its largest, or scales too slowly.",
    then: "Raise run.tasks.max or run.cpuUnits, after a look at who calls.",
    signal: service("CPUUtilization"),
    fires: "above",
    threshold: 85,
    periodSeconds: 60,
    periods: { bad: 5, of: 5 },
  },
  {
    ...common,
    id: "memory-high",
    title: "Memory is nearly used up",
    why: "A leak, or too little for the load: the next step is a killed container.",
    then: "Raise run.memoryMib, look for a leak.",
    signal: service("MemoryUtilization"),
    fires: "above",
    threshold: 85,
    periodSeconds: 60,
    periods: { bad: 5, of: 5 },
  },
  {
    ...common,
    id: "audit-silent",
    title: "Requests are served and no audit line arrives",
    why: "The record is broken or was stopped: from now on nobody knows who does what.",
    then: "Treat it as an incident. Look for changes of log group, key and task definition in CloudTrail.",
    // Without traffic there is no data and no alarm; with traffic, absent lines count as none.
    signal: {
      kind: "calculation",
      expression: "IF(requests > 0 AND FILL(lines, 0) < 1, 1, 0)",
      of: {
        requests: target("RequestCount", "Sum"),
        lines: {
          kind: "metric",
          namespace: "AWS/Logs",
          name: "IncomingLogEvents",
          stat: "Sum",
          dimensions: { LogGroupName: "audit-log-group" },
        },
      },
    },
    fires: "at-least",
    threshold: 1,
    periodSeconds: 900,
    periods: { bad: 1, of: 1 },
  },
];
