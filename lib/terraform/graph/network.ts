import { texts } from "../../audit/read";
import { isExpression, type Block, type Plan } from "../plan";
import { aclOf, type Acl } from "./acl";
import { blocks, EVERYWHERE, parseBlock, PRIVATE, unite } from "./addresses";
import { endsOf, type End } from "./ends";
import { forwardsOf, type Forward } from "./forwards";
import { anything, rulesOf, type Rule } from "./groups";
import { Names } from "./names";
import { routesOf, type Route } from "./routes";
import { perhaps, surely, type Known } from "./sets";

/** A subnet and all that decides what passes its border. */
export interface Subnet {
  readonly name: string;
  readonly vpc: string;
  /** Whether the plan only names it. */
  readonly isForeign: boolean;
  readonly own: Known;
  /** Addresses of the whole VPC. */
  readonly neighbours: Known;
  readonly hasSix: boolean;
  readonly routes: readonly Route[];
  readonly acl: Acl;
}

const graphs = new WeakMap<Plan, NetworkGraph>();

/**
 * The networks of a plan, with references resolved: what stands in which subnet behind which rules. What the plan does
 * not say (a subnet, a group, a route table of somebody else) is not taken for closed, nor for open: it is not known.
 */
export class NetworkGraph {
  public readonly names: Names;
  public readonly ends: readonly End[];
  public readonly forwards: readonly Forward[];
  private readonly rules: ReadonlyMap<string, readonly Rule[]>;
  private readonly subnets = new Map<string, Subnet>();
  private readonly places = new Map<string, number>();
  private readonly numbers = new Map<string, number>();
  private readonly deciding = new Map<string, readonly Rule[]>();
  private naming: readonly (readonly [Block, readonly string[]])[] | undefined;
  private readonly byId: ReadonlyMap<string, End>;

  private constructor(public readonly plan: Plan) {
    this.names = new Names(plan);
    this.ends = endsOf(plan, this.names);
    this.byId = new Map(this.ends.map((end) => [end.id, end]));
    this.forwards = forwardsOf(plan, this.names);
    const rules = new Map<string, Rule[]>();
    for (const rule of rulesOf(plan, this.names)) {
      const known = rules.get(rule.group);
      if (known) known.push(rule);
      else rules.set(rule.group, [rule]);
    }
    this.rules = rules;
  }

  /** The graph of a plan. Built once, when it is first asked for. */
  public static of(plan: Plan): NetworkGraph {
    const known = graphs.get(plan) ?? new NetworkGraph(plan);
    graphs.set(plan, known);
    return known;
  }

  /** What has this address in the plan. */
  public end(id: string): End | undefined {
    return this.byId.get(id);
  }

  /** Whether the plan makes this group, so that all its rules are there. */
  public isOurs(group: string): boolean {
    return group.startsWith("aws_") || group.startsWith("module.");
  }

  /** A number that is the same for ends of the same subnets and groups: what holds for one, holds for all. */
  public placeOf(end: End): number {
    const known = this.places.get(end.id);
    if (known !== undefined) return known;
    const groups = this.groupsOf(end);
    // Where no group says it, the end itself is the reason for what is open.
    const own = groups === undefined || groups.length === 0 ? end.id : "";
    const text = JSON.stringify([own, end.subnets ?? null, groups ?? null]);
    const place = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, place);
    this.places.set(end.id, place);
    return place;
  }

  /** Everything that stands in a group. */
  public membersOf(group: string): readonly End[] {
    return this.ends.filter((end) => this.groupsOf(end)?.includes(group) === true);
  }

  /** Blocks that use a group and whose place in the network is not understood here. */
  public strangersIn(group: string): readonly Block[] {
    const reference = new RegExp(`\\$\\{${group.replace(/\./g, "\\.")}\\.id\\}`);
    return this.strangers()
      .filter(([, groups]) => groups.some((text) => reference.test(text)))
      .map(([block]) => block);
  }

  /** Everything that names groups and is no end, with those that it names. Read once: each group asks. */
  private strangers(): readonly (readonly [Block, readonly string[]])[] {
    this.naming ??= this.plan.all.flatMap((block) => {
      const { address, type, body } = block;
      if (this.byId.has(address) || type.includes("security_group")) return [];
      const groups = texts(
        body.security_group_ids ??
          body.security_groups ??
          body.vpc_security_group_ids ??
          (type === "aws_network_interface_sg_attachment" ? body.security_group_id : undefined),
      );
      return groups.length === 0 ? [] : [[block, groups] as const];
    });
    return this.naming;
  }

  /** A text that is the same for ends that connect to others, and are connected to, alike: what is found for one is told of all. */
  public likenessOf(end: End): string {
    return `${this.placeOf(end)} ${end.isPublic} ${this.isAlone(end) ? end.id : ""}`;
  }

  /**
   * Whether nothing is told of an end that was found for another: a rule that nobody has seen is told by the end itself, a
   * balancer says what addresses it has, and of endpoints of one service the first stands for all.
   */
  public isAlone(end: End): boolean {
    const { id, kind } = end;
    return kind === "balancer" || kind === "endpoint" || this.rulesFor(end, "in").some(({ by }) => by === id);
  }

  /** Rules that decide about an end. Those of a group from elsewhere may be any. */
  public rulesFor(end: End, direction: "in" | "out"): readonly Rule[] {
    const key = `${direction} ${end.id}`;
    const rules = this.deciding.get(key) ?? this.readRules(end, direction);
    this.deciding.set(key, rules);
    return rules;
  }

  private readRules(end: End, direction: "in" | "out"): readonly Rule[] {
    const groups = this.groupsOf(end);
    const unknown = (group: string): Rule => ({
      ...anything(group, direction, end.id),
      other: { kind: "unknown" },
    });
    if (groups === undefined) return [unknown("")];
    // A network load balancer without a group lets everybody in.
    if (groups.length === 0) return [anything("", direction, end.id)];
    return groups.flatMap((group) => [
      ...(this.rules.get(group) ?? []).filter((rule) => rule.direction === direction),
      ...(this.isOurs(group) ? [] : group.startsWith(BY_AWS) ? [byAws(group, direction)] : [unknown(group)]),
    ]);
  }

  /** Groups of an end; what names none stands in the default one of its VPC. */
  public groupsOf(end: End): readonly string[] | undefined {
    if (end.groups === undefined || end.groups.length > 0) return end.groups;
    if (end.kind === "balancer" && end.block.body.load_balancer_type === "network") return [];
    const vpc = this.subnetsOf(end)[0]?.vpc;
    const taken = this.plan
      .blocks("aws_default_security_group")
      .find(({ body }) => this.names.of(body.vpc_id) === vpc);
    if (taken) return [taken.address];
    return [this.isOurs(vpc ?? "") ? `${BY_AWS}${vpc}` : `default group of ${vpc}`];
  }

  /** Where an end stands. A place that is known only at deployment is one subnet of which nothing is known. */
  public subnetsOf(end: End): readonly Subnet[] {
    const names =
      end.subnets === undefined || end.subnets.length === 0 ? ["a subnet outside of this file"] : end.subnets;
    return names.map((name) => this.subnet(name));
  }

  /** All subnets of a VPC that the plan makes. */
  public subnetsIn(vpc: string): readonly Subnet[] {
    return this.plan
      .blocks("aws_subnet")
      .filter(({ body }) => this.names.of(body.vpc_id) === vpc)
      .map(({ address }) => this.subnet(address));
  }

  private subnet(name: string): Subnet {
    const known = this.subnets.get(name) ?? this.read(name);
    this.subnets.set(name, known);
    return known;
  }

  private read(name: string): Subnet {
    const block = this.plan
      .blocks("aws_subnet", "aws_default_subnet")
      .find(({ address }) => address === name);
    if (block === undefined) {
      const by = name;
      const route: Route = {
        via: "unknown",
        through: "routes outside of this file",
        to: perhaps(EVERYWHERE),
        by,
      };
      const nobody = perhaps(PRIVATE);
      return {
        name,
        vpc: `the VPC of ${name}`,
        isForeign: true,
        own: nobody,
        neighbours: nobody,
        hasSix: true,
        routes: [route],
        acl: { by, rules: "unknown" },
      };
    }
    const vpcName = this.names.of(block.body.vpc_id);
    const vpc = this.plan.target(block.body.vpc_id);
    const isMade = vpc?.type === "aws_vpc" || vpc?.type === "aws_default_vpc" ? vpc : undefined;
    const neighbours = this.addressesOf(isMade);
    const own = blockOf(block.body.cidr_block) ?? neighbours;
    const { body } = block;
    const hasSix = body.ipv6_cidr_block !== undefined || body.assign_ipv6_address_on_creation === true;
    const routes = routesOf(block, isMade, neighbours.sure, this.plan, this.names);
    return {
      name,
      vpc: vpcName,
      isForeign: false,
      own,
      neighbours,
      hasSix,
      routes,
      acl: aclOf(block, isMade, this.plan, this.names),
    };
  }

  /** Addresses of a VPC; any private one where they are not known. */
  private addressesOf(vpc: Block | undefined): Known {
    const first = blockOf(vpc?.body.cidr_block);
    if (!vpc || !first) return perhaps(PRIVATE);
    const more = this.plan
      .blocks("aws_vpc_ipv4_cidr_block_association")
      .filter(({ body }) => this.names.of(body.vpc_id) === vpc.address)
      .flatMap(({ body }) => blockOf(body.cidr_block)?.sure ?? []);
    return surely(unite(first.sure, more));
  }
}

/** Default group of a VPC of the plan that nobody has taken the rules from: open within itself, and outwards. */
const BY_AWS = "AWS's default group of ";

function byAws(group: string, direction: "in" | "out"): Rule {
  const rule = anything(group, direction, group);
  return direction === "out" ? rule : { ...rule, other: { kind: "group", group } };
}

function blockOf(value: unknown): Known | undefined {
  if (typeof value !== "string" || isExpression(value) || !parseBlock(value)) return undefined;
  return surely(blocks(value));
}
