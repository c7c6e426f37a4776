import { intersect } from "./addresses";
import { stepsWithin, through } from "./acl";
import type { End } from "./ends";
import type { Rule } from "./groups";
import type { NetworkGraph, Subnet } from "./network";
import { all, both, isEmpty, NOTHING, perhaps, surely, type Known } from "./sets";

/** A stretch of ports that is open, and what says so. */
export interface Opening {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** Whether it is open whatever the values are that are not known yet. */
  readonly sure: boolean;
  /** Addresses of the blocks that open it. */
  readonly by: readonly string[];
}

/** Answers go to ports that callers choose for themselves. */
const EPHEMERAL = { from: 1024, to: 65_535 };

/** Addresses that calls to a subnet's port may come from, as its ACL has it, answers included. */
export function letsIn(subnet: Subnet, protocol: string, port: number): Known {
  return both(through(subnet.acl, "in", protocol, port), answers(subnet, "out", protocol));
}

/** Addresses that calls from a subnet may go to, as its ACL has it, answers included. */
export function letsOut(subnet: Subnet, protocol: string, port: number): Known {
  return both(through(subnet.acl, "out", protocol, port), answers(subnet, "in", protocol));
}

/** An ACL remembers nothing: answers need rules of their own, on some of the high ports at least. */
function answers(subnet: Subnet, direction: "in" | "out", protocol: string): Known {
  if (subnet.acl.rules === "open") return through(subnet.acl, direction, protocol, EPHEMERAL.from);
  const pieces = stepsWithin(subnet.acl, EPHEMERAL.from, EPHEMERAL.to).map((port) =>
    through(subnet.acl, direction, protocol, port),
  );
  const sure = pieces.flatMap((piece) => piece.sure);
  return { sure, maybe: pieces.flatMap((piece) => piece.maybe) };
}

/** Ports, cut where an ACL may decide otherwise. */
export function portsOf(rule: Pick<Rule, "from" | "to">, ...subnets: readonly Subnet[]): [number, number][] {
  const starts = [...new Set(subnets.flatMap(({ acl }) => stepsWithin(acl, rule.from, rule.to)))].sort(
    (a, b) => a - b,
  );
  return starts.map((from, index) => [from, (starts[index + 1] ?? rule.to + 1) - 1]);
}

/** Whether a rule's protocol takes in another's, and which of both is the narrower one. */
function narrower(a: string, b: string): string | undefined {
  if (a === b || b === "all") return a;
  return a === "all" ? b : undefined;
}

/** Whether a rule is about an end: its group, or addresses of its subnet. */
function matches({ other }: Rule, end: End, subnet: Subnet, graph: NetworkGraph): "sure" | "maybe" | "no" {
  if (other.kind === "unknown") return "maybe";
  if (other.kind === "prefixList") return "no";
  if (other.kind === "addresses") {
    if (intersect(other.addresses, subnet.own.sure).length > 0) return "sure";
    return intersect(other.addresses, subnet.own.maybe).length > 0 ? "maybe" : "no";
  }
  const groups = graph.groupsOf(end);
  if (groups === undefined) return "maybe";
  return groups.includes(other.group) ? "sure" : "no";
}

/** Places of rules in a list, by the group that they name; those that name none are under the empty name. */
const sorted = new WeakMap<readonly Rule[], ReadonlyMap<string, readonly number[]>>();

/** Rules that may be about an end, in their order: hundreds that name other groups than its own are not looked at. */
function rulesAbout(end: End, rules: readonly Rule[], graph: NetworkGraph): readonly Rule[] {
  const groups = graph.groupsOf(end);
  if (groups === undefined) return rules;
  const places = sorted.get(rules) ?? sortRules(rules);
  sorted.set(rules, places);
  return [...new Set(["", ...groups])]
    .flatMap((group) => places.get(group) ?? [])
    .sort((a, b) => a - b)
    .flatMap((place) => rules[place] ?? []);
}

function sortRules(rules: readonly Rule[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  rules.forEach(({ other }, place) => {
    const name = other.kind === "group" ? other.group : "";
    const known = places.get(name);
    if (known) known.push(place);
    else places.set(name, [place]);
  });
  return places;
}

const known = new WeakMap<NetworkGraph, Map<string, readonly Opening[]>>();

/** What one end may open at another: both groups, the routes and the ACLs between them must agree. */
export function openings(from: End, to: End, graph: NetworkGraph): readonly Opening[] {
  const all = known.get(graph) ?? new Map<string, readonly Opening[]>();
  known.set(graph, all);
  // Hundreds of ends stand in the same place.
  const key = `${graph.placeOf(from)} ${graph.placeOf(to)}`;
  const open = all.get(key) ?? openingsBetween(from, to, graph);
  all.set(key, open);
  return open;
}

function openingsBetween(from: End, to: End, graph: NetworkGraph): Opening[] {
  const found: Opening[] = [];
  const leaving = rulesAbout(to, graph.rulesFor(from, "out"), graph);
  const entering = rulesAbout(from, graph.rulesFor(to, "in"), graph);
  for (const a of graph.subnetsOf(from)) {
    for (const b of graph.subnetsOf(to)) {
      const link = linked(a, b);
      if (link === undefined) continue;
      const enter = fitting(entering, from, a, graph);
      for (const out of fitting(leaving, to, b, graph)) {
        for (const into of enter) {
          const protocol = narrower(out.rule.protocol, into.rule.protocol);
          const ports = {
            from: Math.max(out.rule.from, into.rule.from),
            to: Math.min(out.rule.to, into.rule.to),
          };
          if (protocol === undefined || ports.from > ports.to) continue;
          const sure = link.sure && out.sure && into.sure;
          found.push(...pieces(a, b, protocol, ports, sure, [out.rule.by, into.rule.by, ...link.by]));
        }
      }
    }
  }
  return best(found);
}

/** Of these rules those that are about an end, and whether they surely are. */
function fitting(
  rules: readonly Rule[],
  end: End,
  subnet: Subnet,
  graph: NetworkGraph,
): { readonly rule: Rule; readonly sure: boolean }[] {
  return rules.flatMap((rule) => {
    const about = matches(rule, end, subnet, graph);
    return about === "no" ? [] : [{ rule, sure: about === "sure" }];
  });
}

function pieces(
  a: Subnet,
  b: Subnet,
  protocol: string,
  ports: { from: number; to: number },
  sure: boolean,
  by: readonly string[],
): Opening[] {
  // What stays within a subnet passes no ACL.
  if (a.name === b.name) return [{ protocol, ...ports, sure, by }];
  return portsOf(ports, a, b).flatMap(([from, to]) => {
    const passes = [both(letsOut(a, protocol, from), b.own), both(letsIn(b, protocol, from), a.own)];
    if (passes.some(isEmpty)) return [];
    return [{ protocol, from, to, sure: sure && passes.every((set) => set.sure.length > 0), by }];
  });
}

/** Of openings for the same ports the surest. */
function best(openings: readonly Opening[]): Opening[] {
  const byPorts = new Map<string, Opening>();
  for (const one of openings) {
    const key = `${one.protocol} ${one.from} ${one.to}`;
    const known = byPorts.get(key);
    if (known === undefined || (one.sure && !known.sure)) byPorts.set(key, one);
  }
  return [...byPorts.values()];
}

/** How two subnets know of each other: as neighbours, or by routes both ways. */
function linked(
  a: Subnet,
  b: Subnet,
): { readonly sure: boolean; readonly by: readonly string[] } | undefined {
  if (a.vpc === b.vpc) return { sure: true, by: [] };
  // A subnet from elsewhere may lie in the very VPC of the other.
  if (a.isForeign || b.isForeign) return { sure: false, by: [] };
  const [there, back] = [leads(a, b), leads(b, a)];
  if (there === undefined || back === undefined) return undefined;
  return { sure: there.sure && back.sure, by: [...there.by, ...back.by] };
}

function leads(a: Subnet, b: Subnet): { readonly sure: boolean; readonly by: readonly string[] } | undefined {
  const found = a.routes.flatMap((route) => {
    if (!["peer", "transit", "vpn", "unknown"].includes(route.via)) return [];
    const to = both(route.to, b.own);
    return isEmpty(to) ? [] : [{ sure: to.sure.length > 0 && route.via === "peer", by: [route.by] }];
  });
  return found.find(({ sure }) => sure) ?? found[0];
}

/** Addresses of a rule's other end; none where it is a group or a service. */
export function addressesOf({ other }: Rule, everything: Known["sure"]): Known {
  if (other.kind === "addresses") return surely(other.addresses);
  return other.kind === "unknown" ? perhaps(everything) : NOTHING;
}

/** Whether any of these sets overlap for certain. */
export function meet(a: Known, b: Known): boolean {
  return intersect(all(a), all(b)).length > 0;
}
