import type { ServerConfig } from "../config";
import { checkCidr } from "../network/cidr";
import type { Peer } from "../network/connection";
import { NAME, type Check, type Fields } from "../validation";
import type { DownstreamConfig, DownstreamTarget } from "./config";

/** One thing that a server may reach. */
export interface DownstreamModel {
  readonly name: string;
  readonly to: Peer;
  readonly port: number;
  readonly because: string;
}

/** Resolves what a server may reach beside its clients. */
export function resolveDownstream(config: ServerConfig["downstream"], check: Check): DownstreamModel[] {
  const taken = new Map<string, string>();
  return check.entries(config, NAME).flatMap(([name, entry, at]) => {
    at.object(entry, { to: true, port: true, because: true } satisfies Fields<DownstreamConfig>);
    at.at("port").integer(entry?.port, { min: 1, max: 65535 });
    at.at("because").text(entry?.because, { min: 8, max: 200, fix: "say why, for the reader of the rule" });
    const to = resolveTarget(entry?.to, at.at("to"));
    const rule = JSON.stringify([to, entry?.port]);
    const other = taken.get(rule);
    if (to && other)
      at.problem("duplicate", `opens what ${other} opens, and AWS refuses a second rule`, "keep one of them");
    taken.set(rule, name);
    return to ? [{ name, to, port: entry.port, because: entry.because }] : [];
  });
}

/** Exactly one way to name the other end. */
function resolveTarget(to: DownstreamTarget | undefined, check: Check): Peer | undefined {
  if (
    !check.present(to, "name the other end: { securityGroup }, { cidr } or { prefixList }") ||
    to === undefined
  )
    return undefined;
  if (typeof to !== "object" || Object.keys(to).length !== 1) {
    check.problem("conflict", "names no end or several", "give one of securityGroup, cidr, prefixList");
    return undefined;
  }
  if ("domains" in to) {
    check.notSupportedYet(
      "public names through an egress proxy",
      "name a security group, a block or a prefix list",
    );
    return undefined;
  }
  if ("securityGroup" in to) {
    const form = "an id such as sg-0123456789abcdef0";
    return check.at("securityGroup").text(to.securityGroup, { pattern: /^sg-[0-9a-f]{8,17}$/, form })
      ? { securityGroupId: to.securityGroup }
      : undefined;
  }
  if ("prefixList" in to) {
    const form = "an id such as pl-0123456789abcdef0";
    return check.at("prefixList").text(to.prefixList, { pattern: /^pl-[0-9a-f]{8,17}$/, form })
      ? { prefixListId: to.prefixList }
      : undefined;
  }
  if ("cidr" in to) return resolveBlock(to.cidr, check.at("cidr"));
  check.object(to, { securityGroup: true, cidr: true, prefixList: true, domains: true });
  return undefined;
}

/** A block of everything would open the internet, if a route to it ever came. */
function resolveBlock(cidr: string, check: Check): Peer | undefined {
  const block = checkCidr(cidr, check);
  if (block && block.prefix < 8) {
    check.problem(
      "unsafe",
      `is ${check.show(cidr)}, most of the internet`,
      "name the block of the one thing that is meant",
    );
    return undefined;
  }
  return block || check.isToken(cidr) ? { cidr } : undefined;
}
