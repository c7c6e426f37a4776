import { blocksOf, isSet, texts, type Fields } from "../../audit/read";
import { isExpression, type Block, type Plan } from "../plan";
import { blocks, EVERYWHERE, parseBlock, subtract, unite, type Addresses } from "./addresses";
import type { Names } from "./names";
import { perhaps, surely, type Known } from "./sets";

/** Where a route leads. */
export type Via =
  "local" | "internet" | "nat" | "egress-only" | "vpn" | "transit" | "peer" | "endpoint" | "host" | "unknown";

/** One way out of a subnet, for the addresses for which it is the most specific one. */
export interface Route {
  readonly via: Via;
  /** Name of the gateway, peering or endpoint. */
  readonly through: string;
  readonly to: Known;
  /** Address of the block that says so. */
  readonly by: string;
}

/** Fields of a route that name its target, and what that is. A gateway is told apart by what it points to. */
const TARGETS: Readonly<Record<string, Via>> = {
  nat_gateway_id: "nat",
  egress_only_gateway_id: "egress-only",
  transit_gateway_id: "transit",
  core_network_arn: "transit",
  vpc_peering_connection_id: "peer",
  // Of a gateway load balancer, as firewalls have: what lies behind is whatever lies behind the firewall.
  vpc_endpoint_id: "unknown",
  network_interface_id: "host",
  instance_id: "host",
  local_gateway_id: "vpn",
  carrier_gateway_id: "internet",
};

const GATEWAYS: Readonly<Record<string, Via>> = {
  aws_internet_gateway: "internet",
  aws_vpn_gateway: "vpn",
  aws_vpc_endpoint: "endpoint",
};

const DESTINATIONS = [
  "destination_cidr_block",
  "cidr_block",
  "destination_ipv6_cidr_block",
  "ipv6_cidr_block",
  "destination_prefix_list_id",
];

/** The table of a subnet. A main table that nobody writes holds nothing but the VPC's own addresses. */
function tableOf(
  subnet: Block,
  vpc: Block | undefined,
  plan: Plan,
  names: Names,
): Block | "main" | "unknown" {
  const own = plan
    .blocks("aws_route_table_association")
    .find(({ body }) => names.of(body.subnet_id) === subnet.address);
  if (own) return plan.target(own.body.route_table_id) ?? "unknown";
  if (!vpc) return "unknown";
  const main = plan
    .blocks("aws_main_route_table_association")
    .find(({ body }) => names.of(body.vpc_id) === vpc.address);
  if (main) return plan.target(main.body.route_table_id) ?? "unknown";
  const taken = plan
    .blocks("aws_default_route_table")
    .find(({ body }) => names.of(body.default_route_table_id) === vpc.address);
  return taken ?? "main";
}

/** Every route of a subnet, the most specific one first served. */
export function routesOf(
  subnet: Block,
  vpc: Block | undefined,
  local: Addresses,
  plan: Plan,
  names: Names,
): Route[] {
  const table = tableOf(subnet, vpc, plan, names);
  if (table === "unknown")
    return [
      {
        via: "unknown",
        through: "a route table outside of this file",
        to: perhaps(EVERYWHERE),
        by: subnet.address,
      },
    ];
  // `${aws_vpc.x.main_route_table_id}` names the VPC, whose main table it is.
  const owner = table === "main" ? (vpc?.address ?? "") : table.address;
  const written: readonly [Fields, string][] = [
    ...plan
      .blocks("aws_route")
      .filter(({ body }) => names.of(body.route_table_id) === owner)
      .map(({ body, address }) => [body, address] as [Fields, string]),
    ...(table === "main"
      ? []
      : blocksOf(table.body.route).map((route) => [route, table.address] as [Fields, string])),
  ];
  return specific([
    ...written.map(([route, by]) => readRoute(route, by, plan, names)),
    ...propagated(table, plan, names),
    { via: "local", through: vpc?.address ?? "", to: surely(local), by: subnet.address },
  ]);
}

function readRoute(route: Fields, by: string, plan: Plan, names: Names): Route {
  const [field, target] =
    Object.entries(route).find(
      ([name, value]) => (name in TARGETS || name === "gateway_id") && isSet(value),
    ) ?? [];
  const through = names.of(target);
  const via = field === "gateway_id" ? gateway(target, plan) : (TARGETS[field ?? ""] ?? "unknown");
  const to = DESTINATIONS.map((name) => route[name]).find(isSet);
  const known = typeof to === "string" && parseBlock(to) !== undefined;
  // A prefix list of AWS's own holds the addresses of one service, which only an endpoint's route has.
  return { via, through, by, to: known ? surely(blocks(to)) : perhaps(via === "endpoint" ? [] : EVERYWHERE) };
}

function gateway(target: unknown, plan: Plan): Via {
  const block = plan.target(target);
  if (block) return GATEWAYS[block.type] ?? "unknown";
  const text = String(target);
  if (text === "local") return "local";
  if (isExpression(text)) return "unknown";
  return text.startsWith("igw-") ? "internet" : text.startsWith("vgw-") ? "vpn" : "unknown";
}

/** Routes that a VPN gateway writes into the table by itself: to wherever the other side says. */
function propagated(table: Block | "main", plan: Plan, names: Names): Route[] {
  if (table === "main") return [];
  const by = plan
    .blocks("aws_vpn_gateway_route_propagation")
    .filter(({ body }) => names.of(body.route_table_id) === table.address)
    .map(({ body, address }) => [names.of(body.vpn_gateway_id), address] as const);
  const inline = texts(table.body.propagating_vgws).map((one) => [names.of(one), table.address] as const);
  return [...by, ...inline].map(([through, address]) => ({
    via: "vpn",
    through,
    to: perhaps(EVERYWHERE),
    by: address,
  }));
}

/** Of routes to the same address the one with the longest prefix counts. What is not known takes nothing from others. */
function specific(routes: readonly Route[]): Route[] {
  const size = ({ to }: Route) =>
    to.sure.reduce((sum, { family, from, to: end }) => {
      // Compared within a family only: a block of IPv4 is never more specific than one of IPv6.
      return sum + (end - from) * (family === 4 ? 1n << 96n : 1n);
    }, 0n);
  const sorted = [...routes].sort((a, b) => (size(a) < size(b) ? -1 : size(a) > size(b) ? 1 : 0));
  let taken: Addresses = [];
  return sorted.map((route) => {
    const sure = subtract(route.to.sure, taken);
    taken = unite(taken, route.to.sure);
    return { ...route, to: { sure, maybe: route.to.maybe } };
  });
}
