import type { Waiver } from "../validation";

/** The firewall in front of the load balancer: coarse and early. The gateway behind it is the authority. */
export interface WafConfig {
  /** The web ACL. Beside an existing one nothing else is said here: its rules and logs are its owner's. @default a new one */
  readonly webAcl?: { readonly kind: "new" } | ExistingWebAclConfig;
  /**
   * Requests from one address, about: AWS counts in windows and checks every 10 s or so.
   * @default `{ requests: 600, windowSeconds: 60 }`
   */
  readonly perIp?: PerIpConfig;
  /** AWS's list of addresses with a bad name. @default "block" */
  readonly ipReputation?: "block" | "count" | Waiver;
  /** Anonymising proxies and hosting providers. Hosting is always only counted: cloud-hosted clients are normal. @default "block" */
  readonly anonymousIps?: "block" | "count" | Waiver;
  /** AWS's known bad inputs. @default "block" */
  readonly knownBadInputs?: "block" | "count" | Waiver;
  /** AWS's common rules, tuned: those that refuse code, URLs or SQL in tool arguments only count. @default "block" */
  readonly commonRules?: "block" | "count" | Waiver;
  /** Accept a capacity over 1,500 units (at most 5,000), each further 500 at 0.20 US dollars per million requests. @default false */
  readonly acceptExtraCapacity?: boolean;
  /** Firewall logs of blocked and counted requests. @default retention as `audit.retainDays` */
  readonly logs?: { readonly retainDays?: number } | Waiver;
}

/**
 * A web ACL that is there already. A load balancer that is made here is put behind it; one that is there stands behind it
 * already. What it refuses nobody here can tell: it has to let through JSON-RPC in bodies, and the servers' paths.
 */
export interface ExistingWebAclConfig {
  readonly kind: "existing";
  /** A regional one, of the load balancer's account and region. */
  readonly arn: string;
  /** `WebACL` of its metrics, as its `visibility_config` names it: the alarm `firewall-blocks` watches it. */
  readonly metricName: string;
}

/** A limit per source address. */
export interface PerIpConfig {
  /** Requests per window, 10 to 2,000,000. */
  readonly requests: number;
  /** Window in seconds. */
  readonly windowSeconds: 60 | 120 | 300 | 600;
}
