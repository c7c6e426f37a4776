/** One thing that a server may reach beside its clients. Everything else is closed, but for questions to the DNS. */
export interface DownstreamConfig {
  readonly to: DownstreamTarget;
  /** TCP port, 1 to 65535; 443 and no other for `domains`. */
  readonly port: number;
  /** Why, for the reader of the report and of the security group rule (8 to 200 characters). */
  readonly because: string;
}

/** Where a connection may go. */
export type DownstreamTarget = PeerTarget | PrivateLinkTarget | DomainsTarget;

/** Something that the VPC has a route to already. A group is opened too, at its own end. */
export type PeerTarget =
  { readonly securityGroup: string } | { readonly cidr: string } | { readonly prefixList: string };

/** A service of AWS or of somebody else, through an interface endpoint that is made for this server alone. */
export interface PrivateLinkTarget {
  readonly privateLink: PrivateLinkConfig;
}

/**
 * Public names on 443, through an egress proxy of the server's own: an Envoy in subnets with a NAT gateway, which the
 * server's tasks reach by `HTTPS_PROXY` and nobody else. It lets TLS to exactly these names through, refuses addresses
 * that are not public, and writes a line for every connection. Needs `network.egress`. Cost: 2 small Fargate tasks in
 * production, about 14 US dollars a month, and what `network.egress` costs.
 */
export interface DomainsTarget {
  /**
   * 1 to 50 names in lower case, as `api.example.com`. `*.example.com` stands for exactly one label more, and not for
   * `example.com` itself; under names where anybody can have an account (`*.amazonaws.com`) it is refused.
   */
  readonly domains: readonly string[];
}

/** An interface endpoint. Cost: about 7 US dollars a month per zone, and 0.01 per GB. */
export interface PrivateLinkConfig {
  /** As `com.amazonaws.eu-west-1.sqs`, or `com.amazonaws.vpce.eu-west-1.vpce-svc-…` of somebody else (who has to accept). */
  readonly service: string;
  /**
   * What may pass to a service of AWS: written into the endpoint's policy, for this account's credentials alone, and so
   * a second lock beside `grants`. Required for services of AWS; services of others take no policy, so it is refused.
   * @default none
   */
  readonly allow?: { readonly actions: readonly string[]; readonly resources: readonly string[] };
  /**
   * Whether the service's own name leads to the endpoint, in the whole VPC. AWS allows one endpoint per name, so the
   * second server that uses a service says `false`; others say `true` only if the service has a verified name.
   * @default true for services of AWS but DynamoDB, which has no such name; false for others
   */
  readonly privateDns?: boolean;
  /** Variable of the server with the endpoint's own DNS name, as `SEARCH_HOST`: for where `privateDns` is false. @default none */
  readonly env?: string;
}
