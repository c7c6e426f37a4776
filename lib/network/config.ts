/** Where everything runs: a VPC of its own, or one that is there already. */
export type NetworkConfig = NewNetworkConfig | ExistingNetworkConfig;

/**
 * A new VPC with public, private and isolated subnets per zone, without a NAT gateway (but for `egress`): tasks reach
 * AWS through endpoints only. Cost: about 7 US dollars a month per interface endpoint and zone.
 */
export interface NewNetworkConfig {
  readonly kind: "new";
  /** Private IPv4 block of the VPC, /16 to /22, as `10.40.0.0/20`. A zone takes an eighth of it. Never changes later. */
  readonly cidr: string;
  /**
   * Availability zones, 2 to 6 of one region, as `eu-west-1a` (letters a to h; no local zones). A zone's letter fixes
   * its subnets: adding one moves none.
   */
  readonly zones: readonly string[];
  /**
   * Servers of other stacks whose issuer's keys are mirrored, by name: the S3 endpoint lets one object of each through.
   * @default none; servers of the same configuration need not be named
   */
  readonly mirroredKeysOf?: readonly string[];
  /**
   * Flow logs of all traffic, to CloudWatch. Cost: 0.50 US dollars per GB.
   * @default as long as the posture keeps logs: 400 days in production, 7 in a sandbox
   */
  readonly flowLogs?: FlowLogsConfig;
  /**
   * Subnets with a NAT gateway, for the egress proxies of servers that name `domains`, and for nobody else: tasks stay
   * without a route. Takes the addresses of the zones g and h, which then cannot be named.
   * @default none: nothing here reaches the internet
   */
  readonly egress?: NewEgressConfig;
}

/** How the proxies reach the internet. */
export interface NewEgressConfig {
  /**
   * `each-zone` outlives the loss of a zone; with `one`, calls of all servers to public names fail with its zone. Cost:
   * about 33 US dollars a month per gateway, and 0.045 per GB.
   * @default "each-zone"
   */
  readonly natGateways?: "each-zone" | "one";
}

/** Subnets for the egress proxies that are there already. */
export interface ExistingEgressConfig {
  /**
   * Private subnets with a route to a NAT gateway (or a firewall of yours), at least 2 zones, none of them tasks'. The
   * proxies also need the endpoints from there: S3's in the route table, the others' group open to them.
   */
  readonly subnetIds: readonly string[];
}

/** Record of every connection, accepted or refused. */
export interface FlowLogsConfig {
  /** Days, one of CloudWatch's steps (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653). @default 400 in production, 7 in a sandbox */
  readonly retainDays?: number;
}

/** A VPC, its subnets and endpoints that somebody else owns. Flow logs and the default group stay theirs. */
export interface ExistingNetworkConfig {
  readonly kind: "existing";
  readonly vpcId: string;
  /** The VPC's IPv4 block: who may connect when reach is `internal` without ranges. */
  readonly vpcCidr: string;
  /**
   * Subnets of the load balancer, at least 2 zones: public for reach `internet` and `ranges`, private for `internal`.
   * @default none: the load balancer is there already; must be said where it is made here
   */
  readonly loadBalancerSubnetIds?: readonly string[];
  /** Private subnets of the tasks, at least 2 zones, one subnet a zone where we add the endpoints. No route to the internet is needed. */
  readonly taskSubnetIds: readonly string[];
  /**
   * Groups of the VPC that your organisation wants every task in, 1 to 4 (AWS takes five on an interface), beside each
   * server's and proxy's own. What they let out adds to what ours do; every plan reads their rules, and stops where one lets
   * anybody in. Functions that rotate secrets are not in them.
   * @default none
   */
  readonly taskSecurityGroupIds?: readonly string[];
  /** How tasks reach AWS's services. */
  readonly endpoints: ExistingEndpointsConfig;
  /** For the egress proxies of servers that name `domains`. @default none: no server can */
  readonly egress?: ExistingEgressConfig;
}

/** Endpoints in a VPC that is not ours. */
export type ExistingEndpointsConfig =
  /** We add the interface endpoints and the S3 gateway endpoint. Fails at AWS if the VPC has the same ones already. */
  | {
      readonly kind: "new";
      readonly taskRouteTableIds: readonly string[];
      /** Servers of other stacks whose issuer's keys are mirrored, by name. @default none */
      readonly mirroredKeysOf?: readonly string[];
    }
  /**
   * They are there: ECR (api, dkr), CloudWatch Logs, Secrets Manager, KMS behind one security group, and S3. Group and
   * policies stay yours: the group has to let the tasks' subnets in on 443 already, or no task starts.
   */
  | {
      readonly kind: "existing";
      readonly securityGroupId: string;
      readonly s3PrefixListId: string;
      /**
       * The S3 gateway endpoint, `vpce-…`: needed where a server's keys are mirrored, because the bucket is read through
       * it alone. Its policy has to let `s3:GetObject` on that one object through for everybody (docs/keys.md).
       * @default none: keys of issuers must be inline
       */
      readonly s3EndpointId?: string;
    };
