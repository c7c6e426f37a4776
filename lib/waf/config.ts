import type { Waiver } from "../validation";

/** The firewall in front of the load balancer: coarse and early. The gateway behind it is the authority. */
export interface WafConfig {
  /** The web ACL. `existing` is not supported yet: refused at synth. @default a new one */
  readonly webAcl?: { readonly kind: "new" } | { readonly kind: "existing"; readonly arn: string };
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

/** A limit per source address. */
export interface PerIpConfig {
  /** Requests per window, 10 to 2,000,000. */
  readonly requests: number;
  /** Window in seconds. */
  readonly windowSeconds: 60 | 120 | 300 | 600;
}
