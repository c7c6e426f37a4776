/** What the gateway, the load balancer, the task and the secrets must agree on. Declared here alone. */
export const GATEWAY = {
  /** Port that the load balancer speaks TLS to. The task's only open port. */
  port: 8443,
  /** Answers 200 while the server behind the gateway is well, whatever the Host. Not reachable from outside: the load balancer has no rule for it. */
  healthPath: "/healthz",
  /** Tells the server who calls: `key:NAME` or `jwt:NAME` (NAME of the client in the configuration). Stripped from requests first. */
  clientHeader: "x-mcp-client",
  /** The payload of a token that Envoy has verified, for the program. Stripped from requests first, and from what goes on to the server. */
  claimsHeader: "x-mcp-claims",
  env: {
    /** The policy, as JSON. From a store it may come in pieces: `HMCP_POLICY_2` goes on. */
    policy: "HMCP_POLICY",
    /** The gateway's Lua program, the same for every server. From a store or not, as the policy. */
    program: "HMCP_LUA",
    /** What starts the program. Always in the task definition itself. */
    loader: "HMCP_LOADER",
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

/** Variable with the SHA-256 (hex) of what a variable and its pieces hold together, where they come from a store. */
export function digestVariable(variable: string): string {
  return `${variable}_SHA256`;
}

/** Variable with the n-th piece of a text that a store holds, counted from 1. */
export function pieceVariable(variable: string, piece: number): string {
  return piece === 1 ? variable : `${variable}_${piece}`;
}

/** Prefix of every API key, so that secret scanners know one. */
export const KEY_PREFIX = "hmk_";

/** What ECS tells each container about its task: another text in each task. Session ids are bound to it. */
export const TASK_VARIABLE = "ECS_CONTAINER_METADATA_URI_V4";

/** Path of the RFC 9728 document of a server at `path`. */
export function resourceMetadataPath(path: string): string {
  return `/.well-known/oauth-protected-resource${path}`;
}
