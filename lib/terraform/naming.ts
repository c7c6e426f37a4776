import { createHash } from "node:crypto";

const PLACES = { what: "{what}", prefix: "{prefix}" } as const;

/** How things are named where nothing else is said. */
export const PLAIN_PATTERN = `${PLACES.prefix}-${PLACES.what}`;

/** What stands for a deployment in names: its own prefix, else name and environment. */
export function prefixOf(of: {
  readonly name: string;
  readonly environment: string;
  readonly naming?: { readonly prefix?: string };
}): string {
  return of.naming?.prefix ?? `${of.name}-${of.environment}`;
}

/** Names of resources: `acme-prod-orders-gateway`, cut to what AWS takes without losing uniqueness. */
export class Naming {
  private readonly before: string;
  private readonly after: string;

  /** @param pattern has `{what}` once, and `{prefix}` before or after it */
  public constructor(
    public readonly prefix: string,
    pattern = PLAIN_PATTERN,
  ) {
    const [before = "", after = ""] = pattern.replace(PLACES.prefix, prefix).split(PLACES.what);
    this.before = before;
    this.after = after;
  }

  /** The pattern with `what` in its place. When longer than `max`, cut and marked with six characters of a hash. */
  public name(what: string, max = 64): string {
    return fit(`${this.before}${what}`, max - this.after.length) + this.after;
  }
}

/** The text, or its beginning and a hash of it all when it is longer than `max` characters. */
export function fit(text: string, max: number): string {
  if (text.length <= max) return text;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 6);
  return `${text.slice(0, max - 7).replace(/-+$/, "")}-${hash}`;
}
