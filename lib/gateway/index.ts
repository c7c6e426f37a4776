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
} from "./audit-line";
export {
  fitGateway,
  gatewayBytes,
  RESERVED_BYTES,
  TASK_DEFINITION_BYTES,
  type GatewayBytes,
  type Room,
} from "./budget";
export type { GatewayConfig } from "./config";
export { gatewayControls } from "./controls";
export { gatewayContainer, type GatewayContainerProps } from "./container";
export { GATEWAY, KEY_PREFIX, keyHashesVariable, resourceMetadataPath } from "./contract";
export { renderGateway, withKeysHost, type RenderedGateway, type RenderFacts } from "./envoy";
export { resolveGateway, type GatewayModel } from "./model";
