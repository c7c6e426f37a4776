/** What the gateway, the load balancer, the task and the secrets must agree on. Declared here alone. */
export const GATEWAY = {
  /** Port that the load balancer speaks TLS to. The task's only open port. */
  port: 8443,
  /** Answers 200 while the server behind the gateway is well, whatever the Host. Not reachable from outside: the load balancer has no rule for it. */
  healthPath: "/healthz",
  /** Tells the server who calls: `key:NAME` or `jwt:NAME` (NAME of the client in the configuration). Stripped from requests first. */
  clientHeader: "x-mcp-client",
  env: {
    /** The policy, as JSON. */
    policy: "HMCP_POLICY",
    /** The gateway's Lua program, the same for every server. */
    program: "HMCP_LUA",
    tlsCertificate: "HMCP_TLS_CERTIFICATE",
    tlsKey: "HMCP_TLS_KEY",
  },
  /** Names of the containers in the task definition. */
  containers: { gateway: "gateway", server: "server" },
} as const;

/** Variable with the SHA-256 hashes (hex, separated by blanks) of a client's keys. Client names have no `_`, so names never meet. */
export function keyHashesVariable(client: string): string {
  return `HMCP_KEYS_${client.toUpperCase().replace(/-/g, "_")}`;
}

/** Prefix of every API key, so that secret scanners know one. */
export const KEY_PREFIX = "hmk_";

/** Path of the RFC 9728 document of a server at `path`. */
export function resourceMetadataPath(path: string): string {
  return `/.well-known/oauth-protected-resource${path}`;
}
