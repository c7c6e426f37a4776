import type { TerraformProvider } from "cdktf";
import type { GrantConfig, IamConfig, IsolationConfig } from "./access/config";
import type { AlarmsConfig } from "./alarms/config";
import type { AuditConfig } from "./audit/config";
import type { BlockWaiver } from "./beside/config";
import type { DownstreamConfig } from "./downstream/config";
import type { EdgeConfig } from "./edge/config";
import type { GatewayConfig } from "./gateway/config";
import type { IngressConfig } from "./ingress/config";
import type { LimitsConfig } from "./limits/config";
import type { NetworkConfig } from "./network/config";
import type { PlatformAttributes } from "./platform-attributes";
import type { OfHalf } from "./policy/halves";
import type {
  AuthConfig,
  ClientConfig,
  Era,
  MethodsConfig,
  ToolConfig,
  WindowInterval,
} from "./policy/config";
import type { Lifecycle, Posture } from "./posture";
import type { SecretConfig } from "./secrets/config";
import type { RotationConfig } from "./secrets/delivery/config";
import type { RequiredTags, Tags } from "./tags/config";
import type { RunConfig } from "./task/config";
import type { WafConfig } from "./waf/config";

/** What is paid once and shared by servers: network, load balancer, firewall, audit, alarms, keys. */
export interface PlatformConfig {
  /** Name of the deployment, first part of every resource name. 1 to 20 lower-case letters, digits, dashes. */
  readonly name: string;
  /** Just a name, second part of every resource name. 1 to 12 lower-case letters, digits, dashes. */
  readonly environment: string;
  /** The one switch of defaults: see the table in the README. */
  readonly posture: Posture;
  /** What may be destroyed. @default "protected" in production, "disposable" in a sandbox */
  readonly lifecycle?: Lifecycle;
  readonly network: NetworkConfig;
  readonly edge: EdgeConfig;
  readonly ingress?: IngressConfig;
  readonly waf?: WafConfig;
  readonly gateway: GatewayConfig;
  readonly audit?: AuditConfig;
  readonly alarms: AlarmsConfig;
  readonly iam?: IamConfig;
  /** How resources are named. Changing it later replaces them. @default `NAME-ENVIRONMENT-…` */
  readonly naming?: NamingConfig;
  /** Which `aws` provider makes what. @default the stack's own, the one without an alias, for everything */
  readonly providers?: ProvidersConfig;
  /** The ECS cluster. @default a new one, for Fargate alone, with enhanced insights */
  readonly cluster?: ClusterConfig;
  /** Customer keys. @default new ones for secrets, audit and alarms, at 1 US dollar a month each */
  readonly keys?: KeysConfig;
  /** Tags of every resource that has any. @default `hardened-mcp:name` and `hardened-mcp:environment` are always set */
  readonly tags?: Tags;
  /**
   * Keys that all of these resources have to bear, and values: `{ owner: "any", "cost-centre": { pattern: "[0-9]{4}" } }`.
   * `default_tags` of the provider count. What lacks one is refused, and a resource that lost one fails the checklist.
   * @default none
   */
  readonly requiredTags?: RequiredTags;
  /** Findings at single blocks that somebody has looked at, beside ours or added to ours: docs/overrides.md. @default none */
  readonly waivers?: readonly BlockWaiver[];
}

/** Where tasks run. */
export type ClusterConfig =
  | { readonly kind: "new" }
  /** One with Fargate's capacity, and Container Insights if a server names `domains`: an alarm about its proxy needs them. */
  | { readonly kind: "existing"; readonly arn: string };

/** Keys of KMS in the same account and region, symmetric ones. */
export type KeysConfig =
  | { readonly kind: "new" }
  /** Kept by somebody else, and so are their policies: docs/composition.md says what they must allow. */
  | {
      readonly kind: "existing";
      readonly secretsKeyArn: string;
      readonly auditKeyArn: string;
      /** Not asked for where `alarms.notify` names a topic. */
      readonly alarmsKeyArn?: string;
    };

/** Names of resources under an organisation's rules. */
export interface NamingConfig {
  /**
   * What stands for the deployment in every name, 1 to 33 lower-case letters, digits and dashes: unique in the account and
   * region. Secrets are called `PREFIX/…`, metrics lie in `hardened-mcp/PREFIX`.
   * @default `NAME-ENVIRONMENT`
   */
  readonly prefix?: string;
  /**
   * Form of the names of everything else: `{prefix}` and `{what}` once each, at most 12 characters around them. What gets
   * too long for AWS is cut within `{what}` and marked with a hash.
   * @default "{prefix}-{what}"
   */
  readonly pattern?: string;
}

/** `aws` providers of the stack, by what they are for. */
export interface ProvidersConfig {
  /** For everything that no other is named for. @default the stack's provider without an alias */
  readonly default?: TerraformProvider;
  /** Account of the DNS zone, for records in Route 53. @default as `default` */
  readonly dns?: TerraformProvider;
  /**
   * Account of the audit archive, in the same region: buckets, and a key of their own (1 US dollar a month). Nobody who
   * administers the servers' account can then touch what is archived. Of an archive that is there: for reading its policy.
   * @default as `default`
   */
  readonly archive?: TerraformProvider;
  /** Account of a bucket for logs that is there, for reading its policy. @default as `default` */
  readonly logs?: TerraformProvider;
}

/** What a team owns: tools, clients, their limits, the container, its secrets and what it may reach. */
export interface ServerConfig {
  /** Path of the MCP endpoint on the host, as `/orders/mcp`. */
  readonly path: string;
  readonly run: RunConfig;
  /** Protocol revisions. @default "both" */
  readonly era?: Era;
  /**
   * Whether the server keeps sessions of the legacy era (`Mcp-Session-Id`) in its memory. `"single-task"`: it runs in one
   * task alone, never in two, so a deployment stops it before it starts the next one, and calls fail for a minute or two;
   * the gateway binds each session to the caller who opened it. See docs/sessions.md.
   * @default "none"
   */
  readonly sessions?: "none" | "single-task";
  /** @default API keys only */
  readonly auth?: AuthConfig;
  /** Who may call, by name. At least one: there is no anonymous access. */
  readonly clients: Readonly<Record<string, ClientConfig>>;
  /** What can be called, by the tool's own name (`[A-Za-z0-9_.-]{1,128}`). */
  readonly tools: Readonly<Record<string, ToolConfig>>;
  /** What else may be sent, by method: resources, prompts, completion, subscriptions. See docs/methods.md. @default nothing: calls of tools alone */
  readonly methods?: MethodsConfig;
  /** How the numbers of clients and tools hold over all tasks, and what one address may send. @default shared */
  readonly limits?: LimitsConfig;
  /** Times in which tools with `window` may be called, by name. @default none */
  readonly windows?: Readonly<Record<string, readonly WindowInterval[]>>;
  /** @default none */
  readonly secrets?: Readonly<Record<string, SecretConfig & OfHalf>>;
  /** When secrets and keys change and reach tasks. @default at any time, reaching tasks once a day; their age is not watched */
  readonly rotation?: RotationConfig;
  /** @default none: nothing can be reached */
  readonly downstream?: Readonly<Record<string, DownstreamConfig & OfHalf>>;
  /** What the server's code may do in AWS, by a name that becomes the statement's sid. @default nothing */
  readonly grants?: Readonly<Record<string, GrantConfig>>;
  /** Data of which each call sees one user's part. @default none */
  readonly isolation?: IsolationConfig;
  /** Tags of whatever is made for it, beside the platform's and in their place where the keys are the same. @default the platform's */
  readonly tags?: Tags;
  /** Findings at single blocks that somebody has looked at, beside ours or added to ours: docs/overrides.md. @default none */
  readonly waivers?: readonly BlockWaiver[];
}

/** A platform and its servers in one stack. */
export interface HardenedMcpConfig extends PlatformConfig {
  /** By name, 1 to 50: the name is part of resource names and addresses. */
  readonly servers: Readonly<Record<string, ServerConfig>>;
}

/** One server on a platform. */
export interface McpServerConfig extends ServerConfig {
  /** Part of resource names, 1 to 32 lower-case letters, digits, dashes; unique on the platform. */
  readonly name: string;
  /** `McpPlatform.attributes`, or the same written by hand. */
  readonly platform: PlatformAttributes;
  /** Where all providers of the stack have an alias. @default the stack's provider without one */
  readonly providers?: Pick<ProvidersConfig, "default">;
}
