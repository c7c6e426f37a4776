import type { IamConfig } from "../access/config";
import type { AlarmsConfig } from "../alarms/config";
import type { AuditConfig } from "../audit/config";
import type { BaseConfig } from "../base-model";
import type { ProvidersConfig } from "../config";
import type { NewNetworkConfig } from "../network/config";
import type { GeneratedSecretConfig } from "../secrets/config";
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

/** Alarms over what somebody else has made. */
export interface AlarmSetConfig extends PartConfig {
  /** Who is told, and when. As a platform's. */
  readonly alarms: AlarmsConfig;
  /** What is watched: at least one. */
  readonly watch: AlarmSetWatch;
  /** Key of a new topic. @default a new one */
  readonly key?: KeyConfig;
}

/** What alarms watch. Of what is not named no alarm is made. */
export interface AlarmSetWatch {
  /** An application load balancer of the same region: errors of its own, failed handshakes, what is no proper HTTP. */
  readonly loadBalancerArn?: string;
  readonly webAcl?: WatchedWebAcl;
  /** Name of the delivery stream into the archive: lines that are late or refused. */
  readonly deliveryStreamName?: string;
}

/** A regional web ACL. */
export interface WatchedWebAcl {
  /** `WebACL` of its metrics, as `WebAcl.metricName`. */
  readonly metricName: string;
  /**
   * Whether its rules are those of `WebAcl`, by whose names three alarms count: an address that is limited, a credential in
   * a URL, and with `alarms.expectedCountries` another country.
   * @default false: blocked requests alone
   */
  readonly ownRules?: boolean;
}

/** A secret that makes and changes its own value, for roles that somebody else has made. */
export interface RotatedSecretConfig extends PartConfig {
  /** End of its name, `PREFIX/secretName`. 1 to 32 lower-case letters, digits, dashes. */
  readonly secretName: string;
  /** Who may read it: ARNs of roles of this account, 1 to 20. Everybody else is denied, administrators included. */
  readonly readers: readonly string[];
  /** What its values look like. Its value is JSON: `{ current, previous, next }` and what `template` adds. @default 48 letters and digits */
  readonly value?: Pick<GeneratedSecretConfig, "length" | "alphabet" | "require" | "template">;
  /** Days between changes, 2 to 90. Readers have to take new values once a day. @default 30 */
  readonly rotateDays?: number;
  /** Where the function stands that changes it. */
  readonly network: RotationNetworkConfig;
  /** Topic that hears of a failed rotation. */
  readonly topicArn: string;
  /** Days that the function's log is kept, one of CloudWatch's steps. @default 400 in production, 7 in a sandbox */
  readonly logRetainDays?: number;
  /** Boundary and path of the function's role. @default a boundary of its own, path `/` */
  readonly iam?: IamConfig;
  /** Key of the secret. @default a new one */
  readonly key?: KeyConfig;
  /** Key of the function's log. @default a new one */
  readonly logsKey?: KeyConfig;
}

/** Private subnets with endpoints of Secrets Manager and KMS. */
export interface RotationNetworkConfig {
  readonly vpcId: string;
  /** At least 2, in different zones. */
  readonly subnetIds: readonly string[];
  /** Group of the interface endpoints. It has to let in the function's group on 443: see `openEndpoints`. */
  readonly endpointSecurityGroupId: string;
  /** Whether a rule is added to the endpoints' group here. @default true */
  readonly openEndpoints?: boolean;
}
