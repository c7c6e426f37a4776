export type * from "./access/config";
export type { AlarmsConfig, NotifyConfig } from "./alarms/config";
export type { BlockWaiver } from "./beside/config";
export type { ArchiveConfig, AuditConfig, ExistingArchiveConfig } from "./audit/config";
export type { ArchiveOwner } from "./audit/given-archive";
export type {
  ClusterConfig,
  HardenedMcpConfig,
  KeysConfig,
  McpServerConfig,
  NamingConfig,
  PlatformConfig,
  ProvidersConfig,
  ServerConfig,
} from "./config";
export type {
  DomainsTarget,
  DownstreamConfig,
  DownstreamTarget,
  PeerTarget,
  PrivateLinkConfig,
  PrivateLinkTarget,
} from "./downstream/config";
export { EGRESS_REASONS, type EgressLine, type EgressReason } from "./egress/audit-line";
export type { CertificateConfig, EdgeConfig, ReachConfig, RecordConfig } from "./edge/config";
export {
  AUDIT_LINE_SCHEMA,
  AUDIT_OUTCOMES,
  AUDIT_REASONS,
  type AuditAnswer,
  type AuditArgument,
  type AuditCall,
  type AuditCaller,
  type AuditCredential,
  type AuditLine,
  type AuditMessage,
  type AuditReason,
} from "./gateway/audit-line";
export type { GatewayConfig } from "./gateway/config";
export { HardenedMcp } from "./hardened-mcp";
export type {
  ClientCertificatesConfig,
  ExistingLoadBalancerConfig,
  ExistingLogBucketConfig,
  IngressConfig,
  IngressLogsConfig,
  StoredFile,
  TlsPolicyName,
  TrustStoreConfig,
} from "./ingress/config";
export type { LogsOwner } from "./ingress/given-log-bucket";
export type {
  ExistingEgressConfig,
  ExistingEndpointsConfig,
  ExistingNetworkConfig,
  FlowLogsConfig,
  NetworkConfig,
  NewEgressConfig,
  NewNetworkConfig,
} from "./network/config";
export type * from "./limits/config";
export type { MirroredKeysConfig } from "./key-mirror/config";
export type {
  AlarmSetNodes,
  AuditArchiveNodes,
  GatewayPartNodes,
  NetworkPartNodes,
  RotatedSecretNodes,
  WebAclNodes,
} from "./nodes/parts";
export type { PlatformNodes } from "./nodes/platform";
export type { ServerNodes } from "./nodes/server";
export { McpPlatform } from "./platform";
export type { PlatformAttributes } from "./platform-attributes";
export { PlatformParameter, platformFromParameter, type KnownPlatform } from "./platform-parameter";
export type * from "./policy/config";
export type { PolicyStore } from "./policy-store/model";
export type { PolicyDocument } from "./policy/document";
export { POLICY_SCHEMA } from "./policy/schema";
export { POSTURES, type Lifecycle, type Posture, type PostureDefaults } from "./posture";
export type * from "./secrets/config";
export type * from "./secrets/delivery/config";
export { McpServer } from "./server";
export type { Half, HalfOrBoth, OfHalf } from "./policy/halves";
export type { RequiredTags, TagRule, Tags } from "./tags/config";
export type { BesideConfig, RunConfig, TaskBounds, TasksConfig } from "./task/config";
export { image, type Image } from "./task/image";
export { ImageRepositories, type ImageRepositoriesProps } from "./task/repositories";
export { AlarmSet } from "./parts/alarm-set";
export { AuditArchive } from "./parts/audit-archive";
export type {
  AlarmSetConfig,
  AlarmSetWatch,
  AuditArchiveConfig,
  KeyConfig,
  NetworkPartConfig,
  PartConfig,
  RotatedSecretConfig,
  RotationNetworkConfig,
  WatchedWebAcl,
  WebAclConfig,
} from "./parts/config";
export { Gateway, type ContainerDefinition, type ContainerDependency } from "./parts/gateway";
export type * from "./parts/gateway-config";
export { Network } from "./parts/network";
export { RotatedSecret } from "./parts/rotated-secret";
export { WebAcl } from "./parts/web-acl";
export type { Conditions, Statement } from "./terraform/allow";
export { decommission } from "./upgrade/decommission";
export { Moves } from "./upgrade/moves";
export type { Move } from "./upgrade/paths";
export { ConfigurationError, formatProblem, type Problem, type ProblemCode } from "./validation/problem";
export type { Waiver } from "./validation/waiver";
export type { ExistingWebAclConfig, PerIpConfig, WafConfig } from "./waf/config";
