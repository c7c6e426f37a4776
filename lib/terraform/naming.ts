import { createHash } from "node:crypto";

/** Names of resources: `acme-prod-orders-gateway`, cut to what AWS takes without losing uniqueness. */
export class Naming {
  public constructor(public readonly prefix: string) {}

  /** `prefix-what`. When longer than `max`, cut and ended with six characters of the whole name's hash. */
  public name(what: string, max = 64): string {
    return fit(`${this.prefix}-${what}`, max);
  }
}

/** The text, or its beginning and a hash of it all when it is longer than `max` characters. */
export function fit(text: string, max: number): string {
  if (text.length <= max) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 6);
  return `${text.slice(0, max - 7).replace(/-+$/, "")}-${hash}`;
}
