import type { Mutation } from "./mutations";

/** Hop by the first step of a construct's path below a platform. */
const OF_PLATFORM: Readonly<Record<string, string>> = {
  certificate: "edge",
  record: "edge",
  audit: "audit",
  cluster: "task",
  network: "network",
  waf: "waf",
  ingress: "ingress",
  topic: "alarms",
  alarms: "alarms",
  boundary: "access",
  account: "access",
  secrets: "secrets",
};

/** The same below a server. */
const OF_SERVER: Readonly<Record<string, string>> = {
  service: "task",
  "failed-deployments": "task",
  secrets: "secrets",
  alarms: "alarms",
  logs: "audit",
  redelivery: "redelivery",
  "pick-up": "redelivery",
  route: "ingress",
  store: "store",
  downstream: "downstream",
  "from-ingress": "network",
  "to-endpoints": "network",
  "to-s3": "network",
  "to-limits": "limits",
  "limits-alarms": "limits",
  keys: "key-mirror",
  egress: "egress",
  isolation: "access",
};

/**
 * Hop of a mutation: the folder of what made the block, or of the container in a task definition.
 * @throws Error on a construct that has no hop yet
 */
export function hopOf({ owner, label }: Pick<Mutation, "owner" | "label">): string {
  const container = /^container_definitions:\[(\w+)\]/.exec(label)?.[1];
  if (container === "gateway" || container === "limits") return container;
  const steps = owner.split("/");
  const platform = steps.indexOf("platform");
  const server = steps.findIndex((step) => step.startsWith("server-"));
  // The second half of a split server stands below the first.
  const part = steps[server + 1] === "write" ? server + 1 : server;
  const [table, step] = platform >= 0 ? [OF_PLATFORM, steps[platform + 1]] : [OF_SERVER, steps[part + 1]];
  const hop = table[step ?? ""];
  if (hop === undefined) throw new Error(`${owner} has no hop: name it in test/deletion/hops.ts`);
  return hop;
}
