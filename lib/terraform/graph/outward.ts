import type { Block } from "../plan";
import {
  EVERYWHERE,
  intersect,
  INTERNET,
  isWithin,
  listBlocks,
  PRIVATE,
  show,
  subtract,
  unite,
} from "./addresses";
import { addressesOf, letsOut, openings, portsOf } from "./edges";
import type { End } from "./ends";
import type { Rule } from "./groups";
import type { NetworkGraph, Subnet } from "./network";
import type { Route } from "./routes";
import { all, both, isEmpty, perhaps, surely, type Known } from "./sets";
import { portsIn } from "./ways";

/** Where an end may connect to. */
export interface Destination {
  /** `internet`, `vpc`, `peer`, `vpn`, `transit`: addresses; `service`: one of AWS's by an endpoint; `end`: something of the plan; `group`: members of one from elsewhere; `resolver`: names, past every group; `unrouted`: open, but no route of the file leads there. */
  readonly kind:
    | "internet"
    | "vpc"
    | "peer"
    | "vpn"
    | "transit"
    | "service"
    | "end"
    | "group"
    | "resolver"
    | "unrouted"
    | "unknown";
  /** In words, without the ports: `10.2.0.0/16`, `secretsmanager`, `aws_db_instance.ledger`. */
  readonly name: string;
  readonly ports: string;
  /** Blocks of addresses, where there are some: what two plans are compared by. */
  readonly blocks: readonly string[];
  readonly sure: boolean;
  /** Addresses of the blocks that open it. */
  readonly by: readonly string[];
}

/** What ends that are alike may all connect to, for each graph. */
const found = new WeakMap<NetworkGraph, Map<string, readonly Destination[]>>();

/** Everywhere that an end may connect to, over security groups, routes, network ACLs and endpoints. */
export function waysOut(end: End, graph: NetworkGraph): Destination[] {
  const all = found.get(graph) ?? new Map<string, readonly Destination[]>();
  found.set(graph, all);
  const key = graph.likenessOf(end);
  const ways = all.get(key) ?? waysFrom(end, graph);
  all.set(key, ways);
  return ways.filter(({ kind, name }) => kind !== "end" || name !== end.id);
}

/** Itself among them where others are told the same, whom it is one of. */
function waysFrom(end: End, graph: NetworkGraph): Destination[] {
  const subnets = graph.subnetsOf(end);
  const rules = graph.rulesFor(end, "out");
  const except = graph.isAlone(end) ? end.id : undefined;
  return distinct([
    ...subnets.flatMap((subnet) => rules.flatMap((rule) => toAddresses(rule, end, subnet, graph))),
    ...graph.ends
      .filter(({ id, kind }) => id !== except && kind !== "function")
      .flatMap((other) => toEnd(other, end, graph)),
    ...resolver(end, graph),
  ]);
}

/** The same place found twice, by two subnets or two rules, is one; the surer one is kept. */
function distinct(ways: readonly Destination[]): Destination[] {
  const kept = new Map<string, Destination>();
  for (const one of ways) {
    const key = `${one.kind} ${one.name} ${one.ports}`;
    const known = kept.get(key);
    if (known === undefined || (one.sure && !known.sure)) kept.set(key, one);
  }
  return [...kept.values()];
}

function toAddresses(rule: Rule, end: End, subnet: Subnet, graph: NetworkGraph): Destination[] {
  const { other } = rule;
  const base = { ports: portsIn(rule.protocol, rule.from, rule.to), by: [rule.by], blocks: [] };
  if (other.kind === "prefixList") {
    const endpoint = graph.plan.target(`\${${other.list}.id}`);
    return endpoint?.type === "aws_vpc_endpoint"
      ? [{ ...base, kind: "service", name: serviceOf(endpoint), sure: true }]
      : [{ ...base, kind: "service", name: `the prefix list ${other.list}`, sure: false }];
  }
  if (other.kind === "group")
    return graph.isOurs(other.group)
      ? []
      : [{ ...base, kind: "group", name: `members of ${other.group}`, sure: true }];
  const wanted = addressesOf(rule, EVERYWHERE);
  const routed = subnet.routes.flatMap((route) => {
    const kind = kindOf(route);
    if (kind === undefined) return [];
    return portsOf(rule, subnet).flatMap(([from, to]): Destination[] => {
      const passed =
        kind === "vpc" ? neighbours(subnet, rule.protocol, from) : letsOut(subnet, rule.protocol, from);
      const reached = both(both(wanted, reachable(route, end, subnet)), passed);
      if (isEmpty(reached)) return [];
      const by = route.via === "local" ? base.by : [...base.by, route.by];
      return [
        {
          kind,
          ...named(reached),
          ports: portsIn(rule.protocol, from, to),
          sure: reached.sure.length > 0,
          by,
        },
      ];
    });
  });
  return [...routed, ...unrouted(wanted, subnet, base)];
}

/** What is opened by name, and lies behind no route: a route that somebody adds elsewhere would be enough. */
function unrouted(wanted: Known, subnet: Subnet, base: Pick<Destination, "ports" | "by">): Destination[] {
  const led = unite(...subnet.routes.map(({ to }) => all(to)));
  const left = subtract(intersect(wanted.sure, PRIVATE), led);
  // A rule for everywhere means nobody in particular.
  if (left.length === 0 || isWithin(INTERNET.slice(0, 1), wanted.sure)) return [];
  return [{ ...base, kind: "unrouted", ...named(surely(left)), sure: false }];
}

function named(addresses: Known): Pick<Destination, "name" | "blocks"> {
  return { name: show(all(addresses)), blocks: listBlocks(all(addresses)) };
}

function neighbours(subnet: Subnet, protocol: string, port: number): Known {
  const { sure, maybe } = letsOut(subnet, protocol, port);
  return { sure: unite(sure, subnet.own.sure), maybe };
}

function kindOf({ via }: Route): Destination["kind"] | undefined {
  switch (via) {
    case "local":
      return "vpc";
    case "internet":
    case "nat":
    case "egress-only":
      return "internet";
    case "peer":
    case "vpn":
    case "transit":
    case "unknown":
      return via;
    case "host":
      return "transit";
    case "endpoint":
      return undefined;
  }
}

/** Of a route's addresses what an end can use it for: an internet gateway needs a public address of one's own. */
function reachable({ via, to }: Route, end: End, subnet: Subnet): Known {
  const public4 = INTERNET.filter(({ family }) => family === 4);
  const public6 = INTERNET.filter(({ family }) => family === 6);
  switch (via) {
    case "internet": {
      const six = subnet.hasSix ? public6 : [];
      if (end.isPublic === "unknown") return both(to, { sure: six, maybe: public4 });
      return both(to, surely(end.isPublic ? [...public4, ...six] : six));
    }
    case "nat":
      return both(to, surely(INTERNET));
    case "egress-only":
      return both(to, surely(public6));
    case "unknown":
      return perhaps(all(to));
    case "local":
    case "vpn":
    case "transit":
    case "peer":
    case "endpoint":
    case "host":
      return to;
  }
}

/** Where an end of the plan lets it in. */
function toEnd(other: End, end: End, graph: NetworkGraph): Destination[] {
  const kind = other.kind === "endpoint" ? "service" : "end";
  const name = kind === "service" ? serviceOf(other.block) : other.id;
  return openings(end, other, graph).map(({ protocol, from, to, sure, by }) => ({
    ...{ kind, name, ports: portsIn(protocol, from, to), blocks: [], sure, by },
  }));
}

/** Names are resolved past groups and ACLs, and a name can carry data out; only a DNS firewall says which are allowed. */
function resolver(end: End, graph: NetworkGraph): Destination[] {
  return [...new Set(graph.subnetsOf(end).map(({ vpc }) => vpc))].flatMap((vpc) => {
    const made = graph.plan.target(`\${${vpc}.id}`);
    if (made?.body.enable_dns_support === false) return [];
    const firewall = graph.plan
      .blocks("aws_route53_resolver_firewall_rule_group_association")
      .find(({ body }) => graph.names.of(body.vpc_id) === vpc);
    const name = firewall ? "the VPC's resolver, behind a DNS firewall" : "the VPC's resolver, for any name";
    return [
      {
        kind: "resolver",
        name,
        ports: "53",
        blocks: [],
        sure: made !== undefined,
        by: firewall ? [firewall.address] : [],
      },
    ];
  });
}

/** AWS's service behind an endpoint: the end of `com.amazonaws.REGION.ecr.dkr`. */
export function serviceOf({ body, address }: Block): string {
  const name = /^com\.amazonaws\.(?:\$\{[^}]*\}|[a-z0-9-]+)\.(.+)$/.exec(String(body.service_name))?.[1];
  return name ?? address;
}

/** A destination in words: `10.2.0.0/16:5432`. */
export function describeDestination({ kind, name, ports, sure }: Destination): string {
  const place = `${name}:${ports}`;
  if (kind === "unrouted") return `${place} (no route of this file leads there)`;
  return sure || kind === "resolver" ? place : `${place} (not certain)`;
}
