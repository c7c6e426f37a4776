/** Addresses of one family, both ends included. */
export interface Span {
  readonly family: 4 | 6;
  readonly from: bigint;
  readonly to: bigint;
}

/** A set of addresses: spans that do not overlap. */
export type Addresses = readonly Span[];

const BITS = { 4: 32n, 6: 128n } as const;

/** The block of a text such as `10.40.0.0/20` or `2001:db8::/32`; a bare address is a block of one. */
export function parseBlock(text: string): Span | undefined {
  const [address = "", length, more] = text.trim().split("/");
  const family = address.includes(":") ? 6 : 4;
  const value = family === 4 ? parseFour(address) : parseSix(address);
  const bits = length === undefined ? Number(BITS[family]) : Number(length);
  if (value === undefined || more !== undefined || !/^\d{1,3}$/.test(length ?? "0")) return undefined;
  if (bits > BITS[family]) return undefined;
  const size = 1n << (BITS[family] - BigInt(bits));
  const from = (value / size) * size;
  return { family, from, to: from + size - 1n };
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255))
    return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function parseSix(text: string): bigint | undefined {
  const [head = "", tail, more] = text.split("::");
  if (more !== undefined) return undefined;
  const groups = (part: string | undefined) => (part ? part.split(":") : []);
  const [left, right] = [groups(head), groups(tail)];
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 0) return undefined;
  const all = [...left, ...Array<string>(tail === undefined ? 0 : missing).fill("0"), ...right];
  if (all.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return all.reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

/** What lies in both. */
export function intersect(a: Addresses, b: Addresses): Addresses {
  return a.flatMap((one) =>
    b.flatMap((other) => {
      if (one.family !== other.family) return [];
      const [from, to] = [
        one.from > other.from ? one.from : other.from,
        one.to < other.to ? one.to : other.to,
      ];
      return from <= to ? [{ family: one.family, from, to }] : [];
    }),
  );
}

/** What lies in `a` and not in `b`. */
export function subtract(a: Addresses, b: Addresses): Addresses {
  return b.reduce<Addresses>(
    (left, hole) =>
      left.flatMap((span) => {
        if (span.family !== hole.family || span.to < hole.from || hole.to < span.from) return [span];
        const before = { ...span, to: hole.from - 1n };
        const after = { ...span, from: hole.to + 1n };
        return [before, after].filter(({ from, to }) => from <= to);
      }),
    a,
  );
}

/** What lies in either, without overlaps. */
export function unite(...sets: readonly Addresses[]): Addresses {
  return sets.flat().reduce<Addresses>((sum, span) => [...sum, ...subtract([span], sum)], []);
}

/** Whether every address of `a` lies in `b`. */
export function isWithin(a: Addresses, b: Addresses): boolean {
  return subtract(a, b).length === 0;
}

/** The set of these blocks. Texts that are none are left out. */
export function blocks(...texts: readonly string[]): Addresses {
  return texts.flatMap((text) => parseBlock(text) ?? []);
}

/** Every address there is. */
export const EVERYWHERE: Addresses = blocks("0.0.0.0/0", "::/0");

/** Addresses that no router of the internet knows: private, shared, link-local, loopback; unique local ones of IPv6. */
export const PRIVATE: Addresses = blocks(
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
);

/** Everybody on the internet. */
export const INTERNET: Addresses = subtract(EVERYWHERE, PRIVATE);

/** How many blocks are written out before a list is cut. */
const SHOWN = 4;

/** The set in words: `10.2.0.0/16`, `the internet`, `10.0.0.0/8 and 3 more`. */
export function show(addresses: Addresses): string {
  if (addresses.length === 0) return "nowhere";
  const families = ([4, 6] as const).filter((family) => addresses.some((span) => span.family === family));
  return families
    .map((family) => {
      const own = addresses.filter((span) => span.family === family);
      const all = INTERNET.filter((span) => span.family === family);
      if (isWithin(all, own)) return family === 4 ? "the internet (0.0.0.0/0)" : "the internet (::/0)";
      const cut = merge(own).flatMap(toBlocks);
      const more = cut.length > SHOWN ? ` and ${cut.length - SHOWN} more` : "";
      return `${cut.slice(0, SHOWN).join(", ")}${more}`;
    })
    .join(", ");
}

/** The blocks of a set, in order: what two sets are compared by. */
export function listBlocks(addresses: Addresses): string[] {
  return merge(addresses).flatMap(toBlocks);
}

/** Neighbouring spans joined, in order. */
function merge(addresses: Addresses): Addresses {
  const sorted = [...addresses].sort((a, b) => a.family - b.family || (a.from < b.from ? -1 : 1));
  return sorted.reduce<Span[]>((merged, span) => {
    const last = merged.at(-1);
    if (last === undefined || last.family !== span.family || last.to + 1n < span.from)
      return [...merged, span];
    return [...merged.slice(0, -1), { ...last, to: last.to > span.to ? last.to : span.to }];
  }, []);
}

/** A span as the fewest blocks that make it up. */
function toBlocks({ family, from, to }: Span): string[] {
  const made: string[] = [];
  let start = from;
  while (start <= to) {
    let bits = 0n;
    while (
      bits < BITS[family] &&
      start % (1n << (bits + 1n)) === 0n &&
      start + (1n << (bits + 1n)) - 1n <= to
    )
      bits += 1n;
    made.push(`${format(family, start)}/${BITS[family] - bits}`);
    start += 1n << bits;
  }
  return made;
}

function format(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) =>
    ((value >> shift) & 65_535n).toString(16),
  );
  return groups.join(":").replace(/(^|:)0(:0)+(:|$)/, "::");
}
