import type { Check } from "../validation";

/** An IPv4 block: the address as a number of 32 bits, and how many of them are fixed. */
export interface Cidr {
  readonly address: number;
  readonly prefix: number;
}

const FORM = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The block of a text such as `10.40.0.0/20`, host bits kept; nothing when it is not one. Leading zeros are refused: some readers take them for octal. */
export function parseCidr(text: string): Cidr | undefined {
  const parts = FORM.exec(text)?.slice(1);
  if (!parts || parts.some((part) => part.length > 1 && part.startsWith("0"))) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = parts.map(Number);
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return undefined;
  return { address: ((a << 24) | (b << 16) | (c << 8) | d) >>> 0, prefix };
}

/** The text of a block. */
export function formatCidr({ address, prefix }: Cidr): string {
  return `${[24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".")}/${prefix}`;
}

/** How many addresses a block has. */
export function sizeOf(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefix);
}

/** The block without host bits. */
export function networkOf({ address, prefix }: Cidr): Cidr {
  const size = 2 ** (32 - prefix);
  return { address: Math.floor(address / size) * size, prefix };
}

/** Whether all of `inner` lies in `outer`. Both without host bits. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  return (
    inner.prefix >= outer.prefix && networkOf({ ...inner, prefix: outer.prefix }).address === outer.address
  );
}

/** Whether the blocks share an address. Both without host bits. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** The `index`th piece of `block`, cut into pieces of `prefix` bits. */
export function piece(block: Cidr, prefix: number, index: number): Cidr {
  return { address: block.address + index * 2 ** (32 - prefix), prefix };
}

/** Blocks that are never routed on the internet: RFC 1918, and RFC 6598 for those who ran out of them. */
export const PRIVATE_BLOCKS: readonly Cidr[] = [
  { address: 0x0a000000, prefix: 8 },
  { address: 0xac100000, prefix: 12 },
  { address: 0xc0a80000, prefix: 16 },
  { address: 0x64400000, prefix: 10 },
];

/** Checks the form of a block and that no host bits are set, as AWS does; tokens give nothing and pass. */
export function checkCidr(value: unknown, check: Check): Cidr | undefined {
  if (!check.text(value, { fix: "write an IPv4 block, as 10.40.0.0/20" }) || check.isToken(value))
    return undefined;
  const cidr = parseCidr(value);
  if (!cidr) {
    const single = parseCidr(`${value}/32`);
    const fix = single ? `did you mean ${formatCidr(single)}?` : "write it as 10.40.0.0/20";
    check.problem("wrong-form", `is ${check.show(value)}, expected an IPv4 block`, fix);
    return undefined;
  }
  const network = networkOf(cidr);
  if (network.address !== cidr.address) {
    check.problem(
      "wrong-form",
      `is ${check.show(value)}, which has host bits set`,
      `did you mean ${formatCidr(network)}, or ${formatCidr({ ...cidr, prefix: 32 })}?`,
    );
    return undefined;
  }
  return cidr;
}
