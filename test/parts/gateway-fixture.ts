import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { Gateway, image, type ContainerDefinition, type GatewayPartConfig } from "../../lib";
import type { Plan } from "../../lib/terraform/plan";
import { writtenPlan } from "../support/plan";
import { TestIssuer } from "../support/tokens";

const registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const account = "arn:aws:iam::123456789012";
export const issuer = new TestIssuer();

/** A gateway without any fault. */
export const good: GatewayPartConfig = {
  name: "acme",
  environment: "test",
  posture: "production",
  serverName: "orders",
  hostname: "mcp.example.com",
  path: "/orders/mcp",
  gateway: { image: image(`${registry}/envoy@sha256:${"a".repeat(64)}`) },
  server: { port: 3000 },
  tasks: { max: 4 },
  auth: { jwt: { issuer: issuer.url, keys: { kind: "inline", jwks: issuer.jwks } } },
  clients: {
    support: {
      identity: { kind: "jwt", claim: "client_id", equals: "support-app" },
      tools: ["search", "secret"],
    },
  },
  tools: {
    search: {
      access: "read",
      callsPerMinute: 60,
      timeoutSeconds: 10,
      arguments: { query: { type: "string", maxLength: 40 } },
    },
    refund: { access: "destructive", callsPerMinute: 60, timeoutSeconds: 10 },
    secret: { access: "read", callsPerMinute: 8, timeoutSeconds: 10 },
  },
  executionRoleArn: `${account}:role/orders-execution`,
  service: { clusterName: "shared", name: "orders" },
  archive: {
    streamArn: "arn:aws:firehose:eu-west-1:123456789012:deliverystream/acme-audit",
    subscriptionRoleArn: `${account}:role/acme-audit`,
  },
  network: {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    endpointSecurityGroupId: "sg-0123456789abcdef0",
  },
  topicArn: "arn:aws:sns:eu-west-1:123456789012:oncall",
};

/** The same with a client that has an API key. */
export const keyed: Partial<GatewayPartConfig> = {
  clients: {
    ...good.clients,
    "ci-bot": { identity: { kind: "apiKey", readers: [`${account}:role/ci`] }, tools: ["search"] },
  },
};

/** The owner's container, as hardened as everything beside a gateway has to be. */
export const ownContainer: ContainerDefinition = {
  name: "orders",
  image: image(`${registry}/orders@sha256:${"b".repeat(64)}`),
  essential: true,
  user: "1000:1000",
  readonlyRootFilesystem: true,
  linuxParameters: { capabilities: { drop: ["ALL"] } },
  logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/ecs/orders" } },
};

/** What somebody has around a gateway: a task, its service, its group. */
export class Owned extends Construct {
  public readonly gateway: Gateway;
  public readonly task: EcsTaskDefinition;
  public readonly service: EcsService;
  public readonly group: SecurityGroup;
  public readonly rule: VpcSecurityGroupIngressRule;

  public constructor(
    scope: Construct,
    id: string,
    config: GatewayPartConfig,
    containers: (gateway: Gateway) => string = (made) => made.containerDefinitions([ownContainer]),
  ) {
    super(scope, id);
    const gateway = (this.gateway = new Gateway(scope, "gateway", config));
    new IamRolePolicy(this, "rights", { role: "orders-execution", policy: gateway.executionPolicy() });
    this.task = new EcsTaskDefinition(this, "task", {
      family: "orders",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "512",
      memory: "1024",
      executionRoleArn: config.executionRoleArn,
      taskRoleArn: `${account}:role/orders`,
      containerDefinitions: containers(gateway),
    });
    this.group = new SecurityGroup(this, "group", { vpcId: good.network.vpcId });
    this.rule = new VpcSecurityGroupIngressRule(this, "from-load-balancer", {
      securityGroupId: this.group.id,
      referencedSecurityGroupId: "sg-0123456789abcdef9",
      ipProtocol: "tcp",
      fromPort: gateway.port,
      toPort: gateway.port,
      description: "the load balancer speaks to the gateway alone",
    });
    this.service = new EcsService(this, "service", {
      name: "orders",
      cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/shared",
      taskDefinition: this.task.arn,
      desiredCount: 2,
      launchType: "FARGATE",
      enableExecuteCommand: false,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      networkConfiguration: { subnets: [...good.network.subnetIds], securityGroups: [this.group.id] },
      loadBalancer: [
        {
          targetGroupArn:
            "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/orders/0123456789abcdef",
          containerName: gateway.containerName,
          containerPort: gateway.port,
        },
      ],
      dependsOn: [...gateway.ready],
    });
  }
}

/** The file of such a stack; its synth throws where the checklist fails. */
export function ownedPlan(
  change: Partial<GatewayPartConfig> = {},
  attack: (owned: Owned) => void = () => undefined,
  containers?: (gateway: Gateway) => string,
): Plan {
  return writtenPlan((stack) => attack(new Owned(stack, "own", { ...good, ...change }, containers)));
}
