import { blocksOf, type Fields } from "../../audit/read";
import type { Block, Plan } from "../plan";
import { EVERYWHERE, intersect, parseBlock, subtract, unite, type Addresses } from "./addresses";
import { protocolOf } from "./groups";
import type { Names } from "./names";
import { perhaps, surely, type Known } from "./sets";

/** One rule of a network ACL. */
interface AclRule {
  readonly number: number;
  readonly allow: boolean;
  readonly egress: boolean;
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** Nothing: known only at deployment. */
  readonly addresses: Addresses | undefined;
}

/** The network ACL of a subnet: `open` lets everything through, of an `unknown` one nobody can tell. */
export interface Acl {
  readonly by: string;
  readonly rules: readonly AclRule[] | "open" | "unknown";
}

/** The ACL that a subnet stands behind; the VPC's default one where no other claims it. */
export function aclOf(subnet: Block, vpc: Block | undefined, plan: Plan, names: Names): Acl {
  const acls = plan.blocks("aws_network_acl");
  const own = acls.find(({ body }) => names.all(body.subnet_ids)?.includes(subnet.address));
  const associated = plan
    .blocks("aws_network_acl_association")
    .find(({ body }) => names.of(body.subnet_id) === subnet.address);
  if (associated && !plan.target(associated.body.network_acl_id))
    return { by: associated.address, rules: "unknown" };
  const block = own ?? (associated && plan.target(associated.body.network_acl_id));
  if (block) return { by: block.address, rules: [...inline(block), ...single(block.address, plan, names)] };
  if (acls.some(({ body }) => names.all(body.subnet_ids) === undefined))
    return { by: subnet.address, rules: "unknown" };
  if (!vpc) return { by: subnet.address, rules: "unknown" };
  const taken = plan
    .blocks("aws_default_network_acl")
    .find(({ body }) => names.of(body.default_network_acl_id) === vpc.address);
  const added = single(vpc.address, plan, names);
  if (taken)
    return { by: taken.address, rules: [...inline(taken), ...single(taken.address, plan, names), ...added] };
  // AWS's own: rule 100 lets everything in and out; lower numbers come before it.
  const everything = (egress: boolean): AclRule => ({
    number: 100,
    allow: true,
    egress,
    protocol: "all",
    from: 0,
    to: 65_535,
    addresses: EVERYWHERE,
  });
  const rules = [...added, everything(true), everything(false)];
  return { by: vpc.address, rules: added.length === 0 ? "open" : rules };
}

function single(owner: string, plan: Plan, names: Names): AclRule[] {
  return plan
    .blocks("aws_network_acl_rule")
    .filter(({ body }) => names.of(body.network_acl_id) === owner)
    .map(({ body }) => rule(body, body.egress === true, body.rule_number, body.rule_action));
}

function inline({ body }: Block): AclRule[] {
  return (
    [
      ["ingress", false],
      ["egress", true],
    ] as const
  ).flatMap(([field, egress]) =>
    blocksOf(body[field]).map((line) => rule(line, egress, line.rule_no, line.action)),
  );
}

function rule(line: Fields, egress: boolean, number: unknown, action: unknown): AclRule {
  const cidrs = [line.cidr_block, line.ipv6_cidr_block].filter(
    (one) => one !== undefined && one !== null && one !== "",
  );
  const known = cidrs.flatMap((one) => (typeof one === "string" ? (parseBlock(one) ?? []) : []));
  const protocol = protocolOf(line.protocol);
  const ports =
    protocol === "all" || line.from_port === undefined
      ? [0, 65_535]
      : [Number(line.from_port), Number(line.to_port)];
  return {
    number: Number(number),
    allow: String(action).toLowerCase() === "allow",
    egress,
    protocol,
    from: ports[0] ?? 0,
    to: ports[1] ?? 65_535,
    addresses: known.length === cidrs.length && known.length > 0 ? known : undefined,
  };
}

/** Addresses that an ACL lets through on one port: rules in the order of their numbers, the first that fits decides. */
export function through({ rules }: Acl, direction: "in" | "out", protocol: string, port: number): Known {
  if (rules === "open") return surely(EVERYWHERE);
  if (rules === "unknown") return perhaps(EVERYWHERE);
  let left = EVERYWHERE;
  let [sure, maybe]: Addresses[] = [[], []];
  // Once a rule is not known, what comes after it is not certain any more.
  let doubt = false;
  const fitting = rules
    .filter((one) => one.egress === (direction === "out"))
    .filter((one) => one.protocol === "all" || protocol === "all" || one.protocol === protocol)
    .filter((one) => one.from <= port && port <= one.to)
    .sort((a, b) => a.number - b.number);
  for (const { addresses, allow } of fitting) {
    if (addresses === undefined) {
      if (allow) maybe = unite(maybe ?? [], left);
      doubt = true;
      continue;
    }
    const here = intersect(left, addresses);
    left = subtract(left, addresses);
    if (!allow) continue;
    if (doubt) maybe = unite(maybe ?? [], here);
    else sure = unite(sure ?? [], here);
  }
  return { sure: sure ?? [], maybe: subtract(maybe ?? [], sure ?? []) };
}

/** Ports at which an ACL may decide otherwise than at the port before, within a range. */
export function stepsWithin({ rules }: Acl, from: number, to: number): number[] {
  if (typeof rules === "string") return [from];
  const steps = rules.flatMap((one) => [one.from, one.to + 1]).filter((port) => from < port && port <= to);
  return [...new Set([from, ...steps])].sort((a, b) => a - b);
}
