import { EVERYWHERE, show, subtract } from "./addresses";
import { addressesOf, letsIn, openings, portsOf, type Opening } from "./edges";
import type { End } from "./ends";
import type { Forward } from "./forwards";
import type { NetworkGraph, Subnet } from "./network";
import { placesAround, type Place, type PlaceKind } from "./outside";
import { all, both, isEmpty, type Known } from "./sets";

/** One leg of a way: an end, and the ports at which it is reached. */
export interface Hop {
  readonly end: string;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** Addresses of the blocks that let it happen. */
  readonly by: readonly string[];
  /** When a load balancer passes it on by a listener, and not somebody who has taken a host over. */
  readonly forward?: Forward;
}

/** How something outside can reach an end. */
export interface Way {
  readonly from: { readonly kind: PlaceKind; readonly name: string; readonly addresses: string };
  readonly hops: readonly Hop[];
  /** Whether it is open whatever the values are that are not known before deployment. */
  readonly sure: boolean;
}

/** Longer chains of hosts tell nothing new. */
const LONGEST = 5;

/**
 * Every way from outside to an end, over routes, network ACLs, security groups and load balancers. A host or a task on
 * the way counts as a way on: whoever takes it over can go where it can. Of ways that come from the same place to the
 * same port of the last host the shortest is told, and none that goes round by a host which could have come here
 * straight away.
 */
export function waysInto(end: End, graph: NetworkGraph): readonly Way[] {
  return distinct(waysWithin(end, graph, LONGEST));
}

function waysWithin(end: End, graph: NetworkGraph, longest: number): Way[] {
  return [
    ...directWays(end, graph),
    ...throughBalancers(end, graph, longest - 1),
    ...throughHosts(end, graph, longest - 1),
  ];
}

/** The shortest ways by their end and the length of their chains, for each graph. */
const found = new WeakMap<NetworkGraph, Map<string, readonly Way[]>>();

/** Ways to what stands before an end: how somebody gets there, not all that he could try. */
function waysBefore(end: End, graph: NetworkGraph, longest: number): readonly Way[] {
  if (longest === 0) return [];
  const all = found.get(graph) ?? new Map<string, readonly Way[]>();
  found.set(graph, all);
  const key = `${longest} ${end.id}`;
  const ways = all.get(key) ?? shortest(waysWithin(end, graph, longest));
  all.set(key, ways);
  return ways;
}

/** Ways without anybody in between, to one of those that are alike, for each graph. */
const direct = new WeakMap<NetworkGraph, Map<string, readonly Way[]>>();

function directWays(end: End, graph: NetworkGraph): readonly Way[] {
  const all = direct.get(graph) ?? new Map<string, readonly Way[]>();
  direct.set(graph, all);
  const key = graph.likenessOf(end);
  const ways = all.get(key) ?? shortest(straightTo(end, graph));
  all.set(key, ways);
  return ways.map((one) => ({ ...one, hops: one.hops.map((hop) => ({ ...hop, end: end.id })) }));
}

function straightTo(end: End, graph: NetworkGraph): Way[] {
  return graph.subnetsOf(end).flatMap((subnet) => {
    const places = placesAround(end, subnet, graph);
    return graph.rulesFor(end, "in").flatMap((rule) => {
      if (rule.other.kind === "group") return fromStrangers(rule.other.group, rule, end, graph);
      if (rule.other.kind === "prefixList")
        return [
          way(
            { kind: "group", name: `addresses of the prefix list ${rule.other.list}` },
            "",
            end,
            rule,
            [rule.by],
            false,
          ),
        ];
      return places.flatMap((place) =>
        portsOf(rule, subnet).flatMap(([from, to]) => {
          const callers = both(
            both(addressesOf(rule, EVERYWHERE), place.addresses),
            passing(place, subnet, rule.protocol, from),
          );
          if (isEmpty(callers)) return [];
          const by = [rule.by, ...place.by];
          return [way(place, show(all(callers)), end, { ...rule, from, to }, by, callers.sure.length > 0)];
        }),
      );
    });
  });
}

/** What an ACL lets in of a place. Neighbours in the same subnet pass none. */
function passing(place: Place, subnet: Subnet, protocol: string, port: number): Known {
  const passed = letsIn(subnet, protocol, port);
  if (place.kind !== "vpc") return passed;
  return { sure: [...subtract(passed.sure, subnet.own.sure), ...subnet.own.sure], maybe: passed.maybe };
}

/** A group that is not made here may have anybody in it; one that is may have somebody whose place is not understood. */
function fromStrangers(
  group: string,
  rule: Omit<Opening, "sure" | "by"> & { readonly by: string },
  end: End,
  graph: NetworkGraph,
): Way[] {
  const name = graph.isOurs(group) ? undefined : `members of ${group}, which is not in this file`;
  const strangers = graph.isOurs(group) ? graph.strangersIn(group).map(({ address }) => address) : [];
  const sources = name === undefined ? strangers : [name];
  return sources.map((source) => way({ kind: "group", name: source }, "", end, rule, [rule.by], false));
}

function way(
  { kind, name }: Pick<Place, "kind" | "name">,
  addresses: string,
  end: End,
  { protocol, from, to }: Pick<Opening, "protocol" | "from" | "to">,
  by: readonly string[],
  sure: boolean,
): Way {
  return { from: { kind, name, addresses }, hops: [{ end: end.id, protocol, from, to, by }], sure };
}

/** Ways by the listeners of load balancers: their clients reach the ports that targets are registered with. */
function throughBalancers(end: End, graph: NetworkGraph, longest: number): Way[] {
  const own = graph.forwards.filter((forward) => forward.to === end.id || isRegistered(forward, end));
  return own.flatMap((forward) => {
    const balancer = graph.end(forward.balancer);
    if (balancer === undefined || balancer.id === end.id) return [];
    const open = openings(balancer, end, graph).filter(({ from, to }) => covers(from, to, forward.toPort));
    return open.flatMap((opening) => {
      const port = forward.toPort;
      const hop: Hop = {
        end: end.id,
        protocol: opening.protocol,
        from: port ?? opening.from,
        to: port ?? opening.to,
        by: [forward.by, ...opening.by],
        forward,
      };
      return waysBefore(balancer, graph, longest)
        .filter((before) => !passes(before, end))
        .filter(({ hops }) => covers(hops.at(-1)?.from ?? 0, hops.at(-1)?.to ?? 0, forward.port))
        .map((before) => ({
          from: before.from,
          hops: [
            ...before.hops.slice(0, -1),
            ...before.hops.slice(-1).map((last) => atPort(last, forward.port)),
            hop,
          ],
          sure: before.sure && opening.sure,
        }));
    });
  });
}

/** A target that is registered by its address may be any end: nothing but the address is known. */
function isRegistered({ to }: Forward, end: End): boolean {
  return /^(\d+\.){3}\d+$/.test(to) && end.block.body.private_ip === to;
}

function covers(from: number, to: number, port: number | undefined): boolean {
  return port === undefined || (from <= port && port <= to);
}

function atPort(hop: Hop, port: number | undefined): Hop {
  // Without a group every protocol may come; the listener takes one.
  const protocol = hop.protocol === "all" ? "tcp" : hop.protocol;
  return port === undefined ? hop : { ...hop, protocol, from: port, to: port };
}

/** Ways by a host or another task that may connect here. */
function throughHosts(end: End, graph: NetworkGraph, longest: number): Way[] {
  if (longest === 0) return [];
  const hosts = graph.ends.filter((host) => isHost(host) && host.id !== end.id);
  // Who is the last one matters; of those before, one of each place stands for its neighbours.
  const asked = longest === LONGEST - 1 ? hosts : oneOfEachPlace(hosts, graph);
  return asked.flatMap((host) => {
    const open = openings(host, end, graph);
    if (open.length === 0) return [];
    const before = waysBefore(host, graph, longest).filter(
      (way) => !passes(way, end) && !isRoundabout(way, end, graph),
    );
    return open.flatMap(({ sure, ...opening }) =>
      before.map((way) => ({
        ...way,
        hops: [...way.hops, { ...opening, end: end.id }],
        sure: way.sure && sure,
      })),
    );
  });
}

function oneOfEachPlace(hosts: readonly End[], graph: NetworkGraph): End[] {
  const kept = new Map<string, End>();
  for (const host of hosts) {
    const place = `${graph.placeOf(host)} ${host.isPublic}`;
    if (!kept.has(place)) kept.set(place, host);
  }
  return [...kept.values()];
}

function isHost({ kind }: End): boolean {
  return kind === "host" || kind === "service";
}

function passes({ hops }: Way, end: End): boolean {
  return hops.some((hop) => hop.end === end.id);
}

/** Whether a host that a way has passed before its last one could have connected here itself, as surely. */
function isRoundabout({ hops, sure }: Way, end: End, graph: NetworkGraph): boolean {
  return hops.slice(0, -1).some((hop) => {
    const host = graph.end(hop.end);
    return (
      host !== undefined &&
      isHost(host) &&
      openings(host, end, graph).some((opening) => opening.sure || !sure)
    );
  });
}

/** Of ways from each place to each port the shortest, and the surest one where that is another. */
function shortest(ways: readonly Way[]): Way[] {
  const kept = new Map<string, Way>();
  for (const one of [...ways].sort((a, b) => a.hops.length - b.hops.length)) {
    const last = one.hops.at(-1);
    const key = `${one.from.kind} ${one.from.name} ${last?.protocol} ${last?.from} ${last?.to} ${one.sure}`;
    if (!kept.has(key)) kept.set(key, one);
  }
  return [...kept.values()];
}

/** The same way found twice, by two subnets or two rules, is one; the surer one is kept. */
function distinct(ways: readonly Way[]): Way[] {
  const kept = new Map<string, Way>();
  for (const one of ways) {
    const key = JSON.stringify([
      one.from.kind,
      one.from.name,
      one.hops.map(({ end, from, to, forward }) => [end, from, to, forward?.by]),
    ]);
    const known = kept.get(key);
    if (known === undefined || (one.sure && !known.sure)) kept.set(key, one);
  }
  return [...kept.values()];
}

/** A way in one line: `the internet (0.0.0.0/0) → aws_lb.x:443 → aws_ecs_service.y:8443 (gateway)`. */
export function describeWay({ from, hops }: Way): string {
  const start =
    from.addresses === "" || from.addresses.startsWith(from.name)
      ? from.addresses || from.name
      : `${from.name} (${from.addresses})`;
  const legs = hops.map(({ end, from: first, to, protocol, forward }) => {
    const container = forward?.container === undefined ? "" : ` (${forward.container})`;
    return `${end}:${portsIn(protocol, first, to)}${container}`;
  });
  return [start, ...legs].join(" → ");
}

/** What a way rests on: the blocks that let each leg happen. */
export function evidenceOf({ hops }: Way): string[] {
  return [...new Set(hops.flatMap(({ by }) => by))];
}

/** Ports in words. */
export function portsIn(protocol: string, from: number, to: number): string {
  const ports = from === to ? String(from) : from === 0 && to === 65_535 ? "any port" : `${from}-${to}`;
  return protocol === "tcp"
    ? ports
    : protocol === "all"
      ? `${ports} of any protocol`
      : `${ports}/${protocol}`;
}
