import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import type { McpPlatform } from "./platform";
import type { PlatformAttributes } from "./platform-attributes";
import type { RequiredTags } from "./tags/config";
import { json, literal, prefixOf } from "./terraform";

/**
 * What a server in another repository must know when it is synthesised, because names, limits and times are checked then.
 * Compared with the platform's own at every plan: where they differ, the plan stops and names the field.
 */
export interface KnownPlatform extends Pick<
  PlatformAttributes,
  | "name"
  | "environment"
  | "posture"
  | "lifecycle"
  | "tags"
  | "requiredTags"
  | "naming"
  | "hostname"
  | "gateway"
> {
  /** `ingress.idleSeconds` of the platform. @default 300 */
  readonly idleSeconds?: number;
  /** `audit.retainDays` of the platform. */
  readonly auditRetainDays: number;
  readonly iam?: Pick<PlatformAttributes["iam"], "path" | "ours">;
  /** Whether the platform made the VPC's endpoints, so that servers may enter their group. */
  readonly ownsEndpoints: boolean;
  /** Whether the platform made its load balancer, so that servers may enter its group. @default true */
  readonly ownsLoadBalancer?: boolean;
  /** `network.mirroredKeysOf` of the platform. @default none */
  readonly mirroredKeysOf?: readonly string[];
  /** Whether the platform has `network.egress`. @default false */
  readonly egress?: boolean;
  /** `network.taskSecurityGroupIds` of the platform, written out. @default none */
  readonly taskSecurityGroupIds?: readonly string[];
  /** `alarms.thresholds` of the platform. @default the catalogue's */
  readonly thresholds?: Readonly<Record<string, number>>;
}

/** Changes when a reader of an older parameter would misread a new one. */
const FORMAT = 1;

/** Name of the parameter: `/hardened-mcp/acme-prod/platform`. */
function parameterName(platform: Pick<PlatformAttributes, "name" | "environment" | "naming">): string {
  return `/hardened-mcp/${prefixOf(platform)}/platform`;
}

/** Where `platformFromParameter` finds what. */
function ids({ network, ingress, cluster, secrets, audit, alarms, iam }: PlatformAttributes) {
  return {
    boundaryArn: iam.boundaryArn,
    vpcId: network.vpcId,
    taskSubnetIds: network.taskSubnetIds,
    egressSubnetIds: network.egress?.subnetIds ?? [],
    publicPrefixListId: network.egress?.publicPrefixListId ?? "",
    endpointsGroupId: network.endpoints.securityGroupId,
    s3PrefixListId: network.endpoints.s3PrefixListId,
    s3EndpointId: network.endpoints.s3EndpointId ?? "",
    loadBalancerSuffix: ingress.loadBalancerSuffix,
    loadBalancerGroupId: ingress.securityGroupId,
    listenerArn: ingress.listenerArn,
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    namespaceId: cluster.namespaceId,
    secretsKeyArn: secrets.keyArn,
    auditKeyArn: audit.keyArn,
    auditStreamArn: audit.streamArn,
    auditSubscriptionRoleArn: audit.subscriptionRoleArn,
    topicArn: alarms.topicArn,
  };
}

const GROUPS = "taskSecurityGroupIds";
const REQUIRED = "requiredTags";
/** Fields that a parameter has not that was written before there were such. */
const LATER: readonly string[] = [GROUPS, REQUIRED];

/** What is asked of tags, as one text: `cost-centre ~ [0-9]{4}, data-class = internal|public, owner`. */
function asked(required: RequiredTags = {}): string {
  const texts = Object.entries(required).map(([key, rule]) => {
    if (rule === "any") return key;
    return "pattern" in rule ? `${key} ~ ${rule.pattern}` : `${key} = ${[...rule.oneOf].sort().join("|")}`;
  });
  return texts.sort().join(", ");
}

/** What both sides have written down, each field as one text. */
function agreed(known: Omit<KnownPlatform, "tags" | "gateway" | "name" | "environment" | "naming">) {
  const fields = {
    posture: known.posture,
    lifecycle: known.lifecycle ?? "by posture",
    hostname: known.hostname,
    idleSeconds: known.idleSeconds ?? 300,
    auditRetainDays: known.auditRetainDays,
    "iam.path": known.iam?.path ?? "/",
    "iam.ours": known.iam?.ours ?? false,
    ownsEndpoints: known.ownsEndpoints,
    ownsLoadBalancer: known.ownsLoadBalancer ?? true,
    mirroredKeysOf: [...(known.mirroredKeysOf ?? [])].sort().join(" "),
    egress: known.egress ?? false,
    [REQUIRED]: asked(known.requiredTags),
    [GROUPS]: [...(known.taskSecurityGroupIds ?? [])].sort().join(" "),
  };
  return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, String(value)]));
}

/**
 * Writes down where a platform is, in an SSM parameter that other repositories read with `platformFromParameter`. No secret
 * is in it. Cost: none.
 */
export class PlatformParameter extends Construct {
  public readonly name: string;

  public constructor(scope: Construct, id: string, platform: Pick<McpPlatform, "attributes">) {
    super(scope, id);
    const { attributes } = platform;
    const { network, ingress, audit, iam } = attributes;
    this.name = parameterName(attributes);
    new SsmParameter(this, "resource", {
      name: this.name,
      description: "Where the MCP platform is, for servers of other repositories",
      type: "String",
      insecureValue: json({
        format: FORMAT,
        agreed: agreed({
          ...attributes,
          idleSeconds: ingress.idleSeconds,
          auditRetainDays: audit.retainDays,
          iam: { ...(iam.path !== undefined && { path: iam.path }), ours: iam.ours ?? false },
          ownsEndpoints: network.endpoints.owned,
          ownsLoadBalancer: ingress.owned ?? true,
          mirroredKeysOf: network.endpoints.mirroredKeysOf ?? [],
          egress: network.egress !== undefined,
          taskSecurityGroupIds: network.taskSecurityGroupIds ?? [],
        }),
        ids: ids(attributes),
      }),
      tags: { ...attributes.tags },
    });
  }
}

/**
 * A platform of another repository, as its `PlatformParameter` describes it: hand it to `McpServer`. Whoever deploys the
 * server needs `ssm:GetParameter` on that parameter. Who can write the parameter can send a server's calls elsewhere: leave
 * that to the platform's deployer.
 */
export function platformFromParameter(
  scope: Construct,
  id: string,
  known: KnownPlatform,
): PlatformAttributes {
  const name = parameterName(known);
  const parameter = new DataAwsSsmParameter(scope, id, { name });
  const value = Fn.jsondecode(parameter.insecureValue);
  const said = (path: readonly string[]): string => Token.asString(Fn.lookupNested(value, [...path]));
  parameter.lifecycle = {
    postcondition: Object.entries({ format: String(FORMAT), ...agreed(known) }).map(([field, expected]) => {
      const path = field === "format" ? [field] : ["agreed", field];
      const own = `jsondecode(self.insecure_value)${path.map((key) => `["${key}"]`).join("")}`;
      const agrees = `tostring(${own}) == ${literal(JSON.stringify(expected))}`;
      return {
        condition: `\${${LATER.includes(field) && expected === "" ? `try(${agrees}, true)` : agrees}}`,
        errorMessage: `The platform in ${name} has another ${field} than this server was written for: \${${own}} instead of ${literal(expected) || "none"}.`,
      };
    }),
  };
  const at = (key: keyof ReturnType<typeof ids>) => said(["ids", key]);
  const list = (key: keyof ReturnType<typeof ids>) => Token.asList(Fn.lookupNested(value, ["ids", key]));
  const { name: own, environment, posture, lifecycle, tags, requiredTags, naming, hostname, gateway } = known;
  return {
    name: own,
    environment,
    posture,
    hostname,
    gateway,
    ...(lifecycle !== undefined && { lifecycle }),
    ...(tags !== undefined && { tags }),
    ...(requiredTags !== undefined && { requiredTags }),
    ...(naming !== undefined && { naming }),
    iam: { ...known.iam, boundaryArn: at("boundaryArn") },
    network: {
      vpcId: at("vpcId"),
      taskSubnetIds: list("taskSubnetIds"),
      ...(known.taskSecurityGroupIds && { taskSecurityGroupIds: known.taskSecurityGroupIds }),
      ...(known.egress === true && {
        egress: { subnetIds: list("egressSubnetIds"), publicPrefixListId: at("publicPrefixListId") },
      }),
      endpoints: {
        securityGroupId: at("endpointsGroupId"),
        s3PrefixListId: at("s3PrefixListId"),
        ...(known.ownsEndpoints && { s3EndpointId: at("s3EndpointId") }),
        owned: known.ownsEndpoints,
        mirroredKeysOf: known.mirroredKeysOf ?? [],
      },
    },
    ingress: {
      loadBalancerSuffix: at("loadBalancerSuffix"),
      securityGroupId: at("loadBalancerGroupId"),
      listenerArn: at("listenerArn"),
      idleSeconds: known.idleSeconds ?? 300,
      ...(known.ownsLoadBalancer === false && { owned: false }),
    },
    cluster: { arn: at("clusterArn"), name: at("clusterName"), namespaceId: at("namespaceId") },
    secrets: { keyArn: at("secretsKeyArn") },
    audit: {
      keyArn: at("auditKeyArn"),
      retainDays: known.auditRetainDays,
      streamArn: at("auditStreamArn"),
      subscriptionRoleArn: at("auditSubscriptionRoleArn"),
    },
    alarms: {
      topicArn: at("topicArn"),
      ...(known.thresholds !== undefined && { thresholds: known.thresholds }),
    },
  };
}
