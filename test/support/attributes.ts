import type { PlatformAttributes } from "../../lib/platform-attributes";
import { goodConfig } from "./config";

/** A platform as somebody writes it by hand. */
export const ATTRIBUTES: PlatformAttributes = {
  name: "acme",
  environment: "test",
  posture: "production",
  iam: { boundaryArn: "arn:aws:iam::123456789012:policy/boundary" },
  hostname: "mcp.example.com",
  network: {
    vpcId: "vpc-0123456789abcdef0",
    taskSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    endpoints: {
      securityGroupId: "sg-0123456789abcdef0",
      s3PrefixListId: "pl-0123456789abcdef0",
      owned: false,
    },
  },
  ingress: {
    loadBalancerSuffix: "app/acme-test/0123456789abcdef",
    securityGroupId: "sg-0123456789abcdef1",
    listenerArn:
      "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/acme-test/0123456789abcdef/0123456789abcdef",
    idleSeconds: 300,
  },
  cluster: {
    arn: "arn:aws:ecs:eu-west-1:123456789012:cluster/acme-test-mcp",
    name: "acme-test-mcp",
    namespaceId: "ns-0123456789abcdef",
  },
  gateway: goodConfig().gateway,
  secrets: { keyArn: "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012" },
  audit: {
    keyArn: "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789013",
    retainDays: 400,
    streamArn: "arn:aws:firehose:eu-west-1:123456789012:deliverystream/acme-test-audit",
    subscriptionRoleArn: "arn:aws:iam::123456789012:role/acme-test-audit-subscription",
  },
  alarms: { topicArn: "arn:aws:sns:eu-west-1:123456789012:acme-test-alarms" },
};
