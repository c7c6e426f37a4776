import type { AuditLine, AuditMessage } from "../gateway/audit-line";

/**
 * Where the value of a metric's dimension comes from. Names of ours, resolved by the construct; `{ is: … }` stands for
 * itself.
 */
export type DimensionSource =
  | "region"
  | "load-balancer"
  | "target-group"
  | "web-acl"
  | "delivery-stream"
  | "cluster"
  | "service"
  | "audit-log-group"
  | { readonly is: string };

/** A metric that AWS writes. */
export interface AwsMetric {
  readonly kind: "metric";
  readonly namespace: string;
  readonly name: string;
  /** `Sum`, `Average`, `Minimum`, `Maximum` or a percentile such as `p99`. */
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, DimensionSource>>;
}

/** Lines of a server's audit record, counted by a metric filter. */
export interface AuditLines {
  readonly kind: "audit-lines";
  /** CloudWatch's JSON filter pattern over the fields of `AUDIT_FIELDS`. */
  readonly pattern: string;
}

/** A calculation over metrics, each by a lower-case name that `expression` uses. */
export interface Calculation {
  readonly kind: "calculation";
  readonly expression: string;
  readonly of: Readonly<Record<string, AwsMetric>>;
}

/** One alarm. Data: rendered by `CatalogueAlarm`, listed in the report, its threshold a user's to change by id. */
export interface Alarm {
  /** Stable. Part of the alarm's name and address. */
  readonly id: string;
  readonly title: string;
  readonly scope: "platform" | "server";
  /** What it can mean. */
  readonly why: string;
  /** What the person who is woken does first. */
  readonly then: string;
  readonly signal: AwsMetric | AuditLines | Calculation;
  readonly fires: "at-least" | "above" | "below";
  readonly threshold: number;
  readonly periodSeconds: number;
  /** Fires when `bad` of the last `of` periods are. */
  readonly periods: { readonly bad: number; readonly of: number };
  /** What no data means. Most metrics are written only when there is something to count. */
  readonly missing: "notBreaching" | "breaching";
  /** Exists only where this is configured. @default always */
  readonly only?: "expected-countries" | "own-web-acl";
}

const field = (name: keyof AuditLine): string => `$.${name}`;
const ofMessage = (name: keyof AuditMessage): string => `${field("call")}.message.${name}`;

/** Fields of an audit line that patterns may use, as CloudWatch writes them. */
export const AUDIT_FIELDS = {
  status: field("status"),
  reason: field("reason"),
  method: ofMessage("method"),
  tool: ofMessage("tool"),
} as const;

/** How CloudWatch calls it. */
export const COMPARISON = {
  "at-least": "GreaterThanOrEqualToThreshold",
  above: "GreaterThanThreshold",
  below: "LessThanThreshold",
} as const;
