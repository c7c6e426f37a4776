import type { IamConfig } from "../access/config";
import type { AuditConfig } from "../audit/config";
import type { BaseConfig } from "../base-model";
import type { ProvidersConfig } from "../config";
import type { NewNetworkConfig } from "../network/config";
import type { WafConfig } from "../waf/config";

/** What every part of a deployment asks for, whatever it is used with. As the platform's own fields of these names. */
export interface PartConfig extends BaseConfig {
  /** Where all providers of the stack have an alias. @default the stack's provider without one */
  readonly providers?: Pick<ProvidersConfig, "default">;
}

/** The customer key of one part. */
export type KeyConfig =
  /** Cost: 1 US dollar a month. */
  | { readonly kind: "new" }
  /** Of the same account and region, kept by somebody else, and so is its policy: docs/composition.md says what it must allow. */
  | { readonly kind: "existing"; readonly arn: string };

/** A firewall in front of a load balancer that somebody else has made. */
export interface WebAclConfig extends PartConfig {
  /** An application load balancer of this account and region that no web ACL stands before: AWS allows it one. */
  readonly loadBalancerArn: string;
  /** The one host name that is served, as `mcp.example.com`: requests for any other are blocked. */
  readonly hostname: string;
  /** Paths of all MCP servers behind it, as `/orders/mcp`; requests for others are blocked. @default every path is let on */
  readonly paths?: readonly string[];
  /** Web origins that may call from a browser, as `https://app.example.com`, 0 to 50; requests from others are blocked. @default none */
  readonly allowedOrigins?: readonly string[];
  /** Two-letter codes (ISO 3166-1) of the countries that clients call from; requests from elsewhere are counted. @default every country */
  readonly expectedCountries?: readonly string[];
  /** Its rules and its log. @default every rule blocks, 600 requests a minute from one address; the log is kept for 400 days in production, 7 in a sandbox */
  readonly waf?: Omit<WafConfig, "webAcl">;
  /** Key of the log. @default a new one */
  readonly key?: KeyConfig;
}

/** The record that nobody can change, for log groups that somebody else has made. */
export interface AuditArchiveConfig extends Omit<PartConfig, "providers"> {
  /** How long it is kept, and where. @default as a platform's: by posture */
  readonly audit?: AuditConfig;
  /**
   * Log groups of this account and region of which every line is archived, by a name that is part of an address: the group's
   * own name. A group takes two subscriptions. @default none: subscribe them by `delivery`
   */
  readonly logGroups?: Readonly<Record<string, string>>;
  /** Boundary and path of its roles. @default a boundary of its own, path `/` */
  readonly iam?: IamConfig;
  /** Key of the archive, and of the lines on their way there. @default a new one */
  readonly key?: KeyConfig;
  /** `archive`: of the account of the buckets, as a platform's. @default the stack's provider without an alias */
  readonly providers?: Pick<ProvidersConfig, "default" | "archive">;
}

/** A VPC in which tasks have no way to the internet. */
export interface NetworkPartConfig extends PartConfig, Omit<NewNetworkConfig, "kind"> {
  /**
   * Who may call: `internal` leaves out the subnets that an internet gateway leads to, and the load balancer stands among
   * the tasks.
   */
  readonly reach: "internet" | "internal";
  /** Boundary and path of the role that writes flow logs. @default a boundary of its own, path `/` */
  readonly iam?: IamConfig;
  /** Key of the flow logs. @default a new one */
  readonly key?: KeyConfig;
}
