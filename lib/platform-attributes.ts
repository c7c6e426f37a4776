import type { TerraformResource } from "cdktf";
import type { IamConfig } from "./access/config";
import type { NamingConfig } from "./config";
import type { GatewayConfig } from "./gateway/config";
import type { Lifecycle, Posture } from "./posture";
import type { RequiredTags, Tags } from "./tags/config";

/**
 * A platform as a server needs to know it: what `McpPlatform.attributes` gives in the same app, and what a team in
 * another repository writes by hand or reads from remote state. All ids and ARNs may be tokens.
 */
export interface PlatformAttributes {
  readonly name: string;
  readonly environment: string;
  readonly posture: Posture;
  /** @default by posture */
  readonly lifecycle?: Lifecycle;
  /** @default none */
  readonly tags?: Tags;
  /** What the platform asks of the tags of its servers too. @default nothing */
  readonly requiredTags?: RequiredTags;
  /** As of the platform. @default `NAME-ENVIRONMENT-…` */
  readonly naming?: NamingConfig;
  /** Boundary (the platform's own or your organisation's) and path of the server's roles. */
  readonly iam: Required<Pick<IamConfig, "boundaryArn">> &
    Pick<IamConfig, "path"> & {
      /**
       * Whether the boundary is the platform's own: the task of a server with `isolation` stands inside one of the
       * server's then, which lets it take on the role of its users. An organisation's boundary must allow that itself.
       * @default none: a server with `isolation` is refused
       */
      readonly ours?: boolean;
    };
  /** Host name of the platform. */
  readonly hostname: string;
  readonly network: {
    readonly vpcId: string;
    readonly taskSubnetIds: readonly string[];
    /** Groups of your organisation that every task is in beside its own, 1 to 4. The platform's plan reads their rules. @default none */
    readonly taskSecurityGroupIds?: readonly string[];
    /**
     * Subnets of egress proxies, with a way to the internet, and the prefix list of all that is public.
     * @default none: no server can name `domains`
     */
    readonly egress?: { readonly subnetIds: readonly string[]; readonly publicPrefixListId: string };
    readonly endpoints: {
      readonly securityGroupId: string;
      readonly s3PrefixListId: string;
      /** The S3 gateway endpoint. @default none: keys of issuers must be inline */
      readonly s3EndpointId?: string;
      /**
       * Servers whose mirrored keys our own S3 endpoint lets through. @default none; not asked for where the endpoints are
       * somebody else's
       */
      readonly mirroredKeysOf?: readonly string[];
      /** Whether servers may add a rule to the endpoints' group; else its owner has let them in. */
      readonly owned: boolean;
      /**
       * In the platform's own stack: the endpoints, which what calls AWS during a deployment waits for.
       * @default none: the platform is there already
       */
      readonly ready?: readonly TerraformResource[];
    };
  };
  readonly ingress: {
    /** Part of the load balancer's ARN after `loadbalancer/`. */
    readonly loadBalancerSuffix: string;
    readonly securityGroupId: string;
    /** Whether servers may add a rule to that group; else its owner lets it out to the tasks' subnets. @default true */
    readonly owned?: boolean;
    readonly listenerArn: string;
    /** Idle time of the load balancer in seconds: every tool must be faster. */
    readonly idleSeconds: number;
    /** Whether it asks every client for a certificate and verifies it. @default false */
    readonly clientCertificates?: boolean;
  };
  readonly cluster: {
    readonly arn: string;
    readonly name: string;
    readonly namespaceId: string;
  };
  readonly gateway: GatewayConfig;
  readonly secrets: { readonly keyArn: string };
  readonly audit: {
    readonly keyArn: string;
    readonly retainDays: number;
    readonly streamArn: string;
    readonly subscriptionRoleArn: string;
  };
  readonly alarms: {
    readonly topicArn: string;
    /** Other thresholds than the catalogue's, by alarm id. @default none */
    readonly thresholds?: Readonly<Record<string, number>>;
  };
}
