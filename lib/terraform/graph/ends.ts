import { blockAt, blocksOf, texts, type Fields } from "../../audit/read";
import type { Block, Plan } from "../plan";
import type { Names } from "./names";

/** What has an address in a network. Only a `host` or a `service` could pass on what reaches it; a balancer does so by its listeners. */
export type EndKind = "service" | "balancer" | "host" | "function" | "database" | "endpoint";

/** Something with an address in a network. */
export interface End {
  /** Address of its block. */
  readonly id: string;
  readonly kind: EndKind;
  readonly block: Block;
  /** Names of its subnets; nothing when they are known only at deployment. */
  readonly subnets: readonly string[] | undefined;
  readonly groups: readonly string[] | undefined;
  /** Whether it has a public IPv4 address. */
  readonly isPublic: boolean | "unknown";
}

type Read = (
  body: Fields,
  plan: Plan,
  names: Names,
) => Pick<End, "kind" | "isPublic"> & {
  readonly subnets: unknown;
  readonly groups: unknown;
};

/** How each type says where it stands, and who may connect. */
const READERS: Readonly<Record<string, Read>> = {
  aws_ecs_service: (body) => {
    const network = blockAt(body, "network_configuration");
    return {
      kind: "service",
      subnets: network.subnets,
      groups: network.security_groups,
      isPublic: flag(network.assign_public_ip, false),
    };
  },
  aws_lb: balancer,
  aws_alb: balancer,
  aws_elb: (body) => ({
    kind: "host",
    subnets: body.subnets,
    groups: body.security_groups,
    isPublic: not(flag(body.internal, false)),
  }),
  aws_lambda_function: (body) => {
    const vpc = blockAt(body, "vpc_config");
    return { kind: "function", subnets: vpc.subnet_ids, groups: vpc.security_group_ids, isPublic: false };
  },
  aws_instance: (body, plan) => ({
    kind: "host",
    subnets: one(body.subnet_id),
    groups: body.vpc_security_group_ids ?? body.security_groups,
    isPublic: flag(
      body.associate_public_ip_address ?? plan.target(body.subnet_id)?.body.map_public_ip_on_launch,
      false,
    ),
  }),
  aws_network_interface: (body) => ({
    kind: "host",
    subnets: one(body.subnet_id),
    groups: body.security_groups,
    isPublic: false,
  }),
  aws_vpc_endpoint: (body) => ({
    kind: "endpoint",
    subnets: body.subnet_ids,
    groups: body.security_group_ids,
    isPublic: false,
  }),
  aws_db_instance: database("db_subnet_group_name", "vpc_security_group_ids"),
  aws_rds_cluster: database("db_subnet_group_name", "vpc_security_group_ids"),
  aws_elasticache_replication_group: database("subnet_group_name", "security_group_ids"),
  aws_elasticache_cluster: database("subnet_group_name", "security_group_ids"),
  aws_elasticache_serverless_cache: (body) => ({
    kind: "database",
    subnets: body.subnet_ids,
    groups: body.security_group_ids,
    isPublic: false,
  }),
  aws_docdb_cluster: database("db_subnet_group_name", "vpc_security_group_ids"),
  aws_redshift_cluster: database("cluster_subnet_group_name", "vpc_security_group_ids"),
  aws_efs_mount_target: (body) => ({
    kind: "database",
    subnets: one(body.subnet_id),
    groups: body.security_groups,
    isPublic: false,
  }),
};

function balancer(body: Fields): ReturnType<Read> {
  const mapped = blocksOf(body.subnet_mapping).map(({ subnet_id }) => subnet_id);
  return {
    kind: "balancer",
    subnets: body.subnets ?? (mapped.length > 0 ? mapped : undefined),
    groups: body.security_groups,
    isPublic: not(flag(body.internal, false)),
  };
}

function database(subnetGroup: string, groups: string): Read {
  return (body, plan) => ({
    kind: "database",
    subnets: plan.target(body[subnetGroup])?.body.subnet_ids,
    groups: body[groups],
    isPublic: flag(body.publicly_accessible, false),
  });
}

/** Everything in a plan that has an address in a network. */
export function endsOf(plan: Plan, names: Names): readonly End[] {
  return plan.blocks(...Object.keys(READERS)).flatMap((block) => {
    const read = READERS[block.type]?.(block.body, plan, names);
    if (read === undefined || isElsewhere(block)) return [];
    const subnets = read.subnets === undefined ? undefined : names.all(read.subnets);
    return [
      {
        id: block.address,
        kind: read.kind,
        block,
        subnets,
        groups: names.all(read.groups),
        isPublic: publicly(block, read.isPublic, plan, names),
      },
    ];
  });
}

/** A function without a VPC and a gateway endpoint have no address here. */
function isElsewhere({ type, body }: Block): boolean {
  if (type === "aws_lambda_function") return texts(blockAt(body, "vpc_config").subnet_ids).length === 0;
  if (type === "aws_vpc_endpoint")
    return body.vpc_endpoint_type === undefined || body.vpc_endpoint_type === "Gateway";
  return type === "aws_ecs_service" && blocksOf(body.network_configuration).length === 0;
}

/** An elastic address makes public what did not seem so. */
function publicly(block: Block, said: boolean | "unknown", plan: Plan, names: Names): boolean | "unknown" {
  if (said === true) return true;
  const fields = ["instance", "instance_id", "network_interface", "network_interface_id"];
  const elastic = plan
    .blocks("aws_eip", "aws_eip_association")
    .some(({ body }) =>
      fields.some((field) => body[field] !== undefined && names.of(body[field]) === block.address),
    );
  return elastic ? true : said;
}

function flag(value: unknown, fallback: boolean): boolean | "unknown" {
  if (value === undefined || value === null) return fallback;
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : "unknown";
}

function not(value: boolean | "unknown"): boolean | "unknown" {
  return value === "unknown" ? value : !value;
}

function one(value: unknown): unknown {
  return value === undefined || value === null ? undefined : [value];
}
