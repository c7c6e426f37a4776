import type { Image } from "../task/image";

/**
 * How limits hold over all tasks of a server, and what one address may send. A server that sets this, be it to `{}`, gets
 * alarms on limits that do not hold as meant (0.40 US dollars a month each).
 */
export type LimitsConfig = SharedLimitsConfig | DividedLimitsConfig | ExactLimitsConfig;

/** What every way of limiting has. */
export interface CommonLimitsConfig {
  /**
   * Requests a minute from one address (IPv6: from one /56), over all tasks, before anybody is asked who they are, 1 to
   * 1000000. Stops floods of wrong keys before they cost signatures and lines. Many people behind one address share it,
   * and so do all users of a hosted assistant, whose calls come from a few addresses: raise it for them.
   * @default 3000
   */
  readonly callsPerMinutePerAddress?: number;
}

/**
 * Each task gives out its share: one of as many as DNS names. Nothing to run, nothing to pay. Callers whose connections
 * meet one task get that task's share alone. While DNS names nobody, every limit is divided by the most tasks instead.
 */
export interface SharedLimitsConfig extends CommonLimitsConfig {
  /** @default "shared" */
  readonly scope?: "shared";
}

/**
 * Each task gives out the limit divided by the most tasks, however many run: never more than the limit outside of
 * deployments, less with fewer tasks. Asks nobody.
 */
export interface DividedLimitsConfig extends CommonLimitsConfig {
  readonly scope: "divided";
}

/**
 * One count for all tasks, kept in Valkey or Redis, which `envoyproxy/ratelimit` beside every gateway asks: exact in each
 * minute of the clock, whichever task a call meets, and over both halves of a split server. Every call waits for it, about
 * half a millisecond. The limit of addresses stays shared as above: a flood must not reach the store.
 */
export interface ExactLimitsConfig extends CommonLimitsConfig {
  readonly scope: "exact";
  /**
   * `envoyproxy/ratelimit` by digest with our one file in it, from a registry that the tasks reach; docs/limits.md shows
   * the two lines that build it. Runs beside the gateway with 64 CPU units and 64 MiB out of the task's.
   */
  readonly image: Image;
  readonly store: LimitStoreConfig;
  /**
   * What happens while the store cannot be asked. `closed`: every call is refused (503) until it can. `open`: each task
   * gives out the whole limit by itself, so that at most the limit times the tasks passes; the line in the record says so.
   */
  readonly onFailure: "closed" | "open";
}

/** Where counts are kept. Nothing else is: keys are names of clients and tools, values are numbers. */
export type LimitStoreConfig =
  /** ElastiCache for Valkey, made for this server alone. */
  | NewLimitStoreConfig
  /** A Valkey or Redis that is there, over TLS with a certificate of a public authority, as ElastiCache has. */
  | ExistingLimitStoreConfig;

/**
 * ElastiCache for Valkey in the tasks' subnets, with a replica in another zone: TLS alone, encrypted under the key of
 * secrets, one user whose password Terraform never sees, and no way in but from this server's gateways. Keeps no
 * snapshots: what is lost with it are the counts of a minute. Cost with the defaults, list prices of us-east-1: about 19
 * US dollars a month for two nodes, 7 a zone for the endpoint through which the password is changed, 0.40 for the
 * secret, 0.10 for each of its alarms.
 */
export interface NewLimitStoreConfig {
  readonly kind: "new";
  /**
   * Of both nodes: t3, t4g, m5 to m7g, r5 to r7g, such as `cache.m7g.large`. The smallest holds half a million counts
   * at a time and answers some ten thousand calls a second. A change replaces node by node. A t4g.micro costs about 9 US
   * dollars a month, an m7g.large about 92.
   * @default "cache.t4g.micro"
   */
  readonly nodeType?: string;
  /**
   * Copies in other zones, 1 to 5; one takes over within a minute when the first node or its zone fails. None is not
   * offered: every maintenance would refuse all calls, or count none. Each costs as much as the first node.
   * @default 1
   */
  readonly replicas?: number;
  /** Of Valkey: `7.2`, `8.0` or `8.1`. A higher one is installed in place, a lower one makes AWS refuse. @default "8.0" */
  readonly engineVersion?: "7.2" | "8.0" | "8.1";
  /** An hour a week, UTC, in which AWS patches, as `sun:03:00-sun:04:00`: one failover, some seconds without counts. @default "sun:03:00-sun:04:00" */
  readonly maintenanceWindow?: string;
  /** Days between changes of its password, 2 to 90: tasks take new values once a day (1 with `rotation.pickUp: "fast"`). @default 30 */
  readonly rotateDays?: number;
}

/** A Valkey or Redis of somebody else's, not in cluster mode. */
export interface ExistingLimitStoreConfig {
  readonly kind: "existing";
  /** DNS name that its certificate carries. */
  readonly host: string;
  /** @default 6379 */
  readonly port?: number;
  /** Its group, in which one rule lets the tasks in. */
  readonly securityGroupId: string;
  readonly login: LimitStoreLoginConfig;
}

/** The secret by which tasks log in. Its value never enters Terraform. */
export interface LimitStoreLoginConfig {
  /** ARN of a secret whose field holds `PASSWORD` or `USER:PASSWORD`. */
  readonly secretArn: string;
  /** Field of a JSON value. @default the whole value */
  readonly field?: string;
  /** The customer key it is encrypted under, if any. @default the account's own `aws/secretsmanager` key */
  readonly keyArn?: string;
}
