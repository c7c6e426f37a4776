import { formatCidr, overlaps, parseCidr, piece, type Cidr } from "./cidr";

/**
 * Blocks that lead somewhere and are not the public internet: one's own machine and network, the metadata service at
 * 169.254.169.254, shared and private space, multicast, reserved. Those that lead nowhere (documentation) are left in:
 * a security group takes 60 rules, and each hole costs several.
 */
const SPECIAL: readonly string[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "224.0.0.0/3",
];

/** Everything of `block` that is not in `holes`, in as few blocks as can be. */
function without(block: Cidr, holes: readonly Cidr[]): Cidr[] {
  const inside = holes.filter((hole) => overlaps(block, hole));
  if (inside.length === 0) return [block];
  if (inside.some((hole) => hole.prefix <= block.prefix)) return [];
  const halves = [0, 1].map((half) => piece(block, block.prefix + 1, half));
  return halves.flatMap((half) => without(half, inside));
}

/** For benchmarks, and in use as a further range of VPCs, for pods. */
const BENCHMARKS = "198.18.0.0/15";

const allBut = (special: readonly string[]): readonly string[] =>
  without(
    { address: 0, prefix: 0 },
    special.map((text) => parseCidr(text)).filter((block) => block !== undefined),
  ).map(formatCidr);

/** The public IPv4 internet as blocks: what the security group of an egress proxy may reach. */
export const PUBLIC_BLOCKS: readonly string[] = allBut(SPECIAL);

/** What the proxy's own rules let through: eight blocks more than a group has room for. */
export const PROXIED_BLOCKS: readonly string[] = allBut([...SPECIAL, BENCHMARKS]);
