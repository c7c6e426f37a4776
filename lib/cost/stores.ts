import type { Plan } from "../terraform/plan";
import type { Prices } from "./prices";

/** A store of ElastiCache, and what it costs. */
export interface PricedStore {
  readonly called: string;
  /** How many nodes of what. */
  readonly of: string;
  /** US dollars an hour, all nodes together; absent where the type is known only at deployment, or is in no price list here. */
  readonly hour: number | undefined;
}

/** Every store in a file. */
export function storesOf(plan: Plan, prices: Prices): PricedStore[] {
  return plan.blocks("aws_elasticache_replication_group").map(({ body, name }) => {
    const { replication_group_id: id, num_cache_clusters: count, node_type: type } = body;
    const nodes = typeof count === "number" ? count : 1;
    const each = body.engine === "valkey" ? nodeHour(String(type), prices) : undefined;
    return {
      called: typeof id === "string" ? id : name,
      of: `${nodes} ${nodes === 1 ? "node" : "nodes"} of ${String(type)}`,
      hour: each === undefined ? undefined : nodes * each,
    };
  });
}

/** A size above `large` costs as many times its family's. */
function nodeHour(type: string, { valkeyNodeHour: prices }: Prices): number | undefined {
  const [, family = "", times] = /^cache\.([a-z0-9]+)\.(\d*)xlarge$/.exec(type) ?? [];
  if (times === undefined) return prices[type.replace(/^cache\./, "")];
  const large = prices[`${family}.large`];
  return large === undefined ? undefined : large * 2 * Number(times === "" ? 1 : times);
}
