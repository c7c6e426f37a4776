import { image, type HardenedMcpConfig, type ServerConfig } from "../../lib";
import { split } from "./corpus-split";
import { arn } from "./values";

/** Behind a load balancer and a web ACL that are there already, with an archive of an account for logs. */
export const behind: HardenedMcpConfig = {
  ...split,
  network: {
    kind: "existing",
    vpcId: "vpc-0123456789abcdef0",
    vpcCidr: "10.80.0.0/16",
    taskSubnetIds: ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
    taskSecurityGroupIds: ["sg-0123456789abcdef7"],
    endpoints: { kind: "new", taskRouteTableIds: ["rtb-0123456789abcdef0"] },
  },
  ingress: {
    loadBalancer: {
      kind: "existing",
      arn: arn("elasticloadbalancing", "loadbalancer/app/shared/0123456789abcdef"),
      listenerArn: arn("elasticloadbalancing", "listener/app/shared/0123456789abcdef/fedcba9876543210"),
      securityGroupId: "sg-0123456789abcdef0",
    },
    idleSeconds: 120,
  },
  waf: {
    webAcl: {
      kind: "existing",
      arn: arn("wafv2", "regional/webacl/shared/11111111-2222-3333-4444-555555555555"),
      metricName: "shared",
    },
  },
  audit: {
    archive: {
      bucket: {
        kind: "existing",
        name: "org-log-archive",
        accountId: "210987654321",
        keyArn: "arn:aws:kms:eu-west-1:210987654321:key/0123abcd-0000-4000-8000-000000000001",
        folder: "mcp/acme/",
        read: "at-plan",
      },
    },
  },
};

/** With a bucket for logs of an account for logs, and limits that are counted in a store of their own. */
export const logged: HardenedMcpConfig = {
  ...split,
  servers: {
    notes: {
      ...(split.servers["notes"] as ServerConfig),
      limits: {
        scope: "exact",
        image: image(`123456789012.dkr.ecr.eu-west-1.amazonaws.com/ratelimit@sha256:${"c".repeat(64)}`),
        store: {
          kind: "new",
          nodeType: "cache.t4g.small",
          replicas: 2,
          engineVersion: "8.1",
          maintenanceWindow: "tue:03:00-tue:04:00",
          rotateDays: 20,
        },
        onFailure: "open",
        callsPerMinutePerAddress: 1000,
      },
    },
  },
  ingress: {
    logs: { bucket: { kind: "existing", name: "org-lb-logs", folder: "mcp/acme/", read: "at-plan" } },
  },
};
