import { blocksOf, isSet, texts, type Fields } from "../../audit/read";
import { isExpression, type Block, type Plan } from "../plan";
import { blocks, EVERYWHERE, parseBlock, unite, type Addresses } from "./addresses";
import type { Names } from "./names";

/** The other end of a rule. */
export type Other =
  | { readonly kind: "addresses"; readonly addresses: Addresses }
  | { readonly kind: "group"; readonly group: string }
  /** A prefix list whose addresses are not in the file. */
  | { readonly kind: "prefixList"; readonly list: string }
  | { readonly kind: "unknown" };

/** One line of a security group: who may connect to whom, on which ports. */
export interface Rule {
  readonly group: string;
  readonly direction: "in" | "out";
  /** `tcp`, `udp`, a number, or `all`. */
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly other: Other;
  /** Address of the block that says so. */
  readonly by: string;
}

const LAST_PORT = 65_535;
const PROTOCOLS: Readonly<Record<string, string>> = { "-1": "all", "6": "tcp", "17": "udp", all: "all" };

/** Name of a protocol, however it is written. */
export function protocolOf(value: unknown): string {
  const text = String(value ?? "-1").toLowerCase();
  return PROTOCOLS[text] ?? text;
}

/** Every rule of every security group of a plan. A group that the plan does not make may have others. */
export function rulesOf(plan: Plan, names: Names): readonly Rule[] {
  const rules: Rule[] = [];
  const lists = prefixLists(plan, names);
  for (const block of plan.blocks(
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
  )) {
    const { body } = block;
    rules.push(
      ...ruleLines(
        block,
        names.of(body.security_group_id),
        block.type.includes("ingress") ? "in" : "out",
        {
          protocol: body.ip_protocol,
          from: body.from_port,
          to: body.to_port,
          cidrs: [body.cidr_ipv4, body.cidr_ipv6],
          groups: [body.referenced_security_group_id],
          lists: [body.prefix_list_id],
        },
        names,
        lists,
      ),
    );
  }
  for (const block of plan.blocks("aws_security_group_rule")) {
    const { body } = block;
    const direction = body.type === "egress" ? "out" : "in";
    rules.push(...ruleLines(block, names.of(body.security_group_id), direction, older(body), names, lists));
  }
  for (const block of plan.blocks("aws_security_group", "aws_default_security_group")) {
    for (const [field, direction] of [
      ["ingress", "in"],
      ["egress", "out"],
    ] as const) {
      for (const line of blocksOf(block.body[field]))
        rules.push(...ruleLines(block, block.address, direction, older(line), names, lists));
      // A whole list that only Terraform knows.
      if (isExpression(block.body[field]))
        rules.push({ ...anything(block.address, direction, block.address), other: { kind: "unknown" } });
    }
  }
  return rules;
}

/** A rule for everything from or to everywhere. */
export function anything(group: string, direction: "in" | "out", by: string): Rule {
  const other: Other = { kind: "addresses", addresses: EVERYWHERE };
  return { group, direction, protocol: "all", from: 0, to: LAST_PORT, other, by };
}

interface Line {
  readonly protocol: unknown;
  readonly from: unknown;
  readonly to: unknown;
  readonly cidrs: readonly unknown[];
  readonly groups: readonly unknown[];
  readonly lists: readonly unknown[];
  readonly self?: boolean;
}

/** The fields of rules before they became resources of their own. */
function older(line: Fields): Line {
  return {
    protocol: line.protocol,
    from: line.from_port,
    to: line.to_port,
    cidrs: [line.cidr_blocks, line.ipv6_cidr_blocks].flatMap((one) => (Array.isArray(one) ? one : [one])),
    groups: [...texts(line.security_groups), line.source_security_group_id],
    lists: [...texts(line.prefix_list_ids)],
    self: line.self === true,
  };
}

function ruleLines(
  block: Block,
  group: string,
  direction: "in" | "out",
  line: Line,
  names: Names,
  lists: ReadonlyMap<string, Addresses>,
): Rule[] {
  const protocol = protocolOf(line.protocol);
  const ports = protocol === "all" ? [0, LAST_PORT] : [portOf(line.from, 0), portOf(line.to, LAST_PORT)];
  const base = {
    group,
    direction,
    protocol,
    from: ports[0] ?? 0,
    to: ports[1] ?? LAST_PORT,
    by: block.address,
  };
  const others: Other[] = [];
  const cidrs = line.cidrs.filter(isSet);
  const known = cidrs.filter((cidr) => typeof cidr === "string" && parseBlock(cidr) !== undefined);
  if (known.length > 0) others.push({ kind: "addresses", addresses: unite(blocks(...(known as string[]))) });
  if (known.length < cidrs.length) others.push({ kind: "unknown" });
  for (const one of line.groups.filter(isSet)) others.push({ kind: "group", group: names.of(one) });
  if (line.self === true) others.push({ kind: "group", group });
  for (const one of line.lists.filter(isSet)) {
    const list = names.of(one);
    const addresses = lists.get(list);
    others.push(addresses ? { kind: "addresses", addresses } : { kind: "prefixList", list });
  }
  return others.map((other) => ({ ...base, other }));
}

/** A port that is not known yet may be any. */
function portOf(value: unknown, fallback: number): number {
  const port = Number(value ?? fallback);
  return Number.isInteger(port) && port >= 0 ? port : fallback;
}

/** Addresses of the managed prefix lists that a plan makes. */
function prefixLists(plan: Plan, names: Names): ReadonlyMap<string, Addresses> {
  const lists = new Map<string, Addresses>();
  for (const block of plan.blocks("aws_ec2_managed_prefix_list")) {
    const entries = [
      ...blocksOf(block.body.entry),
      ...plan
        .blocks("aws_ec2_managed_prefix_list_entry")
        .filter(({ body }) => names.of(body.prefix_list_id) === block.address)
        .map(({ body }) => body),
    ];
    const cidrs = entries.map(({ cidr }) => cidr);
    // One entry that is not known makes the list unknown.
    if (cidrs.every((cidr) => typeof cidr === "string" && parseBlock(cidr)))
      lists.set(block.address, unite(blocks(...(cidrs as string[]))));
  }
  return lists;
}
