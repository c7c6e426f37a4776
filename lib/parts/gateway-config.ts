import type { IamConfig } from "../access/config";
import type { ServerConfig } from "../config";
import type { GatewayConfig } from "../gateway/config";
import type { DividedLimitsConfig, SharedLimitsConfig } from "../limits/config";
import type { AuthConfig, JwtConfig, JwtKeysConfig } from "../policy/config";
import type { KeyConfig, PartConfig, RotationNetworkConfig } from "./config";

/** The gateway alone, for a task definition that somebody else has made. */
export interface GatewayPartConfig
  extends PartConfig, Pick<ServerConfig, "path" | "era" | "clients" | "tools" | "methods" | "windows"> {
  /** Of the server behind it, part of names: 1 to 32 lower-case letters, digits, dashes. */
  readonly serverName: string;
  /** The one host name that is served, as `mcp.example.com`. The audience of tokens is made of it and `path`. */
  readonly hostname: string;
  /** Envoy's image, size and settings, as a platform's. */
  readonly gateway: GatewayConfig;
  /** Where the server listens. */
  readonly server: LoopbackServerConfig;
  /** How many tasks share the limits. */
  readonly tasks: GatewayTasksConfig;
  /** Tokens of one issuer, whose keys stand here: mirrored ones are a server's alone. @default API keys and certificates only */
  readonly auth?: Omit<AuthConfig, "jwt"> & { readonly jwt?: InlineJwtConfig };
  /**
   * How limits hold over all tasks: `shared` asks for `tasks.hostname`. A count in one store is a server's alone.
   * @default shared with `tasks.hostname`, else divided by `tasks.max`
   */
  readonly limits?: SharedLimitsConfig | DividedLimitsConfig;
  /** What is to be known of the load balancer before it. @default 60 idle seconds, no certificates of clients */
  readonly loadBalancer?: GatewayLoadBalancerConfig;
  /**
   * ARN of the role by which ECS starts the task (`execution_role_arn`), of this account. It has to be there: the secrets'
   * own policies let it read them, and nobody else but their rotation.
   */
  readonly executionRoleArn: string;
  /**
   * The service that runs the task. Its tasks are started anew every day, one by one, because a running one never sees a
   * rotated secret: the gateway's key pair, and the API keys of clients.
   */
  readonly service: GatewayServiceConfig;
  /** Bytes of a task definition's 65536 that are left for your containers and the names and secrets of the gateway's own, about 2000, 2048 to 32768. @default 4864 */
  readonly reservedBytes?: number;
  /** Where every line of the audit log goes on to: `AuditArchive.delivery`, or the same of a stream that is there. */
  readonly archive: GatewayArchiveConfig;
  /** Where the functions stand that make and change the gateway's secrets. */
  readonly network: RotationNetworkConfig;
  /** Topic that hears of a failed rotation. */
  readonly topicArn: string;
  /** Days that the audit log and the functions' logs are kept, one of CloudWatch's steps. @default 400 in production, 7 in a sandbox */
  readonly logRetainDays?: number;
  /** Boundary and path of the functions' roles. @default a boundary of its own, path `/` */
  readonly iam?: IamConfig;
  /** Key of the secrets. @default a new one */
  readonly key?: KeyConfig;
  /** Key of the audit log and the functions' logs. @default a new one */
  readonly logsKey?: KeyConfig;
}

/** Tokens whose keys are written down. */
export type InlineJwtConfig = Omit<JwtConfig, "keys"> & {
  readonly keys: Extract<JwtKeysConfig, { readonly kind: "inline" }>;
};

/** An MCP server in the same task, on loopback alone. */
export interface LoopbackServerConfig {
  /** Port on 127.0.0.1, 1024 to 65535, not 8443. A server that listens on every address can be reached past the gateway. */
  readonly port: number;
  /** Path that answers 200 while the server is well. @default a TCP connection to the port */
  readonly healthPath?: string;
}

/** The tasks of one service that run at once. */
export interface GatewayTasksConfig {
  /** At most, 1 to 8, outside of deployments: `max_capacity`, else `desired_count`. A limit is divided by it while nothing tells how many run. */
  readonly max: number;
  /** DNS name of Cloud Map (A records) that resolves to every running task of the service, as `orders.acme.internal`. @default none */
  readonly hostname?: string;
}

/** A load balancer that somebody else has made. */
export interface GatewayLoadBalancerConfig {
  /** Its idle time, 1 to 4000 seconds: every tool's timeout has to be shorter. @default 60, as AWS's own */
  readonly idleSeconds?: number;
  /**
   * Whether its listener verifies certificates of clients (`mutual_authentication.mode = "verify"`), so that clients can be
   * known by one. Nothing here can check a listener of another stack: said of one that does not verify, anybody can be
   * anybody. Judged where the listener stands in the same file, unknown elsewhere.
   * @default false
   */
  readonly certificates?: boolean;
}

/** A delivery stream of this account and region into an archive, and the role by which CloudWatch Logs hands lines to it. */
export interface GatewayArchiveConfig {
  readonly streamArn: string;
  readonly subscriptionRoleArn: string;
}

/** A service of ECS, of this account and region. */
export interface GatewayServiceConfig {
  readonly clusterName: string;
  readonly name: string;
}
