/** What the proxy, the tasks that use it and the checklist must agree on. Declared here alone. */
export const EGRESS = {
  /** Port that tasks speak HTTP `CONNECT` to. */
  port: 3128,
  /** The only port that a tunnel may lead to. */
  targetPort: 443,
  /** Name of the one container of the proxy's task. */
  container: "egress",
} as const;

/** End of the names of a proxy's resources, and of its host name: `orders-egress`. */
export function egressName(server: string): string {
  return `${server}-egress`;
}
