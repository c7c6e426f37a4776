import type { Waiver } from "../validation";

/** The load balancer: TLS, headers, idle times, logs. */
export interface IngressConfig {
  /** The load balancer and its listener. `existing` is not supported yet: refused at synth. @default a new one */
  readonly loadBalancer?:
    | { readonly kind: "new" }
    | {
        readonly kind: "existing";
        readonly arn: string;
        readonly listenerArn: string;
        readonly securityGroupId: string;
      };
  /**
   * TLS policy of the listener, from a closed list. `strict` is TLS 1.3 only with post-quantum key exchange; `reach`
   * adds TLS 1.2 with forward secrecy for old clients; the others are their classic and FIPS variants.
   * @default "strict"
   */
  readonly tls?: TlsPolicyName;
  /**
   * Seconds in which nothing may pass on an open connection before it is cut, 1 to 4000. Longer than every tool's
   * time, or servers must send keep-alives more often than this.
   * @default 300
   */
  readonly idleSeconds?: number;
  /** Seconds that a client connection may be kept between requests, 60 to 604800. @default 3600 */
  readonly clientKeepAliveSeconds?: number;
  /** Access, connection and health-check logs in S3. Waive only in a sandbox. @default `{ retainDays: 400 }` */
  readonly logs?: IngressLogsConfig | Waiver;
  /** Whether the load balancer may be deleted by an API call. @default on when lifecycle is "protected" */
  readonly deletionProtection?: "on" | "off";
}

/** Load balancer logs, to a bucket of their own. Delivery demands SSE-S3: AWS refuses customer keys here. */
export interface IngressLogsConfig {
  /** Days, 1 to 3650. @default 400 */
  readonly retainDays?: number;
}

/** Our short names of the TLS policies that may be used. */
export type TlsPolicyName =
  "strict" | "reach" | "strict-classic" | "reach-classic" | "strict-fips" | "reach-fips";
