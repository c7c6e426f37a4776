/** The public face: its name, its certificate, and who may connect at all. */
export interface EdgeConfig {
  /** The one host name that clients use, as `mcp.example.com`. Part of every audience: changing it invalidates tokens. */
  readonly hostname: string;
  readonly certificate: CertificateConfig;
  /**
   * Where the name that points to the load balancer is written.
   * @default the zone that validates the certificate; `{ kind: "none" }` for an existing certificate
   */
  readonly record?: RecordConfig;
  readonly reach: ReachConfig;
}

/** A TLS certificate for the host name. Issued ones are validated by DNS and renew by themselves, free of charge. */
export type CertificateConfig =
  | { readonly kind: "route53"; readonly zoneId: string }
  | { readonly kind: "cloudflare"; readonly zoneId: string }
  /** An ACM certificate in the same region. One that was imported never renews. */
  | { readonly kind: "existing"; readonly arn: string };

/** The DNS record of the host name. */
export type RecordConfig =
  | { readonly kind: "route53"; readonly zoneId: string }
  /** Written unproxied: the origin speaks TLS with the client itself. */
  | { readonly kind: "cloudflare"; readonly zoneId: string }
  /** Somebody else writes it. */
  | { readonly kind: "none" };

/** Who may open a connection. Everybody still has to authenticate. */
export type ReachConfig =
  | { readonly kind: "internet" }
  /** IPv4 blocks, 1 to 50. */
  | { readonly kind: "ranges"; readonly cidrs: readonly string[] }
  /** A load balancer without public addresses. `cidrs` defaults to the VPC's own block. */
  | { readonly kind: "internal"; readonly cidrs?: readonly string[] };
