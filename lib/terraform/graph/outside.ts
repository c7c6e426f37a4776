import { intersect, INTERNET, PRIVATE, subtract, type Addresses } from "./addresses";
import type { End } from "./ends";
import type { NetworkGraph, Subnet } from "./network";
import type { Route } from "./routes";
import { all, both, isEmpty, perhaps, surely, type Known } from "./sets";

/** A kind of place that is not an end of the plan. */
export type PlaceKind = "internet" | "vpn" | "transit" | "peer" | "vpc" | "group" | "unknown";

/** Somewhere that calls come from or go to. */
export interface Place {
  readonly kind: PlaceKind;
  /** In words. */
  readonly name: string;
  /** What leads there. */
  readonly by: readonly string[];
  readonly addresses: Known;
}

/** Everywhere outside of an end's subnet from which answers find back, so that a call from there can work. */
export function placesAround(end: End, subnet: Subnet, graph: NetworkGraph): Place[] {
  const places: Place[] = [
    { kind: "vpc", name: `any address in ${subnet.vpc}`, by: [], addresses: subnet.neighbours },
    ...subnet.routes.flatMap((route) => placesBehind(route, end, subnet, graph)),
  ];
  return places.filter(({ addresses }) => !isEmpty(addresses));
}

function placesBehind(route: Route, end: End, subnet: Subnet, graph: NetworkGraph): Place[] {
  const by = [route.by];
  const others = without(route.to, all(subnet.neighbours));
  switch (route.via) {
    case "internet":
      return [
        { kind: "internet", name: "the internet", by, addresses: both(route.to, publicPart(end, subnet)) },
      ];
    case "peer":
      return [peer(route, subnet, graph, by)];
    case "vpn":
      return [{ kind: "vpn", name: `the other side of ${route.through}`, by, addresses: others }];
    case "transit":
    case "host":
      return [{ kind: "transit", name: `networks behind ${route.through}`, by, addresses: others }];
    case "unknown":
      return [
        {
          kind: "internet",
          name: "the internet",
          by,
          addresses: perhaps(all(both(route.to, publicPart(end, subnet)))),
        },
        {
          kind: "unknown",
          name: `networks behind ${route.through}`,
          by,
          addresses: perhaps(intersect(all(others), PRIVATE)),
        },
      ];
    case "local":
    // Nobody can call in through these.
    case "nat":
    case "egress-only":
    case "endpoint":
      return [];
  }
}

function without({ sure, maybe }: Known, taken: Addresses): Known {
  return { sure: subtract(sure, taken), maybe: subtract(maybe, taken) };
}

/** Of the internet what can address an end at all: by IPv4 when it has a public address, by IPv6 when its subnet has that. */
function publicPart(end: End, subnet: Subnet): Known {
  const of = (family: 4 | 6) => INTERNET.filter((span) => span.family === family);
  const four =
    end.isPublic === true ? surely(of(4)) : end.isPublic === "unknown" ? perhaps(of(4)) : surely([]);
  const six = hasSix(end, subnet) ? surely(of(6)) : surely([]);
  return { sure: [...four.sure, ...six.sure], maybe: four.maybe };
}

function hasSix(end: End, subnet: Subnet): boolean {
  if (end.kind === "balancer")
    return end.isPublic !== false && String(end.block.body.ip_address_type).startsWith("dualstack");
  return subnet.hasSix && graphKnows(subnet);
}

/** Of a subnet from elsewhere nothing is known: it does not add IPv6 to what cannot be reached by IPv4. */
function graphKnows({ routes }: Subnet): boolean {
  return !routes.some(({ via }) => via === "unknown");
}

/** A peered VPC: those of its subnets that have a route back, where the plan makes it. */
function peer(route: Route, subnet: Subnet, graph: NetworkGraph, by: readonly string[]): Place {
  const others = without(route.to, all(subnet.neighbours));
  const peering = graph.plan.target(`\${${route.through}.id}`);
  const ends = [peering?.body.vpc_id, peering?.body.peer_vpc_id].map((vpc) => graph.names.of(vpc));
  const vpc = ends.find((one) => one !== "" && one !== subnet.vpc);
  const subnets = vpc === undefined ? [] : graph.subnetsIn(vpc);
  const name = `the peered network ${vpc ?? route.through}`;
  if (subnets.length === 0) return { kind: "peer", name, by, addresses: others };
  const back = subnets.filter(({ routes }) =>
    routes.some(({ through, to }) => through === route.through && !isEmpty(both(to, subnet.own))),
  );
  const addresses = back.flatMap(({ own }) => own.sure);
  const maybe = back.flatMap(({ own }) => own.maybe);
  return { kind: "peer", name, by, addresses: both(others, { sure: addresses, maybe }) };
}
