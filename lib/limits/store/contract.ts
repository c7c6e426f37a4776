/** What a store that is made here, its user, its function and the checklist must agree on. Declared here alone. */
export const STORE = {
  port: 6379,
  /** Of ids and names at ElastiCache, which takes 40 characters. */
  mostName: 40,
  engine: "valkey",
  /**
   * What the one user may: `envoyproxy/ratelimit` counts by these three, asks whether anybody is there, and touches keys
   * of its domain alone (`lib/limits/contract.ts`). No command that reads, lists, deletes or administers.
   */
  access: "on ~hmcp_* -@all +ping +incrby +expire",
  /**
   * Where memory ends, the counts of minutes that are over go first. ElastiCache's own choice is the same; written down,
   * nobody changes it by a group of the account's.
   */
  parameters: { "maxmemory-policy": "volatile-ttl" },
  /** Both in one group. */
  logs: ["engine-log", "slow-log"],
  /** What a function that changes the password calls, and nothing else. */
  calls: ["elasticache:DescribeUsers", "elasticache:ModifyUser"],
} as const;

/** Family of the parameter group of a version. */
export function familyOf(engineVersion: string): string {
  return `${STORE.engine}${engineVersion.split(".")[0] ?? ""}`;
}
