import fc from "fast-check";
import {
  checkCidr,
  contains,
  formatCidr,
  networkOf,
  overlaps,
  parseCidr,
  sizeOf,
} from "../../lib/network/cidr";
import { isToken } from "../../lib/terraform";
import { Check, formatProblem } from "../../lib/validation";

const block = fc
  .record({ address: fc.integer({ min: 0, max: 2 ** 32 - 1 }), prefix: fc.integer({ min: 0, max: 32 }) })
  .map(networkOf);

test("what is written is read back", () => {
  fc.assert(fc.property(block, (cidr) => expect(parseCidr(formatCidr(cidr))).toEqual(cidr)));
});

test("blocks meet exactly where their ranges of addresses do", () => {
  fc.assert(
    fc.property(block, block, (a, b) => {
      const meets = a.address < b.address + sizeOf(b) && b.address < a.address + sizeOf(a);
      expect(overlaps(a, b)).toBe(meets);
      expect(contains(a, b)).toBe(a.address <= b.address && b.address + sizeOf(b) <= a.address + sizeOf(a));
    }),
  );
});

test.each([
  "10.0.0.0",
  "10.0.0/8",
  "10.0.0.0/33",
  "10.0.0.256/32",
  "010.0.0.0/8",
  "10.0.0.0/08",
  " 10.0.0.0/8",
  "10.0.0.0/8 ",
  "::/0",
  "ten/8",
  "",
])("%j is no block", (text) => {
  expect(parseCidr(text)).toBeUndefined();
});

test.each([
  ["203.0.113.7", "did you mean 203.0.113.7/32?"],
  ["203.0.113.7/24", "did you mean 203.0.113.0/24, or 203.0.113.7/32?"],
  ["everywhere", "write it as 10.40.0.0/20"],
  [7, "write an IPv4 block, as 10.40.0.0/20"],
  [undefined, "write an IPv4 block, as 10.40.0.0/20"],
])("%j is refused, with a way out", (text, fix) => {
  const check = Check.start(isToken);
  expect(checkCidr(text, check.at("cidr"))).toBeUndefined();
  expect(check.problems.map(formatProblem)).toEqual([expect.stringContaining(fix)]);
});

test("a token passes and gives nothing", () => {
  const check = Check.start(isToken);
  expect(checkCidr("${var.cidr}", check)).toBeUndefined();
  expect(check.problems).toEqual([]);
});
