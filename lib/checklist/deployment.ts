import { isSet } from "../audit/read";
import type { End, EndKind } from "../terraform/graph/ends";
import { NetworkGraph, type Subnet } from "../terraform/graph/network";
import { serviceOf } from "../terraform/graph/outward";
import type { Via } from "../terraform/graph/routes";
import { isExpression, type Block, type Plan } from "../terraform/plan";

/** Something with an address in a network. */
export interface DrawnEnd {
  readonly kind: EndKind;
  readonly name: string;
}

/** Subnets from which the same ways lead out and in which the same stands: one of a kind in each zone. */
export interface DrawnTier {
  readonly subnets: readonly { readonly name: string; readonly zone?: string; readonly range?: string }[];
  /** Where their routes lead beyond the network, in words. */
  readonly leadsTo: readonly string[];
  readonly holds: readonly DrawnEnd[];
}

/** A network: a VPC of the file, or what is named there of others. */
export interface DrawnNetwork {
  readonly name: string;
  /** As CIDR. Absent where the file does not say it. */
  readonly range?: string;
  /** What joins it to others, in words. */
  readonly doors: readonly string[];
  readonly tiers: readonly DrawnTier[];
}

/** A deployment as it is drawn: networks with what stands in them, and how much of what stands in none. */
export interface Drawing {
  readonly networks: readonly DrawnNetwork[];
  readonly beside: readonly { readonly what: string; readonly count: number }[];
}

/** The deployment that a file describes, drawn from its resources alone. Pure. */
export function drawingOf(plan: Plan): Drawing {
  const graph = NetworkGraph.of(plan);
  const places = placesOf(graph);
  const made = plan.blocks("aws_vpc", "aws_default_vpc").map((vpc) => madeNetwork(vpc, graph, places));
  const drawn = new Set(made.flatMap(({ subnets }) => subnets.map(({ name }) => name)));
  const others = graph.ends.flatMap((end) => graph.subnetsOf(end)).filter(({ name }) => !drawn.has(name));
  const given = [...new Map(others.map((subnet) => [subnet.name, subnet])).values()];
  return {
    networks: [
      ...made.map(({ network }) => network),
      ...(given.length === 0
        ? []
        : [{ name: "networks of somebody else", doors: [], tiers: tiersOf(given, places) }]),
    ],
    beside: BESIDE.map(([what, ...types]) => ({
      what,
      count: plan.blocks(...types).filter(({ address }) => graph.end(address) === undefined).length,
    })).filter(({ count }) => count > 0),
  };
}

function madeNetwork(
  vpc: Block,
  graph: NetworkGraph,
  places: Places,
): { network: DrawnNetwork; subnets: readonly Subnet[] } {
  const subnets = graph.subnetsIn(vpc.address);
  const doors = DOORS.flatMap(([type, says]) =>
    graph.plan
      .blocks(type)
      .filter((block) => graph.names.of(block.body.vpc_id) === vpc.address)
      .flatMap((block) => says(block) ?? []),
  );
  const range = known(vpc.body.cidr_block);
  return {
    subnets,
    network: {
      name: nameOf(vpc),
      ...(range !== undefined && { range }),
      doors: [...new Set(doors)],
      tiers: tiersOf(subnets, places),
    },
  };
}

/** What is the same in every zone stands together; what leads to the internet first, what leads nowhere last. */
function tiersOf(subnets: readonly Subnet[], { standing, blocks }: Places): DrawnTier[] {
  const tiers = new Map<string, DrawnTier>();
  for (const subnet of subnets) {
    const leadsTo = [...new Set(subnet.routes.filter(leavesIt).map(({ via }) => VIA[via]))];
    const holds = standing.get(subnet.name) ?? [];
    const key = JSON.stringify([leadsTo, holds]);
    const block = blocks.get(subnet.name);
    const [zone, range] = [known(block?.body.availability_zone), known(block?.body.cidr_block)];
    const drawn = {
      name: block ? nameOf(block) : subnet.name,
      ...(zone !== undefined && { zone }),
      ...(range !== undefined && { range }),
    };
    tiers.set(key, { leadsTo, holds, subnets: [...(tiers.get(key)?.subnets ?? []), drawn] });
  }
  const rank = ({ leadsTo }: DrawnTier) => (leadsTo.includes(VIA.internet) ? 0 : leadsTo.length > 0 ? 1 : 2);
  return [...tiers.values()].sort((a, b) => rank(a) - rank(b));
}

/** What stands in each subnet, and its block where the file has one, by its name. */
interface Places {
  readonly standing: ReadonlyMap<string, readonly DrawnEnd[]>;
  readonly blocks: ReadonlyMap<string, Block>;
}

function placesOf(graph: NetworkGraph): Places {
  const standing = new Map<string, DrawnEnd[]>();
  for (const end of graph.ends) {
    const drawn = { kind: end.kind, name: nameOfEnd(end) };
    for (const { name } of graph.subnetsOf(end)) {
      const there = standing.get(name);
      if (there) there.push(drawn);
      else standing.set(name, [drawn]);
    }
  }
  const blocks = graph.plan.blocks("aws_subnet", "aws_default_subnet");
  return { standing, blocks: new Map(blocks.map((block) => [block.address, block])) };
}

function leavesIt({ via, to }: Subnet["routes"][number]): boolean {
  return via !== "local" && (to.sure.length > 0 || to.maybe.length > 0);
}

const VIA: Readonly<Record<Via, string>> = {
  local: "itself",
  internet: "the internet",
  nat: "the internet, outwards through NAT",
  "egress-only": "the internet over IPv6, outwards only",
  vpn: "a VPN",
  transit: "a transit gateway",
  peer: "a peered network",
  endpoint: "a service through an endpoint",
  host: "a host that passes on",
  unknown: "where this file does not say",
};

/** What joins a network to others, and how it is called. */
const DOORS: readonly (readonly [string, (block: Block) => string | undefined])[] = [
  ["aws_internet_gateway", () => "internet gateway"],
  ["aws_egress_only_internet_gateway", () => "egress-only internet gateway"],
  ["aws_vpn_gateway", () => "VPN gateway"],
  ["aws_ec2_transit_gateway_vpc_attachment", () => "transit gateway"],
  ["aws_vpc_peering_connection", () => "peering"],
  ["aws_vpclattice_service_network_vpc_association", () => "VPC Lattice"],
  [
    "aws_vpc_endpoint",
    (block) =>
      block.body.vpc_endpoint_type === undefined || block.body.vpc_endpoint_type === "Gateway"
        ? `gateway endpoint of ${serviceOf(block)}`
        : undefined,
  ],
];

/** What stands in no network, from what meets a request first to what is told of it. */
const BESIDE: readonly (readonly [string, ...string[]])[] = [
  ["distributions", "aws_cloudfront_distribution"],
  ["web ACLs", "aws_wafv2_web_acl"],
  ["certificates", "aws_acm_certificate"],
  ["DNS records", "aws_route53_record"],
  ["clusters", "aws_ecs_cluster"],
  ["functions", "aws_lambda_function"],
  ["state machines", "aws_sfn_state_machine"],
  ["queues", "aws_sqs_queue"],
  ["roles", "aws_iam_role"],
  ["secrets", "aws_secretsmanager_secret"],
  ["parameters", "aws_ssm_parameter"],
  ["keys", "aws_kms_key"],
  ["log groups", "aws_cloudwatch_log_group"],
  ["buckets", "aws_s3_bucket"],
  ["buckets with an object lock", "aws_s3_bucket_object_lock_configuration"],
  ["alarms", "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"],
  ["topics", "aws_sns_topic"],
];

function nameOfEnd({ kind, block }: End): string {
  return kind === "endpoint" ? serviceOf(block) : nameOf(block);
}

/** The name that people know: its own, or its tag's. */
function nameOf({ address, body }: Block): string {
  const { tags } = body;
  const tag =
    typeof tags === "object" && tags !== null ? (tags as Record<string, unknown>)["Name"] : undefined;
  return known(body.name) ?? known(body.function_name) ?? known(body.identifier) ?? known(tag) ?? address;
}

function known(value: unknown): string | undefined {
  return typeof value === "string" && isSet(value) && !isExpression(value) ? value : undefined;
}
