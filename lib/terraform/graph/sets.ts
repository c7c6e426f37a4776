import { intersect, subtract, unite, type Addresses } from "./addresses";

/** What is known of a set: addresses that are surely in it, and others that may be (a value is known only at deployment). */
export interface Known {
  readonly sure: Addresses;
  readonly maybe: Addresses;
}

/** Nothing at all. */
export const NOTHING: Known = { sure: [], maybe: [] };

/** A set without doubt. */
export function surely(sure: Addresses): Known {
  return { sure, maybe: [] };
}

/** A set of which nothing is certain. */
export function perhaps(maybe: Addresses): Known {
  return { sure: [], maybe };
}

/** Both, with the doubts of either. */
export function both(a: Known, b: Known): Known {
  const sure = intersect(a.sure, b.sure);
  return { sure, maybe: subtract(intersect(all(a), all(b)), sure) };
}

/** Either. */
export function either(...sets: readonly Known[]): Known {
  const sure = unite(...sets.map((set) => set.sure));
  return { sure, maybe: subtract(unite(...sets.map((set) => set.maybe)), sure) };
}

/** All that may be in it. */
export function all({ sure, maybe }: Known): Addresses {
  return unite(sure, maybe);
}

/** Whether nothing can be in it. */
export function isEmpty({ sure, maybe }: Known): boolean {
  return sure.length === 0 && maybe.length === 0;
}
