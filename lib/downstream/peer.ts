import { checkCidr } from "../network/cidr";
import type { Peer } from "../network/connection";
import type { Check } from "../validation";
import type { PeerTarget } from "./config";

/** Checks the other end of a connection that there is a route to; nothing when it is wrong. `check` stands at the target. */
export function resolvePeer(to: PeerTarget, check: Check): Peer | undefined {
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
  return resolveBlock(to.cidr, check.at("cidr"));
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
