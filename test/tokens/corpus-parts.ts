import type {
  AlarmSetConfig,
  AuditArchiveConfig,
  NetworkPartConfig,
  RotatedSecretConfig,
  WebAclConfig,
} from "../../lib";
import { AlarmSet, AuditArchive, Network, RotatedSecret, WebAcl } from "../../lib";
import { resolveAlarmSet } from "../../lib/parts/alarm-set-model";
import { resolveAuditArchive } from "../../lib/parts/audit-archive-model";
import { resolveNetworkPart } from "../../lib/parts/network-model";
import { resolveRotatedSecret } from "../../lib/parts/rotated-secret-model";
import { resolveWebAcl } from "../../lib/parts/web-acl-model";
import type { PartConfig } from "../../lib/parts/config";
import type { IsToken } from "../../lib/validation";
import type { Construct } from "constructs";
import { arn, key } from "./values";

const said = {
  name: "acme",
  environment: "test",
  posture: "production",
  lifecycle: "protected",
  tags: { team: "payments" },
  requiredTags: { team: { oneOf: ["payments", "orders"] } },
  naming: { prefix: "eu1-acme" },
} as const;
const iam = { boundaryArn: "arn:aws:iam::123456789012:policy/boundary", path: "/team/" };

const webAcl: WebAclConfig = {
  ...said,
  loadBalancerArn: arn("elasticloadbalancing", "loadbalancer/app/shared/0123456789abcdef"),
  hostname: "mcp.example.com",
  paths: ["/orders/mcp", "/docs/mcp"],
  allowedOrigins: ["https://app.example.com"],
  expectedCountries: ["DE", "FR"],
  key: { kind: "existing", arn: key(1) },
};

const auditArchive: AuditArchiveConfig = {
  ...said,
  iam,
  logGroups: { orders: "/ecs/orders-gateway", docs: "/ecs/docs-gateway" },
  key: { kind: "existing", arn: key(1) },
};

const network: NetworkPartConfig = {
  ...said,
  iam,
  cidr: "10.60.0.0/20",
  zones: ["eu-west-1a", "eu-west-1b"],
  reach: "internet",
  key: { kind: "existing", arn: key(1) },
};

const alarmSet: AlarmSetConfig = {
  ...said,
  alarms: { notify: { emails: ["oncall@example.com"] } },
  watch: {
    loadBalancerArn: arn("elasticloadbalancing", "loadbalancer/app/shared/0123456789abcdef"),
    webAcl: { metricName: "acme-test-web-acl", ownRules: true },
    deliveryStreamName: "acme-test-audit",
  },
  key: { kind: "existing", arn: key(1) },
};

const rotatedSecret: RotatedSecretConfig = {
  ...said,
  iam,
  secretName: "orders-signing",
  readers: ["arn:aws:iam::123456789012:role/orders-execution"],
  value: { length: 40, alphabet: "abcdefghijklmnopqrstuvwxyz0123456789" },
  rotateDays: 20,
  network: {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    endpointSecurityGroupId: "sg-0123456789abcdef0",
    openEndpoints: false,
  },
  topicArn: arn("sns", "oncall"),
  logRetainDays: 400,
  key: { kind: "existing", arn: key(1) },
  logsKey: { kind: "existing", arn: key(2) },
};

/** A part that stands on its own, with what checks it and what makes it. */
export interface Alone<C extends PartConfig = PartConfig> {
  /** Its type, in `lib/parts/config.ts`. */
  readonly type: string;
  /** Right as it stands, with every field of its own. */
  readonly config: C;
  readonly resolve: (config: C, isToken: IsToken) => unknown;
  readonly make: (scope: Construct, id: string, config: C) => Ending;
}

type Ending = AlarmSet | AuditArchive | Network | RotatedSecret | WebAcl;

/** One that takes a configuration of any part: which one it is stands beside it. */
const alone = <C extends PartConfig>(part: Alone<C>): Alone => part as unknown as Alone;

/** The parts that stand on their own, by a name for messages. */
export const PARTS: Readonly<Record<string, Alone>> = {
  "web-acl": alone<WebAclConfig>({
    type: "WebAclConfig",
    config: webAcl,
    resolve: resolveWebAcl,
    make: (scope, id, config) => new WebAcl(scope, id, config),
  }),
  "audit-archive": alone<AuditArchiveConfig>({
    type: "AuditArchiveConfig",
    config: auditArchive,
    resolve: resolveAuditArchive,
    make: (scope, id, config) => new AuditArchive(scope, id, config),
  }),
  network: alone<NetworkPartConfig>({
    type: "NetworkPartConfig",
    config: network,
    resolve: resolveNetworkPart,
    make: (scope, id, config) => new Network(scope, id, config),
  }),
  "alarm-set": alone<AlarmSetConfig>({
    type: "AlarmSetConfig",
    config: alarmSet,
    resolve: resolveAlarmSet,
    make: (scope, id, config) => new AlarmSet(scope, id, config),
  }),
  "rotated-secret": alone<RotatedSecretConfig>({
    type: "RotatedSecretConfig",
    config: rotatedSecret,
    resolve: resolveRotatedSecret,
    make: (scope, id, config) => new RotatedSecret(scope, id, config),
  }),
};
