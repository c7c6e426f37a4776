/** What the gateway, the service that counts beside it, and the checklist must agree on. Declared here alone. */
export const LIMITS = {
  /** Container of the service that counts, and Envoy's cluster for it. */
  name: "ratelimit",
  /** The one domain that the file in the image names. Without it nothing would be limited. */
  domain: "hmcp",
  /** Folder in the image that holds the file. */
  folder: { root: "/hmcp", below: "limits" },
  /** Ports on loopback: the service, and two of its own that nobody uses. */
  ports: { service: 8481, http: 8482, debug: 8483 },
  /** Name that the service's health is asked by. */
  health: "ratelimit",
  env: {
    /** `PASSWORD` or `USER:PASSWORD` of the store. */
    login: "REDIS_AUTH",
  },
} as const;

/** Detail, in the record, of a call that was let through while the store did not answer. */
export const UNCOUNTED = "limits not counted";

/** What the service takes out of the task's. */
export const LIMITS_SIZE = { cpuUnits: 64, memoryMib: 64 } as const;
