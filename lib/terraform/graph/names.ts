import type { Plan } from "../plan";

/**
 * What things are called in the graph: the address of a block of the plan, or the very text by which something outside
 * of it is named (`vpc-0123…`, `${var.vpc_id}`).
 */
export class Names {
  public constructor(private readonly plan: Plan) {}

  /** The name of what a reference or an id points to. Empty for what is no text. */
  public of(value: unknown): string {
    if (typeof value !== "string") return "";
    return this.plan.target(value)?.address ?? value;
  }

  /** The names of a list of references; nothing when the list itself is known only at deployment. */
  public all(value: unknown): readonly string[] | undefined {
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) return undefined;
    return value.map((one) => this.of(one));
  }
}
