import { checkLogRetention } from "../audit/retention";
import type { ReachConfig } from "../edge/config";
import { NAME, type Check, type Fields } from "../validation";
import { checkId, checkIds } from "./check-id";
import { checkCidr, contains, formatCidr, PRIVATE_BLOCKS, type Cidr } from "./cidr";
import type {
  ExistingEgressConfig,
  ExistingEndpointsConfig,
  ExistingNetworkConfig,
  FlowLogsConfig,
  NetworkConfig,
  NewEgressConfig,
  NewNetworkConfig,
} from "./config";
import { resolveExistingEgress, resolveNewEgress } from "./egress-model";
import { planSubnets, type PlannedSubnet } from "./plan-subnets";

/** A network with every default resolved. */
export type NetworkModel = NewNetworkModel | ExistingNetworkModel;

/** A VPC to be made. */
export interface NewNetworkModel {
  readonly kind: "new";
  readonly cidr: string;
  /** Region of the zones, as `eu-west-1`. */
  readonly region: string;
  /** No public ones where reach is `internal` and there is no egress: then nothing has a way to the internet or from it. */
  readonly subnets: readonly PlannedSubnet[];
  readonly flowLogRetainDays: number;
  /** Where the load balancer stands: among the tasks where only the VPC may call. */
  readonly loadBalancerTier: "public" | "private";
  /** Absent: nothing here reaches the internet. */
  readonly egress: Required<NewEgressConfig> | undefined;
  /** Servers, of this configuration or another, whose tasks read mirrored keys through the S3 endpoint. */
  readonly mirroredKeysOf: readonly string[];
}

/** A VPC that is there. */
export interface ExistingNetworkModel {
  readonly kind: "existing";
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly loadBalancerSubnetIds: readonly string[];
  readonly taskSubnetIds: readonly string[];
  /** Beside each task's own. */
  readonly taskSecurityGroupIds: readonly string[];
  readonly endpoints: ExistingEndpointsConfig;
  /** Absent: no server can reach public names. */
  readonly egress: ExistingEgressConfig | undefined;
  /** As of a new network, where the endpoints are new. */
  readonly mirroredKeysOf: readonly string[];
}

const ZONE = /^[a-z]{2}(?:-[a-z]+)+-\d[a-h]$/;
const NOWHERE: ExistingNetworkModel = {
  kind: "existing",
  vpcId: "",
  vpcCidr: "",
  loadBalancerSubnetIds: [],
  taskSubnetIds: [],
  taskSecurityGroupIds: [],
  endpoints: { kind: "existing", securityGroupId: "", s3PrefixListId: "" },
  egress: undefined,
  mirroredKeysOf: [],
};

/** What the network depends on elsewhere. */
export interface NetworkFacts {
  readonly reach: ReachConfig["kind"];
  /** Whether the load balancer is there already. @default false */
  readonly balancerGiven?: boolean;
  /** How long the posture keeps logs. @default 400 */
  readonly logRetainDays?: number;
  /** Servers of the same configuration whose issuer's keys are mirrored. @default none */
  readonly mirroredKeysOf?: readonly string[];
}

/** Validates a network and plans its subnets. */
export function resolveNetwork(config: NetworkConfig, check: Check, facts: NetworkFacts): NetworkModel {
  if (typeof config !== "object" || config === null) {
    check.object(config, {});
    return NOWHERE;
  }
  if (!check.at("kind").oneOf(config.kind, ["new", "existing"])) return NOWHERE;
  return config.kind === "new" ? resolveNew(config, check, facts) : resolveExisting(config, check, facts);
}

function resolveNew(config: NewNetworkConfig, check: Check, facts: NetworkFacts): NetworkModel {
  check.object(config, {
    kind: true,
    cidr: true,
    zones: true,
    mirroredKeysOf: true,
    flowLogs: true,
    egress: true,
  } satisfies Fields<NewNetworkConfig>);
  const block = resolveBlock(config.cidr, check.at("cidr"));
  const zones = resolveZones(config.zones, check.at("zones"));
  const flowLogRetainDays = resolveFlowLogs(
    config.flowLogs,
    check.at("flowLogs"),
    facts.logRetainDays ?? 400,
  );
  const egress = resolveNewEgress(config.egress, zones, check.at("egress"));
  if (!block) return NOWHERE;
  const loadBalancerTier = facts.reach === "internal" ? "private" : "public";
  return {
    kind: "new",
    cidr: formatCidr(block),
    region: zones[0]?.slice(0, -1) ?? "",
    subnets: planSubnets(block, zones, [
      // NAT gateways are public too.
      ...(loadBalancerTier === "public" || egress ? (["public"] as const) : []),
      "isolated",
      "private",
      ...(egress ? (["egress"] as const) : []),
    ]),
    loadBalancerTier,
    egress,
    flowLogRetainDays,
    mirroredKeysOf: resolveServers(config.mirroredKeysOf, check.at("mirroredKeysOf"), facts),
  };
}

/** Servers whose keys the S3 endpoint lets through: those that are named, and those of the same configuration. */
function resolveServers(named: readonly string[] = [], check: Check, facts: NetworkFacts): string[] {
  const servers = new Set(facts.mirroredKeysOf);
  if (!check.literal(named)) return [...servers];
  for (const [server, at] of check.list(named, { max: 50 })) {
    if (at.literal(server) && at.text(server, NAME)) servers.add(server);
  }
  return [...servers].sort();
}

function resolveBlock(value: string, check: Check): Cidr | undefined {
  if (!check.literal(value, "write the block itself; every subnet's block is cut from it")) return undefined;
  const block = checkCidr(value, check);
  if (!block) return undefined;
  if (block.prefix < 16 || block.prefix > 22) {
    check.problem("out-of-range", `is a /${block.prefix}, expected /16 to /22`, "a /20 is ample for most");
    return undefined;
  }
  if (!PRIVATE_BLOCKS.some((outer) => contains(outer, block))) {
    check.problem(
      "unsafe",
      `is ${formatCidr(block)}, which belongs to somebody on the internet`,
      "take one out of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10",
    );
    return undefined;
  }
  return block;
}

/** The zones that can be used. They key the subnets, so a token cannot stand for one. */
function resolveZones(zones: readonly string[], check: Check): string[] {
  const key = "write the zone itself; addresses of subnets derive from it";
  if (!check.literal(zones, key)) return [];
  const usable: string[] = [];
  for (const [zone, at] of check.list(zones, { min: 2, max: 6, fix: "name 2 to 6 zones of one region" })) {
    if (!at.literal(zone, key)) continue;
    const form = "an availability zone such as eu-west-1a, its letter a to h";
    if (!at.text(zone, { pattern: ZONE, form, fix: "name the zone; local zones cannot hold this" })) continue;
    if (usable.includes(zone)) at.problem("duplicate", `is ${at.show(zone)} again`, "name each zone once");
    else if (usable[0] && usable[0].slice(0, -1) !== zone.slice(0, -1))
      at.problem(
        "conflict",
        `is ${at.show(zone)}, in another region than ${usable[0]}`,
        "keep to one region",
      );
    else usable.push(zone);
  }
  // In one order, whatever order they were written in.
  return usable.sort();
}

function resolveFlowLogs(config: FlowLogsConfig | undefined, check: Check, fallback: number): number {
  if (config === undefined) return fallback;
  if (!check.object(config, { retainDays: true } satisfies Fields<FlowLogsConfig>)) return fallback;
  const days = config.retainDays;
  return days !== undefined && checkLogRetention(days, check.at("retainDays")) ? days : fallback;
}

function resolveExisting(
  config: ExistingNetworkConfig,
  check: Check,
  facts: NetworkFacts,
): ExistingNetworkModel {
  check.object(config, {
    kind: true,
    vpcId: true,
    vpcCidr: true,
    loadBalancerSubnetIds: true,
    taskSubnetIds: true,
    taskSecurityGroupIds: true,
    endpoints: true,
    egress: true,
  } satisfies Fields<ExistingNetworkConfig>);
  checkId(config.vpcId, check.at("vpcId"), "vpc");
  checkCidr(config.vpcCidr, check.at("vpcCidr"));
  const { loadBalancerSubnetIds } = config;
  const at = check.at("loadBalancerSubnetIds");
  if (facts.balancerGiven !== true) checkIds(loadBalancerSubnetIds as string[], at, "subnet", 2);
  else if (loadBalancerSubnetIds !== undefined)
    at.problem(
      "conflict",
      "are of a load balancer that is there already",
      "leave them out: it stands where it does",
    );
  checkIds(config.taskSubnetIds, check.at("taskSubnetIds"), "subnet", 2);
  const { taskSecurityGroupIds = [] } = config;
  const atGroups = check.at("taskSecurityGroupIds");
  // Each is compared with what another file says, so that all of them are written out.
  const groups = config.taskSecurityGroupIds !== undefined && atGroups.literal(taskSecurityGroupIds);
  if (groups) checkIds(taskSecurityGroupIds, atGroups, "sg", 1, 4);
  return {
    kind: "existing",
    vpcId: config.vpcId,
    vpcCidr: config.vpcCidr,
    loadBalancerSubnetIds: loadBalancerSubnetIds ?? [],
    taskSubnetIds: config.taskSubnetIds,
    taskSecurityGroupIds: groups ? taskSecurityGroupIds : [],
    endpoints: resolveEndpoints(config.endpoints, check.at("endpoints")),
    egress: resolveExistingEgress(config, check.at("egress")),
    mirroredKeysOf:
      config.endpoints?.kind === "new"
        ? resolveServers(config.endpoints.mirroredKeysOf, check.at("endpoints", "mirroredKeysOf"), facts)
        : [],
  };
}

function resolveEndpoints(config: ExistingEndpointsConfig, check: Check): ExistingEndpointsConfig {
  if (typeof config !== "object" || config === null) {
    check.object(config, {});
    return NOWHERE.endpoints;
  }
  if (!check.at("kind").oneOf(config.kind, ["new", "existing"])) return NOWHERE.endpoints;
  if (config.kind === "new") {
    check.object(config, { kind: true, taskRouteTableIds: true, mirroredKeysOf: true } satisfies Fields<
      typeof config
    >);
    checkIds(config.taskRouteTableIds, check.at("taskRouteTableIds"), "rtb", 1);
  } else {
    check.object(config, {
      kind: true,
      securityGroupId: true,
      s3PrefixListId: true,
      s3EndpointId: true,
    } satisfies Fields<typeof config>);
    checkId(config.securityGroupId, check.at("securityGroupId"), "sg");
    checkId(config.s3PrefixListId, check.at("s3PrefixListId"), "pl");
    if (config.s3EndpointId !== undefined) checkId(config.s3EndpointId, check.at("s3EndpointId"), "vpce");
  }
  return config;
}
