import type { Waiver } from "../validation";

/** The load balancer: TLS, headers, idle times, logs. */
export interface IngressConfig {
  /**
   * The load balancer and its listener. Of an existing one only `idleSeconds` is said beside it, and has to be: the rest is
   * its owner's, and what matters of that is compared at every plan.
   * @default a new one
   */
  readonly loadBalancer?: { readonly kind: "new" } | ExistingLoadBalancerConfig;
  /**
   * TLS policy of the listener, from a closed list. `strict` is TLS 1.3 only with post-quantum key exchange; `reach`
   * adds TLS 1.2 with forward secrecy for old clients; the others are their classic and FIPS variants.
   * @default "strict"
   */
  readonly tls?: TlsPolicyName;
  /**
   * Seconds in which nothing may pass on an open connection before it is cut, 1 to 4000. Longer than every tool's
   * time, or servers must send keep-alives more often than this. Of an existing load balancer: what it is set to.
   * @default 300; must be said of an existing one
   */
  readonly idleSeconds?: number;
  /** Seconds that a client connection may be kept between requests, 60 to 604800. @default 3600 */
  readonly clientKeepAliveSeconds?: number;
  /** Access, connection and health-check logs in S3. Waive only in a sandbox. @default `{ retainDays: 400 }` */
  readonly logs?: IngressLogsConfig | Waiver;
  /** Certificates of clients, asked for and verified in the TLS handshake. @default none are asked for */
  readonly clientCertificates?: ClientCertificatesConfig;
  /** Whether the load balancer may be deleted by an API call. @default on when lifecycle is "protected" */
  readonly deletionProtection?: "on" | "off";
}

/**
 * An application load balancer that is there already, in the network's VPC, with a listener for HTTPS on 443. Servers add
 * rules to the listener, and a certificate that is made here is added to it; one that is `existing` has to be there.
 * Every plan reads both and stops where the load balancer is of another kind, VPC or reach, lets malformed requests through,
 * passes by a firewall that does not answer, or hides the caller's address, and where the listener speaks in clear or with
 * an old TLS policy. Logs, protection from deletion and what its other rules and its default do are its owner's.
 */
export interface ExistingLoadBalancerConfig {
  readonly kind: "existing";
  readonly arn: string;
  readonly listenerArn: string;
  /** One of its security groups. It stays its owner's, who lets it out to the tasks' subnets on 8443. */
  readonly securityGroupId: string;
}

/**
 * Client certificates, verified by the load balancer. One listener serves every server: **every** client of every server
 * must present a certificate then, those with keys and tokens too, or its connection ends in the TLS handshake, without
 * an answer and without an audit line (the connection log has it). Browsers and MCP clients that know no certificate
 * are shut out: a platform of its own for servers with such clients is often the better way.
 */
export interface ClientCertificatesConfig {
  /** Says that you know: all clients of all servers need one. */
  readonly requiredOf: "every-client-of-every-server";
  readonly trust: TrustStoreConfig;
}

/** Whose certificates are taken. Cost: 5.60 US dollars a month for a trust store in use. */
export type TrustStoreConfig =
  /** A trust store of the load balancer's account and region, that somebody else keeps. */
  | { readonly kind: "existing"; readonly arn: string }
  /** Made from a bundle of authorities in PEM, and from lists of what they have revoked. */
  | {
      readonly kind: "new";
      readonly bundle: StoredFile;
      /** Lists of revoked certificates (CRL, PEM or DER), each of an authority of the bundle, 0 to 30. @default none: short lives are the revocation */
      readonly revocations?: readonly StoredFile[];
    };

/** A file in a versioned bucket of this account. A new version of it is taken with a deployment. */
export interface StoredFile {
  readonly bucket: string;
  readonly key: string;
  /** Which version, so that nobody who may write to the bucket changes who is trusted. */
  readonly version: string;
}

/** Load balancer logs, to a bucket of their own or one that is there. Delivery demands SSE-S3: AWS refuses customer keys here. */
export interface IngressLogsConfig {
  /** Days, 1 to 3650. Not said of a bucket that is there. @default 400 */
  readonly retainDays?: number;
  /** @default a new one */
  readonly bucket?: { readonly kind: "new" } | ExistingLogBucketConfig;
}

/**
 * A bucket for logs that is there already, in the load balancer's region. How long it keeps, who reads it and that it is
 * closed are its owner's to show. What its policy must say is `platform.ingress.logsOwner`, and stands in docs/composition.md.
 */
export interface ExistingLogBucketConfig {
  readonly kind: "existing";
  /** Name of the bucket, 3 to 63 lower-case letters, digits, dots and dashes. */
  readonly name: string;
  /** Folder that is this deployment's alone, as `mcp/acme-prod/`, up to 200 characters, without `AWSLogs`. @default the bucket's root */
  readonly folder?: string;
  /**
   * Whether every plan reads the bucket's region and policy, and stops where they are not fit. AWS lets only the bucket's own
   * account read a policy: of another one name its provider as `providers.logs`.
   * @default "at-plan"
   */
  readonly read?: "at-plan" | "never";
}

/** Our short names of the TLS policies that may be used. */
export type TlsPolicyName =
  "strict" | "reach" | "strict-classic" | "reach-classic" | "strict-fips" | "reach-fips";
