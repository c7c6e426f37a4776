/** One thing that a server may reach beside its clients. Everything else is closed. */
export interface DownstreamConfig {
  readonly to: DownstreamTarget;
  /** TCP port, 1 to 65535. */
  readonly port: number;
  /** Why, for the reader of the report and of the security group rule (8 to 200 characters). */
  readonly because: string;
}

/** Where a connection may go. */
export type DownstreamTarget =
  | { readonly securityGroup: string }
  | { readonly cidr: string }
  | { readonly prefixList: string }
  /** Public names through an egress proxy. Not supported yet: refused at synth. */
  | { readonly domains: readonly string[] };
