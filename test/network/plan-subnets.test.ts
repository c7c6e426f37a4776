import fc from "fast-check";
import { contains, overlaps, parseCidr, sizeOf, type Cidr } from "../../lib/network/cidr";
import { planSubnets, SLOTS } from "../../lib/network/plan-subnets";

const vpc = fc
  .record({ prefix: fc.integer({ min: 16, max: 22 }), at: fc.nat(2 ** 12 - 1) })
  .map(({ prefix, at }): Cidr => {
    const size = 2 ** (32 - prefix);
    return { prefix, address: 0x0a000000 + (at % (2 ** 24 / size)) * size };
  });
const zones = fc
  .uniqueArray(fc.constantFrom(...SLOTS), { minLength: 2, maxLength: 8 })
  .map((letters) => letters.map((letter) => `eu-west-1${letter}`));
const read = (text: string) => parseCidr(text) as Cidr;

test("subnets lie in the VPC and never meet", () => {
  fc.assert(
    fc.property(vpc, zones, (block, names) => {
      const blocks = planSubnets(block, names).map(({ cidr }) => read(cidr));
      expect(blocks).toHaveLength(names.length * 3);
      blocks.forEach((one, index) => {
        expect(contains(block, one)).toBe(true);
        expect(blocks.slice(index + 1).some((other) => overlaps(one, other))).toBe(false);
      });
    }),
  );
});

test("a zone more or less, anywhere in the list, moves no other subnet", () => {
  fc.assert(
    fc.property(vpc, zones, fc.nat(), (block, names, at) => {
      const gone = names[at % names.length];
      const others = planSubnets(block, names).filter(({ zone }) => zone !== gone);
      expect(
        planSubnets(
          block,
          names.filter((zone) => zone !== gone),
        ),
      ).toEqual(others);
    }),
  );
});

test("the order of zones moves nothing either", () => {
  fc.assert(
    fc.property(vpc, zones, (block, names) => {
      const sorted = (list: readonly string[]) =>
        planSubnets(block, list)
          .map((each) => JSON.stringify(each))
          .sort();
      expect(sorted([...names].reverse())).toEqual(sorted(names));
    }),
  );
});

test("every subnet is large enough for what stands in it", () => {
  fc.assert(
    fc.property(vpc, zones, (block, names) => {
      // AWS keeps five; a load balancer wants a /27 at least with eight free.
      for (const { cidr } of planSubnets(block, names))
        expect(sizeOf(read(cidr)) - 5).toBeGreaterThanOrEqual(27);
    }),
  );
});

test("a /20 in two zones, as it has always been", () => {
  expect(planSubnets(read("10.40.0.0/20"), ["eu-west-1a", "eu-west-1c"])).toEqual([
    { tier: "public", zone: "eu-west-1a", cidr: "10.40.0.0/25" },
    { tier: "public", zone: "eu-west-1c", cidr: "10.40.1.0/25" },
    { tier: "isolated", zone: "eu-west-1a", cidr: "10.40.4.0/25" },
    { tier: "isolated", zone: "eu-west-1c", cidr: "10.40.5.0/25" },
    { tier: "private", zone: "eu-west-1a", cidr: "10.40.8.0/24" },
    { tier: "private", zone: "eu-west-1c", cidr: "10.40.10.0/24" },
  ]);
});
