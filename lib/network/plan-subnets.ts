import { formatCidr, piece, type Cidr } from "./cidr";

/**
 * What may reach a subnet: `public` the internet, `private` only the VPC (tasks), `isolated` only the VPC, and it reaches
 * nothing (endpoints), `egress` only the VPC, and it reaches the internet (proxies).
 */
export type Tier = "public" | "private" | "isolated" | "egress";

/** One subnet, before it exists. */
export interface PlannedSubnet {
  readonly tier: Tier;
  /** `eu-west-1a` */
  readonly zone: string;
  readonly cidr: string;
}

/** A zone's letter has its slot in every tier for ever. AWS has used a to f so far. */
export const SLOTS = "abcdefgh";

/**
 * The VPC's block in quarters: public, isolated, and two for private, each cut into eight slots. A /20 gives a /25,
 * a /25 and a /24 per zone; the smallest VPC, a /22, leaves 27 usable addresses to a load balancer's subnet, of which
 * it needs 8. Proxies are few: where there are any, they take what private has for the zones g and h, a /26 per zone
 * of a /20 and a /28 of a /22.
 */
const TIERS: Readonly<
  Record<Tier, { readonly quarter: number; readonly bits: number; readonly from?: number }>
> = {
  public: { quarter: 0, bits: 5 },
  isolated: { quarter: 1, bits: 5 },
  private: { quarter: 2, bits: 4 },
  // The slots of g and h in private, cut into eight again.
  egress: { quarter: 2, bits: 6, from: 24 },
};

/**
 * Subnets of a VPC for zones such as `eu-west-1a`. Each depends on the block, the tier and the zone's letter alone, so
 * that a zone more or less moves no other subnet, wherever it stands in the list.
 */
export function planSubnets(
  vpc: Cidr,
  zones: readonly string[],
  tiers: readonly Tier[] = ["public", "isolated", "private"],
): PlannedSubnet[] {
  return tiers.flatMap((tier) =>
    zones.map((zone) => {
      const { quarter, bits, from = 0 } = TIERS[tier];
      const start = piece(vpc, vpc.prefix + 2, quarter);
      return {
        tier,
        zone,
        cidr: formatCidr(piece(start, vpc.prefix + bits, from + SLOTS.indexOf(zone.slice(-1)))),
      };
    }),
  );
}
