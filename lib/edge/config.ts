/** The public face: its name, its certificate, and who may connect at all. */
export interface EdgeConfig {
  /**
   * The one host name that clients use, as `mcp.example.com`: lower case, at least two labels, up to 64 characters
   * where we order the certificate (AWS's limit for its common name), else 128. Part of every audience: changing it
   * invalidates tokens.
   */
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
  /** Zone id, as `Z0123456789ABCDEFGHIJ`. */
  | { readonly kind: "route53"; readonly zoneId: string }
  /** Zone id of 32 hexadecimal digits. Needs `@cdktf/provider-cloudflare` and a provider with the right to edit DNS. */
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
  /** IPv4 blocks, 1 to 50, each once, as `203.0.113.0/24`. AWS allows 60 rules a security group, unless raised. */
  | { readonly kind: "ranges"; readonly cidrs: readonly string[] }
  /** A load balancer without public addresses. `cidrs` (1 to 50) defaults to the VPC's own block. */
  | { readonly kind: "internal"; readonly cidrs?: readonly string[] };
