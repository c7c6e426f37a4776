import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { EcsCluster } from "@cdktf/provider-aws/lib/ecs-cluster";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { KinesisFirehoseDeliveryStream } from "@cdktf/provider-aws/lib/kinesis-firehose-delivery-stream";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTrustStore } from "@cdktf/provider-aws/lib/lb-trust-store";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { ServiceDiscoveryPrivateDnsNamespace } from "@cdktf/provider-aws/lib/service-discovery-private-dns-namespace";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import { each, made, perhaps, type NodesOf } from "./table";

/** Of a network; nothing but endpoints where the VPC is there already. Subnets and route tables by their zone. */
export const NETWORK_NODES = {
  vpc: perhaps(Vpc, "network/vpc/resource"),
  loadBalancerSubnets: each(Subnet, "network/vpc/public/*/resource"),
  taskSubnets: each(Subnet, "network/vpc/private/*/resource"),
  databaseSubnets: each(Subnet, "network/vpc/isolated/*/resource"),
  taskRouteTables: each(RouteTable, "network/vpc/private/*/routes"),
  /** By the last part of their service's name, such as `logs`. */
  endpoints: each(VpcEndpoint, "network/vpc/endpoints/*", "network/endpoints/*"),
  endpointSecurityGroup: perhaps(SecurityGroup, "network/vpc/endpoints/group", "network/endpoints/group"),
  defaultSecurityGroup: perhaps(DefaultSecurityGroup, "network/vpc/default-group"),
  flowLog: perhaps(FlowLog, "network/vpc/flow-logs/resource"),
  flowLogGroup: perhaps(CloudwatchLogGroup, "network/vpc/flow-logs/group"),
} as const;

/** Of a firewall; nothing where the web ACL is there already. */
export const WAF_NODES = {
  webAcl: perhaps(Wafv2WebAcl, "waf/resource"),
  logGroup: perhaps(CloudwatchLogGroup, "waf/logs/group/resource"),
  logging: perhaps(Wafv2WebAclLoggingConfiguration, "waf/logs/resource"),
} as const;

/** Of an audit archive; no buckets where one is there already. */
export const AUDIT_NODES = {
  archiveBucket: perhaps(S3Bucket, "audit/delivery/archive/bucket/resource"),
  archivePolicy: perhaps(S3BucketPolicy, "audit/delivery/archive/bucket/policy"),
  archiveLock: perhaps(S3BucketObjectLockConfigurationA, "audit/delivery/archive/lock"),
  /** Who read the archive is written here. */
  readersBucket: perhaps(S3Bucket, "audit/delivery/archive/readers/resource"),
  deliveryStream: made(KinesisFirehoseDeliveryStream, "audit/delivery/resource"),
  deliveryRole: made(IamRole, "audit/delivery/role/resource"),
  subscriptionRole: made(IamRole, "audit/subscription/resource"),
} as const;

/** Of alarms about what servers share, by the ids of the catalogue, and whom they tell. */
export const ALARM_NODES = {
  alarms: each(CloudwatchMetricAlarm, "alarms/*/resource"),
  topic: perhaps(SnsTopic, "topic/new/resource"),
  topicKey: perhaps(KmsKey, "topic/new/key/resource"),
} as const;

/** Of a platform. */
export const PLATFORM_NODES = {
  /** Boundary of every role; nothing where one is mandated. */
  boundary: perhaps(IamPolicy, "boundary/resource"),
  network: { nodes: NETWORK_NODES },
  edge: {
    nodes: {
      certificate: perhaps(AcmCertificate, "certificate/resource"),
      record: perhaps(Route53Record, "record/resource"),
    },
  },
  ingress: {
    nodes: {
      loadBalancer: perhaps(Lb, "ingress/resource"),
      listener: perhaps(LbListener, "ingress/https"),
      securityGroup: perhaps(SecurityGroup, "ingress/group"),
      logBucket: perhaps(S3Bucket, "ingress/logs/resource"),
      logBucketPolicy: perhaps(S3BucketPolicy, "ingress/logs/policy"),
      trustStore: perhaps(LbTrustStore, "ingress/clients/resource"),
    },
  },
  waf: { nodes: WAF_NODES },
  cluster: {
    nodes: {
      cluster: perhaps(EcsCluster, "cluster/resource"),
      namespace: perhaps(ServiceDiscoveryPrivateDnsNamespace, "cluster/namespace"),
      insightsLogGroup: perhaps(CloudwatchLogGroup, "cluster/insights/resource"),
    },
  },
  audit: { nodes: { ...AUDIT_NODES, key: perhaps(KmsKey, "audit/key/resource") } },
  alarms: { nodes: ALARM_NODES },
  secretsKey: perhaps(KmsKey, "secrets/key/resource"),
} as const;

/** Resources of a platform, hop by hop. What is given or not asked for is `undefined`, or missing from its record. */
export type PlatformNodes = NodesOf<typeof PLATFORM_NODES>;
